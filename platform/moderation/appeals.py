"""Appeals: an author does not agree; another moderator decides, once, and says why."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from accounts.actor import Actor
from consultations.models import Consultation, Idea
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import record
from moderation import decisions, masking, queries, rules
from moderation.events import AppealDecided, AppealLodged
from moderation.models import Appeal, Claim, Decision
from moderation.states import AppealState, Outcome


async def lodge(tx: WriteSession, *, idea: Idea, reason: str, zone: ZoneInfo, now: datetime) -> Appeal:
    """Appeal against the decision that holds now. The caller has made sure that the author asks."""
    decision = await queries.latest_decision(tx, idea.id)
    if decision is None:
        raise rules.NoAppealNow
    before = await queries.appeal_against(tx, decision.id)
    if not rules.may_appeal(
        decision.outcome,
        stands=rules.stands(decision.outcome, idea.state),
        decided_at=decision.decided_at,
        has_appeal=before is not None,
        now=now,
        zone=zone,
        is_masking=decision.is_masking,
    ):
        raise rules.NoAppealNow
    appeal = Appeal(
        decision_id=decision.id,
        reason=reason,
        lodged_at=now,
        due_at=rules.appeal_due_at(now, zone),
        decided_at=None,
        decided_by_id=None,
    )
    tx.add(appeal)
    await tx.flush()
    await record(tx, AppealLodged(at=now, actor_id=idea.author_id, appeal_id=appeal.id, idea_id=idea.id))
    return appeal


async def decide(
    tx: WriteSession, *, appeal: Appeal, actor: Actor, verdict: AppealState, answer: str, now: datetime
) -> None:
    """Let the decision stand, or publish after all. Never by who took it; the answer is final.

    Publishing undoes the decision that the appeal is against, none that was taken since: that has its own appeal.
    """
    first = await tx.get_one(Decision, appeal.decision_id)
    idea = await tx.get_one(Idea, first.idea_id)
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    rules.require_another(moderator_id, first_decider_id=first.decided_by_id)
    if not answer.strip():
        raise IllegalMove
    publishes = verdict is AppealState.REINSTATED and not idea.is_public
    last = await queries.latest_decision(tx, idea.id)
    restores = verdict is AppealState.REINSTATED and first.is_masking and last is first
    if publishes and last is not first:
        raise IllegalMove
    appeal.move_to(verdict)
    appeal.answer = answer
    appeal.decided_at, appeal.decided_by_id = now, moderator_id
    await tx.flush()
    await tx.execute(delete(Claim).where(Claim.idea_id == idea.id))
    if restores:
        await masking.restore(tx, idea=idea, decision=first, actor_id=moderator_id, answer=answer, now=now)
    elif publishes:
        await decisions.decide(
            tx, idea=idea, actor=actor, outcome=Outcome.PUBLISH, explanation=answer, on_appeal=True, now=now
        )
    await record(tx, AppealDecided(at=now, actor_id=moderator_id, appeal_id=appeal.id, idea_id=idea.id))
