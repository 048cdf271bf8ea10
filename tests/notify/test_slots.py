"""Local hours against an oracle that walks through the minutes of a day, where the clocks move."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notify.slots import Rule, instant, next_slot

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
MINUTE = timedelta(minutes=1)

DAYS = [
    *((AMSTERDAM, date(2026, 3, day)) for day in (28, 29, 30)),
    *((AMSTERDAM, date(2026, 10, day)) for day in (24, 25, 26)),
    (AMSTERDAM, date(2027, 3, 28)),
    *((LORD_HOWE, date(2026, 4, day)) for day in (4, 5, 6)),
    *((LORD_HOWE, date(2026, 10, day)) for day in (3, 4, 5)),
]


def walked(zone: ZoneInfo, day: date) -> list[datetime]:
    """For each minute of the local day the first instant whose wall clock shows it, or has passed it."""
    start = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=15)
    found: list[datetime] = []
    now = start
    for minute in range(24 * 60):
        wanted = datetime.combine(day, time(minute // 60, minute % 60))
        while now.astimezone(zone).replace(tzinfo=None) < wanted:
            now += MINUTE
        found.append(now)
    return found


@pytest.mark.parametrize(("zone", "day"), DAYS, ids=str)
def test_every_minute_of_a_day_is_the_first_instant_that_shows_it(zone: ZoneInfo, day: date) -> None:
    ours = [instant(Rule(hour=minute // 60, minute=minute % 60), zone, day) for minute in range(24 * 60)]

    assert ours == walked(zone, day)


@pytest.mark.parametrize("zone", [AMSTERDAM, LORD_HOWE], ids=str)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 8, 23])
def test_a_daily_slot_falls_once_on_every_date_of_two_years(zone: ZoneInfo, hour: int) -> None:
    rule = Rule(hour=hour, minute=30)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    days: list[str] = []
    while len(days) < 730:
        slot = next_slot(rule, zone, now)
        assert slot.at > now
        days.append(slot.local[:10])
        now = slot.at

    first = date.fromisoformat(days[0])
    assert days == [(first + timedelta(days=number)).isoformat() for number in range(730)]


def test_a_weekly_slot_in_the_first_hour_of_monday_is_not_skipped_after_the_clocks_moved() -> None:
    rule = Rule(hour=0, minute=30, weekday=0)
    now = datetime(2026, 3, 20, tzinfo=UTC)
    found: list[str] = []
    for _ in range(4):
        slot = next_slot(rule, AMSTERDAM, now)
        found.append(slot.local)
        now = slot.at

    assert found == ["2026-03-23T00:30", "2026-03-30T00:30", "2026-04-06T00:30", "2026-04-13T00:30"]


def test_a_day_that_a_zone_left_out_gives_the_first_instant_after_it() -> None:
    samoa = ZoneInfo("Pacific/Apia")

    assert instant(Rule(hour=8), samoa, date(2011, 12, 30)) == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)
