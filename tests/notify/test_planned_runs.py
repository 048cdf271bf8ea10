"""Planned runs in the worker: several share a transaction and none another's fate; clocks that are put back."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from sqlalchemy import select, update

from kernel.clock import StandingClock
from kernel.db import Database
from klankbord.ticking import Ticking
from klankbord.worker import Worker
from notify import occurrences, schedule
from notify.jobs import A_MINUTE, Job, Turn
from notify.models import Occurrence
from notify.occurrences import Claimed
from notify.states import Cadence, OccurrenceState
from tests.builders import a_moderated_consultation
from tests.moments import NOON
from tests.notify.stories import a_follower

DAY = timedelta(days=1)
A_MOMENT = timedelta(milliseconds=1)


async def slots(database: Database, *states: OccurrenceState) -> list[str]:
    """The slots that stand in the plan in one of these states."""
    async with database.read() as db:
        known = select(Occurrence.local_slot).where(Occurrence.state.in_(states or list(OccurrenceState)))
        return sorted(await db.scalars(known))


async def plan_three(database: Database) -> None:
    async with database.write() as tx:
        for slot in ("one", "two", "three"):
            await occurrences.plan(tx, kind="noted", subject="test:1", local_slot=slot, due_at=NOON)


async def test_a_run_that_fails_takes_nothing_of_the_others_with_it(
    worker: Worker, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def note(turn: schedule.Turn, claimed: Claimed) -> None:
        again = f"after {claimed.local_slot}"
        await occurrences.plan(turn.tx, kind="noted", subject="test:1", local_slot=again, due_at=NOON + DAY)
        if claimed.local_slot == "two":
            raise ValueError("two cannot be done")

    monkeypatch.setitem(schedule.PLANNED, "noted", note)
    await plan_three(database)

    await worker.turn(NOON)

    assert await slots(database, OccurrenceState.DONE) == ["one", "three"]
    assert await slots(database, OccurrenceState.CLAIMED) == ["two"]
    assert await slots(database, OccurrenceState.DUE) == ["after one", "after three"]
    assert "two cannot be done" in worker.last_error


async def test_a_run_that_somebody_took_over_leaves_nothing_and_the_others_are_kept(
    worker: Worker, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def note(turn: schedule.Turn, claimed: Claimed) -> None:
        again = f"after {claimed.local_slot}"
        await occurrences.plan(turn.tx, kind="noted", subject="test:1", local_slot=again, due_at=NOON + DAY)
        if claimed.local_slot == "one":  # as if this process had slept for longer than its lease
            await turn.tx.execute(
                update(Occurrence).where(Occurrence.local_slot == "two").values(fence=Occurrence.fence + 1)
            )

    monkeypatch.setitem(schedule.PLANNED, "noted", note)
    await plan_three(database)

    await worker.turn(NOON)

    assert await slots(database, OccurrenceState.DONE) == ["one", "three"]
    assert await slots(database, OccurrenceState.DUE) == ["after one", "after three"]
    assert "LostClaim" in worker.last_error


async def test_days_that_a_clock_ran_ahead_come_after_all_once_it_is_put_back(
    worker: Worker, database: Database
) -> None:
    async with database.write() as tx:
        await a_follower(tx, await a_moderated_consultation(tx), cadence=Cadence.DAILY)
    await worker.turn(NOON)
    await worker.turn(NOON + 3 * DAY)
    assert await slots(database, OccurrenceState.DONE) == ["daily:2026-11-24T08:00"]

    await worker.turn(NOON + timedelta(minutes=1))
    for day in (1, 2, 3, 4, 5):
        await worker.turn(NOON + day * DAY)

    done = [f"daily:2026-11-{day}T08:00" for day in (24, 25, 26, 27, 28)]
    assert await slots(database, OccurrenceState.DONE) == done


async def test_a_worker_plans_what_is_missing_when_it_starts(worker: Worker, database: Database) -> None:
    async with database.write() as tx:
        follower = await a_follower(tx, await a_moderated_consultation(tx), cadence=Cadence.WEEKLY)
        before = (await tx.scalars(select(Occurrence))).one()
        await tx.delete(before)
        await occurrences.plan(
            tx, kind=before.kind, subject=before.subject, local_slot="another week", due_at=before.due_at
        )
        person_id = follower.person_id

    await worker.turn(NOON)

    async with database.read() as db:
        planned = await db.execute(select(Occurrence.subject, Occurrence.local_slot).order_by(Occurrence.id))
        assert [tuple(one) for one in planned] == [
            (f"person:{person_id}", "another week"),
            (f"person:{person_id}", "weekly:2026-11-30T08:00"),
        ]


async def test_the_scheduler_holds_one_job_in_memory() -> None:
    ticking = Ticking(lambda: None)
    ticking.start()
    try:
        scheduler = ticking._scheduler
        assert scheduler is not None
        [job] = scheduler.get_jobs()
        stores = [type(store) for store in scheduler._jobstores.values()]
        held = (job.coalesce, job.max_instances, job.misfire_grace_time)
    finally:
        ticking.stop()

    assert stores == [MemoryJobStore]
    assert held == (True, 1, None)


@pytest.mark.parametrize("by", [-DAY, -timedelta(hours=1), DAY, 400 * DAY], ids=str)
async def test_the_tick_goes_on_when_the_clock_of_the_machine_is_moved(
    by: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Moved(datetime):
        by = timedelta(0)

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # nobody counts on the subclass
            return datetime.now(tz or UTC) + cls.by  # noqa: TID251 - the machine's clock, moved

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Moved)
    monkeypatch.setattr("klankbord.ticking.SystemClock.now", lambda _: Moved.now(UTC))
    monkeypatch.setattr("klankbord.ticking.SILENT_AT_MOST", 1.5)
    ticks: list[timedelta] = []
    ticking = Ticking(lambda: ticks.append(Moved.by))
    ticking.start()
    try:
        async with asyncio.timeout(20):
            while not ticks:  # noqa: ASYNC110 - the scheduler's own time
                await asyncio.sleep(0.05)
            Moved.by = by
            while ticks.count(by) < 2:  # noqa: ASYNC110 - the scheduler's own time
                await asyncio.sleep(0.05)
    finally:
        ticking.stop()


@pytest.mark.parametrize("found", [0, 1])
async def test_a_job_that_found_nothing_is_not_asked_again_before_its_time(
    worker: Worker, clock: StandingClock, monkeypatch: pytest.MonkeyPatch, found: int
) -> None:
    asked: list[datetime] = []

    async def look(turn: Turn) -> int:
        asked.append(turn.now)
        return found

    job = Job(name="looks", when="each minute", run=look, why_then="It is looked at here.", every=A_MINUTE)
    monkeypatch.setattr(schedule, "JOBS", (job,))
    moments = [timedelta(0), timedelta(0), A_MINUTE - A_MOMENT, A_MOMENT, A_MOMENT, -DAY, A_MOMENT, DAY]
    for moved in moments:
        clock.move(moved)
        await worker._jobs(clock.now())

    all_of_them = [NOON + sum(moments[: number + 1], timedelta(0)) for number in range(len(moments))]
    assert asked == (all_of_them if found else [all_of_them[number] for number in (0, 3, 5, 7)])


async def test_a_standing_clock_does_not_keep_the_worker_from_turning(
    worker: Worker, clock: StandingClock, database: Database
) -> None:
    async with database.write() as tx:
        await a_follower(tx, await a_moderated_consultation(tx), cadence=Cadence.DAILY)
    await worker.start()
    for jump in (DAY, -DAY, timedelta(hours=1), -timedelta(hours=1), 400 * DAY):
        clock.move(jump)
        async with asyncio.timeout(30):
            while worker.last_turn_at != clock.now():  # noqa: ASYNC110 - the worker's own time
                await asyncio.sleep(0.02)
    await worker.stop()

    assert worker.last_error == ""
    assert await slots(database, OccurrenceState.DONE) == ["daily:2026-11-24T08:00", "daily:2026-11-25T08:00"]
