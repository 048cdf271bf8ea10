"""Planned runs: any number of tickers may look; each run is claimed and done once.

A claim holds for a while under a fencing number. Who lost it meanwhile gets LostClaim at `done`, and its
whole transaction with it. A run missed while the site was down is done once, marked late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from kernel.db import ReadSession, WriteSession
from notify.models import Occurrence
from notify.once import changed, insert_once
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


def _free(now: datetime) -> ColumnElement[bool]:
    abandoned = and_(Occurrence.state == OccurrenceState.CLAIMED, Occurrence.lease_until < now)
    return and_(Occurrence.due_at <= now, or_(Occurrence.state == OccurrenceState.DUE, abandoned))


async def is_any_due(db: ReadSession, *, now: datetime) -> bool:
    """Whether there is anything to claim."""
    return await db.scalar(select(Occurrence.id).where(_free(now)).limit(1)) is not None


async def claim(tx: WriteSession, *, now: datetime, most: int = 1) -> list[Claimed]:
    """Take the runs that have been due longest; another ticker's are left alone."""
    waiting = select(Occurrence).where(_free(now)).order_by(Occurrence.due_at, Occurrence.id).limit(most)
    ours: list[Claimed] = []
    for found in (await tx.scalars(waiting)).all():
        take = (
            update(Occurrence)
            .where(Occurrence.id == found.id, Occurrence.fence == found.fence, _free(now))
            .values(state=OccurrenceState.CLAIMED, fence=found.fence + 1, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if changed(await tx.execute(take)) == 1:
            ours.append(
                Claimed(
                    id=found.id,
                    kind=found.kind,
                    subject=found.subject,
                    local_slot=found.local_slot,
                    due_at=found.due_at,
                    fence=found.fence + 1,
                )
            )
        tx.expunge(found)
    return ours


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
