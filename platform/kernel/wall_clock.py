"""What a wall clock shows, as an instant. Pure; the nights on which clocks move are settled here and nowhere else.

A local time that does not exist becomes the first instant after the gap; one that exists twice, the first.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_ONE_SECOND = timedelta(seconds=1)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in the zone show this (naive) date and time."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    return _end_of_gap(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first)


def _end_of_gap(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first instant with the new offset, between one before the clocks moved and one after."""
    new = after.astimezone(zone).utcoffset()
    while after - before > _ONE_SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after
