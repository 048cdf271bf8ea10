"""SELECTs about decisions that can still be undone."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Person
from consultations.models import Consultation, Idea
from kernel.db import ReadSession
from moderation.models import PlannedDecision
from moderation.queries import WHOLE, Panels


async def planned(db: ReadSession, *, panels: Panels, most: int) -> list[tuple[PlannedDecision, str]]:
    """Decisions that can still be undone, the newest first, with who took them."""
    wanted = (
        select(PlannedDecision, Person.name)
        .join(Person, Person.id == PlannedDecision.planned_by_id)
        .join(PlannedDecision.idea)
        .options(joinedload(PlannedDecision.idea).options(*WHOLE))
        .order_by(PlannedDecision.id.desc())
        .limit(most)
    )
    if panels is not None:
        theirs = select(Consultation.id).where(Consultation.panel_id.in_(panels))
        wanted = wanted.where(Idea.consultation_id.in_(theirs))
    return [(plan, name) for plan, name in await db.execute(wanted)]


async def plan_of(db: ReadSession, idea_id: int) -> tuple[PlannedDecision, str] | None:
    """The decision about this idea that can still be undone, and who took it."""
    wanted = (
        select(PlannedDecision, Person.name)
        .join(Person, Person.id == PlannedDecision.planned_by_id)
        .where(PlannedDecision.idea_id == idea_id)
        .options(joinedload(PlannedDecision.ground), joinedload(PlannedDecision.idea).options(*WHOLE))
    )
    found = (await db.execute(wanted)).first()
    return (found[0], found[1]) if found else None


async def plans_together(db: ReadSession, together: str) -> Sequence[PlannedDecision]:
    """All that was decided at once and can still be undone."""
    wanted = select(PlannedDecision).where(PlannedDecision.together == together)
    to_consultation = selectinload(PlannedDecision.idea).selectinload(Idea.consultation)  # it is the same for most
    return (await db.scalars(wanted.options(to_consultation).order_by(PlannedDecision.id))).all()
