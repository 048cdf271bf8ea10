"""Local hours as instants. Pure: (rule, zone, day) → slot; clock changes are settled here and nowhere else.

A local time that does not exist becomes the first instant after the gap; one that exists twice, the first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Every day at a local time, or on one weekday only (0 is Monday)."""

    hour: int
    minute: int = 0
    weekday: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule has a slot on this day."""
        return self.weekday is None or day.weekday() == self.weekday


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One planned local time, `2026-11-23T08:00`, and the instant at which it falls."""

    local: str
    at: datetime


def instant(rule: Rule, zone: ZoneInfo, day: date) -> datetime:
    """The instant, in UTC, of the rule's local time on this day."""
    wall = datetime.combine(day, time(rule.hour, rule.minute))
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    return _end_of_gap(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first)


def slot(rule: Rule, zone: ZoneInfo, day: date) -> Slot:
    """The rule's slot on this day, whether or not the rule holds on it."""
    return Slot(local=f"{day.isoformat()}T{rule.hour:02}:{rule.minute:02}", at=instant(rule, zone, day))


def next_slot(rule: Rule, zone: ZoneInfo, after: datetime) -> Slot:
    """The first slot whose instant lies after this one."""
    day = after.astimezone(zone).date() - _ONE_DAY
    while True:
        if rule.holds_on(day):
            found = slot(rule, zone, day)
            if found.at > after:
                return found
        day += _ONE_DAY


def _end_of_gap(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first instant with the new offset, between one before the clocks moved and one after."""
    new = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after
