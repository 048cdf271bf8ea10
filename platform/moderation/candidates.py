"""What can be decided about, with all that a decision rests on: as many as a thousand in a handful of questions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.actor import Actor
from accounts.models import Person
from consultations import flagging, masking
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.queries import is_newest
from kernel.db import ReadSession, batched
from moderation import rules
from moderation.models import Claim, Decision, Ground, PlannedDecision
from moderation.states import NEEDS_GROUND, Hindrance, Outcome

MOST = 1_000
"""Ideas that one decision can be about."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An idea as somebody has it before them; `idea.consultation` is loaded."""

    idea: Idea
    sha256: str
    last_decision_id: int | None
    planned: PlannedDecision | None
    claimed_by: tuple[int, str] | None  # who reads it now

    @property
    def mark(self) -> str:
        """The mark of this text after this decision."""
        return rules.mark_of(self.sha256, self.last_decision_id)


async def look(db: ReadSession, idea_ids: Iterable[int], *, now: datetime) -> list[Candidate]:
    """Those of these that moderators may see, the longest waiting first."""
    found: list[Candidate] = []
    for some in batched(sorted(set(idea_ids))):
        found += await _look(db, some, now)
    return sorted(found, key=lambda one: (one.idea.waiting_since, one.idea.id))


async def _look(db: ReadSession, idea_ids: list[int], now: datetime) -> list[Candidate]:
    wanted = select(Idea).where(Idea.id.in_(idea_ids), Idea.state.not_in(rules.NOT_YET_OURS))
    beside = joinedload if len(idea_ids) == 1 else selectinload  # it is the same for most
    ideas = (await db.scalars(wanted.options(beside(Idea.consultation)))).all()
    texts = select(IdeaVersion.idea_id, IdeaVersion.sha256).where(IdeaVersion.idea_id.in_(idea_ids), is_newest())
    sha256 = {idea_id: mark for idea_id, mark in await db.execute(texts)}  # noqa: C416 - rows are not tuples to mypy
    taken = select(Decision.idea_id, func.max(Decision.id)).where(Decision.idea_id.in_(idea_ids))
    last = {idea_id: number for idea_id, number in await db.execute(taken.group_by(Decision.idea_id))}  # noqa: C416 - as above
    planned = await db.scalars(select(PlannedDecision).where(PlannedDecision.idea_id.in_(idea_ids)))
    plan_of = {one.idea_id: one for one in planned}
    held = select(Claim.idea_id, Person.id, Person.name).join(Person, Person.id == Claim.moderator_id)
    held = held.where(Claim.idea_id.in_(idea_ids), Claim.expires_at > now)
    reader = {idea_id: (who, name) for idea_id, who, name in await db.execute(held)}
    return [
        Candidate(
            idea=idea,
            sha256=sha256[idea.id],
            last_decision_id=last.get(idea.id),
            planned=plan_of.get(idea.id),
            claimed_by=reader.get(idea.id),
        )
        for idea in ideas
    ]


async def grounds_of(db: ReadSession, consultation_ids: Collection[int]) -> dict[tuple[int, str], Ground]:
    """The grounds of these consultations, by consultation and code."""
    wanted = select(Ground).where(Ground.consultation_id.in_(set(consultation_ids))).order_by(Ground.position)
    return {(one.consultation_id, one.code): one for one in await db.scalars(wanted)}


def hindrance(
    candidate: Candidate,
    *,
    outcome: Outcome,
    ground_code: str,
    grounds: Mapping[tuple[int, str], Ground],
    seen: str | None,
    actor: Actor | None = None,
    has_no_number: bool = False,
) -> Hindrance | None:
    """What is in the way of this decision; None when it can be taken. With `actor`: also that a colleague reads it."""
    idea = candidate.idea
    if candidate.planned is not None:
        return Hindrance.PLANNED
    if seen is not None and seen != candidate.mark:
        return Hindrance.CHANGED
    if outcome not in offered_for(idea):
        return Hindrance.NOT_OFFERED
    if outcome in NEEDS_GROUND and (idea.consultation_id, ground_code) not in grounds:
        return Hindrance.NO_GROUND
    if outcome is Outcome.PUBLISH and not has_no_number and masking.citizen_numbers(flagging.texts_of(idea)):
        return Hindrance.NUMBER
    if actor is not None and candidate.claimed_by is not None and candidate.claimed_by[0] != actor.person_id:
        return Hindrance.CLAIMED
    return None


def offered_for(idea: Idea) -> tuple[Outcome, ...]:
    """What can be decided about it; `idea.consultation` is loaded."""
    return rules.offered(idea.state, may_return=rules.sends_back(idea, idea.consultation))


def consultations_in(candidates: Iterable[Candidate]) -> dict[int, Consultation]:
    """What these are about, by id."""
    return {one.idea.consultation_id: one.idea.consultation for one in candidates}
