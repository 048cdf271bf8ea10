"""Dutch working days: Monday to Friday without the days of article 3 of the Algemene termijnenwet. Pure."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from kernel.wall_clock import instant_of

CLOSING_HOUR = time(17)
"""A promise in working days ends at this local hour of its last day."""

_SUNDAY = 6
_FRIDAY = 4


def easter(year: int) -> date:
    """Easter Sunday, by Oudin's computation."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    to_sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    since = moon - to_sunday
    month = 3 + (since + 40) // 44
    return date(year, month, since + 28 - 31 * (month // 4))


@cache
def holidays(year: int) -> dict[date, str]:
    """The days that count as a Sunday in legal terms, by their Dutch names."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == _SUNDAY:
        kings_day = date(year, 4, 26)
    return {
        date(year, 1, 1): "Nieuwjaarsdag",
        sunday - timedelta(days=2): "Goede Vrijdag",
        sunday + timedelta(days=1): "Tweede Paasdag",
        kings_day: "Koningsdag",
        date(year, 5, 5): "Bevrijdingsdag",
        sunday + timedelta(days=39): "Hemelvaartsdag",
        sunday + timedelta(days=50): "Tweede Pinksterdag",
        date(year, 12, 25): "Eerste Kerstdag",
        date(year, 12, 26): "Tweede Kerstdag",
    }


def is_working_day(day: date) -> bool:
    """Whether people at the town hall work that day."""
    return day.weekday() <= _FRIDAY and day not in holidays(day.year)


def after(instant: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The closing hour of the so many-th working day after the local day of `instant`."""
    day, left = instant.astimezone(zone).date(), days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return instant_of(datetime.combine(day, CLOSING_HOUR), zone)
