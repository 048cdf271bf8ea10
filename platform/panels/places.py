"""The points of an agenda: where they stand, what they rest on, when they begin."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, insert, select, update

from consultations import ideas
from consultations.states import IdeaRoute
from kernel.db import WriteSession
from kernel.events import record
from panels import queries
from panels.events import AgendaItemAdded, AgendaItemEvent, AgendaItemPostponed, AgendaItemWithdrawn
from panels.models import AgendaIdea, AgendaItem, Meeting
from panels.states import ItemState, MeetingState


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


async def carry_over(
    tx: WriteSession, *, point: AgendaItem, to: Meeting, actor_id: int | None, now: datetime
) -> AgendaItem:
    """Bring a kept or postponed point to a later meeting, whatever the state of its agenda.

    Its ideas go along, also those that are off the site just now: an appeal may bring them back.
    """
    carried = AgendaItem(
        meeting_id=to.id,
        position=await last_position(tx, to.id) + 1,
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
    behind = select(AgendaIdea.idea_id).where(AgendaIdea.agenda_item_id == point.id, AgendaIdea.own_route.is_(None))
    await rest_on(tx, point=carried, idea_ids=list(await tx.scalars(behind.order_by(AgendaIdea.idea_id))))
    await tell(tx, AgendaItemAdded, carried, actor_id, now)
    return carried


async def give_up(
    tx: WriteSession, meeting: Meeting, *, to: Meeting | None, reason: str, actor_id: int | None, now: datetime
) -> None:
    """The points of a meeting that will not be held: to the next one, or off the agenda while none is planned."""
    still = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.state == ItemState.SCHEDULED)
    for point in (await tx.scalars(still.order_by(AgendaItem.position))).all():
        point.reason, point.discussed_at = reason, now
        if to is None:
            point.move_to(ItemState.WITHDRAWN)
            point.position = None
        else:
            point.move_to(ItemState.POSTPONED)
            await carry_over(tx, point=point, to=to, actor_id=actor_id, now=now)
        await tx.flush()
        idea_ids = await queries.idea_ids_of(tx, point.id)
        await ideas.route(tx, idea_ids=idea_ids, route=IdeaRoute.POSTPONED, actor_id=actor_id, now=now)
        await tell(tx, AgendaItemPostponed if to else AgendaItemWithdrawn, point, actor_id, now)


async def place(tx: WriteSession, order: list[int]) -> None:
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


async def rest_on(tx: WriteSession, *, point: AgendaItem, idea_ids: Sequence[int]) -> None:
    """Fix the ideas a point rests on."""
    if idea_ids:
        rows = [{"agenda_item_id": point.id, "idea_id": idea_id, "own_reason": ""} for idea_id in idea_ids]
        await tx.execute(insert(AgendaIdea), rows)


async def last_position(tx: WriteSession, meeting_id: int) -> int:
    """The last place that is taken; 0 on an empty agenda."""
    newest = select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)
    return await tx.scalar(newest) or 0


def scheduled(meeting_id: int) -> Select[int]:
    """The ids of the points in their order."""
    wanted = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id, AgendaItem.position.is_not(None))
    return wanted.order_by(AgendaItem.position)


async def tell(
    tx: WriteSession,
    fact: type[AgendaItemEvent],
    point: AgendaItem,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Record what happened to a point."""
    await record(tx, fact(at=now, actor_id=actor_id, agenda_item_id=point.id, meeting_id=point.meeting_id))
