"""What waits for a place on an agenda: themes, and the ideas in them that no live point rests on yet."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from consultations.models import Consultation, Idea
from consultations.states import IdeaKind, IdeaRoute, IdeaState
from kernel.db import ReadSession
from panels.models import AgendaIdea, AgendaItem, Meeting
from panels.states import ItemState, MeetingState
from themes.models import Placement, Theme
from themes.states import ThemeState

OVER = (
    MeetingState.HELD,
    MeetingState.MINUTES_DRAFTED,
    MeetingState.MINUTES_ADOPTED,
    MeetingState.MINUTES_PUBLISHED,
    MeetingState.CANCELLED,
)


@dataclass(frozen=True, kw_only=True)
class WaitingTheme:
    """A theme of a consultation that feeds a meeting, or fed an earlier one, with its public ideas."""

    theme: Theme
    consultation: Consultation
    ideas: int
    experiences: int


def _is_waiting(meeting: Meeting) -> ColumnElement[bool]:
    """Public ideas that no live point rests on yet.

    Of the meeting's own consultation only those in time; of earlier ones not those that were left out with a reason.
    """
    spoken_of = (
        select(AgendaIdea.idea_id)
        .join(AgendaItem, AgendaItem.id == AgendaIdea.agenda_item_id)
        .where(AgendaIdea.idea_id == Idea.id, AgendaItem.state.not_in((ItemState.WITHDRAWN, ItemState.DECLINED)))
    )
    is_own = Consultation.meeting_id == meeting.id
    may_come = or_(is_own, Idea.route != IdeaRoute.NOT_TAKEN) & ~(Idea.is_late & is_own)
    return (Idea.state == IdeaState.PUBLISHED) & may_come & ~spoken_of.exists()


async def ideas_in(db: ReadSession, theme_id: int, *, meeting: Meeting) -> list[int]:
    """The ideas of a theme that a point on this meeting's agenda would rest on."""
    wanted = (
        select(Placement.idea_id)
        .join(Idea, Idea.id == Placement.idea_id)
        .join(Consultation, Consultation.id == Idea.consultation_id)
        .where(Placement.theme_id == theme_id, _is_waiting(meeting))
        .order_by(Placement.idea_id)
    )
    return list((await db.scalars(wanted)).all())


async def themes(db: ReadSession, meeting: Meeting) -> list[WaitingTheme]:
    """The themes this meeting's agenda should speak of and does not yet, the largest first.

    Themes of its own consultations; of earlier ones those where late ideas wait, and once that meeting is over
    those that had no place on its agenda: nobody's idea falls between two meetings.
    """
    earlier = select(Meeting.id).where(Meeting.panel_id == meeting.panel_id)
    earlier = earlier.where(Meeting.starts_at < meeting.starts_at, Meeting.id != meeting.id)
    feeds = or_(
        Consultation.meeting_id == meeting.id,
        Idea.is_late & Consultation.meeting_id.in_(earlier),
        Consultation.meeting_id.in_(earlier.where(Meeting.state.in_(OVER))),
    )
    counted = (
        select(
            Placement.theme_id,
            func.count().filter(Idea.kind == IdeaKind.IDEA).label("ideas"),
            func.count().filter(Idea.kind == IdeaKind.EXPERIENCE).label("experiences"),
        )
        .join(Idea, Idea.id == Placement.idea_id)
        .join(Consultation, Consultation.id == Idea.consultation_id)
        .where(Consultation.panel_id == meeting.panel_id, _is_waiting(meeting), feeds)
        .group_by(Placement.theme_id)
        .subquery()
    )
    here = select(AgendaItem.theme_id).where(
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.theme_id.is_not(None),
        AgendaItem.state != ItemState.WITHDRAWN,
    )
    wanted = (
        select(Theme, Consultation, counted.c.ideas, counted.c.experiences)
        .join(Consultation, Consultation.id == Theme.consultation_id)
        .join(counted, counted.c.theme_id == Theme.id)
        .where(Theme.state == ThemeState.CURRENT, Theme.id.not_in(here))
        .order_by((counted.c.ideas + counted.c.experiences).desc(), Theme.id)
    )
    return [
        WaitingTheme(theme=theme, consultation=consultation, ideas=own, experiences=told)
        for theme, consultation, own, told in await db.execute(wanted)
    ]
