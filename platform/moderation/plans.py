"""Decisions that can be undone: planned, and carried out a while later; until then only moderators hear of them.

All that is decided at once is planned in one transaction: it is there whole, or not at all.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from accounts.actor import Actor
from accounts.models import Person
from accounts.queries import actor_for
from consultations.models import Consultation, Idea
from kernel.db import WriteSession, batched
from kernel.errors import NotFound
from kernel.events import record_all
from moderation import candidates, decisions, rules
from moderation.candidates import Candidate
from moderation.decisions import Taken
from moderation.events import DecisionLapsed, DecisionPlanned, DecisionUndone, PlanEvent
from moderation.models import Claim, PlannedDecision
from moderation.states import NEEDS_GROUND, Outcome


async def plan(
    tx: WriteSession,
    *,
    seen: Mapping[int, str | None],
    actor: Actor,
    outcome: Outcome,
    ground_code: str = "",
    explanation: str = "",
    has_no_number: bool = False,
    wait: timedelta,
    now: datetime,
) -> str:
    """Decide about these ideas, each with the mark that was read; carried out after `wait`, or at once when it is zero.

    Returns what they are known by together. All of them or none: ChangedMeanwhile when one was changed or decided
    since, IllegalMove or GroundNeeded when one cannot be decided so.
    """
    found = await candidates.look(tx, seen, now=now)
    if len(found) != len(seen):
        raise NotFound
    of = candidates.consultations_in(found)
    for consultation in of.values():
        rules.require_moderator(actor, panel_id=consultation.panel_id)
    grounds = await candidates.grounds_of(tx, of)
    for one in found:
        against = candidates.hindrance(
            one,
            outcome=outcome,
            ground_code=ground_code,
            grounds=grounds,
            seen=seen[one.idea.id],
            has_no_number=has_no_number,
        )
        decisions.refuse(against)
    if outcome in NEEDS_GROUND and not explanation.strip():
        raise rules.GroundNeeded
    ground_of = {number: grounds[number, ground_code].id if outcome in NEEDS_GROUND else None for number in of}
    moderator_id = rules.require_moderator(actor, panel_id=next(iter(of.values())).panel_id) if of else 0
    if not wait:
        await decisions.decide_all(
            tx,
            [Taken.of(one, outcome, ground_of[one.idea.consultation_id], explanation, moderator_id) for one in found],
            now=now,
        )
        return ""
    together = secrets.token_hex(8)
    rows = [
        {
            "idea_id": one.idea.id,
            "mark": one.mark,
            "outcome": outcome,
            "ground_id": ground_of[one.idea.consultation_id],
            "explanation": explanation if outcome in NEEDS_GROUND else "",
            "together": together,
            "planned_by_id": moderator_id,
            "planned_at": now,
            "due_at": now + wait,
        }
        for one in found
    ]
    await tx.execute(insert(PlannedDecision), rows)
    for some in batched(seen):
        await tx.execute(delete(Claim).where(Claim.idea_id.in_(some)))
    await _tell(tx, DecisionPlanned, [(one.idea, outcome) for one in found], by=moderator_id, now=now)
    return together


async def _tell(
    tx: WriteSession, kind: type[PlanEvent], told: Iterable[tuple[Idea, Outcome]], *, by: int | None, now: datetime
) -> None:
    facts = [
        kind(at=now, actor_id=by, idea_id=idea.id, consultation_id=idea.consultation_id, outcome=outcome)
        for idea, outcome in told
    ]
    await record_all(tx, facts)


async def undo(tx: WriteSession, *, plans: Sequence[PlannedDecision], actor: Actor, now: datetime) -> int:
    """Take them back before they are carried out; any moderator of the panel can. NotFound when there is none left."""
    if not plans:
        raise NotFound
    moderator_id = 0
    for panel_id in {one.idea.consultation.panel_id for one in plans}:
        moderator_id = rules.require_moderator(actor, panel_id=panel_id)
    await _clear(tx, plans)
    await _tell(tx, DecisionUndone, [(one.idea, one.outcome) for one in plans], by=moderator_id, now=now)
    return len(plans)


async def _clear(tx: WriteSession, plans: Sequence[PlannedDecision]) -> None:
    for some in batched([one.id for one in plans]):
        gone = delete(PlannedDecision).where(PlannedDecision.id.in_(some))
        await tx.execute(gone.execution_options(synchronize_session=False))


async def hasten(tx: WriteSession, *, plans: Sequence[PlannedDecision], actor: Actor, now: datetime) -> int:
    """Carry them out now, and give up undoing them. NotFound when there is none left."""
    if not plans:
        raise NotFound
    for panel_id in {one.idea.consultation.panel_id for one in plans}:
        rules.require_moderator(actor, panel_id=panel_id)
    return await _carry_out(tx, plans, now=now)


async def carry_out_due(tx: WriteSession, *, now: datetime) -> int:
    """What can no longer be undone; what was decided at once stays together. Returns how many rows were done with."""
    due = select(PlannedDecision).where(PlannedDecision.due_at <= now)
    in_order = due.order_by(PlannedDecision.due_at, PlannedDecision.together, PlannedDecision.id)
    found = (await tx.scalars(in_order.limit(candidates.MOST + 1))).all()
    if len(found) > candidates.MOST:  # the last group may not be whole: it waits for the next turn
        found = [one for one in found if one.together != found[-1].together]
    return await _carry_out(tx, found, now=now) if found else 0


async def lapse(tx: WriteSession, *, idea_ids: Sequence[int], now: datetime) -> None:
    """Nothing comes of the decisions about these ideas: their author left."""
    for some in batched(idea_ids):
        about = select(PlannedDecision).where(PlannedDecision.idea_id.in_(some)).order_by(PlannedDecision.id)
        plans = (await tx.scalars(about.options(joinedload(PlannedDecision.idea)))).all()
        await _clear(tx, plans)
        await _tell(tx, DecisionLapsed, [(one.idea, one.outcome) for one in plans], by=None, now=now)


async def _carry_out(tx: WriteSession, plans: Sequence[PlannedDecision], *, now: datetime) -> int:
    by_idea = {one.idea.id: one for one in await candidates.look(tx, [plan.idea_id for plan in plans], now=now)}
    actors = {by: await _moderator(tx, by) for by in {one.planned_by_id for one in plans}}
    still: list[PlannedDecision] = []
    lapsed: list[PlannedDecision] = []
    for plan in plans:
        holds = _holds(plan, by_idea.get(plan.idea_id), actors[plan.planned_by_id])
        (still if holds else lapsed).append(plan)
    await _clear(tx, plans)
    for (outcome, _by), some in groupby(
        sorted(still, key=lambda one: (one.outcome, one.planned_by_id, one.id)),
        key=lambda one: (one.outcome, one.planned_by_id),
    ):
        taken = [
            Taken.of(by_idea[one.idea_id], outcome, one.ground_id, one.explanation, one.planned_by_id) for one in some
        ]
        await decisions.decide_all(tx, taken, now=now)
    gone = [(await tx.get_one(Idea, one.idea_id), one.outcome) for one in lapsed]
    await _tell(tx, DecisionLapsed, gone, by=None, now=now)
    return len(plans)


async def _moderator(tx: WriteSession, person_id: int) -> Actor:
    return await actor_for(tx, person=await tx.get_one(Person, person_id))


def _holds(plan: PlannedDecision, candidate: Candidate | None, actor: Actor) -> bool:
    """Whether it is still about what was read, and by somebody who may."""
    if candidate is None or candidate.mark != plan.mark:
        return False
    consultation: Consultation = candidate.idea.consultation
    offered = plan.outcome in candidates.offered_for(candidate.idea)
    return offered and rules.may_moderate(actor, panel_id=consultation.panel_id)
