"""Walks the facts in the order they were recorded, and says which do not fit.

Each subject's facts are a chain: numbered without a gap, each with the hash of the one before. The head is one hash
over all of them, so that whoever kept an older head also notices that the newest facts of a chain are gone.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.db import Database
from kernel.events import hash_of

BATCH = 20_000
FACTS_JSON = json.JSONEncoder().encode
"""How facts are written into their column: another spelling of the same facts is a change too."""
_NEXT = text(
    "SELECT id, name, subject, seq, at, actor_id, CAST(facts AS TEXT) AS facts, previous_hash, hash FROM event"
    " WHERE id > :after ORDER BY id LIMIT :most"
)

TOLD: dict[str, Mapping[str, tuple[str, ...]]] = {
    "consultation.state": {
        "consultation.drafted": ("draft",),
        "consultation.announced": ("announced",),
        "consultation.suspended": ("suspended",),
        "consultation.resumed": ("announced",),
        "consultation.cancelled": ("cancelled",),
        "consultation.processed": ("processed",),
        "consultation.reported": ("reported",),
        "consultation.answered": ("answered",),
        "consultation.archived": ("archived",),
    },
    "idea.state": {
        "idea.submitted": ("submitted",),
        "idea.received": ("received", "in_review"),
        "idea.revised": ("received", "in_review"),
        "idea.imported": ("received", "in_review", "published"),
        "idea.split_off": ("received", "in_review", "published"),
        "idea.published": ("published",),
        "idea.returned": ("returned",),
        "idea.held": ("held",),
        "idea.rejected": ("rejected",),
        "idea.removed": ("removed",),
        "idea.withdrawn": ("withdrawn",),
    },
    "meeting.state": {
        "meeting.convened": ("convened",),
        "meeting.cancelled": ("cancelled",),
        "meeting.agenda_opened": ("agenda_open",),
        "meeting.agenda_frozen": ("agenda_frozen",),
        "meeting.agenda_published": ("agenda_published",),
        "meeting.held": ("held",),
        "meeting.minutes_drafted": ("minutes_drafted",),
        "meeting.minutes_adopted": ("minutes_adopted",),
        "meeting.minutes_published": ("minutes_published",),
    },
    "agenda_item.state": {
        "agenda_item.added": ("scheduled",),
        "agenda_item.declined": ("declined",),
        "agenda_item.withdrawn": ("withdrawn",),
        "agenda_item.discussed": ("discussed",),
        "agenda_item.kept": ("kept",),
        "agenda_item.postponed": ("postponed",),
    },
    "recommendation.state": {
        "recommendation.drafted": ("draft",),
        "recommendation.reworded": ("draft",),
        "recommendation.wording_fixed": ("wording_fixed",),
        "recommendation.voted": ("voted",),
        "recommendation.adopted": ("adopted",),
        "recommendation.not_adopted": ("not_adopted",),
        "recommendation.submitted": ("submitted",),
    },
    "response.state": {
        "response.given": ("accepted", "partly", "rejected", "deferred"),
        "response.progress_reported": ("accepted", "partly", "done", "abandoned"),
    },
    "report.state": {"report.received": ("received",), "report.decided": ("dismissed", "upheld")},
    "page_report.state": {"page_report.received": ("received",), "page_report.decided": ("dismissed", "upheld")},
    "appeal.state": {"appeal.lodged": ("received",), "appeal.decided": ("upheld", "reinstated")},
    "answer_appeal.state": {"answer_appeal.lodged": ("received",), "answer_appeal.decided": ("upheld", "reinstated")},
    "block_appeal.state": {"block_appeal.lodged": ("received",), "block_appeal.decided": ("upheld", "reinstated")},
    "quarantine.state": {
        "quarantine.set_apart": ("apart",),
        "quarantine.released": ("released",),
        "quarantine.kept": ("kept",),
    },
    "theme.state": {"theme.merged": ("merged",), "theme.dissolved": ("dissolved",)},
}
"""Where a row can stand after a fact: the last of these about it decides. Letters and planned runs are their own
record; a mandate has no facts yet."""
_STATES = {name: states for moves in TOLD.values() for name, states in moves.items()}


@dataclass(frozen=True)
class Flaw:
    """Something that does not fit: about which subject, at which of its facts (0: its row), and what."""

    subject: str
    seq: int
    what: str


@dataclass(kw_only=True)
class Walk:
    """What was seen so far. `kept` is an older head: how many facts it covers, and its hash."""

    kept: tuple[int, str] | None = None
    count: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    _last: dict[str, tuple[int, str]] = field(default_factory=dict)
    _states: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _head: Any = field(default_factory=hashlib.sha256)

    @property
    def head(self) -> str:
        """How many facts, and one hash over their ids and hashes in order, as `12:9f86…`."""
        return f"{self.count}:{self._head.hexdigest()}"

    @property
    def subjects(self) -> int:
        """How many subjects there are facts about."""
        return len(self._last)

    def take(self, rows: Iterable[Sequence[Any]]) -> None:
        """The next facts, in the order of their ids."""
        last, states, flaws, update = self._last, self._states, self.flaws, self._head.update
        for id_, name, subject, seq, at, actor_id, facts, previous_hash, hash_ in rows:
            if (what := _flaw(name, subject, seq, at, actor_id, facts, previous_hash, hash_)) is not None:
                flaws.append(Flaw(str(subject), seq, what))
            before, hash_before = last.get(subject, (0, ""))
            if seq != before + 1:
                flaws.append(Flaw(str(subject), seq, f"comes after its fact {before}"))
            elif previous_hash != hash_before:
                flaws.append(Flaw(str(subject), seq, "does not follow the fact before it"))
            last[subject] = (seq, hash_)
            if name in _STATES:
                states[subject] = _STATES[name]
            update(f"{id_}:{hash_}\n".encode())
            self.count += 1
            if self.kept is not None and self.count == self.kept[0] and self._head.hexdigest() != self.kept[1]:
                flaws.append(Flaw("all", self.count, "these first facts are not those of the head that was kept"))

    def finish(self) -> None:
        """There are no more facts."""
        if self.kept is not None and self.count < self.kept[0]:
            flaw = Flaw("all", self.count, f"there were {self.kept[0]} facts when that head was kept: some are gone")
            self.flaws.append(flaw)

    def compare(self, machine: str, rows: Iterable[Any]) -> None:
        """Rows of a machine's table, by id and state: each must stand where its facts left it."""
        table, _, column = machine.partition(".")
        for id_, stands in rows:
            subject = f"{table}:{id_}"
            may = self._states.get(subject)
            if may is not None and stands not in may:
                self.flaws.append(Flaw(subject, 0, f"its {column} is {stands}, its facts leave it {' or '.join(may)}"))


def _flaw(
    name: str, subject: str, seq: int, at: Any, actor_id: Any, facts: str, previous_hash: str, hash_: str
) -> str | None:
    """Why this fact by itself cannot be what was recorded."""
    try:
        moment = _moment(at)
        if _quick(name, subject, seq, moment, actor_id, facts, previous_hash) == hash_:
            return None
        told = json.loads(facts)
        if FACTS_JSON(told) == facts and hash_of(previous_hash, name, subject, seq, moment, actor_id, told) == hash_:
            return None
    except (TypeError, ValueError):
        return "cannot be read"
    return "was changed: its hash does not fit"


def _quick(name: str, subject: str, seq: int, moment: str, actor_id: int | None, facts: str, previous_hash: str) -> str:
    """`hash_of` of plain facts, three times as fast: without reading them and writing them again in another order.

    Where it does not fit, the long way decides: facts may hold a list, or a letter that JSON writes otherwise.
    """
    in_order = ", ".join(sorted(facts[1:-1].split(", ")))
    actor = "null" if actor_id is None else actor_id
    told = f'["{previous_hash}", "{name}", "{subject}", {seq}, "{moment}", {actor}, {facts[:1]}{in_order}{facts[-1:]}]'
    return hashlib.sha256(told.encode()).hexdigest()


def _moment(at: Any) -> str:
    """The instant as it was hashed. SQLite keeps a text of exactly this shape, always in UTC."""
    if isinstance(at, datetime):
        return at.isoformat(timespec="microseconds")
    if len(at) != 26 or at[10] != " ":
        raise ValueError(at)
    return f"{at[:10]}T{at[11:]}+00:00"


async def verify(database: Database, walk: Walk) -> AsyncIterator[int]:
    """Walk all facts as they stand at one moment, then the rows they are about; yields how many were walked."""
    async with database.read() as db:
        connection = await db.connection()
        after = -(2**31)
        while rows := await _some(connection, after):
            walk.take(rows)
            after = rows[-1][0]
            yield walk.count
        walk.finish()
        for machine in TOLD:
            table, _, column = machine.partition(".")
            found = await connection.execute(text(f"SELECT id, {column} FROM {table} ORDER BY id"))  # noqa: S608 - ours
            walk.compare(machine, found)


async def _some(connection: AsyncConnection, after: int) -> Sequence[Any]:
    return (await connection.execute(_NEXT, {"after": after, "most": BATCH})).all()
