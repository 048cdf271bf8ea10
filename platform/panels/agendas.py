"""The agenda of a meeting: points come on it, change, change places and leave it; it is settled and published.

Before publication the secretary works freely until the freeze. After it every change is marked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, func, insert, select, update

from accounts.actor import Actor
from consultations import ideas
from consultations.states import IdeaRoute
from kernel.db import WriteSession
from kernel.events import record
from panels import meetings, queries, rules
from panels.errors import AgendaEmpty, AgendaSettled, AlreadyOnAgenda, NotThisOrder, ReasonsMissing
from panels.events import (
    AgendaItemAdded,
    AgendaItemChanged,
    AgendaItemWithdrawn,
    MeetingAgendaFrozen,
    MeetingAgendaPublished,
)
from panels.models import AgendaIdea, AgendaItem, Meeting
from panels.states import ItemState, MeetingState
from themes.models import Theme


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
    idea_ids = await queries.ideas_in_theme(tx, theme.id, meeting=meeting)
    await _rest_on(tx, point=point, idea_ids=idea_ids)
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
        position=await _last_position(tx, meeting.id) + 1,
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
    await _tell(tx, AgendaItemAdded, point, actor.person_id, now)
    return point


async def leave_out(
    tx: WriteSession, *, meeting: Meeting, theme: Theme, reason: str, actor: Actor, now: datetime
) -> AgendaItem:
    """Say in public why a theme is not on this agenda; its authors read the reason."""
    rules.require_keeper(actor, meeting.panel_id)
    if not reason:
        raise ReasonsMissing
    await _require_not_yet(tx, meeting=meeting, theme=theme)
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
    idea_ids = await queries.ideas_in_theme(tx, theme.id, meeting=meeting)
    await _rest_on(tx, point=point, idea_ids=idea_ids)
    await ideas.route(tx, idea_ids=idea_ids, route=IdeaRoute.NOT_TAKEN, actor_id=actor.person_id, now=now)
    return point


async def carry_over(
    tx: WriteSession, *, point: AgendaItem, to: Meeting, idea_ids: Sequence[int], actor_id: int | None, now: datetime
) -> AgendaItem:
    """Bring a kept or postponed point, and its ideas, to a later meeting, whatever the state of its agenda."""
    carried = AgendaItem(
        meeting_id=to.id,
        position=await _last_position(tx, to.id) + 1,
        title=point.title,
        question=point.question,
        minutes=point.minutes,
        presenter=point.presenter,
        is_confidential=point.is_confidential,
        theme_id=point.theme_id,
        carried_from_id=point.id,
        state=ItemState.SCHEDULED,
        added_after_publication=to.state is MeetingState.AGENDA_PUBLISHED,
    )
    tx.add(carried)
    await tx.flush()
    await _rest_on(tx, point=carried, idea_ids=idea_ids)
    await _tell(tx, AgendaItemAdded, carried, actor_id, now)
    return carried


async def change(
    tx: WriteSession,
    *,
    point: AgendaItem,
    title: str,
    question: str,
    minutes: int,
    presenter: str,
    is_confidential: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a point's text or time; after publication the change is marked."""
    meeting = await tx.get_one(Meeting, point.meeting_id)
    await _require_changeable(tx, meeting=meeting, actor=actor, now=now)
    point.title, point.question, point.minutes = title, question, minutes
    point.presenter, point.is_confidential = presenter, is_confidential
    if meeting.state is MeetingState.AGENDA_PUBLISHED:
        point.changed_at = now
    await tx.flush()
    await _tell(tx, AgendaItemChanged, point, actor.person_id, now)


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
    order = list(await tx.scalars(_scheduled(meeting.id)))
    await _place(tx, order)
    idea_ids = await queries.idea_ids_of(tx, point.id)
    await ideas.route(tx, idea_ids=idea_ids, route=IdeaRoute.POSTPONED, actor_id=actor.person_id, now=now)
    await _tell(tx, AgendaItemWithdrawn, point, actor.person_id, now)


async def reorder(tx: WriteSession, *, meeting: Meeting, order: list[int], actor: Actor, now: datetime) -> None:
    """Put the points in this order, given as the ids of all of them; refused when that is no longer all of them."""
    await _require_changeable(tx, meeting=meeting, actor=actor, now=now)
    before = list(await tx.scalars(_scheduled(meeting.id)))
    if sorted(order) != sorted(before):
        raise NotThisOrder
    await _place(tx, order)
    if meeting.state is not MeetingState.AGENDA_PUBLISHED:
        return
    for old, new in zip(before, order, strict=True):
        if old != new:
            point = await tx.get_one(AgendaItem, new, populate_existing=True)
            point.changed_at = now
            await _tell(tx, AgendaItemChanged, point, actor.person_id, now)


async def _place(tx: WriteSession, order: list[int]) -> None:
    """Two statements: neither engine can swap unique positions in one, and SQLite cannot defer the check."""
    if not order:
        return
    places = case({item_id: place for place, item_id in enumerate(order, start=1)}, value=AgendaItem.id)
    chosen = update(AgendaItem).where(AgendaItem.id.in_(order)).execution_options(synchronize_session=False)
    await tx.execute(chosen.values(position=-places))
    await tx.execute(chosen.values(position=-AgendaItem.position))
    for item_id in order:
        point = await tx.get_one(AgendaItem, item_id)
        await tx.refresh(point, ["position"])


async def freeze(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Settle points and order; until publication it can be opened again.

    Ideas that came into a theme after its point was made are taken along now.
    """
    rules.require_keeper(actor, meeting.panel_id)
    if not await _last_position(tx, meeting.id):
        raise AgendaEmpty
    for point in await queries.agenda(tx, meeting.id):
        if point.position is not None and point.theme_id is not None and point.carried_from_id is None:
            newer = await queries.ideas_in_theme(tx, point.theme_id, meeting=meeting)
            await _rest_on(tx, point=point, idea_ids=newer)
            await ideas.route(tx, idea_ids=newer, route=IdeaRoute.ON_AGENDA, actor_id=actor.person_id, now=now)
    meeting.move_to(MeetingState.AGENDA_FROZEN)
    meeting.agenda_frozen_at = now
    await tx.flush()
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingAgendaFrozen(at=now, actor_id=actor.person_id, **facts))


async def publish(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Let anybody read the agenda; from now on changes are marked. Ideas of carried points are on an agenda again."""
    rules.require_keeper(actor, meeting.panel_id)
    if not await _last_position(tx, meeting.id):
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


def running_clock(meeting: Meeting, points: Sequence[AgendaItem]) -> dict[int, datetime]:
    """When each scheduled point should begin, by its id; points that left the agenda have no time."""
    begins = meeting.starts_at
    clock: dict[int, datetime] = {}
    for point in points:
        if point.position is not None:
            clock[point.id] = begins
            begins += timedelta(minutes=point.minutes)
    return clock


def minutes_used(points: Sequence[AgendaItem]) -> int:
    """The minutes the scheduled points take together."""
    return sum(point.minutes for point in points if point.position is not None)


async def _require_changeable(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    rules.require_keeper(actor, meeting.panel_id)
    if meeting.state in {MeetingState.PLANNED, MeetingState.CONVENED}:
        await meetings.open_agenda(tx, meeting=meeting, actor=actor, now=now)
    if meeting.state not in {MeetingState.AGENDA_OPEN, MeetingState.AGENDA_PUBLISHED}:
        raise AgendaSettled


async def _require_not_yet(tx: WriteSession, *, meeting: Meeting, theme: Theme) -> None:
    there = select(AgendaItem.id).where(
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.theme_id == theme.id,
        AgendaItem.state.not_in((ItemState.WITHDRAWN, ItemState.DECLINED)),
    )
    if await tx.scalar(there) is not None:
        raise AlreadyOnAgenda


async def _rest_on(tx: WriteSession, *, point: AgendaItem, idea_ids: Sequence[int]) -> None:
    if idea_ids:
        rows = [{"agenda_item_id": point.id, "idea_id": idea_id, "own_reason": ""} for idea_id in idea_ids]
        await tx.execute(insert(AgendaIdea), rows)


async def _last_position(tx: WriteSession, meeting_id: int) -> int:
    newest = select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)
    return await tx.scalar(newest) or 0


def _scheduled(meeting_id: int):  # type: ignore[no-untyped-def]  # a Select of ids
    wanted = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id, AgendaItem.position.is_not(None))
    return wanted.order_by(AgendaItem.position)


async def _tell(
    tx: WriteSession,
    fact: type[AgendaItemAdded] | type[AgendaItemChanged] | type[AgendaItemWithdrawn],
    point: AgendaItem,
    actor_id: int | None,
    now: datetime,
) -> None:
    await record(tx, fact(at=now, actor_id=actor_id, agenda_item_id=point.id, meeting_id=point.meeting_id))
