"""Recommendations: drafted from a point of the agenda, worded, voted on, submitted to the commissioner."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from accounts.actor import Actor
from consultations import ideas
from consultations.states import IdeaRoute
from kernel.db import WriteSession
from kernel.events import record
from kernel.seen import require_seen
from panels import queries, rules
from panels.errors import NobodyVoted
from panels.events import (
    RecommendationAdopted,
    RecommendationDrafted,
    RecommendationEvent,
    RecommendationNotAdopted,
    RecommendationReworded,
    RecommendationSubmitted,
    RecommendationVoted,
    RecommendationWordingFixed,
)
from panels.models import AgendaItem, Meeting, Panel, Recommendation, Response
from panels.states import RecommendationState


async def draft(
    tx: WriteSession, *, item: AgendaItem, title: str, text: str, actor: Actor, now: datetime
) -> Recommendation:
    """Put a first wording on paper; the advice gets the panel's next number."""
    meeting = await tx.get_one(Meeting, item.meeting_id)
    rules.require_keeper(actor, meeting.panel_id)
    newest = await tx.scalar(select(func.max(Recommendation.number)).where(Recommendation.panel_id == meeting.panel_id))
    recommendation = Recommendation(
        panel_id=meeting.panel_id,
        number=(newest or 0) + 1,
        agenda_item_id=item.id,
        title=title,
        text=text,
        agenda_item=item,
        response=None,
    )
    tx.add(recommendation)
    await tx.flush()
    facts = {"recommendation_id": recommendation.id, "panel_id": meeting.panel_id}
    await record(tx, RecommendationDrafted(at=now, actor_id=actor.person_id, **facts))
    return recommendation


async def reword(
    tx: WriteSession,
    *,
    recommendation: Recommendation,
    title: str,
    text: str,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change the wording that stood on the page; a fixed wording becomes a draft again."""
    rules.require_keeper(actor, recommendation.panel_id)
    require_seen(recommendation, seen)
    if recommendation.state is not RecommendationState.DRAFT:
        await _step(tx, recommendation, RecommendationState.DRAFT, RecommendationReworded, actor=actor, now=now)
    recommendation.title, recommendation.text = title, text
    await tx.flush()


async def fix_wording(tx: WriteSession, *, recommendation: Recommendation, actor: Actor, now: datetime) -> None:
    """These are the words the members vote on."""
    rules.require_keeper(actor, recommendation.panel_id)
    fixed = RecommendationState.WORDING_FIXED
    await _step(tx, recommendation, fixed, RecommendationWordingFixed, actor=actor, now=now)


async def adopt(
    tx: WriteSession,
    *,
    recommendation: Recommendation,
    votes_for: int,
    votes_against: int,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Record the vote on the words of the page: adopted at the agreement's threshold, else not; both are public."""
    rules.require_keeper(actor, recommendation.panel_id)
    require_seen(recommendation, seen)
    if votes_for < 0 or votes_against < 0 or votes_for + votes_against == 0:
        raise NobodyVoted
    if recommendation.state is RecommendationState.DRAFT:
        await fix_wording(tx, recommendation=recommendation, actor=actor, now=now)
    recommendation.votes_for, recommendation.votes_against = votes_for, votes_against
    await _step(tx, recommendation, RecommendationState.VOTED, RecommendationVoted, actor=actor, now=now)
    agreement = await queries.agreement(tx, recommendation.panel_id)
    if rules.is_carried(votes_for, votes_against, agreement):
        recommendation.adopted_at = now
        await _step(tx, recommendation, RecommendationState.ADOPTED, RecommendationAdopted, actor=actor, now=now)
    else:
        await _step(tx, recommendation, RecommendationState.NOT_ADOPTED, RecommendationNotAdopted, actor=actor, now=now)


async def _step(
    tx: WriteSession,
    recommendation: Recommendation,
    to: RecommendationState,
    fact: type[RecommendationEvent],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    recommendation.move_to(to)
    await tx.flush()  # each step by itself: the database looks at them one by one
    facts = {"recommendation_id": recommendation.id, "panel_id": recommendation.panel_id}
    await record(tx, fact(at=now, actor_id=actor.person_id, **facts))


async def submit(
    tx: WriteSession,
    *,
    recommendation: Recommendation,
    actor: Actor,
    now: datetime,
    zone: ZoneInfo = rules.DUTCH_TIME,
) -> Response:
    """Hand an adopted advice to the commissioner: a response is due in so many calendar months, in public."""
    rules.require_keeper(actor, recommendation.panel_id)
    panel = await tx.get_one(Panel, recommendation.panel_id)
    recommendation.move_to(RecommendationState.SUBMITTED)
    recommendation.submitted_at = now
    awaited = Response(recommendation_id=recommendation.id, due_at=rules.months_after(now, panel.response_months, zone))
    tx.add(awaited)
    await tx.flush()
    idea_ids = await queries.idea_ids_of(tx, recommendation.agenda_item_id)
    route = IdeaRoute.IN_RECOMMENDATION
    await ideas.route(tx, idea_ids=idea_ids, route=route, actor_id=actor.person_id, now=now)
    facts = {"recommendation_id": recommendation.id, "panel_id": recommendation.panel_id}
    await record(tx, RecommendationSubmitted(at=now, actor_id=actor.person_id, **facts))
    return awaited
