"""So many times in any stretch of so long, whoever comes at the same time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel import allowances
from kernel.allowances import Allowance
from kernel.db import Database, WriteSession
from kernel.errors import TooOften
from tests.moments import NOON

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def take(tx: WriteSession, *, whose: str = "jo", minutes: int = 0, most: int = 3) -> bool:
    return await allowances.take(
        tx, kind="sign_in", whose=whose, most=most, within=HOUR, now=NOON + timedelta(minutes=minutes)
    )


async def test_so_many_times_and_no_more(tx: WriteSession) -> None:
    assert [await take(tx) for _ in range(5)] == [True, True, True, False, False]


async def test_it_counts_per_person_and_per_kind(tx: WriteSession) -> None:
    assert [await take(tx, most=1), await take(tx, most=1)] == [True, False]

    assert await take(tx, whose="sam", most=1)
    assert await allowances.take(tx, kind="invite", whose="jo", most=1, within=HOUR, now=NOON)


async def test_the_stretch_slides_so_that_no_hour_holds_more(tx: WriteSession) -> None:
    taken = [minute for minute in range(0, 240, 10) if await take(tx, minutes=minute)]

    assert taken == [0, 10, 20, 60, 70, 80, 120, 130, 140, 180, 190, 200]


async def test_a_refusal_says_when_to_come_back(tx: WriteSession) -> None:
    for minutes in (0, 10, 20):
        await take(tx, minutes=minutes)

    with pytest.raises(TooOften) as refusal:
        await allowances.require(tx, kind="sign_in", whose="jo", most=3, within=HOUR, now=NOON + 30 * MINUTE)

    assert refusal.value.seconds == 30 * 60
    await allowances.require(tx, kind="sign_in", whose="jo", most=3, within=HOUR, now=NOON + HOUR)


async def test_what_may_never_be_done_is_refused(tx: WriteSession) -> None:
    with pytest.raises(TooOften) as refusal:
        await allowances.require(tx, kind="sign_in", whose="jo", most=0, within=HOUR, now=NOON)

    assert refusal.value.seconds == 3600


async def test_what_was_rolled_back_counts_for_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            assert await take(tx, most=1)
            raise ZeroDivisionError

    async with database.write() as tx:
        assert await take(tx, most=1)


async def test_of_many_at_once_exactly_as_many_get_through(database: Database) -> None:
    async def come() -> bool:
        async with database.write() as tx:
            return await take(tx)

    got_through = await asyncio.gather(*(come() for _ in range(12)))

    assert sum(got_through) == 3


async def test_who_it_was_is_not_in_the_table(tx: WriteSession) -> None:
    await take(tx, whose="jo@waterveen.example")

    assert [len(row.whose) for row in await tx.scalars(select(Allowance))] == [64]


async def test_it_can_be_given_back(tx: WriteSession) -> None:
    for _ in range(3):
        await take(tx)
    assert await allowances.taken(tx, kind="sign_in", whose="jo", now=NOON) == 3

    await allowances.give_back(tx, kind="sign_in", whose="jo")

    assert await take(tx)


async def test_what_counts_no_more_is_thrown_away(tx: WriteSession) -> None:
    await take(tx)
    await take(tx, minutes=30)

    assert await allowances.sweep(tx, now=NOON + HOUR) == 1
    assert await tx.scalar(select(func.count()).select_from(Allowance)) == 1
