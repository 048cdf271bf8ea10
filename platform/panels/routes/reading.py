"""What several pages of this room show, gathered once."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from consultations.models import Consultation
from consultations.states import ConsultationState
from kernel.db import ReadSession
from panels import answering, places, queries
from panels.models import Meeting, Response
from panels.pages import Point


async def points_of(db: ReadSession, meeting: Meeting, *, sees_closed: bool) -> tuple[Sequence[Point], Sequence[Point]]:
    """The points in order and those that are not on the agenda (any more), with ideas and advice."""
    agenda = await queries.agenda(db, meeting.id)
    ids = [item.id for item in agenda]
    behind = await queries.ideas_behind(db, ids)
    advice = await answering.advice_of(db, ids)
    clock = places.running_clock(meeting, agenda)
    points = [
        Point(
            item=item,
            starts_at=clock.get(item.id),
            ideas=behind[item.id],
            advice=advice[item.id],
            is_closed=item.is_confidential and not sees_closed,
        )
        for item in agenda
    ]
    return (
        [point for point in points if point.item.position is not None],
        [point for point in points if point.item.position is None and not point.is_closed],
    )


async def shown_consultations(db: ReadSession, meeting_id: int) -> list[Consultation]:
    """The consultations that feed a meeting, as far as the public knows of them."""
    found = await queries.consultations_of(db, meeting_id)
    return [one for one in found if one.state is not ConsultationState.DRAFT]


def noon_of(day: date, zone: ZoneInfo) -> datetime:
    """A calendar day as an instant that shows as that day."""
    return datetime.combine(day, time(12), zone)


def promised(response: Response | None, zone: ZoneInfo) -> datetime | None:
    """The day a response promises, if it promises one."""
    return noon_of(response.done_by, zone) if response is not None and response.done_by is not None else None
