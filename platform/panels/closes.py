"""A meeting is held later: when the consultations that feed it could close then. A close never comes earlier."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from consultations import round_queries
from consultations.models import Consultation
from consultations.states import ConsultationState
from kernel.db import ReadSession
from kernel.wall_clock import instant_of
from panels import queries, rules
from panels.models import Meeting, Panel
from panels.states import Closes


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An open consultation, and when it could close: as much later as the meeting, or when the agenda is settled."""

    consultation: Consultation
    along: datetime
    deadline: datetime

    def close(self, closes: Closes) -> datetime:
        """The close after this choice."""
        new = {Closes.ALONG: self.along, Closes.DEADLINE: self.deadline, Closes.STAYS: self.consultation.closes_at}
        return new[closes]


async def offer(
    db: ReadSession, *, consultation: Consultation, was_at: datetime, deadline: datetime, now: datetime, zone: ZoneInfo
) -> Offer | None:
    """What can be chosen for one, with the deadline of the meeting as moved from `was_at`; None when it cannot move.

    Phases that come after the close move along, so the last of them must end before the agenda is settled. Drafts
    have no promise to move: their secretary changes them.
    """
    if consultation.state is not ConsultationState.ANNOUNCED or consultation.closes_at <= now:
        return None
    latest = deadline - (await round_queries.last_close(db, consultation) - consultation.closes_at)
    if latest <= consultation.closes_at:
        return None
    local = consultation.closes_at.astimezone(zone).replace(tzinfo=None)
    days = rules.local_date(deadline, zone) - rules.local_date(was_at, zone)
    along = min(latest, max(consultation.closes_at, instant_of(local + days, zone)))
    return Offer(consultation=consultation, along=along, deadline=latest)


async def offers(
    db: ReadSession, *, meeting: Meeting, starts_at: datetime, now: datetime, zone: ZoneInfo
) -> list[Offer]:
    """What there is to choose when the meeting moves to this moment."""
    panel = await db.get_one(Panel, meeting.panel_id)
    was_at = rules.agenda_deadline(meeting, panel, zone)
    deadline = rules.days_before(starts_at, panel.freeze_days, zone)
    found = [
        await offer(db, consultation=one, was_at=was_at, deadline=deadline, now=now, zone=zone)
        for one in await queries.consultations_of(db, meeting.id)
    ]
    return [one for one in found if one is not None]
