"""The one door through which a moderator moves an idea. Each restriction leaves a statement of reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from sqlalchemy import delete, func, insert, select

from accounts.actor import Actor
from consultations import flagging, ideas, masking, moving, splitting
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.queries import current_version
from kernel.db import ReadSession, WriteSession, batched
from kernel.errors import ChangedMeanwhile, IllegalMove
from kernel.events import record, record_all
from moderation import queries, rules
from moderation.candidates import Candidate
from moderation.events import DecisionTaken
from moderation.models import Claim, Decision, Ground, PlannedDecision, Report
from moderation.states import BECOMES, NEEDS_GROUND, Hindrance, Outcome


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
    has_no_number: bool = False,
    is_along: bool = False,
    now: datetime,
) -> Decision:
    """Take a decision about the text as it stands now.

    `seen` is the mark of what the moderator had before them (rules.mark_of): when the text changed or somebody
    decided since, ChangedMeanwhile. Only an appeal brings a rejected or removed idea back.
    What is removed takes along where the same words stand (splitting.gone_with): each has its decision (`is_along`).
    A citizen service number is not published, nor kept in what is not, unless `has_no_number` says that it is none.
    """
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    version = await current_version(tx, idea.id)
    last = await queries.latest_decision(tx, idea.id)
    await _refuse_planned(tx, idea, seen=seen)
    if seen is not None and seen != rules.mark_of(version.sha256, last.id if last else None):
        raise ChangedMeanwhile
    if outcome not in rules.offered(idea.state, may_return=rules.sends_back(idea, consultation), on_appeal=on_appeal):
        raise IllegalMove
    ground = await _ground(tx, idea=idea, outcome=outcome, code=ground_code, explanation=explanation)
    if outcome is Outcome.REMOVE and not is_along:
        for other in await splitting.gone_with(tx, idea):
            why: dict[str, Any] = {"ground_code": ground_code, "explanation": explanation, "report": report}
            await decide(tx, idea=other, actor=actor, outcome=outcome, **why, is_along=True, now=now)
    if outcome is not Outcome.PUBLISH:
        version = await _without_numbers(tx, idea, version, now=now)
    elif not (has_no_number or on_appeal) and masking.citizen_numbers(flagging.texts_of(idea)):
        raise rules.NumberStands
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
    await record(tx, _fact(idea, decision.id, outcome, by=moderator_id, now=now))
    return decision


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was decided about one idea, and the text that it is about."""

    idea: Idea
    sha256: str
    outcome: Outcome
    ground_id: int | None
    explanation: str
    by: int

    @classmethod
    def of(cls, one: Candidate, outcome: Outcome, ground_id: int | None, explanation: str, by: int) -> Self:
        """About this idea as it stands."""
        return cls(
            idea=one.idea, sha256=one.sha256, outcome=outcome, ground_id=ground_id, explanation=explanation, by=by
        )


async def decide_all(tx: WriteSession, taken: Sequence[Taken], *, now: datetime) -> None:
    """Carry the same decision of one moderator out about many ideas, in a handful of statements; all or none.

    The caller has asked whether each may be decided so.
    """
    if not taken:
        return
    if taken[0].outcome is not Outcome.PUBLISH:
        taken = [await _numberless(tx, one, now=now) for one in taken]
    rows = [
        {
            "idea_id": one.idea.id,
            "version_sha256": one.sha256,
            "outcome": one.outcome,
            "ground_id": one.ground_id,
            "explanation": one.explanation,
            "decided_by_id": one.by,
            "decided_at": now,
        }
        for one in taken
    ]
    await tx.execute(insert(Decision), rows)
    [(outcome, by)] = {(one.outcome, one.by) for one in taken}
    await moving.move_all(tx, ideas=[one.idea for one in taken], to=BECOMES[outcome], actor_id=by, now=now)
    number: dict[int, int] = {}
    for some in batched([one.idea.id for one in taken]):
        await tx.execute(delete(Claim).where(Claim.idea_id.in_(some)))
        newest = select(Decision.idea_id, func.max(Decision.id)).where(Decision.idea_id.in_(some))
        number |= {idea_id: last for idea_id, last in await tx.execute(newest.group_by(Decision.idea_id))}  # noqa: C416 - rows are not tuples to mypy
    await record_all(tx, [_fact(one.idea, number[one.idea.id], outcome, by=by, now=now) for one in taken])


async def _without_numbers(tx: WriteSession, idea: Idea, version: IdeaVersion, *, now: datetime) -> IdeaVersion:
    """What is not published is kept without citizen service numbers: the text to decide about."""
    numbers = masking.citizen_numbers(flagging.texts_of(idea))
    return await masking.mask(tx, idea=idea, cuts=numbers, now=now) if numbers else version


async def _numberless(tx: WriteSession, one: Taken, *, now: datetime) -> Taken:
    if not masking.citizen_numbers(flagging.texts_of(one.idea)):
        return one
    version = await _without_numbers(tx, one.idea, await current_version(tx, one.idea.id), now=now)
    return replace(one, sha256=version.sha256)


def refuse(hindrance: Hindrance | None) -> None:
    """Raise what stands in the way of a decision."""
    if hindrance in {Hindrance.PLANNED, Hindrance.CHANGED}:
        raise ChangedMeanwhile
    if hindrance is Hindrance.NO_GROUND:
        raise rules.GroundNeeded
    if hindrance is Hindrance.NUMBER:
        raise rules.NumberStands
    if hindrance is not None:
        raise IllegalMove


async def _refuse_planned(tx: WriteSession, idea: Idea, *, seen: str | None) -> None:
    """Whoever decides by hand hears of a decision that can still be undone; a report or an appeal goes before it."""
    planned = select(PlannedDecision.id).where(PlannedDecision.idea_id == idea.id)
    if seen is not None and await tx.scalar(planned) is not None:
        raise ChangedMeanwhile


def _fact(idea: Idea, decision_id: int, outcome: Outcome, *, by: int, now: datetime) -> DecisionTaken:
    return DecisionTaken(
        at=now,
        actor_id=by,
        idea_id=idea.id,
        consultation_id=idea.consultation_id,
        decision_id=decision_id,
        outcome=outcome,
    )


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
