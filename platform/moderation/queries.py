"""Every reusable SELECT of moderation. Author e-mail addresses are never loaded here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import joinedload

from accounts.models import Person
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.states import ConsultationState, IdeaState
from kernel.db import ReadSession
from kernel.errors import NotFound
from moderation.models import Appeal, Claim, Decision, Ground, Report
from moderation.states import ReportState

AT_MOST = 100
"""Rows of one list; the longest-waiting come first, so the rest follows as these are decided."""

WHOLE = (joinedload(Idea.consultation), joinedload(Idea.above))
"""An idea with its consultation and, of a comment, the idea that it stands under."""

Panels = Collection[int] | None
"""Whose ideas: None means every panel's."""


@dataclass(frozen=True)
class WaitingIdea:
    """An idea in the queue, since when it waits, and who is looking at it."""

    idea: Idea
    since: datetime
    claimed_by: str


@dataclass(frozen=True)
class TakenDecision:
    """A decision with the name of who took it; for staff only."""

    decision: Decision
    decided_by: str


async def grounds(db: ReadSession, consultation_id: int) -> list[Ground]:
    """The grounds of a consultation, in the order they were published in."""
    published = select(Ground).where(Ground.consultation_id == consultation_id).order_by(Ground.position)
    return list((await db.scalars(published)).all())


async def latest_decision(db: ReadSession, idea_id: int) -> Decision | None:
    """The decision that holds now, with its ground."""
    taken = select(Decision).where(Decision.idea_id == idea_id).order_by(Decision.id.desc()).limit(1)
    return await db.scalar(taken.options(joinedload(Decision.ground)))


async def decisions_of(db: ReadSession, idea_id: int) -> list[TakenDecision]:
    """Everything that was decided about an idea, newest first."""
    taken = (
        select(Decision, Person.name)
        .join(Person, Person.id == Decision.decided_by_id)
        .where(Decision.idea_id == idea_id)
        .options(joinedload(Decision.ground))
        .order_by(Decision.id.desc())
    )
    return [TakenDecision(decision, name) for decision, name in await db.execute(taken)]


async def latest_appeal(db: ReadSession, idea_id: int) -> Appeal | None:
    """The newest appeal of an idea's author, with the decision it is against."""
    lodged = select(Appeal).join(Decision).where(Decision.idea_id == idea_id).order_by(Appeal.id.desc()).limit(1)
    return await db.scalar(lodged.options(joinedload(Appeal.decision).joinedload(Decision.ground)))


async def appeal_against(db: ReadSession, decision_id: int) -> Appeal | None:
    """The appeal against this decision."""
    return await db.scalar(select(Appeal).where(Appeal.decision_id == decision_id))


async def decision_taken(db: ReadSession, decision_id: int) -> Decision | None:
    """A decision with its idea and consultation, for the sentence that confirms it."""
    wanted = select(Decision).where(Decision.id == decision_id)
    return await db.scalar(wanted.options(joinedload(Decision.idea).joinedload(Idea.consultation)))


async def versions(db: ReadSession, idea_id: int) -> list[IdeaVersion]:
    """Every text an idea had, newest first."""
    written = select(IdeaVersion).where(IdeaVersion.idea_id == idea_id).order_by(IdeaVersion.number.desc())
    return list((await db.scalars(written)).all())


async def report(db: ReadSession, report_id: int) -> Report:
    """A report with its idea and consultation; raises NotFound."""
    wanted = select(Report).where(Report.id == report_id)
    found = await db.scalar(wanted.options(joinedload(Report.idea).options(*WHOLE)))
    if found is None:
        raise NotFound
    return found


async def open_reports_of(db: ReadSession, idea_id: int) -> list[Report]:
    """What citizens say about this idea that nobody has answered yet."""
    wanted = select(Report).where(Report.idea_id == idea_id, Report.state == ReportState.RECEIVED)
    return list((await db.scalars(wanted.order_by(Report.id))).all())


async def appeal(db: ReadSession, appeal_id: int) -> Appeal:
    """An appeal with its decision, ground, idea and consultation; raises NotFound."""
    to_decision = joinedload(Appeal.decision)
    found = await db.scalar(
        select(Appeal)
        .where(Appeal.id == appeal_id)
        .options(
            to_decision.joinedload(Decision.ground),
            to_decision.joinedload(Decision.idea).options(*WHOLE),
        )
    )
    if found is None:
        raise NotFound
    return found


async def claim_on(db: ReadSession, idea_id: int, *, now: datetime) -> tuple[Claim, str] | None:
    """The claim that still holds, and the claimer's name."""
    held = select(Claim, Person.name).join(Person, Person.id == Claim.moderator_id)
    found = (await db.execute(held.where(Claim.idea_id == idea_id, Claim.expires_at > now))).first()
    return (found[0], found[1]) if found else None


def _of(panels: Panels) -> ColumnElement[bool]:
    return true() if panels is None else Consultation.panel_id.in_(panels)


async def waiting(
    db: ReadSession, *, states: Collection[IdeaState], panels: Panels, now: datetime, most: int = AT_MOST
) -> list[WaitingIdea]:
    """Ideas in these states, oldest receipt first."""
    newest_text = select(func.max(IdeaVersion.written_at)).where(IdeaVersion.idea_id == Idea.id)
    rows = (
        select(Idea, newest_text.correlate(Idea).scalar_subquery(), Person.name)
        .join(Idea.consultation)
        .outerjoin(Claim, and_(Claim.idea_id == Idea.id, Claim.expires_at > now))
        .outerjoin(Person, Person.id == Claim.moderator_id)
        .where(Idea.state.in_(states), _of(panels))
        .options(*WHOLE)
        .order_by(Idea.received_at, Idea.id)
        .limit(most)
    )
    return [
        WaitingIdea(idea, max(filter(None, (idea.received_at, idea.confirmed_at, written_at))), name or "")
        for idea, written_at, name in await db.execute(rows)
    ]


async def decided_since(db: ReadSession, *, since: datetime, panels: Panels) -> list[TakenDecision]:
    """Decisions from an instant on, newest first."""
    rows = (
        select(Decision, Person.name)
        .join(Person, Person.id == Decision.decided_by_id)
        .join(Decision.idea)
        .join(Idea.consultation)
        .where(Decision.decided_at >= since, _of(panels))
        .options(joinedload(Decision.idea).options(*WHOLE))
        .order_by(Decision.id.desc())
        .limit(AT_MOST)
    )
    return [TakenDecision(decision, name) for decision, name in await db.execute(rows)]


async def consultations(db: ReadSession, *, panels: Panels) -> list[Consultation]:
    """What can be chosen from: the consultations of these panels that came to be read, the newest first."""
    wanted = (
        select(Consultation)
        .where(Consultation.state != ConsultationState.DRAFT)
        .order_by(Consultation.opens_at.desc(), Consultation.id.desc())
    )
    if panels is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panels))
    return list((await db.scalars(wanted.limit(100))).all())
