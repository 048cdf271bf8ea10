"""Planned runs: any number of tickers may look; each run is claimed and done once.

A claim holds for a while under a fencing number. Who lost it meanwhile gets LostClaim at `done`, and its
whole transaction with it. A run missed while the site was down is done once, marked late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from kernel.db import ReadSession, WriteSession
from kernel.once import changed, insert_once
from notify.models import Occurrence
from notify.states import OccurrenceState

LEASE = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=2)


class LostClaim(Exception):
    """Somebody else has taken this run over; nothing of ours may be kept."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A run that is ours until its lease ends."""

    id: int
    kind: str
    subject: str
    local_slot: str
    due_at: datetime
    fence: int

    @property
    def subject_id(self) -> int:
        """The number behind the colon of the subject."""
        return int(self.subject.partition(":")[2])


_OF_A_CLAIM = (
    Occurrence.id,
    Occurrence.kind,
    Occurrence.subject,
    Occurrence.local_slot,
    Occurrence.due_at,
    Occurrence.fence,
)


async def plan(tx: WriteSession, *, kind: str, subject: str, local_slot: str, due_at: datetime) -> bool:
    """Have a run done at an instant; False when this slot was planned before."""
    return await insert_once(
        tx,
        Occurrence,
        kind=kind,
        subject=subject,
        local_slot=local_slot,
        due_at=due_at,
        state=OccurrenceState.DUE,
        fence=0,
        is_late=False,
    )


async def is_done(db: ReadSession, *, kind: str, subject: str, local_slot: str) -> bool:
    """Whether this very run was done."""
    same = (Occurrence.kind == kind, Occurrence.subject == subject, Occurrence.local_slot == local_slot)
    return await db.scalar(select(Occurrence.id).where(*same, Occurrence.state == OccurrenceState.DONE)) is not None


async def to_come(db: ReadSession, *, kind: str, now: datetime) -> dict[tuple[str, str], OccurrenceState]:
    """The runs of a kind that fall after now, by subject and slot; done ones too, from before a clock was put back."""
    after = select(Occurrence.subject, Occurrence.local_slot, Occurrence.state)
    found = await db.execute(after.where(Occurrence.kind == kind, Occurrence.due_at > now))
    return {(subject, local_slot): state for subject, local_slot, state in found}


def _free(now: datetime) -> ColumnElement[bool]:
    abandoned = and_(Occurrence.state == OccurrenceState.CLAIMED, Occurrence.lease_until < now)
    return and_(Occurrence.due_at <= now, or_(Occurrence.state == OccurrenceState.DUE, abandoned))


async def is_any_due(db: ReadSession, *, now: datetime) -> bool:
    """Whether there is anything to claim."""
    return await db.scalar(select(Occurrence.id).where(_free(now)).limit(1)) is not None


async def claim(tx: WriteSession, *, now: datetime, most: int = 1) -> list[Claimed]:
    """Take the runs that have been due longest, in one statement; another ticker's are left alone."""
    longest = select(Occurrence.id).where(_free(now)).order_by(Occurrence.due_at, Occurrence.id).limit(most)
    take = (
        update(Occurrence)
        .where(Occurrence.id.in_(longest.scalar_subquery()), _free(now))
        .values(state=OccurrenceState.CLAIMED, fence=Occurrence.fence + 1, lease_until=now + LEASE)
        .returning(*_OF_A_CLAIM)
        .execution_options(synchronize_session=False)
    )
    taken = [Claimed(**row) for row in (await tx.execute(take)).mappings()]
    return sorted(taken, key=lambda one: (one.due_at, one.id))


async def done(tx: WriteSession, claimed: Claimed, *, now: datetime) -> None:
    """Close the run in the transaction that did its work; raises LostClaim when it is no longer ours."""
    close = (
        update(Occurrence)
        .where(
            Occurrence.id == claimed.id,
            Occurrence.fence == claimed.fence,
            Occurrence.state == OccurrenceState.CLAIMED,
        )
        .values(state=OccurrenceState.DONE, done_at=now, is_late=now - claimed.due_at > LATE_AFTER, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    if changed(await tx.execute(close)) != 1:
        raise LostClaim
