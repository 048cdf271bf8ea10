"""Watches every transaction of every test: where a machine took a step, a fact about it is in the same transaction.

Letters and planned runs are their own record (attempts, fence, moments), and what a test `put` is nobody's step.
"""

from typing import Any

from sqlalchemy import Insert, Update, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from kernel.events import EventRecord
from klankbord.tables import MACHINES

OWN_RECORD = {"message", "occurrence"}
COLUMNS: dict[str, set[str]] = {}
for _machine in MACHINES:
    _table, _, _column = _machine.partition(".")
    if _table not in OWN_RECORD:
        COLUMNS.setdefault(_table, set()).add(_column)


class StepWithoutFact(AssertionError):
    """A verb moved something and told nobody."""


def _noted(session: Session, what: str) -> set[str]:
    found: set[str] = session.info.setdefault(what, set())
    return found


@event.listens_for(Session, "after_flush")
def _look(session: Session, _: UOWTransaction) -> None:
    for row in session.dirty:
        table = getattr(row, "__tablename__", "")
        if any(inspect(row).attrs[column].history.has_changes() for column in COLUMNS.get(table, ())):
            _noted(session, "stepped").add(f"{table}:{row.id}")


@event.listens_for(Session, "do_orm_execute")
def _look_at_many(state: ORMExecuteState) -> None:
    """The same for one statement about many rows; and every fact, which is always written by a statement."""
    if isinstance(state.statement, Insert) and state.statement.table is EventRecord.__table__:
        written: Any = state.parameters
        _noted(state.session, "told").update(row["subject"] for row in _listed(written))
    mapper = state.bind_mapper
    if mapper is None:
        return
    table: Any = mapper.local_table
    if state.is_update and isinstance(state.statement, Update):
        changed = {getattr(column, "name", column) for column, _ in _values(state.statement)}
        if changed & COLUMNS.get(table.name, set()) and state.statement.whereclause is not None:
            ids = state.session.connection().scalars(select(table.c.id).where(state.statement.whereclause))
            _noted(state.session, "stepped").update(f"{table.name}:{one}" for one in ids)


def _listed(rows: Any) -> list[Any]:
    return rows if isinstance(rows, list) else [rows]


def _values(statement: Update) -> list[tuple[Any, Any]]:
    return list((statement._values or {}).items())


@event.listens_for(Session, "before_commit")
def _compare(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    put = {f"{row.__tablename__}:{row.id}" for row in session.info.get("put", ())}
    silent = _noted(session, "stepped") - _noted(session, "told") - put
    for what in ("stepped", "told", "put"):
        session.info.pop(what, None)
    if silent:
        raise StepWithoutFact(sorted(silent))
