"""Write a row unless its key is taken: two tickers, or a fact relayed twice, then change nothing."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from kernel.db import Base, WriteSession, batched


async def insert_once(tx: WriteSession, table: type[Base], **values: Any) -> bool:
    """Whether the row was written; False when a unique key was already there."""
    make = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    written = await tx.execute(make(table).values(**values).on_conflict_do_nothing())
    return changed(written) == 1


async def insert_all_once(tx: WriteSession, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Write each row unless its key is taken, all with one statement: thousands take no longer than a moment."""
    make = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    written = make(table.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]  # every table of ours is a Table
    for some in batched(rows):
        await tx.execute(written, some)


def changed(result: Any) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    return int(result.rowcount)
