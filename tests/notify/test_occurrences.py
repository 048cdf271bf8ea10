import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.db import Database, WriteSession
from notify import occurrences
from notify.models import Occurrence
from notify.occurrences import LEASE, Claimed, LostClaim
from notify.states import OccurrenceState
from tests.moments import NOON


async def a_run(tx: WriteSession, slot: str = "2026-11-23T12:00", **given: Any) -> None:
    await occurrences.plan(tx, **{"kind": "digest", "subject": "person:1", "local_slot": slot, "due_at": NOON, **given})


async def test_a_slot_is_planned_once(tx: WriteSession) -> None:
    await a_run(tx)
    await a_run(tx, due_at=NOON + timedelta(hours=1))

    assert [one.due_at for one in await tx.scalars(select(Occurrence))] == [NOON]


async def test_nothing_is_claimed_before_its_instant(tx: WriteSession) -> None:
    await a_run(tx)

    assert await occurrences.claim(tx, now=NOON - timedelta(microseconds=1)) == []
    assert len(await occurrences.claim(tx, now=NOON)) == 1


async def test_two_tickers_claim_each_run_once(database: Database) -> None:
    async with database.write() as tx:
        for number in range(60):
            await a_run(tx, slot=f"slot {number}")
    won: list[int] = []

    async def ticker() -> None:
        while True:
            async with database.write() as tx:
                ours = await occurrences.claim(tx, now=NOON, most=7)
            if not ours:
                return
            won.extend(one.id for one in ours)
            for one in ours:
                async with database.write() as tx:
                    await occurrences.done(tx, one, now=NOON)

    await asyncio.gather(ticker(), ticker())

    assert len(won) == len(set(won)) == 60
    async with database.read() as db:
        assert {one.state for one in await db.scalars(select(Occurrence))} == {OccurrenceState.DONE}


async def test_a_run_whose_ticker_died_goes_to_another_and_the_first_keeps_nothing(database: Database) -> None:
    async with database.write() as tx:
        await a_run(tx)
    async with database.write() as tx:
        [dead] = await occurrences.claim(tx, now=NOON)
        assert await occurrences.claim(tx, now=NOON + LEASE) == []
    later = NOON + LEASE + timedelta(seconds=1)
    async with database.write() as tx:
        [living] = await occurrences.claim(tx, now=later)
        await occurrences.done(tx, living, now=later)

    with pytest.raises(LostClaim):
        async with database.write() as tx:
            await a_run(tx, slot="what the dead one did")
            await occurrences.done(tx, dead, now=later)

    async with database.read() as db:
        assert [one.local_slot for one in await db.scalars(select(Occurrence))] == ["2026-11-23T12:00"]


@pytest.mark.parametrize(("after", "is_late"), [(timedelta(seconds=3), False), (timedelta(hours=9), True)])
async def test_a_run_that_was_missed_is_done_once_and_marked_late(
    tx: WriteSession, after: timedelta, is_late: bool
) -> None:
    await a_run(tx)
    claimed: list[Claimed] = await occurrences.claim(tx, now=NOON + after, most=10)
    for one in claimed:
        await occurrences.done(tx, one, now=NOON + after)

    done = (await tx.scalars(select(Occurrence))).one()
    assert (len(claimed), done.is_late, done.done_at) == (1, is_late, NOON + after)
    assert await occurrences.claim(tx, now=NOON + timedelta(days=9)) == []
