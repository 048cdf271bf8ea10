"""SQLite behind a thread of its own, in as few turns of it as can be.

For each statement the driver takes a turn to make a cursor, one to ask, one to take the rows in and one to let go; it
takes one to begin, and one to undo what was just committed. Handing each over to a thread and back costs more than most
statements. Here a statement is one turn, a transaction begins in that of its first statement, and nothing is undone
when nothing was begun. Streams keep the driver's own cursors.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import EMPTY_DICT
from sqlalchemy.util.concurrency import await_


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """Holds every row of one statement; before it is asked anything there is none."""

    __slots__ = ()
    _awaitable_cursor_close = False
    _cursor: Any  # the driver's own, closed: it still tells what it described, changed and added

    def __init__(self, adapt_connection: "Connection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = None
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = deque()

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """Ask, and take in what is answered."""
        self._take(sqlite3.Cursor.execute, operation, () if parameters is None else parameters)

    def executemany(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        """The same for each of these."""
        self._take(sqlite3.Cursor.executemany, operation, seq_of_parameters)

    def _take(self, ask: Any, operation: str, told: Any) -> None:
        connection: Any = self._adapt_connection
        beginning = connection.beginning()
        try:
            self._cursor, self._rows = connection.turn(_in_one_turn, beginning, ask, operation, told)
        except Exception:
            if not connection._connection.in_transaction:  # it could not begin: nothing is asked outside of one
                connection.begin_with(beginning)
            raise

    def close(self) -> None:
        """Forget the rows."""
        self._rows.clear()


def _in_one_turn(
    connection: sqlite3.Connection, beginning: str, ask: Any, operation: str, told: Any
) -> tuple[sqlite3.Cursor, deque[Any]]:
    """In the connection's thread."""
    cursor = connection.cursor()
    try:
        if beginning:
            cursor.execute(beginning)
        ask(cursor, operation, told)
        return cursor, deque(cursor.fetchall() if cursor.description else ())
    finally:
        cursor.close()


class Connection(AsyncAdapt_aiosqlite_connection):
    """Knows whether anything was begun, and what begins it."""

    __slots__ = ("_begins_with", "_is_begun")
    _cursor_cls: Any = Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._begins_with = ""
        self._is_begun = False

    def begin_with(self, statement: str) -> None:
        """Begin a transaction with this, in the turn of its first statement."""
        self._begins_with = statement

    def beginning(self) -> str:
        """What is still to be sent before anything else, now that something is."""
        beginning, self._begins_with = self._begins_with, ""
        self._is_begun = True
        return beginning

    def turn(self, do: Any, *told: Any) -> Any:
        """Have the connection's thread do this with the connection, and wait for it."""
        driver: Any = self._connection
        try:
            return await_(driver._execute(do, driver._conn, *told))
        except Exception as error:  # as the adapter does: it knows what the driver's errors mean
            self._handle_exception(error)

    def cursor(self, server_side: bool = False) -> Any:
        """One for a statement, or the driver's own for a stream."""
        if server_side and self._begins_with:
            super().cursor().execute(self.beginning())
        return super().cursor(server_side)

    def commit(self) -> None:
        """Make durable what was done."""
        self._end(super().commit)

    def rollback(self) -> None:
        """Undo what was begun."""
        self._end(super().rollback)

    def _end(self, end: Any) -> None:
        """`_is_begun` stays when this is broken off: then the thread may still be at work."""
        self._begins_with = ""
        if self._is_begun:
            end()
            self._is_begun = False


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """The driver that SQLAlchemy knows, with these connections."""

    def connect(self, *told: Any, **named: Any) -> Connection:
        """Open a file, in a thread that ends with the process."""
        connection = self.aiosqlite.connect(*told, **named)
        connection._thread.daemon = True
        return Connection(self, await_(connection))


def driver() -> Driver:
    """What an engine is made with."""
    import aiosqlite

    return Driver(aiosqlite, sqlite3)
