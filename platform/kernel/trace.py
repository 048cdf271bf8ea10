"""Who read or exported what is not public: a row for each, written before the answer leaves.

Rows are written once; the database lets go of those that are older than KEPT and of no other. No network and no
session stands in one. What everybody may read leaves no trace. Which pages do: `klankbord.trace.shown`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, WriteSession, batched
from kernel.errors import DomainError
from kernel.i18n import N_
from kernel.keeping import After, Basis, Erasure, Kept
from kernel.once import changed

KEPT = timedelta(days=730)
AGAIN = timedelta(minutes=1)
"""Who looks again at the very same within this time reads on: it is one row, at its first moment."""
LISTED_AGAIN = timedelta(hours=1)
"""Within this time somebody who sees an idea in a list once more is not put down for it again."""
_TWO_YEARS = N_("2 jaar")
COMMAND = "command"
LINK = "link"
"""Instead of a role: a command on the server; nobody signed in, who held the secret link of a letter."""


class Act(StrEnum):
    """What was done with it."""

    READ = "read"
    EXPORTED = "exported"


class AccessRecord(Base):
    """Somebody saw something that is not public."""

    __tablename__ = "access_record"
    __kept__ = Kept(
        what=N_("Wie iets las of meenam dat niet openbaar is, en wanneer"),
        purpose=N_("Kunnen nagaan wie wat zag, ook na een lek."),
        basis=Basis.LAW,
        until=_TWO_YEARS,
        after=After(column="at", span=KEPT, has_own_job=True),
        whose=("person_id=person.id",),
        erasure=Erasure.UNNAMED,
        ours=("roles", "subject", "route"),
    )
    __table_args__ = (
        Index("ix_access_record_at", "at"),
        Index("ix_access_record_subject_at_person_id", "subject", "at", "person_id"),
        Index("ix_access_record_person_id_at", "person_id", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None]  # no foreign key: the record stays, whatever becomes of the person
    roles: Mapped[str] = mapped_column(String(120))
    act: Mapped[Act]
    subject: Mapped[str] = mapped_column(String(80))
    route: Mapped[str] = mapped_column(String(64))


class AccessIdea(Base):
    """An idea that stood in a list beside what somebody saw."""

    __tablename__ = "access_idea"
    __kept__ = Kept(
        what=N_("Welke ideeën daarbij in een lijst stonden"),
        purpose=N_("Kunnen nagaan wie wat zag, ook na een lek."),
        basis=Basis.LAW,
        until=_TWO_YEARS,
        after=After(column="at", span=KEPT, has_own_job=True),
        whose=("person_id=person.id",),
        erasure=Erasure.UNNAMED,
    )
    __table_args__ = (Index("ix_access_idea_idea_id_at_person_id", "idea_id", "at", "person_id"),)
    record_id: Mapped[int] = mapped_column(ForeignKey("access_record.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(primary_key=True)  # no foreign key, as above
    at: Mapped[datetime]
    person_id: Mapped[int | None]


class NotTraced(DomainError):
    """It could not be written down who reads this, so it is not shown."""

    code = "not_traced"
    status = 503
    message = N_(
        "Wat u wilt zien, is niet openbaar. We leggen vast wie zoiets leest, en dat lukt nu niet. Daarom tonen we het "
        "niet. Probeer het over een halve minuut opnieuw."
    )


@dataclass(frozen=True, kw_only=True)
class Seeing:
    """Somebody is about to see something; `person_id` is None for a command and for who holds a link."""

    act: Act
    subject: str
    ideas: tuple[int, ...] = ()
    person_id: int | None
    roles: tuple[str, ...]
    route: str


async def write(tx: WriteSession, seeing: Seeing, *, now: datetime) -> None:
    """Put it on record."""
    record = AccessRecord(
        at=now,
        person_id=seeing.person_id,
        roles=",".join(sorted(seeing.roles))[:120],
        act=seeing.act,
        subject=seeing.subject,
        route=seeing.route[:64],
    )
    tx.add(record)
    await tx.flush()
    beside = {"record_id": record.id, "at": now, "person_id": seeing.person_id}
    ideas = [one for one in sorted(set(seeing.ideas)) if seeing.subject != f"idea:{one}"]
    for some in batched(ideas):
        await tx.execute(insert(AccessIdea), [{**beside, "idea_id": one} for one in some])


async def sweep(tx: WriteSession, *, now: datetime) -> int:
    """Throw away what is older than KEPT, by our clock and by the database's own; how many rows that were."""
    its_clock: datetime | None = await tx.scalar(select(func.current_timestamp(type_=AccessRecord.at.type)))
    until = min(now, its_clock or now) - KEPT - timedelta(minutes=1)
    if await tx.scalar(select(AccessRecord.id).where(AccessRecord.at < until).limit(1)) is None:
        return 0
    old = select(AccessRecord.id).where(AccessRecord.at < until)
    await tx.execute(delete(AccessIdea).where(AccessIdea.record_id.in_(old)))
    return changed(await tx.execute(delete(AccessRecord).where(AccessRecord.at < until)))
