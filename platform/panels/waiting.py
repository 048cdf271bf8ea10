"""What waits for a place on an agenda: themes, and the ideas in them that no live point rests on yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from consultations.models import Consultation, Idea
from consultations.states import IdeaKind, IdeaRoute
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


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many themes wait for one meeting, and the largest of them."""

    count: int = 0
    themes: list[WaitingTheme] = field(default_factory=list)


def _is_waiting(meeting: Meeting | type[Meeting]) -> ColumnElement[bool]:
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
    return Idea.listed() & may_come & ~spoken_of.exists()


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


async def themes(db: ReadSession, meeting: Meeting) -> Sequence[WaitingTheme]:
    """The themes this meeting's agenda should speak of and does not yet, the largest first."""
    found = await themes_of(db, [meeting.id])
    return found[meeting.id].themes if found else []


async def themes_of(db: ReadSession, meeting_ids: Collection[int], *, most: int | None = None) -> dict[int, Waiting]:
    """The same for several meetings, and of each the `most` largest; a meeting that none waits for is not in it.

    Themes of its own consultations; of earlier ones those where late ideas wait, and once that meeting is over
    those that had no place on its agenda: nobody's idea falls between two meetings.
    """
    ranked = _ranked(meeting_ids).subquery()
    wanted = (
        select(ranked.c.meeting_id, Theme, Consultation, ranked.c.ideas, ranked.c.experiences, ranked.c.themes)
        .join(Theme, Theme.id == ranked.c.theme_id)
        .join(Consultation, Consultation.id == Theme.consultation_id)
        .order_by(ranked.c.meeting_id, ranked.c.place)
    )
    if most is not None:
        wanted = wanted.where(ranked.c.place <= most)
    found: dict[int, Waiting] = {}
    for meeting_id, theme, consultation, own, told, count in await db.execute(wanted):
        waits = found.setdefault(meeting_id, Waiting(count=count))
        waits.themes.append(WaitingTheme(theme=theme, consultation=consultation, ideas=own, experiences=told))
    return found


def _ranked(meeting_ids: Collection[int]) -> Select[int, int, int, int, int, int]:
    """Each theme that waits for each of the meetings: its place among them, and how many they are."""
    ideas, experiences = (func.count().filter(Idea.kind == kind) for kind in (IdeaKind.IDEA, IdeaKind.EXPERIENCE))
    largest_first = (ideas + experiences).desc(), Placement.theme_id
    fed, met = aliased(Meeting), aliased(Meeting)
    is_earlier = (met.panel_id == fed.panel_id) & (met.starts_at < fed.starts_at)
    feeds = or_(Consultation.meeting_id == fed.id, is_earlier & (Idea.is_late | met.state.in_(OVER)))
    here = select(AgendaItem.id).where(
        AgendaItem.meeting_id == fed.id, AgendaItem.theme_id == Theme.id, AgendaItem.state != ItemState.WITHDRAWN
    )
    return (
        select(
            fed.id.label("meeting_id"),
            Placement.theme_id,
            ideas.label("ideas"),
            experiences.label("experiences"),
            func.row_number().over(partition_by=fed.id, order_by=largest_first).label("place"),
            func.count().over(partition_by=fed.id).label("themes"),
        )
        .select_from(Placement)
        .join(Theme, Theme.id == Placement.theme_id)
        .join(Idea, Idea.id == Placement.idea_id)
        .join(Consultation, Consultation.id == Idea.consultation_id)
        .join(fed, fed.panel_id == Consultation.panel_id)
        .join(met, met.id == Consultation.meeting_id)
        .where(fed.id.in_(meeting_ids), Theme.state == ThemeState.CURRENT, _is_waiting(fed), feeds, ~here.exists())
        .group_by(fed.id, Placement.theme_id)
    )
