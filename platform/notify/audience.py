"""Everybody with a socket open in this process: how many there may be, and whether each may still listen.

One task looks twice a second at all sessions behind the open sockets, with one question to the database; whose
session ended, or whose roles changed, is let go. Sockets of readers who are not signed in need no look. A signal about
something that is not public waits for a look of its own.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

import structlog

from kernel.clock import Clock
from kernel.db import Database
from kernel.errors import DomainError
from notify import hearing, tickets
from notify.hearing import Grants, Lookup
from notify.tickets import Spent, Ticket

LOOKS_EVERY = 0.5
"""Seconds; a socket is closed within a second of losing its right."""
PER_PERSON = 20
"""Sockets that one person may have open in one process: a socket for each tab."""
AT_ONCE = 10_000
"""Sockets in one process."""
_SESSIONS = ""

log = structlog.get_logger()


@dataclass(eq=False, kw_only=True)
class Ear:
    """One open socket. `lost` happens when it may no longer listen."""

    topics: tuple[str, ...]
    session: str
    receipt: str
    person_id: int | None
    grants: Grants
    network: str
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Audience:
    """The open sockets of a process. `per_network` of 0 means any number from one network."""

    def __init__(self, database: Database, clock: Clock, *, per_network: int) -> None:
        self.spent = Spent()
        self._database, self._clock = database, clock
        self._per_network = per_network
        self._ears: set[Ear] = set()
        self._whose: Counter[str] = Counter()
        self._lookup = Lookup(self._answer)
        self._watching: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._ears)

    def has_room(self, person_id: int | None, network: str) -> bool:
        """Whether one more socket may open."""
        is_many = person_id is not None and self._whose[f"person {person_id}"] >= PER_PERSON
        is_crowd = 0 < self._per_network <= self._whose[f"network {network}"]
        return not is_many and not is_crowd and len(self._ears) < AT_ONCE

    @contextmanager
    def place(self, ear: Ear) -> Iterator[None]:
        """It counts, and is looked after, meanwhile."""
        counted = (f"person {ear.person_id}", f"network {ear.network}")
        self._ears.add(ear)
        self._whose.update(counted)
        if ear.session and self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self._ears.discard(ear)
            self._whose.subtract(counted)
            for one in counted:
                if not self._whose[one]:
                    del self._whose[one]
            if self._watching is not None and not any(other.session for other in self._ears):
                self._watching.cancel()
                self._watching = None

    async def may_still(self, ear: Ear, topic: str, *, since: float) -> bool:
        """Whether this topic, of which something was said at that `monotonic()` moment, may be told to this ear.

        Raises Away when nobody can say.
        """
        if topic.startswith("receipt:"):
            return await self._lookup.since(since, ear.receipt)
        if topic in hearing.DESKS:
            return await self._lookup.since(since, _SESSIONS) and not ear.lost.is_set()
        return await self._lookup.since(since, topic)

    async def is_first_anywhere(self, ticket: Ticket) -> bool:
        """Whether no process took this ticket before."""
        return await tickets.is_first_anywhere(self._database, ticket)

    async def is_standing(self, ear: Ear) -> bool:
        """Whether the session is still the one that the socket was asked with. Its roles are kept, to see a change."""
        async with self._database.read() as db:
            found = await hearing.standing(db, [ear.session], now=self.now())
        person_id, grants = found.get(ear.session, (None, frozenset()))
        is_same = person_id == ear.person_id and ear.grants <= grants
        ear.grants = grants
        return is_same

    async def look(self) -> None:
        """Let go of everybody whose session ended or whose roles changed since the socket opened."""
        began = monotonic()
        await self._lookup.since(began, _SESSIONS)

    def now(self) -> datetime:
        """The present instant."""
        return self._clock.now()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            try:
                await self.look()
            except DomainError:  # the database is away: nothing that is not public is told meanwhile
                continue
            except Exception as error:  # whatever it is, somebody must look the next time
                log.error("watching sockets", exc_info=error)

    async def _answer(self, asked: str) -> bool:
        async with self._database.read() as db:
            if asked == _SESSIONS:
                known = [ear for ear in self._ears if ear.session]
                found = await hearing.standing(db, {ear.session for ear in known}, now=self.now())
                for ear in known:
                    if found.get(ear.session) != (ear.person_id, ear.grants):
                        ear.lost.set()
                return True
            if ":" in asked:
                return await hearing.is_shown(db, asked)
            return await hearing.opens_still(db, asked, now=self.now())
