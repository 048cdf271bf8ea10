"""What waits for a place on an agenda: themes, and the ideas in them that no live point rests on yet."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select

from consultations.models import Consultation, Idea
from consultations.states import IdeaKind, IdeaState
from kernel.db import ReadSession
from panels.models import AgendaIdea, AgendaItem, Meeting
from panels.states import ItemState
from themes.models import Placement, Theme
from themes.states import ThemeState


@dataclass(frozen=True, kw_only=True)
class WaitingTheme:
    """A theme of a consultation that feeds a meeting, with its public ideas."""

    theme: Theme
    consultation: Consultation
    ideas: int
    experiences: int


def _is_waiting(meeting: Meeting) -> ColumnElement[bool]:
    """Public ideas that no live point rests on yet; of the meeting's own consultation only those in time."""
    spoken_of = (
        select(AgendaIdea.idea_id)
        .join(AgendaItem, AgendaItem.id == AgendaIdea.agenda_item_id)
        .where(AgendaIdea.idea_id == Idea.id, AgendaItem.state.not_in((ItemState.WITHDRAWN, ItemState.DECLINED)))
    )
    own_and_late = Idea.is_late & (Consultation.meeting_id == meeting.id)
    return (Idea.state == IdeaState.PUBLISHED) & ~own_and_late & ~spoken_of.exists()


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

    Themes of its own consultations, and those of earlier ones where late ideas wait.
    """
    counted = (
        select(
            Placement.theme_id,
            func.count().filter(Idea.kind == IdeaKind.IDEA).label("ideas"),
            func.count().filter(Idea.kind == IdeaKind.EXPERIENCE).label("experiences"),
        )
        .join(Idea, Idea.id == Placement.idea_id)
        .join(Consultation, Consultation.id == Idea.consultation_id)
        .where(Consultation.panel_id == meeting.panel_id, _is_waiting(meeting))
        .where(or_(Consultation.meeting_id == meeting.id, Idea.is_late & Consultation.meeting_id.in_(_before(meeting))))
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


def _before(meeting: Meeting) -> Select[int]:
    earlier = select(Meeting.id).where(Meeting.panel_id == meeting.panel_id)
    return earlier.where(Meeting.starts_at < meeting.starts_at, Meeting.id != meeting.id)
