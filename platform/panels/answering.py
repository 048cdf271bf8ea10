"""Every reusable SELECT about advice and the responses to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import ReadSession
from kernel.errors import NotFound
from panels.models import AgendaIdea, AgendaItem, Meeting, Recommendation, Response
from panels.report_models import ProgressReport
from panels.states import ItemState, MeetingState, RecommendationState, ResponseState

PUBLIC_ADVICE = (RecommendationState.ADOPTED, RecommendationState.NOT_ADOPTED, RecommendationState.SUBMITTED)
UNDECIDED = (ResponseState.AWAITED, ResponseState.DEFERRED)
_Answer = tuple[datetime | None, datetime | None, bool]
"""When it was submitted and answered, and whether it is overdue."""


@dataclass(frozen=True, kw_only=True)
class Answering:
    """How well advice is answered. Days are the median from submission to answer."""

    submitted: int
    answered: int
    overdue: int
    days_to_answer: int | None

    @property
    def percent(self) -> int:
        """Answered out of submitted, rounded down."""
        return 100 * self.answered // self.submitted if self.submitted else 0


async def recommendation_by_id(db: ReadSession, recommendation_id: int) -> Recommendation:
    """An advice with its response, point, meeting and panel; raises NotFound."""
    wanted = (
        select(Recommendation)
        .where(Recommendation.id == recommendation_id)
        .options(
            joinedload(Recommendation.response),
            joinedload(Recommendation.agenda_item).options(
                joinedload(AgendaItem.theme), joinedload(AgendaItem.meeting).joinedload(Meeting.panel)
            ),
        )
    )
    found = await db.scalar(wanted)
    if found is None:
        raise NotFound
    return found


async def public_advice(db: ReadSession, *, panel_id: int | None = None) -> Sequence[Recommendation]:
    """Every advice the members voted on, the latest first, with response, point and meeting."""
    wanted = select(Recommendation).where(Recommendation.state.in_(PUBLIC_ADVICE))
    if panel_id is not None:
        wanted = wanted.where(Recommendation.panel_id == panel_id)
    wanted = wanted.options(
        joinedload(Recommendation.response),
        joinedload(Recommendation.agenda_item).joinedload(AgendaItem.meeting).joinedload(Meeting.panel),
    )
    return (await db.scalars(wanted.order_by(Recommendation.panel_id, Recommendation.number.desc()))).all()


async def advice_of(db: ReadSession, item_ids: Collection[int]) -> dict[int, list[Recommendation]]:
    """The recommendations that came from some points, with their responses."""
    wanted = (
        select(Recommendation)
        .where(Recommendation.agenda_item_id.in_(item_ids))
        .options(joinedload(Recommendation.response))
        .order_by(Recommendation.number)
    )
    found: dict[int, list[Recommendation]] = {item_id: [] for item_id in item_ids}
    for recommendation in await db.scalars(wanted):
        found[recommendation.agenda_item_id].append(recommendation)
    return found


async def advice_in_hand(db: ReadSession, panel_ids: Collection[int]) -> Sequence[Recommendation]:
    """Recommendations the panel is still working on, with point and meeting."""
    at_work = (
        RecommendationState.DRAFT,
        RecommendationState.WORDING_FIXED,
        RecommendationState.VOTED,
        RecommendationState.ADOPTED,
    )
    wanted = (
        select(Recommendation)
        .where(Recommendation.panel_id.in_(panel_ids), Recommendation.state.in_(at_work))
        .options(joinedload(Recommendation.agenda_item).joinedload(AgendaItem.meeting))
        .order_by(Recommendation.number)
    )
    return (await db.scalars(wanted)).all()


async def unanswered(db: ReadSession, panel_ids: Collection[int]) -> list[tuple[Meeting, int]]:
    """Meetings whose minutes are public, with how many ideas there got no advice, no answer, no outcome of their own.

    The oldest first. As long as one is listed, somebody waits.
    """
    behind = (
        select(AgendaItem.meeting_id, func.count().label("ideas"))
        .join(AgendaIdea, AgendaIdea.agenda_item_id == AgendaItem.id)
        .join(Idea, Idea.id == AgendaIdea.idea_id)
        .where(AgendaItem.state == ItemState.DISCUSSED, AgendaIdea.own_route.is_(None))
        .where(Idea.state == IdeaState.PUBLISHED, Idea.answered_at.is_(None))
        .where(~select(Recommendation.id).where(Recommendation.agenda_item_id == AgendaItem.id).exists())
        .group_by(AgendaItem.meeting_id)
        .subquery()
    )
    wanted = (
        select(Meeting, behind.c.ideas)
        .join(behind, behind.c.meeting_id == Meeting.id)
        .where(Meeting.panel_id.in_(panel_ids), Meeting.state == MeetingState.MINUTES_PUBLISHED)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [(meeting, count) for meeting, count in await db.execute(wanted)]


async def response_by_id(db: ReadSession, response_id: int) -> Response:
    """A response with its advice, point, meeting and panel; raises NotFound."""
    wanted = (
        select(Response)
        .where(Response.id == response_id)
        .options(
            joinedload(Response.recommendation)
            .joinedload(Recommendation.agenda_item)
            .options(joinedload(AgendaItem.theme), joinedload(AgendaItem.meeting).joinedload(Meeting.panel))
        )
    )
    found = await db.scalar(wanted)
    if found is None:
        raise NotFound
    return found


async def responses(db: ReadSession, panel_ids: Collection[int]) -> Sequence[Response]:
    """All responses to some panels, those that are due first on top, with advice and panel."""
    wanted = (
        select(Response)
        .join(Response.recommendation)
        .where(Recommendation.panel_id.in_(panel_ids))
        .options(
            joinedload(Response.recommendation)
            .joinedload(Recommendation.agenda_item)
            .joinedload(AgendaItem.meeting)
            .joinedload(Meeting.panel)
        )
        .order_by(Response.state != ResponseState.AWAITED, Response.due_at, Response.id)
    )
    return (await db.scalars(wanted)).all()


async def progress_of(db: ReadSession, response_id: int) -> Sequence[ProgressReport]:
    """What was done since, the newest first."""
    wanted = select(ProgressReport).where(ProgressReport.response_id == response_id)
    return (await db.scalars(wanted.order_by(ProgressReport.reported_at.desc(), ProgressReport.id.desc()))).all()


async def so_far(db: ReadSession, panel_ids: Collection[int], *, now: datetime) -> Answering:
    """How well advice to some panels is answered so far, taken together."""
    return _answering([row for rows in (await _answers(db, panel_ids, now)).values() for row in rows])


async def so_far_of_each(db: ReadSession, panel_ids: Collection[int], *, now: datetime) -> dict[int, Answering]:
    """How well advice to each panel is answered so far."""
    return {panel_id: _answering(rows) for panel_id, rows in (await _answers(db, panel_ids, now)).items()}


async def undecided(db: ReadSession, panel_ids: Collection[int]) -> Sequence[Response]:
    """What the commissioner did not decide about yet, those that are due first on top, with the advice."""
    wanted = (
        select(Response)
        .join(Response.recommendation)
        .where(Recommendation.panel_id.in_(panel_ids), Response.state.in_(UNDECIDED))
        .options(contains_eager(Response.recommendation))
        .order_by(Response.state != ResponseState.AWAITED, Response.due_at, Response.id)
    )
    return (await db.scalars(wanted)).all()


async def _answers(db: ReadSession, panel_ids: Collection[int], now: datetime) -> dict[int, list[_Answer]]:
    is_overdue = (Response.state == ResponseState.AWAITED) & (Response.due_at < now)
    wanted = (
        select(Recommendation.panel_id, Recommendation.submitted_at, Response.answered_at, is_overdue)
        .join(Response.recommendation)
        .where(Recommendation.panel_id.in_(panel_ids))
    )
    found: dict[int, list[_Answer]] = {panel_id: [] for panel_id in panel_ids}
    for panel_id, submitted_at, answered_at, is_late in await db.execute(wanted):
        found[panel_id].append((submitted_at, answered_at, is_late))
    return found


def _answering(answers: Sequence[_Answer]) -> Answering:
    days = sorted((answered - submitted).days for submitted, answered, _ in answers if answered and submitted)
    return Answering(
        submitted=len(answers),
        answered=sum(answered is not None for _, answered, _ in answers),
        overdue=sum(is_late for _, _, is_late in answers),
        days_to_answer=days[len(days) // 2] if days else None,
    )
