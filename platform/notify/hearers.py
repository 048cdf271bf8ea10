"""Who hears of something: the people behind a role, a seat, an idea, a meeting."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from accounts import roles
from accounts.states import Role
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import ReadSession
from panels.models import AgendaIdea, AgendaItem, Recommendation, Response, Seat
from panels.states import ItemState


async def members(db: ReadSession, *, panel_id: int, now: datetime) -> list[int]:
    """Everybody who sits in the panel now, by seat or by role."""
    seated = select(Seat.person_id).where(
        Seat.panel_id == panel_id, Seat.from_at <= now, or_(Seat.to_at.is_(None), Seat.to_at > now)
    )
    by_role = await roles.holders(db, role=Role.MEMBER, panel_id=panel_id)
    return sorted({*(await db.scalars(seated)), *(person.id for person in by_role)})


async def in_roles(db: ReadSession, *, panel_id: int, wanted: Iterable[Role]) -> list[int]:
    """Everybody who holds one of the roles for the panel, or for all panels."""
    found: set[int] = set()
    for role in wanted:
        found |= {person.id for person in await roles.holders(db, role=role, panel_id=panel_id)}
    return sorted(found)


async def panel_of_idea(db: ReadSession, idea_id: int) -> int:
    """The panel that asked the question an idea answers."""
    wanted = select(Consultation.panel_id).join(Idea, Idea.consultation_id == Consultation.id).where(Idea.id == idea_id)
    return (await db.scalars(wanted)).one()


async def panel_of_response(db: ReadSession, response_id: int) -> int:
    """The panel whose advice is answered."""
    wanted = select(Recommendation.panel_id).join(Response.recommendation).where(Response.id == response_id)
    return (await db.scalars(wanted)).one()


async def authors_at(db: ReadSession, *, meeting_id: int, states: Iterable[ItemState]) -> list[int]:
    """The authors of the public ideas behind a meeting's points in these states, and of what goes on in those.

    Not those of imported ideas.
    """
    wanted = (
        select(Idea.author_id)
        .join(AgendaIdea, AgendaIdea.idea_id == func.coalesce(Idea.merged_into_id, Idea.id))
        .join(AgendaItem, AgendaItem.id == AgendaIdea.agenda_item_id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.state.in_(list(states)))
        .where(Idea.state == IdeaState.PUBLISHED, not_imported())
    )
    return sorted(set(await db.scalars(wanted)))


def not_imported() -> ColumnElement[bool]:
    """Ideas that a person sent here; nobody is written to about a file's."""
    return or_(Idea.external_id.is_(None), Idea.external_id.startswith("form:"))


def is_imported(idea: Idea) -> bool:
    """Whether it came from a file: its author is not a person who waits for a letter."""
    return idea.external_id is not None and not idea.external_id.startswith("form:")


async def response_to(db: ReadSession, recommendation_id: int) -> int | None:
    """The answer that an advice waits for."""
    return await db.scalar(select(Response.id).where(Response.recommendation_id == recommendation_id))
