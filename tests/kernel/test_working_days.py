from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kernel.working_days import after, easter, holidays, is_working_day

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1961, date(1961, 4, 2)),
        (2008, date(2008, 3, 23)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_falls_on_its_sunday(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_a_year_has_nine_holidays() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2025, 4, 26), False),  # King's day, a day early because the 27th was a Sunday
        (date(2025, 4, 28), True),
        (date(2026, 4, 27), False),
    ],
)
def test_who_works_when(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-23 12:00", 2, "2026-11-25 17:00"),
        ("2026-11-23 23:59", 2, "2026-11-25 17:00"),
        ("2026-11-20 09:00", 2, "2026-11-24 17:00"),  # Friday: Monday, Tuesday
        ("2026-11-21 09:00", 2, "2026-11-24 17:00"),  # Saturday: Monday, Tuesday
        ("2026-04-02 12:00", 2, "2026-04-08 17:00"),  # Thursday before Easter: Tuesday, Wednesday
        ("2026-04-24 12:00", 2, "2026-04-29 17:00"),  # Friday before King's day: Tuesday, Wednesday
        ("2026-12-24 12:00", 2, "2026-12-29 17:00"),  # Christmas in the weekend and on Friday
        ("2026-12-30 12:00", 2, "2027-01-04 17:00"),  # New Year's day on a Friday
        ("2026-11-23 12:00", 10, "2026-12-07 17:00"),
        ("2026-10-23 12:00", 2, "2026-10-27 17:00"),  # the clock goes back in between
    ],
)
def test_working_days_end_at_closing_hour(received: str, days: int, due: str) -> None:
    instant = datetime.fromisoformat(received).replace(tzinfo=ZONE)

    assert after(instant, days, ZONE) == datetime.fromisoformat(due).replace(tzinfo=ZONE)


def test_the_day_of_receipt_is_the_local_day() -> None:
    late_on_monday_in_utc = datetime.fromisoformat("2026-11-23T23:30:00+00:00")  # Tuesday in the Netherlands

    assert after(late_on_monday_in_utc, 1, ZONE) == datetime(2026, 11, 25, 17, tzinfo=ZONE)
