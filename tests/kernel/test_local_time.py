from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel import local_time
from kernel.i18n import speaking
from tests.moments import NOON

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CLOSING = datetime(2026, 12, 4, 11, 0, tzinfo=UTC)


def test_a_moment_is_written_out_with_its_zone() -> None:
    assert local_time.moment(CLOSING, AMSTERDAM) == "vrijdag 4 december 2026, 12.00 uur, Nederlandse tijd"
    assert local_time.moment(CLOSING, ZoneInfo("Pacific/Apia")) == "zaterdag 5 december 2026, 0.00 uur, Pacific/Apia"


def test_a_day_follows_the_readers_language() -> None:
    with speaking("en"):
        assert local_time.day(CLOSING, AMSTERDAM) == "Friday 4 December 2026"
    assert local_time.short_day(CLOSING, AMSTERDAM) == "4 dec 2026"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=9, hours=23), "nog 9 dagen"),
        (timedelta(days=2), "nog 2 dagen"),
        (timedelta(days=2) - timedelta(seconds=1), "nog 47 uur"),
        (timedelta(hours=2), "nog 2 uur"),
        (timedelta(hours=2) - timedelta(seconds=1), "nog 119 minuten"),
        (timedelta(seconds=61), "nog 1 minuut"),
        (timedelta(seconds=59), "nog 0 minuten"),
        (-timedelta(days=3), "nog 0 minuten"),
    ],
)
def test_the_time_left_is_told_in_the_largest_unit_that_fits(left: timedelta, words: str) -> None:
    assert local_time.time_left(NOON + left, NOON) == words
