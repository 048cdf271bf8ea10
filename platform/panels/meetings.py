"""Meetings: planned, called together, moved, called off, held."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from accounts.actor import Actor
from consultations import lifecycle, round_queries
from consultations.models import Consultation
from consultations.states import ConsultationState
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import record
from kernel.seen import require_seen
from panels import closes as closing
from panels import places, queries, rules
from panels.errors import ClosesAfterDeadline, ReasonsMissing
from panels.events import (
    MeetingAgendaOpened,
    MeetingCancelled,
    MeetingConvened,
    MeetingHeld,
    MeetingRescheduled,
)
from panels.models import Meeting, Panel
from panels.states import Closes, MeetingState

NO_LONGER_FEEDS = (ConsultationState.CANCELLED, ConsultationState.ARCHIVED)


async def plan(
    tx: WriteSession,
    *,
    panel: Panel,
    title: str,
    place: str,
    starts_at: datetime,
    minutes_long: int,
    actor: Actor,
) -> Meeting:
    """Put a meeting on the calendar; it gets the panel's next number."""
    rules.require_keeper(actor, panel.id)
    newest = await tx.scalar(select(func.max(Meeting.number)).where(Meeting.panel_id == panel.id))
    meeting = Meeting(
        panel_id=panel.id,
        number=(newest or 0) + 1,
        title=title,
        place=place,
        starts_at=starts_at,
        minutes_long=minutes_long,
        panel=panel,
    )
    tx.add(meeting)
    await tx.flush()
    return meeting


async def bind(
    tx: WriteSession, *, meeting: Meeting, consultation: Consultation, zone: ZoneInfo = rules.DUTCH_TIME
) -> None:
    """Have a consultation feed a meeting; it must close before the agenda is settled."""
    panel = await tx.get_one(Panel, meeting.panel_id)
    consultation.meeting_id = meeting.id
    await _write_deadline(tx, consultation, rules.agenda_deadline(meeting, panel, zone))
    await tx.flush()


async def convene(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Call the members together."""
    rules.require_keeper(actor, meeting.panel_id)
    meeting.move_to(MeetingState.CONVENED)
    await tx.flush()
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingConvened(at=now, actor_id=actor.person_id, **facts))


async def reschedule(
    tx: WriteSession,
    *,
    meeting: Meeting,
    starts_at: datetime,
    place: str | None = None,
    minutes_long: int | None = None,
    reason: str,
    closes: Closes = Closes.STAYS,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
    zone: ZoneInfo = rules.DUTCH_TIME,
) -> None:
    """Move a meeting, as it stood on the page, with the reason. The new agenda deadline is written down in its
    consultations; one that would end after it stops the move. `closes` says what those that are still open do.
    """
    keeper = rules.require_keeper(actor, meeting.panel_id)
    require_seen(meeting, seen)
    if meeting.state not in rules.STILL_TO_COME | {MeetingState.POSTPONED}:
        raise IllegalMove
    if not reason:
        raise ReasonsMissing
    panel = await tx.get_one(Panel, meeting.panel_id)
    if meeting.state is MeetingState.POSTPONED:
        meeting.move_to(MeetingState.CONVENED)
    offered = await closing.offers(tx, meeting=meeting, starts_at=starts_at, now=now, zone=zone)
    meeting.starts_at = starts_at
    meeting.place = meeting.place if place is None else place
    meeting.minutes_long = minutes_long or meeting.minutes_long
    meeting.reason = reason
    deadline = rules.agenda_deadline(meeting, panel, zone)
    for consultation in await queries.consultations_of(tx, meeting.id):
        if consultation.state not in NO_LONGER_FEEDS:
            await _write_deadline(tx, consultation, deadline)
    await tx.flush()
    for offer in offered:
        if (close := offer.close(closes)) > offer.consultation.closes_at:
            await lifecycle.extend(
                tx, consultation=offer.consultation, closes_at=close, reason=reason, actor_id=keeper, now=now
            )
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingRescheduled(at=now, actor_id=actor.person_id, **facts))


async def _write_deadline(tx: WriteSession, consultation: Consultation, deadline: datetime) -> None:
    if await round_queries.last_close(tx, consultation) > deadline:
        raise ClosesAfterDeadline(title=consultation.title)
    consultation.agenda_deadline_at = deadline


async def cancel(tx: WriteSession, *, meeting: Meeting, reason: str, actor: Actor, now: datetime) -> None:
    """Call a meeting off, with the reason. Its points go to the next meeting, or wait for one to be planned."""
    rules.require_keeper(actor, meeting.panel_id)
    if not reason:
        raise ReasonsMissing
    meeting.move_to(MeetingState.CANCELLED)
    meeting.reason = reason
    following = await queries.next_meeting(tx, meeting.panel_id, after=meeting.starts_at)
    await places.give_up(tx, meeting, to=following, reason=reason, actor_id=actor.person_id, now=now)
    await tx.flush()
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingCancelled(at=now, actor_id=actor.person_id, **facts))


async def open_agenda(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Begin the agenda, or take it out of the freeze again before it is published."""
    rules.require_keeper(actor, meeting.panel_id)
    if meeting.state is MeetingState.PLANNED:
        await convene(tx, meeting=meeting, actor=actor, now=now)
    meeting.move_to(MeetingState.AGENDA_OPEN)
    meeting.agenda_frozen_at = None
    await tx.flush()
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingAgendaOpened(at=now, actor_id=actor.person_id, **facts))


async def hold(tx: WriteSession, *, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Record that the meeting took place; not before it began."""
    rules.require_keeper(actor, meeting.panel_id)
    if not rules.may_hold(meeting, now):
        raise IllegalMove
    meeting.move_to(MeetingState.HELD)
    meeting.held_at = now
    await tx.flush()
    facts = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingHeld(at=now, actor_id=actor.person_id, **facts))
