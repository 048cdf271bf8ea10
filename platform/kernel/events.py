"""Facts: recorded in the transaction that made them true, never changed, chained by hash per subject.

The event table is the public audit trail: who, what, when; ids only, no personal text. What still has to
be told to anybody stands in `unrelayed`; relaying deletes that row and leaves the fact as it is.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, WriteSession, batched
from kernel.i18n import N_
from kernel.keeping import Basis, Erasure, Kept, of_nobody


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. `name` is `<subject>.<what happened>`; `<subject>_id` is one of its fields."""

    name: ClassVar[str]
    at: datetime
    actor_id: int | None

    @property
    def subject(self) -> str:
        """What the fact is about, as `idea:12`: its hash chain."""
        kind = self.name.partition(".")[0]
        return f"{kind}:{getattr(self, f'{kind}_id')}"

    @property
    def facts(self) -> dict[str, Any]:
        """The ids and plain values beside who and when."""
        kind = type(self)
        if kind not in _TOLD:
            _TOLD[kind] = tuple(one.name for one in fields(self) if one.name not in {"at", "actor_id"})
        return {name: getattr(self, name) for name in _TOLD[kind]}


_TOLD: dict[type[Event], tuple[str, ...]] = {}
"""What each kind tells beside who and when; asked of it once."""


class EventRecord(Base):
    """One recorded fact."""

    __tablename__ = "event"
    __kept__ = Kept(
        what=N_("Wat er gebeurde en wanneer: alleen nummers, geen woorden van u"),
        purpose=N_("Achteraf kunnen nagaan dat niets is weggelaten of veranderd."),
        basis=Basis.TASK,
        until=N_("zolang deze website bestaat; het nummer van een verwijderd account leidt naar niemand"),
        whose=("actor_id=person.id", "subject:"),
        erasure=Erasure.UNNAMED,
        ours=("name", "subject", "facts"),
        secrets=("previous_hash", "hash"),
    )
    __table_args__ = (UniqueConstraint("subject", "seq"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Unrelayed(Base):
    """A fact that nobody has been told of yet."""

    __tablename__ = "unrelayed"
    __kept__ = of_nobody(
        N_("Wat nog verteld moet worden"), N_("Iedereen één keer op de hoogte brengen."), N_("tot het verteld is")
    )
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)


_written = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def chain_hash(record: EventRecord) -> str:
    """SHA-256 over the record's own values and the hash before it, as hex."""
    return hash_of(
        record.previous_hash,
        record.name,
        record.subject,
        record.seq,
        record.at.isoformat(timespec="microseconds"),
        record.actor_id,
        record.facts,
    )


def hash_of(*told: Any) -> str:
    """The same from the values, in their order, for whoever reads a million of them. `at` as ISO 8601 in UTC."""
    return hashlib.sha256(_written(told).encode()).hexdigest()


_FACTS: Any = EventRecord.__table__  # past the ORM: facts are many, and nobody holds one
_UNTOLD: Any = Unrelayed.__table__
_NEWEST = select(EventRecord.seq, EventRecord.hash).where(EventRecord.subject == bindparam("of"))
_NEWEST = _NEWEST.order_by(EventRecord.seq.desc()).limit(1)
_ADD = insert(_FACTS).returning(_FACTS.c.id)
_TELL = insert(_UNTOLD)


async def record(tx: WriteSession, event: Event) -> None:
    """Write the fact down and put it up for relaying, in the caller's transaction."""
    before = (await tx.execute(_NEWEST, {"of": event.subject})).first()
    values = _row_of(event, *(before or (0, "")))
    event_id = (await tx.execute(_ADD, values)).scalar_one()
    await tx.execute(_TELL, {"event_id": event_id})
    tx.info["has_facts"] = True


def _row_of(event: Event, seq: int, previous: str) -> dict[str, Any]:
    """The columns of the fact that follows this one of the same subject."""
    subject, facts, at = event.subject, event.facts, event.at.isoformat(timespec="microseconds")
    return {
        "name": event.name,
        "subject": subject,
        "seq": seq + 1,
        "at": event.at,
        "actor_id": event.actor_id,
        "facts": facts,
        "previous_hash": previous,
        "hash": hash_of(previous, event.name, subject, seq + 1, at, event.actor_id, facts),
    }


async def record_all(tx: WriteSession, events: Sequence[Event]) -> None:
    """Write many facts down in a handful of statements: each as `record` would, in the order given."""
    before: dict[str, tuple[int, str]] = {}
    for some in batched([event.subject for event in events]):
        newest = select(EventRecord.subject, func.max(EventRecord.seq).label("seq"))
        newest_of = newest.where(EventRecord.subject.in_(set(some))).group_by(EventRecord.subject).subquery()
        same = (EventRecord.subject == newest_of.c.subject) & (EventRecord.seq == newest_of.c.seq)
        found = await tx.execute(select(EventRecord.subject, EventRecord.seq, EventRecord.hash).join(newest_of, same))
        before |= {subject: (seq, hash_) for subject, seq, hash_ in found}
    rows: list[dict[str, Any]] = []
    for event in events:
        values = _row_of(event, *before.get(event.subject, (0, "")))
        before[event.subject] = (values["seq"], values["hash"])
        rows.append(values)
    if rows:
        await tx.execute(insert(_FACTS), rows)  # without RETURNING: it would go one by one on SQLite
        first = {row["subject"]: row["seq"] for row in reversed(rows)}
        for some in batched(first):
            written = select(EventRecord.id, EventRecord.subject, EventRecord.seq).where(EventRecord.subject.in_(some))
            new = [one.id for one in await tx.execute(written) if one.seq >= first[one.subject]]
            await tx.execute(_TELL, [{"event_id": event_id} for event_id in sorted(new)])
        tx.info["has_facts"] = True
