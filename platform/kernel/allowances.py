"""How often somebody may do something: at most so many times in any stretch of so long.

Each time that is allowed is a row, which counts until its stretch has passed. It counts when its transaction commits:
a verb that must count what it refuses (a wrong code) answers with a page, since a refusal rolls back. What is refused
here counts for nothing, so who comes too often can go on as soon as the oldest row is out.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Index, Select, String, delete, func, insert, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, ReadSession, WriteSession
from kernel.errors import TooOften
from kernel.i18n import N_
from kernel.keeping import After, Basis, Kept
from kernel.once import changed


class Allowance(Base):
    """One time that somebody did something. Who it was can only be tried, not read."""

    __tablename__ = "allowance"
    __kept__ = Kept(
        what=N_("Hoe vaak iets kort na elkaar is gedaan, onleesbaar gemaakt"),
        purpose=N_("Voorkomen dat iemand anderen met brieven bestookt of codes raadt."),
        basis=Basis.TASK,
        until=N_("hooguit een dag"),
        after=After(column="until", span=timedelta(), has_own_job=True),
        ours=("kind",),
        secrets=("whose",),
    )
    __table_args__ = (Index("ix_allowance_kind_whose_until", "kind", "whose", "until"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))  # what is done: `sign_in`, `invite`
    whose: Mapped[str] = mapped_column(String(64))  # SHA-256
    until: Mapped[datetime] = mapped_column(index=True)


async def take(tx: WriteSession, *, kind: str, whose: str, most: int, within: timedelta, now: datetime) -> bool:
    """Whether it may be done once more, and counts now. Networks and mail addresses come as their fingerprint.

    Looking and counting is one statement, and writers take turns: of any number at once exactly `most` get through.
    """
    taken = _taken(kind, whose, now).scalar_subquery()
    one_more = select(literal(kind), literal(_hashed(whose)), literal(now + within, Allowance.until.type)).where(
        taken < most
    )
    return changed(await tx.execute(insert(Allowance).from_select(["kind", "whose", "until"], one_more))) == 1


async def require(tx: WriteSession, *, kind: str, whose: str, most: int, within: timedelta, now: datetime) -> None:
    """The same for what is refused altogether: raises TooOften, which knows when to come back."""
    if not await take(tx, kind=kind, whose=whose, most=most, within=within, now=now):
        first_out = (
            select(Allowance.until)
            .where(Allowance.kind == kind, Allowance.whose == _hashed(whose), Allowance.until > now)
            .order_by(Allowance.until.desc())
            .offset(most - 1)
            .limit(1)
        )
        until = await tx.scalar(first_out) if most else None
        raise TooOften(wait=until - now if until else within)


async def taken(db: ReadSession, *, kind: str, whose: str, now: datetime) -> int:
    """How often it counts at this moment."""
    return await db.scalar(_taken(kind, whose, now)) or 0


async def give_back(tx: WriteSession, *, kind: str, whose: str) -> None:
    """Forget what was counted: the right code was given after wrong ones."""
    await tx.execute(delete(Allowance).where(Allowance.kind == kind, Allowance.whose == _hashed(whose)))


async def sweep(tx: WriteSession, *, now: datetime) -> int:
    """Throw away what counts no more; how many there were."""
    return changed(await tx.execute(delete(Allowance).where(Allowance.until <= now)))


def _taken(kind: str, whose: str, now: datetime) -> Select[int]:
    return (
        select(func.count())
        .select_from(Allowance)
        .where(Allowance.kind == kind, Allowance.whose == _hashed(whose), Allowance.until > now)
    )


def _hashed(whose: str) -> str:
    return hashlib.sha256(whose.encode()).hexdigest()
