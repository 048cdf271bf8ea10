"""Each test has engines of its own; what SQLAlchemy compiled for one of them is kept for those of the next tests.

Compiling the same statements for every test anew took a quarter of the suite's time.
"""

from collections.abc import MutableMapping
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import Compiled

from kernel.db import Database

_kept: dict[tuple[str, bool], tuple[Dialect, MutableMapping[Any, Compiled] | None]] = {}


def share(database: Database) -> None:
    """Have its engines speak through the dialects, and look in the caches, of the first ones of their kind."""
    for engine in database.engines:
        _share(engine.sync_engine, is_writer=engine is database.writer)


def _share(engine: Engine, *, is_writer: bool) -> None:
    kind, own = (engine.dialect.name, is_writer), (engine.dialect, engine._compiled_cache)
    if kind not in _kept or _kept[kind][0].server_version_info is None:  # its engine never met its database
        _kept[kind] = own
    engine.dialect, engine._compiled_cache = _kept[kind]
    engine.pool._dialect = engine.dialect
