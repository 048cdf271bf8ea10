"""Every reusable SELECT of this room."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import product

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from accounts.access import Permission, may
from accounts.actor import Actor
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import ReadSession
from kernel.errors import NotFound
from panels import rules
from panels.models import AgendaIdea, AgendaItem, Agreement, Meeting, Panel, Seat
from panels.report_models import Briefing
from panels.states import MeetingState, SeatEntry, SeatKind

# panels


async def panels(db: ReadSession) -> Sequence[Panel]:
    """All panels, in the order they were set up."""
    return (await db.scalars(select(Panel).order_by(Panel.id))).all()


async def panels_for(db: ReadSession, actor: Actor, permission: Permission) -> list[Panel]:
    """Those for which somebody may do this."""
    return [panel for panel in await panels(db) if may(actor, permission, panel_id=panel.id)]


async def panel_by_slug(db: ReadSession, slug: str) -> Panel:
    """The panel of an address; raises NotFound."""
    panel = await db.scalar(select(Panel).where(Panel.slug == slug))
    if panel is None:
        raise NotFound
    return panel


async def agreement(db: ReadSession, panel_id: int, number: int | None = None) -> Agreement | None:
    """A version of the agreement; without a number the one in force."""
    wanted = select(Agreement).where(Agreement.panel_id == panel_id)
    if number is not None:
        wanted = wanted.where(Agreement.number == number)
    return await db.scalar(wanted.order_by(Agreement.number.desc()).limit(1))


async def agreements(db: ReadSession, panel_id: int) -> Sequence[Agreement]:
    """Every version, the newest first."""
    wanted = select(Agreement).where(Agreement.panel_id == panel_id).order_by(Agreement.number.desc())
    return (await db.scalars(wanted)).all()


async def seat_counts(db: ReadSession, panel_id: int) -> dict[tuple[SeatKind, SeatEntry], int]:
    """How many sit in the panel now, by kind and by how they came in; citizens first."""
    wanted = (
        select(Seat.kind, Seat.entry, func.count())
        .where(Seat.panel_id == panel_id, Seat.to_at.is_(None))
        .group_by(Seat.kind, Seat.entry)
    )
    found = {(kind, entry): count for kind, entry, count in await db.execute(wanted)}
    return {both: found[both] for both in product(SeatKind, SeatEntry) if both in found}


def by_kind(counts: Mapping[tuple[SeatKind, SeatEntry], int]) -> dict[SeatKind, int]:
    """The same counts, however people came in."""
    found: dict[SeatKind, int] = {}
    for (kind, _entry), count in counts.items():
        found[kind] = found.get(kind, 0) + count
    return found


async def seats_by_kind(db: ReadSession, panel_id: int) -> dict[SeatKind, int]:
    """How many sit in the panel now, by kind."""
    return (await seats_of_each(db, [panel_id]))[panel_id]


async def seats_of_each(db: ReadSession, panel_ids: Collection[int]) -> dict[int, dict[SeatKind, int]]:
    """How many sit in each panel now, by kind."""
    wanted = (
        select(Seat.panel_id, Seat.kind, func.count())
        .where(Seat.panel_id.in_(panel_ids), Seat.to_at.is_(None))
        .group_by(Seat.panel_id, Seat.kind)
    )
    found: dict[int, dict[SeatKind, int]] = {panel_id: {} for panel_id in panel_ids}
    for panel_id, kind, count in await db.execute(wanted):
        found[panel_id][kind] = count
    return found


async def seats(db: ReadSession, panel_id: int) -> Sequence[Seat]:
    """Who sits in the panel now, with the persons; not for public pages."""
    wanted = select(Seat).where(Seat.panel_id == panel_id, Seat.to_at.is_(None)).options(joinedload(Seat.person))
    return (await db.scalars(wanted.order_by(Seat.id))).all()


# meetings


async def meeting_by_id(db: ReadSession, meeting_id: int) -> Meeting:
    """A meeting with its panel; raises NotFound."""
    meeting = await db.scalar(select(Meeting).where(Meeting.id == meeting_id).options(joinedload(Meeting.panel)))
    if meeting is None:
        raise NotFound
    return meeting


async def meeting_by_number(db: ReadSession, slug: str, number: int) -> Meeting:
    """A meeting of a panel with the panel; raises NotFound."""
    wanted = select(Meeting).join(Meeting.panel).where(Panel.slug == slug, Meeting.number == number)
    meeting = await db.scalar(wanted.options(joinedload(Meeting.panel)))
    if meeting is None:
        raise NotFound
    return meeting


async def meetings(db: ReadSession, panel_ids: Collection[int]) -> Sequence[Meeting]:
    """All meetings of some panels, the latest first."""
    wanted = select(Meeting).where(Meeting.panel_id.in_(panel_ids)).options(joinedload(Meeting.panel))
    return (await db.scalars(wanted.order_by(Meeting.starts_at.desc(), Meeting.id.desc()))).all()


async def next_meeting(db: ReadSession, panel_id: int, *, after: datetime) -> Meeting | None:
    """The first meeting after an instant that is still to come."""
    wanted = (
        select(Meeting)
        .where(Meeting.panel_id == panel_id, Meeting.starts_at > after, Meeting.state.in_(rules.STILL_TO_COME))
        .options(joinedload(Meeting.panel))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
    return await db.scalar(wanted)


async def at_work(db: ReadSession, panel_ids: Collection[int]) -> Sequence[Meeting]:
    """The meetings of some panels that are still to come or whose minutes are being made, the latest first."""
    wanted = select(Meeting).where(
        Meeting.panel_id.in_(panel_ids), Meeting.state.in_(rules.STILL_TO_COME | rules.TAKES_NOTES)
    )
    return (await db.scalars(wanted.order_by(Meeting.starts_at.desc(), Meeting.id.desc()))).all()


async def consultations_of(db: ReadSession, meeting_id: int) -> Sequence[Consultation]:
    """The consultations that feed a meeting."""
    wanted = select(Consultation).where(Consultation.meeting_id == meeting_id).order_by(Consultation.id)
    return (await db.scalars(wanted)).all()


async def has_minutes(db: ReadSession, panel_id: int) -> Sequence[Meeting]:
    """The meetings anybody may look back on, the latest first."""
    past = (
        MeetingState.HELD,
        MeetingState.MINUTES_DRAFTED,
        MeetingState.MINUTES_ADOPTED,
        MeetingState.MINUTES_PUBLISHED,
        MeetingState.CANCELLED,
    )
    wanted = select(Meeting).where(Meeting.panel_id == panel_id, Meeting.state.in_(past))
    return (await db.scalars(wanted.order_by(Meeting.starts_at.desc(), Meeting.id.desc()))).all()


# agendas


async def agenda(db: ReadSession, meeting_id: int) -> Sequence[AgendaItem]:
    """The points of a meeting with their themes: in order, then those that left the agenda."""
    wanted = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).options(joinedload(AgendaItem.theme))
    return (await db.scalars(wanted.order_by(AgendaItem.position.is_(None), AgendaItem.position, AgendaItem.id))).all()


async def point_by_id(db: ReadSession, item_id: int) -> AgendaItem:
    """An agenda item with its theme, meeting and panel; raises NotFound."""
    wanted = (
        select(AgendaItem)
        .where(AgendaItem.id == item_id)
        .options(joinedload(AgendaItem.theme), joinedload(AgendaItem.meeting).joinedload(Meeting.panel))
    )
    point = await db.scalar(wanted)
    if point is None:
        raise NotFound
    return point


async def ideas_behind(db: ReadSession, item_ids: Collection[int]) -> dict[int, list[tuple[AgendaIdea, Idea]]]:
    """The public ideas each point rests on, oldest first."""
    wanted = (
        select(AgendaIdea, Idea)
        .join(Idea, Idea.id == AgendaIdea.idea_id)
        .where(AgendaIdea.agenda_item_id.in_(item_ids), Idea.state == IdeaState.PUBLISHED)
        .order_by(Idea.received_at, Idea.id)
    )
    found: dict[int, list[tuple[AgendaIdea, Idea]]] = {item_id: [] for item_id in item_ids}
    for link, idea in await db.execute(wanted):
        found[link.agenda_item_id].append((link, idea))
    return found


async def idea_ids_of(db: ReadSession, item_id: int, *, apart: bool = False) -> list[int]:
    """The public ideas a point rests on; those with an outcome of their own only when asked for."""
    wanted = (
        select(AgendaIdea.idea_id)
        .join(Idea, Idea.id == AgendaIdea.idea_id)
        .where(AgendaIdea.agenda_item_id == item_id, Idea.state == IdeaState.PUBLISHED)
        .order_by(AgendaIdea.idea_id)
    )
    if not apart:
        wanted = wanted.where(AgendaIdea.own_route.is_(None))
    return list((await db.scalars(wanted)).all())


async def briefing_of(db: ReadSession, meeting_id: int) -> Briefing | None:
    """What the members were given before a meeting, once it is made."""
    return await db.scalar(select(Briefing).where(Briefing.meeting_id == meeting_id))


async def briefed(db: ReadSession, meeting_ids: Collection[int]) -> set[int]:
    """Those of the meetings for which it is made."""
    return set(await db.scalars(select(Briefing.meeting_id).where(Briefing.meeting_id.in_(meeting_ids))))
