"""Who may do what, and when. Plain functions of values; no session."""

import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts import access
from accounts.access import Permission
from accounts.actor import Actor
from kernel.errors import NotFound
from kernel.wall_clock import instant_of
from panels.models import Agreement, Meeting, Panel, Recommendation
from panels.states import MeetingState, PanelState, SeatKind

DUTCH_TIME = ZoneInfo("Europe/Amsterdam")
"""The zone of a municipality that chose no other."""

TAKES_CHANGES = frozenset({MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.AGENDA_OPEN})
STILL_TO_COME = frozenset(
    TAKES_CHANGES | {MeetingState.AGENDA_FROZEN, MeetingState.AGENDA_PUBLISHED, MeetingState.IN_SESSION}
)
TAKES_NOTES = frozenset(
    {MeetingState.AGENDA_PUBLISHED, MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.MINUTES_DRAFTED}
)
HAS_PUBLIC_AGENDA = frozenset(
    {
        MeetingState.AGENDA_PUBLISHED,
        MeetingState.IN_SESSION,
        MeetingState.HELD,
        MeetingState.MINUTES_DRAFTED,
        MeetingState.MINUTES_ADOPTED,
        MeetingState.MINUTES_PUBLISHED,
    }
)
CITIZENS_PER_PARTNER = 2
MINUTES_WITHIN = timedelta(days=14)
"""After a meeting its minutes can be read within this time."""


# who


def may_keep(actor: Actor, panel_id: int) -> bool:
    """Whether somebody keeps this panel's meetings, agendas and minutes."""
    return access.may(actor, Permission.KEEP_MEETINGS, panel_id=panel_id)


def may_look(actor: Actor, panel_id: int) -> bool:
    """Whether somebody may see this panel's work in preparation."""
    return access.may(actor, Permission.READ_MEETING_WORK, panel_id=panel_id)


def may_read_briefing(actor: Actor, panel_id: int) -> bool:
    """Whether a briefing is meant for this reader: members, and who prepares it."""
    return access.may(actor, Permission.READ_BRIEFING, panel_id=panel_id)


def may_respond(actor: Actor, panel_id: int) -> bool:
    """Whether somebody answers this panel's recommendations."""
    return access.may(actor, Permission.RESPOND, panel_id=panel_id)


def may_see(actor: Actor, panel: Panel) -> bool:
    """A panel that is not agreed upon is for those who set it up and work for it."""
    return panel.state is not PanelState.DRAFT or (
        access.may(actor, Permission.READ_SET_UP) or works_for(actor, panel.id)
    )


def require_sight(actor: Actor, panel: Panel) -> None:
    """Raise NotFound for a panel that is not for this reader."""
    if not may_see(actor, panel):
        raise NotFound


def works_for(actor: Actor, panel_id: int) -> bool:
    """Whether this panel stands on somebody's desk: who reads its briefing, and who answers it."""
    return may_read_briefing(actor, panel_id) or may_respond(actor, panel_id)


def require_keeper(actor: Actor, panel_id: int) -> int:
    """The id of this panel's secretary; who may only look is refused, to others it is not there."""
    return access.require(actor, Permission.KEEP_MEETINGS, panel_id=panel_id)


def require_look(actor: Actor, panel_id: int) -> None:
    """Let those through who may see the work in preparation."""
    access.require(actor, Permission.READ_MEETING_WORK, panel_id=panel_id)


def require_commissioner(actor: Actor, panel_id: int) -> int:
    """The id of the one who answers this panel's recommendations."""
    return access.require(actor, Permission.RESPOND, panel_id=panel_id)


def require_reader_of_responses(actor: Actor, panel_id: int) -> None:
    """Let those through who see what waits for the commissioner."""
    access.require(actor, Permission.READ_RESPONSE_WORK, panel_id=panel_id)


def require_reader_of_briefing(actor: Actor, panel_id: int) -> None:
    """Let members through, and those who prepare the briefing."""
    access.require(actor, Permission.READ_BRIEFING, panel_id=panel_id)


# when


def days_before(instant: datetime, days: int, zone: ZoneInfo = DUTCH_TIME) -> datetime:
    """The same hour on the clock, a number of days earlier; a change to summer time does not move it."""
    return instant_of(instant.astimezone(zone).replace(tzinfo=None) - timedelta(days=days), zone)


def agenda_deadline(meeting: Meeting, panel: Panel, zone: ZoneInfo = DUTCH_TIME) -> datetime:
    """When the meeting's agenda is settled: no consultation that feeds it may close later."""
    return days_before(meeting.starts_at, panel.freeze_days, zone)


def publication_date(meeting: Meeting, panel: Panel, zone: ZoneInfo = DUTCH_TIME) -> datetime:
    """When the agenda is public at the latest."""
    return days_before(meeting.starts_at, panel.publish_days, zone)


def briefing_date(meeting: Meeting, panel: Panel, zone: ZoneInfo = DUTCH_TIME) -> datetime:
    """When members get their briefing."""
    return days_before(meeting.starts_at, panel.briefing_days, zone)


def months_after(instant: datetime, months: int, zone: ZoneInfo = DUTCH_TIME) -> datetime:
    """The same hour and day of the month some calendar months later; the last day where a month is shorter."""
    local = instant.astimezone(zone)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return instant_of(local.replace(year=year, month=month, day=day, tzinfo=None), zone)


def local_date(instant: datetime, zone: ZoneInfo = DUTCH_TIME) -> date:
    """The calendar day an instant falls on where people live."""
    return instant.astimezone(zone).date()


def ends_at(meeting: Meeting) -> datetime:
    """When the meeting should be over."""
    return meeting.starts_at + timedelta(minutes=meeting.minutes_long)


def may_hold(meeting: Meeting, now: datetime) -> bool:
    """Whether the meeting can be recorded as held: it began."""
    return meeting.state in {MeetingState.AGENDA_PUBLISHED, MeetingState.IN_SESSION} and meeting.starts_at <= now


# what


def is_lopsided(seats: Mapping[SeatKind, int]) -> bool:
    """Whether citizens are fewer than twice the partners: allowed, but said in public."""
    return seats.get(SeatKind.CITIZEN, 0) < CITIZENS_PER_PARTNER * seats.get(SeatKind.PARTNER, 0)


def is_carried(votes_for: int, votes_against: int, agreement: Agreement | None) -> bool:
    """Whether a vote reaches the agreement's threshold; without an agreement more than half is needed."""
    cast = votes_for + votes_against
    if agreement is None:
        return 2 * votes_for > cast
    return cast > 0 and 100 * votes_for >= agreement.threshold_percent * cast


def percent_for(recommendation: Recommendation) -> int | None:
    """The share in favour as a whole percentage, rounded down so that it never promises more."""
    cast = (recommendation.votes_for or 0) + (recommendation.votes_against or 0)
    return 100 * (recommendation.votes_for or 0) // cast if cast else None
