"""Local hours: the nights on which clocks move, and that consecutive slots leave nothing out and double nothing.

Every minute of every day against an oracle: tests/faults/test_clock.py.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import working_days
from notify.slots import Rule, Slot, instant, next_slot
from panels.rules import days_before
from tests.faults.wall_clocks import ZONES, days_of, walked

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
DAY = timedelta(days=1)
MARCH_CHANGES = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31)]

DAYS = [
    *((AMSTERDAM, date(2026, 3, day)) for day in (28, 29, 30)),
    *((AMSTERDAM, date(2026, 10, day)) for day in (24, 25, 26)),
    (AMSTERDAM, date(2027, 3, 28)),
    *((LORD_HOWE, date(2026, 4, day)) for day in (4, 5, 6)),
    *((LORD_HOWE, date(2026, 10, day)) for day in (3, 4, 5)),
]

rules = st.builds(
    Rule,
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    weekday=st.one_of(st.none(), st.integers(0, 6)),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.datetimes(datetime(2012, 1, 5), datetime(2037, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone stands beside it


def following(rule: Rule, zone: ZoneInfo, after: datetime, number: int) -> list[Slot]:
    """The next slots, each asked for at the instant of the one before."""
    found: list[Slot] = []
    for _ in range(number):
        found.append(next_slot(rule, zone, after))
        after = found[-1].at
    return found


@pytest.mark.parametrize(("zone", "day"), DAYS, ids=str)
def test_every_minute_of_a_day_is_the_first_instant_that_shows_it(zone: ZoneInfo, day: date) -> None:
    ours = [instant(Rule(hour=minute // 60, minute=minute % 60), zone, day) for minute in range(24 * 60)]

    assert ours == walked(zone, day, day)


def test_a_day_that_a_zone_left_out_gives_the_first_instant_after_it() -> None:
    samoa = ZoneInfo("Pacific/Apia")

    assert instant(Rule(hour=8), samoa, date(2011, 12, 30)) == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(rules, zones, instants)
def test_consecutive_slots_come_in_order_and_one_a_day_or_week_with_none_left_out(
    rule: Rule, zone: ZoneInfo, start: datetime
) -> None:
    found = following(rule, zone, start, 60 if rule.weekday is None else 12)

    first = date.fromisoformat(found[0].local[:10])
    step = DAY if rule.weekday is None else 7 * DAY
    assert [one.local for one in found] == [
        f"{first + number * step}T{rule.hour:02}:{rule.minute:02}" for number in range(len(found))
    ]
    assert rule.weekday in {None, first.weekday()}
    assert all(one.at < next_.at for one, next_ in pairwise([Slot(local="", at=start), *found]))


@settings(max_examples=100, deadline=None)
@given(rules, zones, instants, st.integers(0, 7 * 24 * 60))
def test_the_slot_between_two_moments_does_not_depend_on_when_one_asks(
    rule: Rule, zone: ZoneInfo, start: datetime, later: int
) -> None:
    found = next_slot(rule, zone, start)
    asked = start + timedelta(minutes=later)

    assert next_slot(rule, zone, asked) == found or asked >= found.at


@pytest.mark.parametrize("change", MARCH_CHANGES, ids=str)
def test_no_minute_of_the_first_hour_is_left_out_on_the_monday_after_the_clocks_went_forward(change: date) -> None:
    """The cron of our scheduler library leaves that whole hour out, and a weekly run jumps a fortnight."""
    monday = change + DAY
    for minute in range(60):
        for weekday in (None, 0):
            rule = Rule(hour=0, minute=minute, weekday=weekday)
            step = DAY if weekday is None else 7 * DAY
            eve = instant(rule, AMSTERDAM, monday - step)

            assert [one.local for one in following(rule, AMSTERDAM, eve, 2)] == [
                f"{monday}T00:{minute:02}",
                f"{monday + step}T00:{minute:02}",
            ]


@pytest.mark.parametrize("year", [2026, 2030, 2037])
def test_an_hour_that_comes_twice_runs_once_and_one_that_does_not_come_runs_after_the_gap(year: int) -> None:
    rule = Rule(hour=2, minute=30)
    found = following(rule, AMSTERDAM, datetime(year, 1, 1, tzinfo=UTC), 364)
    shown = {one.at.astimezone(AMSTERDAM).replace(tzinfo=None).time() for one in found}

    assert shown == {time(2, 30), time(3)}
    assert len({one.at for one in found}) == len({one.local for one in found}) == 364


@settings(max_examples=200, deadline=None)
@given(zones, instants, st.integers(1, 60))
def test_so_many_days_before_is_the_same_wall_time_or_the_end_of_its_gap(
    zone: ZoneInfo, starts_at: datetime, days: int
) -> None:
    starts_at = starts_at.replace(second=0, microsecond=0)
    wanted = starts_at.astimezone(zone).replace(tzinfo=None) - days * DAY

    found = days_before(starts_at, days, zone)

    assert found == walked(zone, wanted.date(), wanted.date())[wanted.hour * 60 + wanted.minute]


@settings(max_examples=200, deadline=None)
@given(instants, st.integers(1, 15))
def test_working_days_end_at_five_on_the_wall_and_count_no_other_days(since: datetime, days: int) -> None:
    until = working_days.after(since, days, AMSTERDAM).astimezone(AMSTERDAM)

    first = since.astimezone(AMSTERDAM).date() + DAY
    assert (until.hour, until.minute) == (17, 0)
    assert sum(working_days.is_working_day(day) for day in days_of(first, until.date())) == days
    assert working_days.is_working_day(until.date())
