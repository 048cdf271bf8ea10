"""Nobody is kept for ever: whoever stays away is warned and then let go, and no row outlives its promise."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from accounts import belongings, people, sessions
from accounts.models import Person
from accounts.states import Role
from consultations import ideas
from consultations.states import IdeaState
from kernel.db import Database
from klankbord.worker import Worker
from notify.inactivity import GOES_AFTER, WARNED_AFTER
from notify.transport import Memory
from tests.builders import a_person, an_idea
from tests.moments import NOON
from tests.notify.taint import everything, fill_up
from tests.notify.test_letters import text_of

WARNED = NOON + WARNED_AFTER
GONE = WARNED + GOES_AFTER
A_SECOND = timedelta(seconds=1)


async def erased(database: Database, person: Person) -> datetime | None:
    async with database.read() as db:
        return (await db.get_one(Person, person.id)).erased_at


async def test_a_letter_comes_a_month_before_an_account_goes(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
    await worker.turn(WARNED - A_SECOND)
    assert post.letters == []
    await worker.turn(WARNED)
    await worker.turn(WARNED + timedelta(days=1))

    [letter] = post.letters
    assert letter["To"] == person.email
    assert letter["Subject"] == "Wilt u uw account houden?"
    assert "22 november 2028" in text_of(letter, "plain")
    assert "http://panel.test/sign-in?next=/account" in text_of(letter, "plain")

    await worker.turn(GONE - A_SECOND)
    assert await erased(database, person) is None
    await worker.turn(GONE)
    assert await erased(database, person) == GONE
    assert len(post.letters) == 1


async def test_signing_in_is_enough_to_stay(database: Database, worker: Worker) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
    await worker.turn(WARNED)
    async with database.write() as tx:
        again = await tx.get_one(Person, person.id)
        await sessions.begin(tx, person=again, carries_grants=False, now=WARNED + timedelta(days=20))
    await worker.turn(GONE)

    assert await erased(database, person) is None


async def test_whoever_sent_something_in_lately_is_not_warned(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
        idea = await an_idea(tx, author=person, received_at=NOON + timedelta(days=300))
        await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON + timedelta(days=300))
    await worker.turn(NOON + timedelta(days=301))
    post.letters.clear()
    await worker.turn(WARNED)

    assert post.letters == []


async def test_whoever_has_a_task_is_neither_warned_nor_let_go(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.AUDITOR)
    for day in (1, 2):
        await worker.turn(NOON + timedelta(days=day))
    post.letters.clear()
    await worker.turn(WARNED)
    await worker.turn(GONE)

    assert post.letters == []
    assert await erased(database, person) is None


async def test_an_address_that_nobody_confirmed_is_forgotten_after_three_days(
    database: Database, worker: Worker
) -> None:
    async with database.write() as tx:
        typed = await people.meet(tx, email="tik@waterveen.example", now=NOON)
    await worker.turn(NOON + timedelta(days=3) - A_SECOND)
    assert await erased(database, typed) is None
    await worker.turn(NOON + timedelta(days=3))
    assert await erased(database, typed) is not None


@pytest.mark.timeout(120)
async def test_after_a_jump_of_the_clock_no_row_is_older_than_was_promised(database: Database, worker: Worker) -> None:
    async with database.write() as tx:
        await fill_up(tx, await everything(tx))
    late = NOON + timedelta(days=731) + timedelta(days=91)
    for _ in range(2):
        await worker.turn(late)

    async with database.read() as db:
        for name, (table, kept) in belongings.tables().items():
            if kept.after is None or name.startswith("access_"):  # these also ask the database's own clock
                continue
            old = table.c[kept.after.column] < late - kept.after.span - timedelta(minutes=2)
            assert await db.scalar(select(func.count()).select_from(table).where(old)) == 0, name
