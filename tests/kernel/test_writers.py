"""Several processes on one database, each with a `Database` of its own: one writes at a time, on both engines."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from kernel.db import Database
from kernel.errors import Away, Busy
from kernel.events import Event, EventRecord, record
from kernel.tokens import Token, mint
from klankbord.migrate import migrate, newest, present
from tests.moments import NOON


@dataclass(frozen=True, kw_only=True)
class Rung(Event):
    """Something of which the order matters."""

    name: ClassVar[str] = "bell.rung"
    bell_id: int


@pytest.fixture
async def another(database: Database, migrated_database: str) -> AsyncIterator[Database]:
    """What another process has open; it waits a quarter of a second for its turn."""
    another = Database(migrated_database, patience=0.25)
    yield another
    await another.close()


async def test_facts_appear_in_the_order_of_their_ids(database: Database, migrated_database: str) -> None:
    second = Database(migrated_database)
    seen: list[list[int]] = []
    is_over = False

    async def ring(of: Database, bell: int) -> None:
        async with of.write() as tx:
            await record(tx, Rung(at=NOON, actor_id=None, bell_id=bell % 3))
            await asyncio.sleep(0.002 * (bell % 4))

    async def look() -> None:
        while not is_over:
            async with database.read() as db:
                seen.append(list(await db.scalars(select(EventRecord.id).order_by(EventRecord.id))))

    looking = asyncio.create_task(look())
    await asyncio.gather(*(ring(of, bell) for bell in range(15) for of in (database, second)))
    is_over = True
    await looking
    await second.close()

    async with database.read() as db:
        rung = list(await db.scalars(select(EventRecord.id).order_by(EventRecord.id)))
        chain = (await db.execute(select(EventRecord.subject, EventRecord.seq).order_by(EventRecord.id))).all()
    assert len(rung) == 30
    assert all(ids == [one for one in rung if one <= max(ids, default=0)] for ids in seen)
    assert [seq for subject, seq in chain if subject == "bell:0"] == list(range(1, 11))


async def test_who_read_and_then_writes_is_not_overtaken(database: Database, migrated_database: str) -> None:
    second = Database(migrated_database)
    async with database.write() as tx:
        await mint(tx, purpose="0", subject="counter:1", expires_at=None, now=NOON)

    async def add_one(of: Database) -> None:
        async with of.write() as tx:
            token = await tx.get_one(Token, 1)
            await asyncio.sleep(0.001)
            token.purpose = str(int(token.purpose) + 1)

    await asyncio.gather(*(add_one(of) for _ in range(10) for of in (database, second)))
    await second.close()

    async with database.read() as db:
        assert (await db.get_one(Token, 1)).purpose == "20"


async def test_whose_turn_does_not_come_hears_that_it_is_busy(database: Database, another: Database) -> None:
    count = select(func.count()).select_from(Token)
    async with database.write() as tx:
        await mint(tx, purpose="try", subject="thing:1", expires_at=None, now=NOON)
        await tx.flush()
        for _ in range(2):  # the second time its own queue is free again
            with pytest.raises(Busy):
                async with another.write() as waiting:
                    await waiting.scalar(count)

    async with another.write() as tx:
        assert await tx.scalar(count) == 1


async def test_within_a_process_too_whose_turn_does_not_come_hears_it(another: Database) -> None:
    async with another.write():
        with pytest.raises(Busy):
            async with another.write():
                pass


async def test_a_writer_that_stands_still_loses_its_turn_and_what_it_wrote(
    database: Database, migrated_database: str
) -> None:
    if database.is_sqlite:
        return  # there the others can only wait for the process to end
    stopped = Database(migrated_database, still_at_most=0.2)
    with pytest.raises(Away):
        async with stopped.write() as tx:
            await mint(tx, purpose="try", subject="thing:1", expires_at=None, now=NOON)
            async with asyncio.timeout(5), database.write():  # waits until the other is thrown out
                pass
    async with stopped.write() as tx:
        await mint(tx, purpose="try", subject="thing:2", expires_at=None, now=NOON)
    await stopped.close()

    async with database.read() as db:
        assert list(await db.scalars(select(Token.subject))) == ["thing:2"]


async def test_a_reader_sees_one_moment(database: Database, another: Database) -> None:
    async with database.read() as db:
        before = await db.scalar(select(func.count()).select_from(Token))
        async with another.write() as tx:
            await mint(tx, purpose="try", subject="thing:1", expires_at=None, now=NOON)
        after = await db.scalar(select(func.count()).select_from(Token))

    assert (before, after) == (0, 0)


async def test_readers_do_not_keep_a_writer_waiting(database: Database, another: Database) -> None:
    async with database.read() as db:
        await db.scalar(select(func.count()).select_from(Token))
        async with another.write() as tx:
            await mint(tx, purpose="try", subject="thing:1", expires_at=None, now=NOON)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM token", "UPDATE token SET purpose = 'x'", "CREATE TABLE more (id INTEGER)", "DROP TABLE token"],
)
async def test_a_read_session_cannot_change_anything(database: Database, statement: str) -> None:
    async with database.read() as db:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await db.execute(text(statement))


async def test_two_who_migrate_at_once_take_turns(empty_database: str) -> None:
    both = [Database(empty_database), Database(empty_database)]

    did = await asyncio.gather(*(migrate(one) for one in both))

    async with both[0].writer.connect() as connection:
        assert await present(connection) == newest()
    for one in both:
        await one.close()
    assert sorted(did) == [False, True]


async def test_two_processes_that_open_a_new_file_at_once_both_get_in(tmp_path: Path) -> None:
    """SQLite itself may refuse one of them at once: a file changes its way of writing only while nobody looks at it."""
    together = threading.Barrier(2)

    def start(file: Path) -> None:
        asyncio.run(get_in(Database(f"sqlite+aiosqlite:///{file}")))

    async def get_in(opening: Database) -> None:
        together.wait()
        async with opening.alone(patience=5) as connection:
            assert await present(connection) is None
        await opening.close()

    for file in range(30):
        await asyncio.gather(*[asyncio.to_thread(start, tmp_path / f"{file}.db") for _ in range(2)])


async def test_a_writer_on_postgresql_waits_for_the_disk(database: Database) -> None:
    """Unless the server was told not to: `klankbord doctor` says so."""
    if database.is_sqlite:
        return
    async with database.write() as tx:
        assert await tx.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert await tx.scalar(text("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")) != "client"
    async with database.read() as db:
        assert await db.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        assert await db.scalar(text("SHOW transaction_read_only")) == "on"
