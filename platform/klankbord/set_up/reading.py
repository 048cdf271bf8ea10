"""What several pages of setting up show, gathered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from accounts import access, roles
from accounts.access import ALLOWED, Permission
from accounts.actor import Actor
from accounts.models import Person
from accounts.states import Role
from consultations import queries as consultation_queries
from consultations.models import Consultation
from kernel.db import ReadSession
from moderation import queries as moderation_queries
from moderation.grounds import DEFAULT_GROUNDS, GroundText
from panels import queries as panel_queries
from panels import rules as panel_rules
from panels.models import Meeting, Panel


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Somebody with a task."""

    role: Role
    person: Person


@dataclass(frozen=True, kw_only=True)
class Feeds:
    """A meeting that a consultation can feed, and until when it may take ideas for it."""

    meeting: Meeting
    deadline: datetime


async def holders(db: ReadSession, *, panel_id: int | None, among: Sequence[Role]) -> list[Holder]:
    """Who holds these roles for a panel, or without one for the installation; in the order of the roles."""
    found = [
        Holder(role=role, person=person)
        for role, held_for, person in await roles.held(db, among=among)
        if held_for == panel_id
    ]
    return sorted(found, key=lambda one: list(among).index(one.role))


async def has_moderators(db: ReadSession, panel_id: int) -> bool:
    """Whether anybody can decide about the ideas for this panel."""
    return any(
        held_for in {None, panel_id} for _, held_for, _ in await roles.held(db, among=ALLOWED[Permission.MODERATE])
    )


async def meetings_to_feed(
    db: ReadSession, actor: Actor, *, keep: int | None = None, zone: ZoneInfo, now: datetime
) -> list[Feeds]:
    """Meetings of her panels whose agenda is still to be settled, the first one first.

    `keep` stays in although its agenda was settled meanwhile, as long as it will be held.
    """
    found = []
    kept = await panel_queries.panels_for(db, actor, Permission.PREPARE_CONSULTATIONS)
    for meeting in await panel_queries.meetings(db, [panel.id for panel in kept]):
        deadline = panel_rules.agenda_deadline(meeting, meeting.panel, zone)
        is_kept = meeting.id == keep and meeting.state in panel_rules.STILL_TO_COME
        if is_kept or (meeting.state in panel_rules.TAKES_CHANGES and deadline > now):
            found.append(Feeds(meeting=meeting, deadline=deadline))
    return found[::-1]


async def meeting_of(db: ReadSession, consultation: Consultation) -> Meeting | None:
    """The meeting a consultation feeds, with its panel."""
    return await panel_queries.meeting_by_id(db, consultation.meeting_id) if consultation.meeting_id else None


async def prepared(db: ReadSession, consultation_id: int, actor: Actor) -> Consultation:
    """The consultation, for the secretary of its panel; to others it is not there, or not theirs to prepare."""
    consultation = await consultation_queries.by_id(db, consultation_id)
    access.require(actor, Permission.PREPARE_CONSULTATIONS, panel_id=consultation.panel_id)
    return consultation


async def looked_at(db: ReadSession, consultation_id: int, actor: Actor) -> Consultation:
    """The consultation, for who prepares it or reads along; to others it is not there."""
    consultation = await consultation_queries.by_id(db, consultation_id)
    access.require(actor, Permission.READ_CONSULTATION_WORK, panel_id=consultation.panel_id)
    return consultation


async def consultations_of(db: ReadSession, panels: Sequence[Panel]) -> Sequence[Consultation]:
    """The consultations of these panels, the latest to close first."""
    wanted = select(Consultation).where(Consultation.panel_id.in_([panel.id for panel in panels]))
    return (await db.scalars(wanted.order_by(Consultation.closes_at.desc(), Consultation.id.desc()))).all()


async def slug_is_taken(db: ReadSession, kind: type[Panel] | type[Consultation], slug: str, *, by: int | None) -> bool:
    """Whether another panel or consultation has this address."""
    found = await db.scalar(select(kind.id).where(kind.slug == slug))
    return found is not None and found != by


async def grounds_of(db: ReadSession, consultation_id: int) -> list[GroundText]:
    """The grounds as they were written for this consultation, or the usual ones."""
    found = await moderation_queries.grounds(db, consultation_id)
    return [GroundText(one.code, one.title, one.wording) for one in found] or list(DEFAULT_GROUNDS)
