"""Which rows belong to one person, read from `__kept__`: the conditions, and how their words are taken away.

It knows the tables of no room by name: whatever table says whose its rows are, is downloaded and erased with the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    LargeBinary,
    String,
    Table,
    case,
    cast,
    delete,
    literal,
    or_,
    select,
    union_all,
    update,
)

from accounts.models import Person
from kernel.db import Base, ReadSession, WriteSession, batched
from kernel.keeping import Erasure, Kept
from kernel.once import changed


@dataclass(frozen=True, kw_only=True)
class Whose:
    """The person whose rows are meant. `mailbox` is what their account was found by."""

    id: int
    mailbox: str


@cache
def tables() -> dict[str, tuple[Table, Kept]]:
    """Every table of the house with its answer, those that others lean on last. First asked when all are imported."""
    kept = {str(mapper.local_table): mapper.class_.__kept__ for mapper in Base.registry.mappers}
    return {table.name: (table, kept[table.name]) for table in reversed(Base.metadata.sorted_tables)}


def theirs(name: str, whose: Whose) -> ColumnElement[bool] | None:
    """The condition for the rows of this table that belong to a person; None when none can."""
    return _all(name, tables()[name][1].whose, whose)


def done_by(name: str, whose: Whose) -> ColumnElement[bool] | None:
    """The condition for the rows of what they did as their task."""
    return _all(name, tables()[name][1].by, whose)


def touched(name: str, whose: Whose) -> ColumnElement[bool] | None:
    """The condition for the rows that erasing this person changes."""
    kept = tables()[name][1]
    return _all(name, (*kept.whose, *kept.about), whose)


def _all(name: str, leads: Sequence[str], whose: Whose) -> ColumnElement[bool] | None:
    found = [_led(name, lead, whose) for lead in leads]
    return or_(*found) if found else None


def _led(name: str, lead: str, whose: Whose) -> ColumnElement[bool]:
    known = tables()
    table = known[name][0]
    column, _, same = lead.partition("=")
    if same:
        known_as: int | str = getattr(whose, same.partition(".")[2])
        return table.c[column] == known_as
    if lead.endswith(":"):
        return table.c[lead.rstrip(":")].in_(_subjects(whose))
    [key] = table.c[column].foreign_keys
    there = key.column.table
    if there.name == "person":
        return table.c[column] == whose.id
    condition = _all(there.name, known[there.name][1].whose, whose)
    return table.c[column].in_(select(key.column).where(condition))  # type: ignore[arg-type]  # a house test: it leads on


def _subjects(whose: Whose) -> Any:
    """Everything of theirs by the name that facts and links know it by, as `idea:12`."""
    found: list[Any] = [select(literal(f"person:{whose.id}"))]
    for name, (table, kept) in tables().items():
        by_row = [lead for lead in kept.whose if not lead.endswith(":")]
        if by_row and "id" in table.c and name != "person":
            about: ColumnElement[str] = literal(f"{name}:") + cast(table.c.id, String)
            condition = _all(name, by_row, whose)
            found.append(select(about).where(condition))  # type: ignore[arg-type]  # there is at least one lead
    return union_all(*found)


async def ids(db: ReadSession, name: str, whose: Whose) -> list[int]:
    """The ids of their rows in one table."""
    condition = theirs(name, whose)
    return [] if condition is None else list(await db.scalars(select(tables()[name][0].c.id).where(condition)))


# taking away


async def take_away(tx: WriteSession, whose: Whose) -> int:
    """Let go of every row and every word of theirs but the person themself; how many rows that touched.

    First what is found by a name or a mailbox: the rows that those stand for are there until then. What the caller
    has loaded does not know of it.
    """
    known = tables()
    touched_rows = 0
    quoted = {key: await ids(tx, key.removesuffix("_id"), whose) for key in _quoted_keys()}
    for name in sorted(known, key=lambda name: not any(":" in lead or "=" in lead for lead in known[name][1].whose)):
        table, kept = known[name]
        condition = touched(name, whose)
        if condition is None or name == Person.__tablename__:
            continue
        if kept.erasure is Erasure.REMOVED:
            touched_rows += changed(await tx.execute(delete(table).where(condition)))
        elif kept.erasure is Erasure.EMPTIED:
            values = {column: _emptied(table.c[column], kept.erased_as) for column in kept.words}
            touched_rows += changed(await tx.execute(update(table).where(condition).values(values)))
    for table, kept in known.values():
        for column, key in kept.quotes.items():
            touched_rows += await _take_out(tx, table, column, key=key, ids=quoted[key])
    return touched_rows


async def take_quotes(tx: WriteSession, *, key: str, ids: Sequence[int]) -> None:
    """Take what these rows said out of what was frozen in JSON: digests, briefings."""
    for table, kept in tables().values():
        for column, named in kept.quotes.items():
            if named == key:
                await _take_out(tx, table, column, key=key, ids=ids)


def _emptied(column: Column[Any], erased_as: Mapping[str, str]) -> Any:
    """Nothing, or the sign that stands for it where there must be something; what is empty stays empty."""
    if column.name in erased_as:
        return case((column != "", erased_as[column.name]), else_="")
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        return []
    return b"" if isinstance(column.type, LargeBinary) else ""


def _quoted_keys() -> set[str]:
    return {key for _, kept in tables().values() for key in kept.quotes.values()}


async def _take_out(tx: WriteSession, table: Table, column: str, *, key: str, ids: Sequence[int]) -> int:
    """Take the pieces of these rows out of what was frozen in JSON."""
    [pk] = table.primary_key.columns
    rows = 0
    for some in batched(ids, 50):
        text = cast(table.c[column], String)
        named = [text.like(f'%"{key}": {one}{end}%') for one in some for end in ",}"]
        for row_id, told in (await tx.execute(select(pk, table.c[column]).where(or_(*named)))).all():
            shorter = without(told, key=key, ids=frozenset(some))
            await tx.execute(update(table).where(pk == row_id).values({column: shorter}))
            rows += 1
    return rows


def without(told: Any, *, key: str, ids: frozenset[int]) -> Any:
    """The same without the pieces that one of these ids stands beside."""
    if isinstance(told, list):
        return [without(one, key=key, ids=ids) for one in told if not (isinstance(one, dict) and one.get(key) in ids)]
    if isinstance(told, dict):
        return {name: without(one, key=key, ids=ids) for name, one in told.items()}
    return told


def columns_to_take_along(table: Table, kept: Kept) -> Iterator[Column[Any]]:
    """The columns that a download shows: all but what means nothing to anybody."""
    return (column for column in table.columns if column.name not in kept.secrets)


async def throw_away_old(tx: WriteSession, *, now: datetime) -> int:
    """Let go of rows that had their time, in every table that says how long; how many."""
    gone = 0
    for table, kept in tables().values():
        if kept.after is not None and not kept.after.has_own_job:
            old = table.c[kept.after.column] <= now - kept.after.span
            gone += changed(await tx.execute(delete(table).where(old)))
    return gone
