"""Every minute of every day against the oracle. `make clock` tries all days of 2026–2037; without it the telling ones.

Replay one zone: DAYS=all .venv/bin/python -m pytest tests/faults/test_clock.py -s -k Casablanca
"""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context
from zoneinfo import ZoneInfo

import pytest

from notify.slots import Rule, instant
from tests.faults.wall_clocks import FIRST, LAST, MINUTES, ZONES, days_of, telling_days, walked

IS_WHOLE = os.environ.get("DAYS") == "all"
RULES = [Rule(hour=minute // 60, minute=minute % 60) for minute in range(MINUTES)]

pytestmark = [pytest.mark.fault, pytest.mark.timeout(3600 if IS_WHOLE else 120)]


def wrong_of(zone: ZoneInfo, days: Iterable[date], right: list[datetime]) -> list[str]:
    """The local times of these days that our function puts at another instant than the oracle."""
    oracle = iter(right)
    return [
        f"{zone.key} {day} {rule.hour:02}:{rule.minute:02}"
        for day in days
        for rule in RULES
        if instant(rule, zone, day) != next(oracle)
    ]


def wrong_in(key: str, first: date, last: date) -> tuple[int, list[str]]:
    """How many local times this stretch of days has, and the wrong ones."""
    zone = ZoneInfo(key)
    right = walked(zone, first, last)
    return len(right), wrong_of(zone, days_of(first, last), right)


@pytest.mark.parametrize("key", ZONES)
def test_every_minute_is_the_first_instant_that_shows_it(key: str) -> None:
    if not IS_WHOLE:
        days = telling_days(ZoneInfo(key), FIRST, LAST)
        found = [wrong_in(key, day, day) for day in days]
    else:
        years = range(FIRST.year, LAST.year + 1)
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as two:
            asked = [two.submit(wrong_in, key, date(year, 1, 1), date(year, 12, 31)) for year in years]
            found = [one.result() for one in asked]
        days = list(days_of(FIRST, LAST))
    wrong = [one for _, some in found for one in some]
    tried = sum(number for number, _ in found)
    print(f"\n{key}: {len(days)} days, {tried} local times, {len(wrong)} wrong")

    assert wrong == []
    assert tried == len(days) * MINUTES


def test_a_day_that_was_left_out_falls_at_the_first_instant_after_it() -> None:
    tried, wrong = wrong_in("Pacific/Apia", date(2011, 12, 1), date(2011, 12, 31))

    assert (tried, wrong) == (31 * MINUTES, [])
