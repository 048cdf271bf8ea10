"""What came in after the close of an earlier consultation, and so goes along to a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consultations.models import Consultation, Idea
from kernel.db import ReadSession
from panels.models import Meeting
from panels.states import MeetingState

NOT_HELD = (MeetingState.CANCELLED, MeetingState.POSTPONED)
SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Late:
    """The public ideas of one consultation that came after its close: the first of them, and how many in all."""

    consultation: Consultation
    ideas: Sequence[Idea]
    total: int


async def for_meeting(db: ReadSession, meeting: Meeting) -> list[Late]:
    """Of each consultation that fed the meeting before this one, or one that was called off since then."""
    if meeting.state in NOT_HELD:
        return []
    earlier = select(Meeting.starts_at).where(
        Meeting.panel_id == meeting.panel_id, Meeting.starts_at < meeting.starts_at, Meeting.id != meeting.id
    )
    before = await db.scalar(select(func.max(earlier.where(Meeting.state.not_in(NOT_HELD)).subquery().c.starts_at)))
    since = before or await db.scalar(select(func.min(earlier.subquery().c.starts_at)))
    if since is None:
        return []
    fed = select(Meeting.id).where(
        Meeting.panel_id == meeting.panel_id, Meeting.starts_at >= since, Meeting.starts_at < meeting.starts_at
    )
    wanted = select(Idea).join(Idea.consultation).where(Consultation.meeting_id.in_(fed), Idea.is_late, Idea.listed())
    counted = wanted.with_only_columns(Consultation.id, func.count()).group_by(Consultation.id)
    totals = {consultation_id: number for consultation_id, number in await db.execute(counted)}  # noqa: C416 - rows are not tuples to mypy
    found = []
    for consultation_id, total in sorted(totals.items()):
        first = wanted.where(Consultation.id == consultation_id).options(joinedload(Idea.consultation))
        ideas = (await db.scalars(first.order_by(Idea.received_at, Idea.id).limit(SHOWN))).all()
        found.append(Late(consultation=ideas[0].consultation, ideas=ideas, total=total))
    return found
