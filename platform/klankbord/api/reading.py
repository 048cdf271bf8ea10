"""What the API reads. Only what is public: no draft consultation, no unpublished idea, agenda or advice."""

import base64
import binascii
from datetime import UTC, datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from consultations import comment_queries, round_queries
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.settings import Settings
from klankbord.api import shapes
from klankbord.api.shaping import (
    agenda_item_shape,
    comment_shape,
    consultation_shape,
    idea_shape,
    meeting_shape,
    panel_shape,
    recommendation_shape,
    whole_consultation_shape,
)
from panels.models import AgendaItem, Meeting, Panel, Recommendation
from panels.states import ItemState, PanelState, RecommendationState
from themes.models import Placement, Theme
from themes.states import ThemeState

_ON_AGENDA = frozenset(
    {ItemState.SCHEDULED, ItemState.IN_DISCUSSION, ItemState.DISCUSSED, ItemState.KEPT, ItemState.POSTPONED}
)
_VOTED = frozenset({RecommendationState.ADOPTED, RecommendationState.NOT_ADOPTED, RecommendationState.SUBMITTED})


class Reader:
    """Reads for one request: the session, the settings (for addresses) and the moment."""

    def __init__(self, db: ReadSession, settings: Settings, now: datetime) -> None:
        self.db = db
        self.settings = settings
        self.now = now

    async def panels(self) -> list[shapes.PanelShape]:
        """All panels but drafts."""
        found = await self.db.scalars(select(Panel).where(Panel.state != PanelState.DRAFT).order_by(Panel.id))
        return [panel_shape(panel, self.settings) for panel in found]

    async def panel(self, slug: str) -> shapes.PanelShape:
        """One panel."""
        return panel_shape(await self._panel_row(slug), self.settings)

    async def meetings(self, slug: str) -> list[shapes.MeetingShape]:
        """A panel's meetings, first to last."""
        panel = await self._panel_row(slug)
        found = await self.db.scalars(
            select(Meeting).where(Meeting.panel_id == panel.id).order_by(Meeting.starts_at, Meeting.id)
        )
        return [meeting_shape(meeting, slug, self.settings) for meeting in found]

    async def agenda(self, meeting_id: int) -> shapes.AgendaShape:
        """A meeting's agenda; empty until it is published."""
        wanted = select(Meeting).where(Meeting.id == meeting_id).options(joinedload(Meeting.panel))
        meeting = await self.db.scalar(wanted)
        if meeting is None or meeting.panel.state is PanelState.DRAFT:
            raise NotFound
        points: list[shapes.AgendaItemShape] = []
        if meeting.agenda_published_at is not None:
            items = select(AgendaItem).where(
                AgendaItem.meeting_id == meeting.id, AgendaItem.state.in_(_ON_AGENDA), AgendaItem.position.is_not(None)
            )
            has_minutes = meeting.minutes_published_at is not None
            points = [
                agenda_item_shape(item, has_minutes)
                for item in await self.db.scalars(items.order_by(AgendaItem.position))
            ]
        return shapes.AgendaShape(meeting=meeting_shape(meeting, meeting.panel.slug, self.settings), points=points)

    async def consultations(self) -> list[shapes.ConsultationShape]:
        """All consultations but drafts, newest first."""
        wanted = (
            select(Consultation, Panel.slug)
            .join(Panel, Panel.id == Consultation.panel_id)
            .where(Consultation.state != ConsultationState.DRAFT)
            .order_by(Consultation.opens_at.desc(), Consultation.id)
        )
        return [consultation_shape(row, slug, self.settings, self.now) for row, slug in await self.db.execute(wanted)]

    async def consultation(self, slug: str) -> shapes.WholeConsultationShape:
        """One consultation, with its questions and phases."""
        row = await self.consultation_row(slug)
        panel = await self.db.scalar(select(Panel.slug).where(Panel.id == row.panel_id))
        told = consultation_shape(row, panel or "", self.settings, self.now)
        prompts = await round_queries.prompts_of(self.db, row.id)
        return whole_consultation_shape(told, prompts, await round_queries.spans_of(self.db, row))

    async def ideas(self, slug: str, *, cursor: str | None, limit: int) -> shapes.IdeaPageShape:
        """Published ideas, newest first, from after the cursor."""
        consultation = await self.consultation_row(slug)
        wanted = (
            select(Idea, Placement.theme_id, comment_queries.number_under())
            .outerjoin(Placement, Placement.idea_id == Idea.id)
            .where(Idea.consultation_id == consultation.id, Idea.listed())
            .order_by(Idea.published_at.desc(), Idea.id.desc())
            .limit(limit + 1)
        )
        if cursor:
            wanted = wanted.where(tuple_(Idea.published_at, Idea.id) < tuple_(*_from_cursor(cursor)))
        rows = (await self.db.execute(wanted)).all()
        page = [idea_shape(idea, theme_id, comments, self.settings) for idea, theme_id, comments in rows[:limit]]
        last = rows[limit - 1][0] if len(rows) > limit else None
        return shapes.IdeaPageShape(ideas=page, next_cursor=_cursor(last) if last else None)

    async def comments(self, idea_id: int, *, after: int, limit: int) -> shapes.CommentPageShape:
        """What can be read under a published idea, oldest first, from after this comment."""
        idea = await self.db.scalar(select(Idea.id).where(Idea.id == idea_id, Idea.listed()))
        if idea is None:
            raise NotFound
        wanted = (
            select(Idea)
            .where(comment_queries.readable_under(idea_id), Idea.id > after)
            .order_by(Idea.id)
            .limit(limit + 1)
        )
        found = (await self.db.scalars(wanted)).all()
        page = [comment_shape(comment, self.settings) for comment in found[:limit]]
        return shapes.CommentPageShape(comments=page, next_after=page[-1].id if len(found) > limit else None)

    async def themes(self, slug: str) -> list[shapes.ThemeShape]:
        """A consultation's current themes, largest first."""
        consultation = await self.consultation_row(slug)
        size = func.count(Idea.id)
        wanted = (
            select(Theme.id, Theme.name, size, func.coalesce(func.sum(Idea.endorsement_count), 0))
            .outerjoin(Placement, Placement.theme_id == Theme.id)
            .outerjoin(Idea, (Idea.id == Placement.idea_id) & Idea.listed())
            .where(Theme.consultation_id == consultation.id, Theme.state == ThemeState.CURRENT)
            .group_by(Theme.id, Theme.name)
            .order_by(size.desc(), Theme.id)
        )
        return [
            shapes.ThemeShape(
                id=id_, name=name, idea_count=count, endorsements=support, url=self.settings.absolute(f"/themes/{id_}")
            )
            for id_, name, count, support in await self.db.execute(wanted)
        ]

    async def recommendations(self) -> list[shapes.RecommendationShape]:
        """All advices that were put to the vote, newest first."""
        wanted = (
            select(Recommendation, Panel.slug)
            .join(Panel, Panel.id == Recommendation.panel_id)
            .where(Recommendation.state.in_(_VOTED))
            .options(joinedload(Recommendation.response))
            .order_by(Recommendation.adopted_at.desc(), Recommendation.id.desc())
        )
        return [recommendation_shape(row, slug, self.settings, self.now) for row, slug in await self.db.execute(wanted)]

    async def consultation_row(self, slug: str) -> Consultation:
        """The consultation behind a slug, unless it is a draft."""
        row = await self.db.scalar(select(Consultation).where(Consultation.slug == slug))
        if row is None or row.state is ConsultationState.DRAFT:
            raise NotFound
        return row

    async def _panel_row(self, slug: str) -> Panel:
        panel = await self.db.scalar(select(Panel).where(Panel.slug == slug, Panel.state != PanelState.DRAFT))
        if panel is None:
            raise NotFound
        return panel


def _cursor(idea: Idea) -> str:
    published = idea.published_at or idea.received_at
    return base64.urlsafe_b64encode(f"{published.isoformat()}|{idea.id}".encode()).decode().rstrip("=")


def _from_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        instant, _, id_ = text.partition("|")
        return datetime.fromisoformat(instant).astimezone(UTC), int(id_)
    except (ValueError, OverflowError, binascii.Error):  # of the last instants some are none in UTC
        raise NotFound from None
