"""The oracle of local time: walk through the minutes and look at the clock on the wall.

It asks one thing only, what a wall clock shows at an instant; never the way back, which is what is tested.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONES = (
    "Europe/Amsterdam",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # had no 30 December 2011
    "Africa/Casablanca",  # winter time in Ramadan
    "Antarctica/Troll",  # two hours of summer time
    "Pacific/Chatham",  # twelve hours and three quarters, changes at a quarter to
    "America/Havana",  # days that begin at one o'clock
)
FIRST, LAST = date(2026, 1, 1), date(2037, 12, 31)
MINUTES = 24 * 60

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_FURTHEST = timedelta(hours=15)
"""A date begins nowhere sooner than this before it does in UTC."""


def days_of(first: date, last: date) -> Iterator[date]:
    """Every date from the first to the last."""
    while first <= last:
        yield first
        first += _DAY


def walked(zone: ZoneInfo, first: date, last: date) -> list[datetime]:
    """For each minute of these local days the first instant whose wall clock shows it, or has passed it."""
    wanted = datetime.combine(first, time())
    end = datetime.combine(last + _DAY, time())
    now = datetime.combine(first, time(), tzinfo=UTC) - _FURTHEST
    while now.astimezone(zone).replace(tzinfo=None) > wanted:
        now -= _DAY
    found: list[datetime] = []
    while wanted < end:
        shown = now.astimezone(zone).replace(tzinfo=None)
        while wanted <= shown and wanted < end:
            found.append(now)
            wanted += _MINUTE
        now += _MINUTE
    return found


def changes(zone: ZoneInfo, first: date, last: date) -> list[date]:
    """The local dates on which the zone's clocks are moved, seen by looking each hour."""
    now = datetime.combine(first, time(), tzinfo=UTC)
    before = now.astimezone(zone).utcoffset()
    found: list[date] = []
    while now.date() <= last:
        now += timedelta(hours=1)
        shown = now.astimezone(zone)
        if shown.utcoffset() != before:
            before = shown.utcoffset()
            found.append(shown.date())
    return found


def telling_days(zone: ZoneInfo, first: date, last: date) -> list[date]:
    """The days around each change, and the first of each month."""
    around = {day + n * _DAY for day in changes(zone, first, last) for n in (-1, 0, 1)}
    return sorted(day for day in {*around, *(day for day in days_of(first, last) if day.day == 1)} if day <= last)
