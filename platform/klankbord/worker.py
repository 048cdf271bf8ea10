"""The worker: tells facts, does what time brings, sends letters. Started and stopped with the site.

It is woken each second, and at once by a commit that recorded facts; what is due stands in tables. Errors are
logged and shown on /health; they never end it. Letters leave beside its turns (posting.py).
"""

import asyncio
from collections import deque
from datetime import datetime, timedelta
from time import monotonic

import structlog
from jinja2 import Environment

from kernel.clock import Clock
from kernel.db import Database, batched
from kernel.settings import Settings
from klankbord.erased import ErasedBook, place_of
from klankbord.posting import Posting
from klankbord.ticking import Ticking
from notify import occurrences, relay, schedule, subscriptions
from notify.occurrences import Claimed
from notify.transport import Transport

GRACE = 1.5
"""Seconds that a turn, and letters on their way, get to end by themselves when the site stops."""
AT_A_TIME = 20
"""Planned runs before facts get their turn again."""
TOGETHER = 0.05
"""Seconds of planned runs in one transaction; whoever wants to write waits no longer for them."""
PUT_BACK = timedelta(seconds=1)
"""A clock that stands this much earlier than at the last turn was put back; a smaller step is it being set right."""

log = structlog.get_logger()


class Worker:
    """Everything that happens without anybody asking for a page."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        settings: Settings,
        environment: Environment,
        hub: relay.Nudges,
        transport: Transport,
    ) -> None:
        self.database = database
        self.clock = clock
        self.settings = settings
        self.environment = environment
        self.hub = hub
        self.last_turn_at: datetime | None = None
        self.last_error = ""
        self._turning = asyncio.Lock()
        self._ticking = Ticking(self.wake)
        self._erased = ErasedBook(database, place_of(settings))
        self._posting = Posting(
            database=database, settings=settings, environment=environment, transport=transport, note=self._note
        )
        self._running: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._planned_at: datetime | None = None
        self._again = False
        self._has_post = False
        self._stopping = False
        self._noted: dict[str, str] = {}
        self._rests_since: dict[str, datetime] = {}

    # started and stopped with the site

    async def start(self) -> None:
        """Tick each second, and wake when facts were recorded."""
        self._stopping = False
        self._ticking.start()
        self.database.on_facts = self.wake

    async def stop(self) -> None:
        """End within two seconds. A letter that was on its way is sent again after its lease."""
        self._stopping = True
        self.database.on_facts = None
        self._ticking.stop()
        if tasks := {task for task in (self._running, self._sending) if task is not None}:
            _, late = await asyncio.wait(tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self.transport.close()

    @property
    def transport(self) -> Transport:
        """How letters leave."""
        return self._posting.transport

    @transport.setter
    def transport(self, transport: Transport) -> None:
        self._posting.transport = transport

    @property
    def is_ticking(self) -> bool:
        """Whether it was started."""
        return self._ticking.is_on

    def wake(self) -> None:
        """Have a turn begin now, or once more after the present one."""
        self._again = True
        if not self._stopping and (self._running is None or self._running.done()):
            self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._again and not self._stopping:
            self._again = False
            try:
                async with self._turning:
                    await self._plan_again(self.clock.now())
                    await relay.relay(self.database, self.hub, self.clock.now())  # who has a page open waits for it
                    await self._jobs(self.clock.now())
                    while await self._round(self.clock.now()) and not self._stopping:
                        self._have_sent()  # a turn has no end while facts keep coming
                    await self._write_down_who_was_erased()
                    self.last_turn_at = self.clock.now()
            except Exception as error:  # the next tick tries again
                if not self._stopping:  # a turn that was cut off ends in all kinds of errors
                    self._note("turn", error)
            self._have_sent()

    def _have_sent(self) -> None:
        """Let what is due leave, beside the turn."""
        self._has_post = True
        if self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        """Send all that is due, and look once more when a turn ended meanwhile."""
        while self._has_post and not self._stopping:
            self._has_post = False
            try:
                while not self._stopping and await self._posting.deliver(self.clock.now):
                    pass
            except Exception as error:  # the next turn tries again
                self._note("sending", error)

    # what a turn does

    async def turn(self, now: datetime) -> None:
        """One whole turn at this instant, until nothing is left to tell, do or send. Tests call it themselves."""
        async with self._turning:
            await self._plan_again(now)
            self._rests_since.clear()
            await self._jobs(now)
            while await self._round(now) + await self._posting.deliver(lambda: now):
                pass
            await self._write_down_who_was_erased()
            self.last_turn_at = now

    async def _round(self, now: datetime) -> int:
        told = await relay.relay(self.database, self.hub, now)
        return told + await self._occurrences(now)

    async def _plan_again(self, now: datetime) -> None:
        """At the start, and when the clock was put back: nobody's next period may be missing."""
        if self._planned_at is None or now < self._planned_at - PUT_BACK:
            async with self.database.read() as db:
                missing = await subscriptions.unplanned(db, zone=self.settings.zone, now=now)
            for some in batched(missing):
                async with self.database.write(patience=relay.PATIENCE) as tx:
                    for period in some:
                        await subscriptions.plan(tx, **period)
        self._planned_at = now

    async def _jobs(self, now: datetime) -> None:
        due = [job for job in schedule.JOBS if self._is_time_for(job, now)]
        if not due:
            return
        found_nothing: list[str] = []  # who found something may have left some of it for the next turn
        async with self.database.write(patience=relay.PATIENCE) as tx:
            for job in due:
                try:
                    async with tx.begin_nested():
                        if not await job.run(schedule.Turn(tx=tx, settings=self.settings, now=now)):
                            found_nothing.append(job.name)
                except Exception as error:  # one job must not keep the others from being done
                    self._note(f"job {job.name}", error)
        self._rests_since |= dict.fromkeys(found_nothing, now)

    def _is_time_for(self, job: schedule.Job, now: datetime) -> bool:
        """Each at its own pace, however often facts wake the worker; all at once when the clock was put back."""
        since = self._rests_since.get(job.name)
        return since is None or not since <= now < since + job.every

    async def _write_down_who_was_erased(self) -> None:
        try:
            await self._erased.keep_up()
        except OSError as error:  # a full disk, a folder that is gone: the next turn tries again
            self._note("erased accounts", error)

    async def _occurrences(self, now: datetime) -> int:
        async with self.database.read() as db:
            if not await occurrences.is_any_due(db, now=now):
                return 0
        async with self.database.write(patience=relay.PATIENCE) as tx:
            claimed = await occurrences.claim(tx, now=now, most=AT_A_TIME)
        return await self._do(claimed, now)

    async def _do(self, claimed: list[Claimed], now: datetime) -> int:
        """Do each run and close it under its claim's fence; a few share a transaction, each in a savepoint."""
        waiting, done = deque(claimed), 0
        while waiting:
            async with self.database.write(patience=relay.PATIENCE) as tx:
                until = monotonic() + TOGETHER
                turn = schedule.Turn(tx=tx, settings=self.settings, now=now)
                while waiting and monotonic() < until:
                    one = waiting.popleft()
                    try:
                        async with tx.begin_nested():
                            await schedule.PLANNED[one.kind](turn, one)
                            await occurrences.done(tx, one, now=now)
                    except Exception as error:  # its lease ends in a few minutes; then it is tried again
                        self._note(f"{one.kind} {one.subject} {one.local_slot}", error)
                    else:
                        done += 1
        return done

    def _note(self, what: str, error: BaseException) -> None:
        """Log an error, the same one once, and keep it for /health."""
        told = repr(error)
        self.last_error = f"{what}: {told}"[:300]
        if self._noted.get(what) != told:
            log.error("worker", what=what, exc_info=error)
        if len(self._noted) > 1_000:
            self._noted.clear()
        self._noted[what] = told
