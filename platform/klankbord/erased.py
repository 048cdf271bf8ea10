"""Who had their account erased, written down outside the database: a backup that is put back must not bring them back.

A line for each: the number of the account, when it was made, when it was erased; no name and no address. Number and
moment together are one account alone: a number that a restored database gives out once more means somebody else.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from accounts.errors import StillHasTask
from accounts.events import PersonErased
from accounts.models import Person
from kernel.db import Database
from kernel.events import EventRecord
from kernel.settings import Settings
from klankbord import tables  # noqa: F401 - erasing asks every table, and they are all here
from notify import departures

Account = tuple[int, str]
"""Its number, and when it was made."""


def place_of(settings: Settings) -> Path | None:
    """The file: as the setting says, else beside SQLite's; with PostgreSQL and without the setting there is none."""
    if settings.erased:
        return Path(settings.erased)
    url = make_url(settings.database_url)
    return Path(f"{url.database}-erased") if url.get_backend_name() == "sqlite" and url.database else None


class ErasedBook:
    """The file, kept up by the worker and asked when the site starts."""

    def __init__(self, database: Database, place: Path | None) -> None:
        self._database, self._place = database, place
        self._up_to = -1

    async def keep_up(self) -> int:
        """Write down whom the database knows as erased and the file does not; how many. Quick when nobody was."""
        if self._place is None:
            return 0
        newest = select(func.max(EventRecord.id)).where(EventRecord.name == PersonErased.name)
        erased = select(Person.id, Person.created_at, Person.erased_at).where(Person.erased_at.is_not(None))
        async with self._database.read() as db:
            up_to = await db.scalar(newest) or 0
            if up_to == self._up_to:
                return 0
            rows = (await db.execute(erased.order_by(Person.id))).all()
        known = set(_accounts_in(self._place))
        new = [row for row in rows if (row.id, _written(row.created_at)) not in known]
        lines = (f"{row.id} {_written(row.created_at)} {_written(row.erased_at)}" for row in new)
        if new:
            _append(self._place, "".join(f"{line}\n" for line in lines))
        self._up_to = up_to
        return len(new)

    async def erase_again(self, *, now: datetime) -> tuple[int, list[int]]:
        """Erase whoever stands in the file and is back; how many, and the numbers of those who have a task now."""
        again, with_task = 0, []
        for number, made_at in sorted(set(_accounts_in(self._place)) if self._place else ()):
            async with self._database.read() as db:
                person = await db.get(Person, number)
            if person is None or person.erased_at is not None or _written(person.created_at) != made_at:
                continue
            try:
                async with self._database.write() as tx:
                    await departures.leave(tx, person_id=number, by=None, now=now)
                again += 1
            except StillHasTask:
                with_task.append(number)
        return again, with_task


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _accounts_in(place: Path) -> Iterator[Account]:
    """What can be read of it: a line that was cut off by a crash is written again."""
    if not place.exists():
        return
    for line in place.read_text(encoding="ascii", errors="replace").splitlines():
        parts = line.split(" ")
        if len(parts) == 3 and parts[0].isdecimal():
            yield int(parts[0]), parts[1]


def _append(place: Path, lines: str) -> None:
    """On the disk before this returns, on a line of its own."""
    descriptor = os.open(place, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as book:
        size = book.seek(0, os.SEEK_END)
        is_cut = size > 0 and os.pread(book.fileno(), 1, size - 1) != b"\n"
        book.write((b"\n" if is_cut else b"") + lines.encode())
        book.flush()
        os.fsync(book.fileno())
