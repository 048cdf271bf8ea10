"""Two doors to the database: `read()` and `write()`. Only this module begins, commits and rolls back.

One transaction writes at a time, on both engines. SQLite has one writer connection behind an asyncio lock
(`BEGIN IMMEDIATE`, WAL, synchronous=FULL) and read-only readers. On PostgreSQL a writer also takes an advisory lock,
so that several processes take turns: facts commit in the order of their ids, and what a verb read is still so when it
writes. Callers cannot tell which engine they have.
"""

import asyncio
import enum
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any, ClassVar, TypeVar

from sqlalchemy import JSON, DateTime, Enum, MetaData, func, select
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.ext.asyncio import AsyncAttrs, AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from kernel.engines import postgresql_pair, sqlite_pair
from kernel.errors import Away, Busy
from kernel.keeping import Kept

_T = TypeVar("_T")

TURN_COMES_WITHIN = 10.0
"""Seconds that a writer waits for its turn before it is refused as Busy."""
STILL_AT_MOST = 8.0
"""Seconds that PostgreSQL lets a writer stand still: a stopped process must not keep the others from writing."""
_WRITING = 7_201_903_377
"""The advisory lock that the writers of all processes share; the number itself means nothing."""


def batched(values: Iterable[_T], most: int = 500) -> Iterator[list[_T]]:
    """The same in lists of at most `most`: a statement holds a limited number of values."""
    rest = iter(values)
    while batch := list(islice(rest, most)):
        yield batch


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes only aware datetimes, stores UTC, gives back aware UTC on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive datetime is a programming mistake and raises."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(AsyncAttrs, DeclarativeBase):
    """All tables. Enums are stored as their words, guarded by a CHECK."""

    __kept__: ClassVar[Kept]
    """Why each is there and until when: see `kernel.keeping`."""
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=lambda kinds: [kind.value for kind in kinds],
        ),
    }


class ReadSession(AsyncSession):
    """Looks, never changes. Queries take it; on SQLite its connection is read-only."""


class WriteSession(ReadSession):
    """One transaction. Verbs take it and `flush()` when they need an id; they never commit."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something done once this transaction is durable; dropped when it rolls back."""
        self.info.setdefault("after_commit", []).append(call)


class Database:
    """The database behind a URL; connects when it is first asked something. `close()` at the end.

    `patience` is how long a writer waits for its turn, `still_at_most` how long it may then stand still (PostgreSQL
    ends it), in seconds.
    """

    def __init__(self, url: str, *, patience: float = TURN_COMES_WITHIN, still_at_most: float = STILL_AT_MOST) -> None:
        self.url = make_url(url)
        self.patience = patience
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.on_facts: Callable[[], None] | None = None  # called after a commit that recorded facts
        self._lock = asyncio.Lock()
        if self.is_sqlite:
            self.writer, self.reader = sqlite_pair(self.url, patience=patience)
        else:
            self.writer, self.reader = postgresql_pair(self.url, patience=patience, still_at_most=still_at_most)

    @property
    def engines(self) -> list[AsyncEngine]:
        """Both engines, for those who watch statements."""
        return [self.writer, self.reader]

    async def close(self) -> None:
        """Let every connection go, the writer's last: it puts SQLite's log into the one file, which no reader can."""
        for engine in reversed(self.engines):
            await engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """A session that sees one moment of the database."""
        async with ReadSession(self.reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self, *, patience: float | None = None) -> AsyncIterator[WriteSession]:
        """One transaction: commits when the block ends well, rolls back when it raises.

        Raises Busy when its turn does not come in time, and Away when the database cannot be reached: then it may or
        may not have committed. Who has nobody waiting gives a `patience` of its own.
        """
        async with self._turn(patience), self._transaction() as tx:
            yield tx
        for call in tx.info.get("after_commit", []):
            call()
        if self.on_facts is not None and tx.info.get("has_facts"):
            self.on_facts()

    @asynccontextmanager
    async def alone(self, *, patience: float) -> AsyncIterator[AsyncConnection]:
        """A bare connection in one transaction, for migrations; other processes wait, and it may stand still.

        Raises Busy when its turn does not come within `patience` seconds.
        """
        async with self._turn(patience), self.writer.begin() as connection:
            if not self.is_sqlite:
                waits = func.set_config("lock_timeout", f"{patience * 1000:.0f}ms", True)
                stands = func.set_config("idle_in_transaction_session_timeout", "0", True)
                await connection.execute(select(waits, stands))
                await connection.execute(select(func.pg_advisory_xact_lock(_WRITING)))
            yield connection

    @asynccontextmanager
    async def _turn(self, patience: float | None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(patience or self.patience):
                await self._lock.acquire()
        except TimeoutError:
            raise Busy from None
        try:
            yield
        finally:
            self._lock.release()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[WriteSession]:
        async with WriteSession(self.writer, expire_on_commit=False) as tx:
            try:
                if not self.is_sqlite:  # until this transaction's end, whatever becomes of our process
                    await tx.execute(select(func.pg_advisory_xact_lock(_WRITING)))
                yield tx
                await tx.commit()
            except BaseException:
                with suppress(Away):  # then the server has forgotten it already
                    await tx.rollback()
                raise
