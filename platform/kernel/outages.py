"""What a driver says when the database is away or taken, or cannot have such a value, as a refusal people understand.

Whoever asks the database anything need not know its driver: it raises Away or Busy. A commit of which the answer
never came is Away as well: whoever sent it was promised nothing, and may send it again under the same key. A number
or a text that no column can hold names nothing that is there: NotFound.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

from kernel.errors import Away, Busy, DomainError, NotFound

REACHED_WITHIN = 5.0
"""Seconds that a new connection may take; a server that says nothing for longer is away."""
_AWAY = ("08", "53", "57P", "58", "25P03", "25P04")
"""Beginnings of PostgreSQL's codes: connection lost, disk or connections used up, shutting down or starting up,
the disk failing, and thrown out for standing still."""
_LOCK_NOT_AVAILABLE = "55P03"
_NO_SUCH_VALUE = {"22003", "22021"}
"""A number out of range, and U+0000 in a text."""
_BAD_ARGUMENT = "22000"
_NO_SUCH_ARGUMENT = ("value out of ", "codec can't encode")
"""The same as asyncpg sees it before it asks; what else it may object to is a mistake of ours."""
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_AWAY = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


def meaning_of(error: BaseException) -> DomainError | None:
    """Away, Busy or NotFound when a driver's error means that; None for every other error."""
    if isinstance(error, DomainError):
        return error
    if _cannot_be(error):
        return NotFound()
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        kind = code & 0xFF  # the rest tells more about the same
        return Busy() if kind in _SQLITE_BUSY else Away() if kind in _SQLITE_AWAY else None
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return Busy() if state == _LOCK_NOT_AVAILABLE else Away() if state.startswith(_AWAY) else None
    return Away() if isinstance(error, OSError) else None


def _cannot_be(error: BaseException) -> bool:
    """Whether nothing could ever be stored under what was asked for."""
    state = getattr(error, "sqlstate", None)
    if isinstance(error, OverflowError | UnicodeEncodeError) or state in _NO_SUCH_VALUE:
        return True
    return state == _BAD_ARGUMENT and any(words in str(error) for words in _NO_SUCH_ARGUMENT)


def tell_refusals(engine: AsyncEngine) -> None:
    """Have this engine's connections raise Away, Busy and NotFound instead of what the driver says."""

    @event.listens_for(engine.sync_engine, "handle_error")
    def tell(context: ExceptionContext) -> None:
        if context.is_pre_ping:
            return  # the pool looks for itself, and connects again
        meaning = Away() if context.is_disconnect else meaning_of(context.original_exception)
        if isinstance(meaning, Away) and context.connection is not None:
            context.is_disconnect = True  # never to be used again, whatever the driver thinks of it
        if meaning is not None:
            raise meaning from context.original_exception


def reaching(connect: Callable[..., Any]) -> Callable[..., Any]:
    """The driver's way of connecting, so that a server that cannot be reached is Away."""

    async def reach(*args: Any, **kwargs: Any) -> Any:
        try:
            return await connect(*args, **kwargs)
        except Exception as error:
            meaning = meaning_of(error)
            if meaning is None:
                raise
            raise meaning from error

    return reach
