"""The front page and the health page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, get
from litestar.response import Response, Template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consultations import queries as consultation_queries
from consultations.ledger import Ledger
from consultations.listing import Listing
from consultations.models import Consultation
from kernel.db import ReadSession
from kernel.inject import Asked, Db, Doors, Now
from kernel.pages import Page
from klankbord.health import condition
from panels.models import Meeting, Panel
from panels.states import MeetingState, PanelState

FIRST_LOOK = 3
OFF = frozenset({MeetingState.POSTPONED, MeetingState.CANCELLED})


@dataclass(frozen=True, kw_only=True)
class Running:
    """A panel at work, and when it meets next."""

    panel: Panel
    next_meeting: Meeting | None


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """What the panel asks now, what comes, and what became of what was asked before."""

    template: ClassVar[str] = "klankbord/home.html"
    now: datetime
    running: Sequence[Running]
    opened: Sequence[Consultation]
    upcoming: Sequence[Consultation]
    closed: Sequence[Consultation]
    ledgers: dict[int, Ledger]
    listing: Listing | None


async def running_panels(db: ReadSession, now: datetime) -> list[Running]:
    """Panels at work, each with its next meeting: two questions."""
    panels = (await db.scalars(select(Panel).where(Panel.state == PanelState.ACTIVE).order_by(Panel.id))).all()
    ahead = select(Meeting).where(Meeting.starts_at > now, Meeting.state.not_in(OFF)).options(joinedload(Meeting.panel))
    first: dict[int, Meeting] = {}
    for meeting in await db.scalars(ahead.order_by(Meeting.starts_at, Meeting.id)):
        first.setdefault(meeting.panel_id, meeting)
    return [Running(panel=panel, next_meeting=first.get(panel.id)) for panel in panels]


class Home(Controller):
    """What stands above all rooms."""

    @get("/", name="home")
    async def home(self, db: Db, now: Now) -> Template:
        """The front page."""
        opened = await consultation_queries.open_now(db, now)
        closed = await consultation_queries.recently_closed(db, now)
        shown = [consultation.id for consultation in (*opened, *closed)]
        return HomePage(
            now=now,
            running=await running_panels(db, now),
            opened=opened,
            upcoming=await consultation_queries.upcoming(db, now),
            closed=closed,
            ledgers=await consultation_queries.ledgers(db, shown),
            listing=await Listing.load(db, opened[0], {}, most=FIRST_LOOK) if opened else None,
        ).response()

    @get("/health", name="health")
    async def health(self, database: Doors, request: Asked, now: Now) -> Response[dict[str, Any]]:
        """Whether the site can read its database, its worker turns, and its letters leave; soon, whatever is wrong."""
        told = await condition(database, request.app.state.worker, now=now)
        return Response(told, status_code=200 if told["database"] == "ok" else 503)
