"""How connections to SQLite and PostgreSQL are opened: waiting times, durability, who may only read."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from kernel.outages import REACHED_WITHIN, reaching, tell_refusals

READS_AT_MOST = 300.0
"""Seconds that a reader may stand still on PostgreSQL: somebody far away takes a long list in."""

TRIES_TO_SWITCH = 50
"""How often a new file is asked to keep a log while somebody else is opening it too: about a second."""


def sqlite_pair(url: URL, *, patience: float) -> tuple[AsyncEngine, AsyncEngine]:
    """One writer connection, in WAL mode with a sync for each commit; four that can only read. Makes the folder."""
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    read_only = url.set(database=f"file:{path.absolute()}", query={"mode": "ro", "uri": "true"})
    writer = _sqlite(url, begin="BEGIN IMMEDIATE", size=1, patience=patience)
    return writer, _sqlite(read_only, begin="BEGIN", size=4, patience=patience)


def postgresql_pair(url: URL, *, patience: float, still_at_most: float) -> tuple[AsyncEngine, AsyncEngine]:
    """One writer connection and eight that can only read, each reader in one moment of the database."""
    writer = _postgresql(url, size=1, level="READ COMMITTED", readonly=False, patience=patience, still=still_at_most)
    reader = _postgresql(url, size=8, level="REPEATABLE READ", readonly=True, patience=patience, still=READS_AT_MOST)
    return writer, reader


def _sqlite(url: URL, *, begin: str, size: int, patience: float) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=patience,
        hide_parameters=True,  # errors name nobody
    )
    tell_refusals(engine)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late, and deferred
        cursor = connection.cursor()
        waiting = f"busy_timeout={patience * 1000:.0f}"
        # recursive_triggers: INSERT OR REPLACE asks the guards of what it replaces, too
        for pragma in (waiting, "foreign_keys=ON", "recursive_triggers=ON", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        if begin == "BEGIN IMMEDIATE":
            connection.run_async(_keep_a_log)
            cursor.execute("PRAGMA secure_delete=ON")  # what is erased leaves the file, not only its table
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


async def _keep_a_log(connection: Any) -> None:
    """Bring a file into WAL mode. The switch wants a new file for itself, and does not wait for others by itself."""
    for more in reversed(range(TRIES_TO_SWITCH)):
        try:
            await connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode != sqlite3.SQLITE_BUSY or not more:
                raise
        await asyncio.sleep(0.02)


def _postgresql(url: URL, *, size: int, level: str, readonly: bool, patience: float, still: float) -> AsyncEngine:
    told = {
        "application_name": "klankbord",
        "lock_timeout": f"{patience * 1000:.0f}ms",
        "idle_in_transaction_session_timeout": f"{still * 1000:.0f}ms",
    }
    import asyncpg

    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,
        hide_parameters=True,  # errors name nobody
        connect_args={
            "server_settings": told,
            "timeout": REACHED_WITHIN,
            "async_creator_fn": reaching(asyncpg.connect),
        },
        isolation_level=level,
        execution_options={"postgresql_readonly": readonly},
    )
    tell_refusals(engine)
    return engine
