"""On SQLite a transaction begins with its first statement, and each statement takes one turn of the thread."""

import sqlite3
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text

from kernel.db import Database
from kernel.errors import Busy

ONE = text("SELECT 1")


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What connections' threads were asked to do, in order."""
    taken: list[str] = []
    first: Any = aiosqlite.Connection._execute

    async def counted(self: Any, do: Any, *told: Any, **named: Any) -> Any:
        taken.append(do.__name__)
        return await first(self, do, *told, **named)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return taken


@pytest.fixture
async def file(tmp_path: Path) -> Any:
    """A database of which both sides have been open."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/turns.db", patience=0.2)
    async with database.write() as tx:
        await tx.execute(text("CREATE TABLE word (id INTEGER PRIMARY KEY, told TEXT UNIQUE)"))
    async with database.read() as db:
        await db.execute(ONE)
    yield database
    await database.close()


async def test_reading_takes_a_turn_for_each_question_and_one_to_end(file: Database, turns: list[str]) -> None:
    async with file.read() as db:
        await db.execute(ONE)
        await db.execute(ONE)
    assert turns == ["_in_one_turn", "_in_one_turn", "rollback"]


async def test_writing_takes_a_turn_for_each_statement_and_one_to_commit(file: Database, turns: list[str]) -> None:
    async with file.write() as tx:
        added = await tx.execute(text("INSERT INTO word (told) VALUES ('een'), ('twee') RETURNING id"))
        assert [one.id for one in added] == [1, 2]
    assert turns == ["_in_one_turn", "commit"]


async def test_what_is_not_asked_takes_no_turn(file: Database, turns: list[str]) -> None:
    async with file.write(), file.read():
        pass
    assert turns == []


async def test_what_failed_leaves_nothing_behind_and_what_follows_is_in_a_transaction(file: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with file.write() as tx:
            await tx.execute(text("INSERT INTO word (told) VALUES ('half')"))
            raise ZeroDivisionError
    async with file.read() as db:
        assert await db.scalar(text("SELECT COUNT(*) FROM word")) == 0


async def test_who_goes_on_after_being_refused_is_not_outside_a_transaction(file: Database) -> None:
    other = sqlite3.connect(file.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ZeroDivisionError):
        async with file.write() as tx:
            with pytest.raises(Busy):
                await tx.execute(text("INSERT INTO word (told) VALUES ('te vroeg')"))
            other.execute("ROLLBACK")
            await tx.execute(text("INSERT INTO word (told) VALUES ('half')"))
            raise ZeroDivisionError
    assert other.execute("SELECT COUNT(*) FROM word").fetchone() == (0,)
    other.close()


async def test_a_stream_is_in_the_transaction_of_what_is_read(file: Database) -> None:
    async with file.write() as tx:
        await tx.execute(text("INSERT INTO word (told) VALUES ('een')"))
    async with file.read() as db:
        seen = [one.told async for one in await db.stream(text("SELECT told FROM word"))]
        async with file.write() as tx:
            await tx.execute(text("INSERT INTO word (told) VALUES ('twee')"))
        assert (seen, await db.scalar(text("SELECT COUNT(*) FROM word"))) == (["een"], 1)
