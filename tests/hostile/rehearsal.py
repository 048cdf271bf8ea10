"""A database that does everything but keep it: forms can be sent by the thousand, each on the town as it was."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, func, select

from kernel.db import _WRITING, Database, WriteSession


class Rehearsal(Database):
    """Once `is_on`, every transaction goes to its very end and is then undone. `written` names the tables it wrote."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_on = False
        self.written: list[str] = []
        event.listen(self.writer.sync_engine, "after_cursor_execute", self._note)

    def _note(self, _c: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        found = re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', statement)
        if found and cursor.rowcount != 0:
            self.written.append(found[1])

    @asynccontextmanager
    async def write(self, *, patience: float | None = None) -> AsyncIterator[WriteSession]:
        """As always, or as if."""
        if not self.is_on:
            async with super().write(patience=patience) as tx:
                yield tx
            return
        async with self._turn(patience), WriteSession(self.writer, expire_on_commit=False) as tx:
            if not self.is_sqlite:
                await tx.execute(select(func.pg_advisory_xact_lock(_WRITING)))
            yield tx
            await tx.flush()
            await tx.rollback()
