"""The only place that asks the time. Everything else is handed `now`, an aware instant in UTC."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Something that knows the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place


class StandingClock:
    """A clock that stands still until it is moved; for tests in one process."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant it was put at."""
        return self.instant

    def move(self, by: timedelta) -> None:
        """Put the clock forward, or back."""
        self.instant += by


class FileClock:
    """The machine's clock moved by the number of seconds that stands in a file, read at each call.

    For tests of real processes; settings refuse it in production.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        """The moved instant; an absent or empty file moves nothing."""
        try:
            seconds = float(self.path.read_text() or 0)
        except FileNotFoundError:
            seconds = 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)  # noqa: TID251 - the one place


def clock_from(setting: str) -> Clock:
    """The clock that KLANKBORD_CLOCK names: `system`, or `file:PATH`."""
    return FileClock(Path(setting.removeprefix("file:"))) if setting.startswith("file:") else SystemClock()
