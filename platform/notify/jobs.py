"""What a job of the schedule is, and what it is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.db import WriteSession
from kernel.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a job is given: the transaction, the settings and the present instant."""

    tx: WriteSession
    settings: Settings
    now: datetime


A_SECOND = timedelta(seconds=0.9)
"""A tick and the next lie a little less than a second apart when the first one was late."""
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work that time brings. `when` and `why_then` are for people; the function finds what is due itself.

    It returns how many it found, or nothing. When it found nothing it is not asked again for as long as `every` says.
    """

    name: str
    when: str
    run: Callable[[Turn], Awaitable[int]]
    why_then: str
    every: timedelta = A_SECOND
