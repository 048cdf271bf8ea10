import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from kernel.db import Database
from kernel.tokens import Token, mint
from tests.moments import NOON


async def test_what_was_written_is_there_for_the_next_reader(database: Database) -> None:
    async with database.write() as tx:
        await mint(tx, purpose="try", subject="thing:1", expires_at=None, now=NOON)

    async with database.read() as db:
        token = await db.get_one(Token, 1)

    assert token.created_at == NOON


async def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError, match="halfway"):
        async with database.write() as tx:
            await mint(tx, purpose="try", subject="thing:1", expires_at=None, now=NOON)
            raise RuntimeError("halfway")

    async with database.read() as db:
        assert await db.scalar(text("SELECT count(*) FROM token")) == 0


async def test_twenty_who_read_and_then_write_all_get_their_turn(database: Database) -> None:
    async with database.write() as tx:
        await mint(tx, purpose="0", subject="counter:1", expires_at=None, now=NOON)

    async def add_one() -> None:
        async with database.write() as tx:
            token = await tx.get_one(Token, 1)
            token.purpose = str(int(token.purpose) + 1)

    await asyncio.gather(*(add_one() for _ in range(20)))

    async with database.read() as db:
        assert (await db.get_one(Token, 1)).purpose == "20"


async def test_what_waits_for_the_commit_is_called_after_it_and_never_after_a_rollback(database: Database) -> None:
    told: list[str] = []
    async with database.write() as tx:
        tx.after_commit(lambda: told.append("durable"))
        assert told == []
    with pytest.raises(RuntimeError):
        async with database.write() as tx:
            tx.after_commit(lambda: told.append("lost"))
            raise RuntimeError

    assert told == ["durable"]


async def test_an_instant_without_a_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="no time zone"):
        async with database.write() as tx:
            await mint(tx, purpose="try", subject="thing:1", expires_at=datetime(2026, 1, 1), now=NOON)  # noqa: DTZ001


async def test_commits_are_durable_and_the_log_is_a_write_ahead_log(database: Database) -> None:
    if not database.is_sqlite:
        return
    async with database.write() as tx:
        assert await tx.scalar(text("PRAGMA synchronous")) == 2
        assert await tx.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await tx.scalar(text("PRAGMA foreign_keys")) == 1


async def test_what_is_closed_is_one_file(migrated_database: str) -> None:
    """So that a copy of a site that stands still is a copy of that file."""
    database = Database(migrated_database)
    if not database.is_sqlite:
        return
    async with database.write() as tx:
        await mint(tx, purpose="try", subject="thing:1", expires_at=None, now=NOON)
    async with database.read() as db:
        assert await db.scalar(text("SELECT count(*) FROM token")) == 1
    await database.close()

    file = Path(database.url.database or "")
    assert [path.name for path in file.parent.glob(f"{file.name}*")] == [file.name]
