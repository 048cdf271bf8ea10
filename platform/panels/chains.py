"""The rows behind a trail: one idea, its theme, every agenda it stood on, the advice and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consultations import rules as consultation_rules
from consultations.models import Consultation, Idea
from consultations.states import IdeaRoute
from kernel import working_days
from kernel.db import ReadSession
from kernel.events import EventRecord
from kernel.i18n import gettext as _
from panels import answering, queries, rules
from panels.events import AgendaItemAdded
from panels.models import AgendaIdea, AgendaItem, Meeting, Recommendation
from panels.states import ItemState, MeetingState
from themes.models import Placement, Theme
from themes.states import ThemeState

NEW_TEXT = frozenset({"idea.corrected", "idea.revised", "idea.edited"})
"""Facts after which a moderator reads anew."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One time the idea stood on an agenda, with what its point led to."""

    point: AgendaItem
    meeting: Meeting
    url: str = ""
    own_route: IdeaRoute | None = None
    own_reason: str = ""
    scheduled_at: datetime | None = None
    advice: Sequence[Recommendation] = ()

    @property
    def has_public_agenda(self) -> bool:
        """Whether anybody may read what stands on this agenda."""
        return self.meeting.state in rules.HAS_PUBLIC_AGENDA

    @property
    def has_public_minutes(self) -> bool:
        """Whether anybody may read what was said."""
        return self.meeting.state is MeetingState.MINUTES_PUBLISHED

    @property
    def public_advice(self) -> str:
        """The advice in the minutes, as far as it is public."""
        return self.told(self.point.advice)

    def told(self, text: str) -> str:
        """The text, when anybody may read it; else nothing."""
        if self.point.state is ItemState.DECLINED:
            return text
        was_met = self.point.state in {ItemState.DISCUSSED, ItemState.KEPT, ItemState.POSTPONED}
        is_public = self.has_public_minutes if was_met else self.has_public_agenda
        return text if is_public and not self.point.is_confidential else ""

    def agenda_text(self) -> str:
        """Where it stands, without what is closed or not published yet."""
        if not self.has_public_agenda or self.point.is_confidential or self.point.position is None:
            return self.meeting.title
        return _("%(meeting)s, punt %(number)s: %(title)s") % {
            "meeting": self.meeting.title,
            "number": self.point.position,
            "title": self.point.title,
        }


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Everything a trail is told from. `meeting` is where the idea goes next, when that is known."""

    idea: Idea
    consultation: Consultation
    dates: dict[str, datetime] = field(default_factory=dict)
    revise_until: datetime | None = None
    theme: Theme | None = None
    placed_at: datetime | None = None
    stops: Sequence[Stop] = ()
    meeting: Meeting | None = None
    meeting_url: str = ""
    due: Mapping[str, datetime] = field(default_factory=dict)  # what was promised by when: the keys of `_due`

    @property
    def themed_at(self) -> datetime | None:
        """When it first came into a theme; nothing where only a later re-grouping is known."""
        at = self.dates.get(IdeaRoute.IN_THEME) or self.placed_at
        on_agenda = self.stops[0].scheduled_at if self.stops else None
        return None if at is not None and on_agenda is not None and at > on_agenda else at


async def of_idea(db: ReadSession, idea: Idea, zone: ZoneInfo = rules.DUTCH_TIME) -> Chain:
    """The chain of an idea; of a merged idea the chain of the one it is carried on in."""
    followed = idea.merged_into_id or idea.id
    consultation = await db.get_one(Consultation, idea.consultation_id)
    dates = await _dates(db, idea.id)
    theme, placed_at = await _theme(db, followed)
    stops = await _stops(db, followed)
    meeting = await _next(db, idea, consultation, stops)
    return Chain(
        idea=idea,
        consultation=consultation,
        dates=dates,
        revise_until=consultation_rules.revise_until(idea),
        theme=theme,
        placed_at=placed_at,
        stops=stops,
        meeting=meeting,
        meeting_url=f"/panels/{meeting.panel.slug}/meetings/{meeting.number}" if meeting else "",
        due=_due(idea, dates, meeting, zone),
    )


def _due(idea: Idea, dates: Mapping[str, datetime], meeting: Meeting | None, zone: ZoneInfo) -> dict[str, datetime]:
    """By when it is confirmed, when a moderator has read it, when the agenda is settled and public, when they meet."""
    sent = [idea.confirmed_at or idea.received_at, *(at for name, at in dates.items() if name in NEW_TEXT)]
    due = {
        "confirmed": idea.received_at + consultation_rules.CONFIRM_WITHIN,
        "published": working_days.after(max(sent), consultation_rules.REVIEW_WORKING_DAYS, zone),
    }
    if meeting is not None:
        due["settled"] = rules.agenda_deadline(meeting, meeting.panel, zone)
        due["agenda"] = rules.publication_date(meeting, meeting.panel, zone)
        due["discussed"] = meeting.starts_at
    return due


async def _dates(db: ReadSession, idea_id: int) -> dict[str, datetime]:
    """When each fact about the idea was last recorded; a step of its route under the route's name, a theme at first."""
    wanted = select(EventRecord.name, EventRecord.facts, EventRecord.at).where(EventRecord.subject == f"idea:{idea_id}")
    found: dict[str, datetime] = {}
    for name, facts, at in await db.execute(wanted.order_by(EventRecord.seq)):
        kind = facts.get("route", name)
        if kind != IdeaRoute.IN_THEME or kind not in found:
            found[kind] = at
    return found


async def _theme(db: ReadSession, idea_id: int) -> tuple[Theme | None, datetime | None]:
    """The theme it stands in and since when; an idea in `Overig` has a moment without a theme."""
    wanted = (
        select(Theme, Placement.placed_at)
        .select_from(Placement)
        .outerjoin(Theme, (Theme.id == Placement.theme_id) & (Theme.state == ThemeState.CURRENT))
        .where(Placement.idea_id == idea_id)
    )
    found = (await db.execute(wanted)).first()
    return (found[0], found[1]) if found else (None, None)


async def _stops(db: ReadSession, idea_id: int) -> list[Stop]:
    wanted = (
        select(AgendaIdea, AgendaItem)
        .join(AgendaItem, AgendaItem.id == AgendaIdea.agenda_item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaIdea.idea_id == idea_id)
        .options(joinedload(AgendaItem.meeting).joinedload(Meeting.panel))
        .order_by(Meeting.starts_at, AgendaItem.id)
    )
    rows = (await db.execute(wanted)).all()
    if not rows:
        return []
    ids = [point.id for _link, point in rows]
    advice = await answering.advice_of(db, ids)
    added = await _added(db, ids)
    return [
        Stop(
            point=point,
            meeting=point.meeting,
            url=f"/panels/{point.meeting.panel.slug}/meetings/{point.meeting.number}",
            own_route=link.own_route,
            own_reason=link.own_reason,
            scheduled_at=added.get(f"agenda_item:{point.id}"),
            advice=advice[point.id],
        )
        for link, point in rows
    ]


async def _added(db: ReadSession, item_ids: Sequence[int]) -> dict[str, datetime]:
    """When each point came on its agenda, by the subject of its facts."""
    wanted = select(EventRecord.subject, EventRecord.at).where(
        EventRecord.subject.in_([f"agenda_item:{item_id}" for item_id in item_ids]),
        EventRecord.name == AgendaItemAdded.name,
    )
    return {subject: at for subject, at in (await db.execute(wanted)).all()}  # noqa: C416 - rows are not tuples to mypy


async def _next(db: ReadSession, idea: Idea, consultation: Consultation, stops: Sequence[Stop]) -> Meeting | None:
    """Where it goes next: the consultation's own meeting, or for a late or left idea the one after."""
    if stops:
        return await queries.next_meeting(db, consultation.panel_id, after=stops[-1].meeting.starts_at)
    if consultation.meeting_id is None:
        return None
    own = await db.get_one(Meeting, consultation.meeting_id, options=[joinedload(Meeting.panel)])
    if own.state in rules.STILL_TO_COME and not idea.is_late:
        return own
    return await queries.next_meeting(db, consultation.panel_id, after=own.starts_at)


def day(promised: date | None) -> datetime | None:
    """A calendar day as an instant that shows as that day in Europe."""
    return datetime.combine(promised, time(11), UTC) if promised else None
