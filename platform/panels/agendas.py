"""The agenda of a meeting: points come on it, change, change places and leave it; it is settled and published.

Before publication the secretary works freely until the freeze. After it every change is marked.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from accounts.actor import Actor
from consultations import ideas
from consultations.states import IdeaRoute
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import record
from kernel.seen import require_seen
from panels import meetings, places, queries, rules, waiting
from panels.errors import AgendaEmpty, AgendaSettled, AlreadyOnAgenda, NotThisOrder, ReasonsMissing
from panels.events import (
    AgendaItemAdded,
    AgendaItemChanged,
    AgendaItemDeclined,
    AgendaItemWithdrawn,
    MeetingAgendaFrozen,
    MeetingAgendaPublished,
)
from panels.models import AgendaItem, Meeting
from panels.states import ItemState, MeetingState
from themes.models import Theme
from themes.rules import require_current


async def add_theme(
    tx: WriteSession,
    *,
    meeting: Meeting,
    theme: Theme,
    title: str = "",
    question: str,
    minutes: int,
    presenter: str = "",
    is_confidential: bool = False,
    actor: Actor,
    now: datetime,
) -> AgendaItem:
    """Make a theme a point on the agenda, with the ideas that stand in it now; their authors can follow it."""
    await _require_not_yet(tx, meeting=meeting, theme=theme)
    point = await add(
        tx,
        meeting=meeting,
        title=title or theme.name,
        question=question,
        minutes=minutes,
        presenter=presenter,
        is_confidential=is_confidential,
        theme=theme,
        actor=actor,
        now=now,
    )
    idea_ids = await waiting.ideas_in(tx, theme.id, meeting=meeting)
    await places.rest_on(tx, point=point, idea_ids=idea_ids)
    await ideas.route(tx, idea_ids=idea_ids, route=IdeaRoute.ON_AGENDA, actor_id=actor.person_id, now=now)
    return point


async def add(
    tx: WriteSession,
    *,
    meeting: Meeting,
    title: str,
    question: str = "",
    minutes: int,
    presenter: str = "",
    is_confidential: bool = False,
    theme: Theme | None = None,
    actor: Actor,
    now: datetime,
) -> AgendaItem:
    """Put a point at the end of the agenda; the first point opens it."""
    await _require_changeable(tx, meeting=meeting, actor=actor, now=now)
    point = AgendaItem(
        meeting_id=meeting.id,
        position=await places.last_position(tx, meeting.id) + 1,
        title=title,
        question=question,
        minutes=minutes,
        presenter=presenter,
        is_confidential=is_confidential,
        theme_id=theme.id if theme else None,
        state=ItemState.ADMITTED,
        added_after_publication=meeting.state is MeetingState.AGENDA_PUBLISHED,
        meeting=meeting,
        theme=theme,
    )
    point.move_to(ItemState.SCHEDULED)
    tx.add(point)
    await tx.flush()
    await places.tell(tx, AgendaItemAdded, point, actor.person_id, now)
    return point


async def leave_out(
    tx: WriteSession, *, meeting: Meeting, theme: Theme, reason: str, actor: Actor, now: datetime
) -> AgendaItem:
    """Say in public, once, why a theme is not on this agenda; its authors read the reason."""
    rules.require_keeper(actor, meeting.panel_id)
    if meeting.state not in rules.TAKES_CHANGES | {MeetingState.AGENDA_PUBLISHED}:
        raise AgendaSettled
    if not reason:
        raise ReasonsMissing
    await _require_not_yet(tx, meeting=meeting, theme=theme, gone=(ItemState.WITHDRAWN,))
    point = AgendaItem(
        meeting_id=meeting.id,
        position=None,
        title=theme.name,
        theme_id=theme.id,
        state=ItemState.DECLINED,
        reason=reason,
        meeting=meeting,
        theme=theme,
    )
    tx.add(point)
    await tx.flush()
    idea_ids = await waiting.ideas_in(tx, theme.id, meeting=meeting)
    await places.rest_on(tx, point=point, idea_ids=idea_ids)
    await ideas.route(tx, idea_ids=idea_ids, route=IdeaRoute.NOT_TAKEN, actor_id=actor.person_id, now=now)
    await places.tell(tx, AgendaItemDeclined, point, actor.person_id, now)
    return point


async def change(
    tx: WriteSession,
    *,
    point: AgendaItem,
    title: str,
    question: str,
    minutes: int,
    presenter: str,
    is_confidential: bool,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change the text or time of a point that has not left the agenda; after publication the change is marked."""
    meeting = await tx.get_one(Meeting, point.meeting_id)
    await _require_changeable(tx, meeting=meeting, actor=actor, now=now)
    if point.position is None:
        raise IllegalMove
    require_seen(point, seen)
    point.title, point.question, point.minutes = title, question, minutes
    point.presenter, point.is_confidential = presenter, is_confidential
    if meeting.state is MeetingState.AGENDA_PUBLISHED:
        point.changed_at = now
    await tx.flush()
    await places.tell(tx, AgendaItemChanged, point, actor.person_id, now)


async def withdraw(tx: WriteSession, *, point: AgendaItem, reason: str, actor: Actor, now: datetime) -> None:
    """Take a point off the agenda, with the reason. Its ideas wait for another agenda."""
    meeting = await tx.get_one(Meeting, point.meeting_id)
    await _require_changeable(tx, meeting=meeting, actor=actor, now=now)
    if not reason:
        raise ReasonsMissing
    point.move_to(ItemState.WITHDRAWN)
    point.reason, point.position = reason, None
    if meeting.state is MeetingState.AGENDA_PUBLISHED:
        point.changed_at = now
    await tx.flush()
    order = list(await tx.scalars(places.scheduled(meeting.id)))
    await places.place(tx, order)
    idea_ids = await queries.idea_ids_of(tx, point.id)
    await ideas.route(tx, idea_ids=idea_ids, route=IdeaRoute.POSTPONED, actor_id=actor.person_id, now=now)
    await places.tell(tx, AgendaItemWithdrawn, point, actor.person_id, now)


async def reorder(tx: WriteSession, *, meeting: Meeting, order: list[int], actor: Actor, now: datetime) -> None:
    """Put the points in this order, given as the ids of all of them; refused when that is no longer all of them."""
    await _require_changeable(tx, meeting=meeting, actor=actor, now=now)
    before = list(await tx.scalars(places.scheduled(meeting.id)))
    if sorted(order) != sorted(before):
        raise NotThisOrder
    await places.place(tx, order)
    if meeting.state is not MeetingState.AGENDA_PUBLISHED:
        return
    for old, new in zip(before, order, strict=True):
        if old != new:
            point = await tx.get_one(AgendaItem, new, populate_existing=True)
            point.changed_at = now
            await places.tell(tx, AgendaItemChanged, point, actor.person_id, now)


async def freeze(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Settle points and order; until publication it can be opened again.

    Ideas that came into a theme after its point was made are taken along now.
    """
    rules.require_keeper(actor, meeting.panel_id)
    if not await places.last_position(tx, meeting.id):
        raise AgendaEmpty
    for point in await queries.agenda(tx, meeting.id):
        if point.position is not None and point.theme_id is not None:
            newer = await waiting.ideas_in(tx, point.theme_id, meeting=meeting)
            await places.rest_on(tx, point=point, idea_ids=newer)
            await ideas.route(tx, idea_ids=newer, route=IdeaRoute.ON_AGENDA, actor_id=actor.person_id, now=now)
    meeting.move_to(MeetingState.AGENDA_FROZEN)
    meeting.agenda_frozen_at = now
    await tx.flush()
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingAgendaFrozen(at=now, actor_id=actor.person_id, **facts))


async def publish(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Let anybody read the agenda; from now on changes are marked. Ideas of carried points are on an agenda again."""
    rules.require_keeper(actor, meeting.panel_id)
    if not await places.last_position(tx, meeting.id):
        raise AgendaEmpty
    meeting.move_to(MeetingState.AGENDA_PUBLISHED)
    meeting.agenda_published_at = now
    await tx.flush()
    for point in await queries.agenda(tx, meeting.id):
        if point.carried_from_id is not None and point.position is not None:
            idea_ids = await queries.idea_ids_of(tx, point.id)
            await ideas.route(tx, idea_ids=idea_ids, route=IdeaRoute.ON_AGENDA, actor_id=actor.person_id, now=now)
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingAgendaPublished(at=now, actor_id=actor.person_id, **facts))


async def _require_changeable(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    rules.require_keeper(actor, meeting.panel_id)
    if meeting.state in {MeetingState.PLANNED, MeetingState.CONVENED}:
        await meetings.open_agenda(tx, meeting=meeting, actor=actor, now=now)
    if meeting.state not in {MeetingState.AGENDA_OPEN, MeetingState.AGENDA_PUBLISHED}:
        raise AgendaSettled


async def _require_not_yet(
    tx: WriteSession,
    *,
    meeting: Meeting,
    theme: Theme,
    gone: Collection[ItemState] = (ItemState.WITHDRAWN, ItemState.DECLINED),
) -> None:
    require_current(theme)
    there = select(AgendaItem.id).where(
        AgendaItem.meeting_id == meeting.id, AgendaItem.theme_id == theme.id, AgendaItem.state.not_in(gone)
    )
    if await tx.scalar(there.limit(1)) is not None:
        raise AlreadyOnAgenda
