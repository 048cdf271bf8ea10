"""The one door through which a moderator moves an idea. Each restriction leaves a statement of reasons."""

from datetime import datetime

from sqlalchemy import delete

from accounts.actor import Actor
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.queries import current_version
from kernel.db import ReadSession, WriteSession
from kernel.errors import ChangedMeanwhile, IllegalMove
from kernel.events import record
from moderation import queries, rules
from moderation.events import DecisionTaken
from moderation.models import Claim, Decision, Ground, Report
from moderation.states import BECOMES, NEEDS_GROUND, Outcome


async def decide(
    tx: WriteSession,
    *,
    idea: Idea,
    actor: Actor,
    outcome: Outcome,
    ground_code: str | None = None,
    explanation: str = "",
    seen: str | None = None,
    report: Report | None = None,
    on_appeal: bool = False,
    now: datetime,
) -> Decision:
    """Take a decision about the text as it stands now.

    `seen` is the mark of what the moderator had before them (rules.mark_of): when the text changed or somebody
    decided since, ChangedMeanwhile. Only an appeal brings a rejected or removed idea back.
    """
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    version = await current_version(tx, idea.id)
    last = await queries.latest_decision(tx, idea.id)
    if seen is not None and seen != rules.mark_of(version.sha256, last.id if last else None):
        raise ChangedMeanwhile
    if outcome not in rules.offered(idea.state, may_return=rules.sends_back(idea, consultation), on_appeal=on_appeal):
        raise IllegalMove
    ground = await _ground(tx, idea=idea, outcome=outcome, code=ground_code, explanation=explanation)
    decision = Decision(
        idea_id=idea.id,
        version_sha256=version.sha256,
        outcome=outcome,
        ground_id=ground.id if ground else None,
        explanation=explanation,
        report_id=report.id if report else None,
        decided_by_id=moderator_id,
        decided_at=now,
    )
    tx.add(decision)
    await tx.flush()
    await ideas.move(tx, idea=idea, to=BECOMES[outcome], actor_id=moderator_id, now=now)
    await tx.execute(delete(Claim).where(Claim.idea_id == idea.id))
    await record(
        tx,
        DecisionTaken(
            at=now,
            actor_id=moderator_id,
            idea_id=idea.id,
            consultation_id=idea.consultation_id,
            decision_id=decision.id,
            outcome=outcome,
        ),
    )
    return decision


async def _ground(
    db: ReadSession, *, idea: Idea, outcome: Outcome, code: str | None, explanation: str
) -> Ground | None:
    """The ground of the idea's own consultation; a restriction without one, or without an explanation, is refused."""
    if outcome not in NEEDS_GROUND:
        return None
    grounds = {ground.code: ground for ground in await queries.grounds(db, idea.consultation_id)}
    if code not in grounds or not explanation.strip():
        raise rules.GroundNeeded
    return grounds[code]
