"""What a job of the schedule is, and what it is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from kernel.db import WriteSession
from kernel.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a job is given: the transaction, the settings and the present instant."""

    tx: WriteSession
    settings: Settings
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work that time brings. `when` and `why_then` are for people; the function finds what is due itself."""

    name: str
    when: str
    run: Callable[[Turn], Awaitable[object]]
    why_then: str
