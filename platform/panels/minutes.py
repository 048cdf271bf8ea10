"""The minutes: what was said at each point, what became of it, and of every idea it rests on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from accounts.actor import Actor
from consultations import ideas
from consultations.states import IdeaRoute
from kernel.db import WriteSession
from kernel.errors import IllegalMove, NotFound
from kernel.events import record
from kernel.html import clean
from kernel.seen import require_seen
from panels import places, queries, rules
from panels.errors import NoNextMeeting, PointsOpen, ReasonsMissing
from panels.events import (
    AgendaItemDiscussed,
    AgendaItemKept,
    AgendaItemPostponed,
    MeetingEvent,
    MeetingMinutesAdopted,
    MeetingMinutesDrafted,
    MeetingMinutesPublished,
)
from panels.models import AgendaIdea, AgendaItem, Meeting
from panels.states import ItemState, MeetingState

OUTCOMES = (ItemState.DISCUSSED, ItemState.KEPT, ItemState.POSTPONED)
OWN_OUTCOMES = (IdeaRoute.TAKEN_ALONG, IdeaRoute.NOT_TAKEN)
STILL_HERE = (ItemState.SCHEDULED, ItemState.IN_DISCUSSION, ItemState.DISCUSSED)
FACTS = {
    ItemState.DISCUSSED: AgendaItemDiscussed,
    ItemState.KEPT: AgendaItemKept,
    ItemState.POSTPONED: AgendaItemPostponed,
}


async def note(
    tx: WriteSession,
    *,
    item: AgendaItem,
    outcome: ItemState,
    what_was_said: str = "",
    advice: str = "",
    follow_up: str = "",
    reason: str = "",
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> AgendaItem | None:
    """Write down what became of a point. Kept and postponed need a reason and put it on the next meeting's
    agenda at once (that point is returned); without a next meeting they are refused."""
    meeting = await tx.get_one(Meeting, item.meeting_id)
    rules.require_keeper(actor, meeting.panel_id)
    require_seen(item, seen)
    if meeting.state not in rules.TAKES_NOTES or outcome not in OUTCOMES:
        raise IllegalMove
    if not (what_was_said if outcome is ItemState.DISCUSSED else reason):
        raise ReasonsMissing
    item.move_to(outcome)
    item.what_was_said, item.advice, item.follow_up, item.reason = what_was_said, advice, follow_up, reason
    item.discussed_at = now
    await tx.flush()
    idea_ids = await queries.idea_ids_of(tx, item.id)
    carried = None
    route = IdeaRoute.DISCUSSED
    if outcome is not ItemState.DISCUSSED:
        following = await queries.next_meeting(tx, meeting.panel_id, after=meeting.starts_at)
        if following is None:
            raise NoNextMeeting
        route = IdeaRoute.POSTPONED
        carried = await places.carry_over(tx, point=item, to=following, actor_id=actor.person_id, now=now)
    await ideas.route(tx, idea_ids=idea_ids, route=route, actor_id=actor.person_id, now=now)
    fact = FACTS[outcome](at=now, actor_id=actor.person_id, agenda_item_id=item.id, meeting_id=meeting.id)
    await record(tx, fact)
    return carried


async def rewrite(
    tx: WriteSession,
    *,
    item: AgendaItem,
    what_was_said: str,
    advice: str,
    follow_up: str,
    seen: int | None = None,
    actor: Actor,
) -> None:
    """Mend the text of a point that has its outcome, as it stood on the page, until the minutes are published."""
    meeting = await tx.get_one(Meeting, item.meeting_id)
    rules.require_keeper(actor, meeting.panel_id)
    require_seen(item, seen)
    if meeting.state not in rules.TAKES_NOTES or item.state not in OUTCOMES:
        raise IllegalMove
    item.what_was_said, item.advice, item.follow_up = what_was_said, advice, follow_up
    await tx.flush()


async def set_apart(
    tx: WriteSession,
    *,
    item: AgendaItem,
    idea_id: int,
    route: IdeaRoute,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Give one public idea another outcome than its point: taken along elsewhere, or not taken; its author reads why.

    Not once the point went on to the next meeting: the idea went with it.
    """
    meeting = await tx.get_one(Meeting, item.meeting_id)
    rules.require_keeper(actor, meeting.panel_id)
    is_now = meeting.state in rules.TAKES_NOTES | {MeetingState.MINUTES_PUBLISHED}
    if route not in OWN_OUTCOMES or item.state not in STILL_HERE or not is_now:
        raise IllegalMove
    if not reason:
        raise ReasonsMissing
    link = await tx.get(AgendaIdea, (item.id, idea_id))
    if link is None or idea_id not in await queries.idea_ids_of(tx, item.id, apart=True):
        raise NotFound
    link.own_route, link.own_reason = route, reason
    await tx.flush()
    await ideas.route(tx, idea_ids=[idea_id], route=route, actor_id=actor.person_id, now=now)


async def answer(tx: WriteSession, *, item: AgendaItem, actor: Actor, now: datetime) -> Sequence[int]:
    """Tell the authors behind a discussed point without advice that the minutes are their answer; gives their ideas."""
    meeting = await tx.get_one(Meeting, item.meeting_id)
    keeper = rules.require_keeper(actor, meeting.panel_id)
    if item.state is not ItemState.DISCUSSED or meeting.state is not MeetingState.MINUTES_PUBLISHED:
        raise IllegalMove
    idea_ids = await queries.idea_ids_of(tx, item.id)
    await ideas.mark_answered(tx, idea_ids=idea_ids, actor_id=keeper, now=now)
    return idea_ids


async def draft(
    tx: WriteSession, *, meeting: Meeting, intro: str, seen: int | None = None, actor: Actor, now: datetime
) -> None:
    """Write the opening of the minutes, in Markdown, once the meeting was held."""
    rules.require_keeper(actor, meeting.panel_id)
    require_seen(meeting, seen)
    if meeting.state is MeetingState.HELD:
        await _step(tx, meeting, MeetingState.MINUTES_DRAFTED, MeetingMinutesDrafted, actor=actor, now=now)
    if meeting.state is not MeetingState.MINUTES_DRAFTED:
        raise IllegalMove
    meeting.minutes_intro, meeting.minutes_intro_html = intro, clean(intro)
    await tx.flush()


async def publish(tx: WriteSession, *, meeting: Meeting, intro: str | None = None, actor: Actor, now: datetime) -> None:
    """Let anybody read the minutes; refused while a point that was on the agenda has no outcome."""
    await draft(tx, meeting=meeting, intro=meeting.minutes_intro if intro is None else intro, actor=actor, now=now)
    wanted = select(AgendaItem.title).where(
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.state.in_((ItemState.PROPOSED, ItemState.ADMITTED, ItemState.SCHEDULED, ItemState.IN_DISCUSSION)),
    )
    still_open = (await tx.scalars(wanted.order_by(AgendaItem.position))).all()
    if still_open:
        raise PointsOpen(titles="; ".join(still_open))
    await _step(tx, meeting, MeetingState.MINUTES_ADOPTED, MeetingMinutesAdopted, actor=actor, now=now)
    meeting.minutes_published_at = now
    await _step(tx, meeting, MeetingState.MINUTES_PUBLISHED, MeetingMinutesPublished, actor=actor, now=now)


async def _step(
    tx: WriteSession, meeting: Meeting, to: MeetingState, fact: type[MeetingEvent], *, actor: Actor, now: datetime
) -> None:
    meeting.move_to(to)
    await tx.flush()  # each step by itself: the database looks at them one by one
    await record(tx, fact(at=now, actor_id=actor.person_id, meeting_id=meeting.id, panel_id=meeting.panel_id))
