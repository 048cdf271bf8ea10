"""Local hours as instants. Pure: (rule, zone, day) → slot.

A local time that does not exist becomes the first instant after the gap; one that exists twice, the first.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kernel.wall_clock import instant_of

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
    return instant_of(datetime.combine(day, time(rule.hour, rule.minute)), zone)


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
