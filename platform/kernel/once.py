"""Write a row unless its key is taken: two tickers, or a fact relayed twice, then change nothing."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from kernel.db import Base, WriteSession


async def insert_once(tx: WriteSession, table: type[Base], **values: Any) -> bool:
    """Whether the row was written; False when a unique key was already there."""
    make = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    written = await tx.execute(make(table).values(**values).on_conflict_do_nothing())
    return changed(written) == 1


def changed(result: Any) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    return int(result.rowcount)
