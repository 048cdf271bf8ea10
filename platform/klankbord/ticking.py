"""A call each second. The only use of APScheduler: it knows nothing of what is due."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from kernel.clock import SystemClock

SILENT_AT_MOST = 3.0
"""Seconds without a tick after which the scheduler is woken."""


class EachSecond(BaseTrigger):  # type: ignore[misc]  # the library tells no types
    """A second from now. Its own interval would first count every second that a clock put forward left out."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """When to tick next, whenever the last tick was."""
        return now if previous is None else now + timedelta(seconds=1)


class Ticking:
    """Calls `tick` each second from `start` until `stop`, whatever is done to the machine's clock."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._call = tick
        self._scheduler: AsyncIOScheduler | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ticked = 0.0

    @property
    def is_on(self) -> bool:
        """Whether it was started."""
        return self._scheduler is not None

    def start(self) -> None:
        """Begin; needs a running loop."""
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        job = self._scheduler.add_job(self._tick, EachSecond(), coalesce=True, max_instances=1, misfire_grace_time=None)
        self._ticked = monotonic()
        self._scheduler.start()
        self._watching = asyncio.get_running_loop().create_task(self._watch(job))

    def stop(self) -> None:
        """End; nothing is waited for."""
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _tick(self) -> None:
        self._ticked = monotonic()
        self._call()

    async def _watch(self, job: Job) -> None:
        """The scheduler waits for an instant: a clock put back by a day would keep it waiting for a day."""
        while True:
            await asyncio.sleep(1)
            if monotonic() - self._ticked > SILENT_AT_MOST:
                job.modify(next_run_time=SystemClock().now())
