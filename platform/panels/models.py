"""Tables of panels, seats, meetings, agendas, minutes, recommendations and responses."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from consultations.states import IdeaRoute
from kernel.db import Base
from kernel.html import CleanHtml, clean
from kernel.moves import step
from panels import keeping
from panels.states import (
    ITEM_MOVES,
    MEETING_MOVES,
    RECOMMENDATION_MOVES,
    RESPONSE_MOVES,
    ItemState,
    MeetingState,
    PanelState,
    RecommendationState,
    ResponseState,
    SeatEntry,
    SeatKind,
)
from themes.models import Theme


class Panel(Base):
    """A running citizens' panel with its terms of reference and its own deadlines."""

    __tablename__ = "panel"
    __kept__ = keeping.PANEL
    __table_args__ = (CheckConstraint("freeze_days >= publish_days AND publish_days >= 1", name="freeze_first"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[PanelState] = mapped_column(default=PanelState.ACTIVE)
    aim: Mapped[str]  # this and the next five: the terms of reference, each a plain text
    tasks: Mapped[str]
    term: Mapped[str]
    meeting_cycle: Mapped[str]
    reporting: Mapped[str]
    confidentiality: Mapped[str]
    is_permanent: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(String(80))
    contact_email: Mapped[str] = mapped_column(String(254))
    freeze_days: Mapped[int] = mapped_column(default=8)
    publish_days: Mapped[int] = mapped_column(default=7)
    briefing_days: Mapped[int] = mapped_column(default=5)
    response_months: Mapped[int] = mapped_column(default=6)
    version: Mapped[int] = mapped_column(server_default="1")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name


class Agreement(Base):
    """A version of the cooperation agreement between panel and partner; public, never changed."""

    __tablename__ = "agreement"
    __kept__ = keeping.AGREEMENT
    __table_args__ = (UniqueConstraint("panel_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    number: Mapped[int]
    partner: Mapped[str] = mapped_column(String(160))
    size: Mapped[str]
    duration: Mapped[str]
    set_up: Mapped[str]
    funding: Mapped[str]
    how_treated: Mapped[str]  # how the partner treats the panel's proposals
    threshold_percent: Mapped[int]
    council_role: Mapped[str]
    draw_method: Mapped[str]
    draw_seed: Mapped[str] = mapped_column(String(64))
    agreed_on: Mapped[date]


class Seat(Base):
    """Somebody's place in a panel, from when to when."""

    __tablename__ = "seat"
    __kept__ = keeping.SEAT
    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[SeatKind]
    entry: Mapped[SeatEntry]
    organisation: Mapped[str] = mapped_column(String(120), default="")
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise")


class Meeting(Base):
    """A meeting of a panel. The agenda freezes and is published a number of days before it starts."""

    __tablename__ = "meeting"
    __kept__ = keeping.MEETING
    __table_args__ = (UniqueConstraint("panel_id", "number"), CheckConstraint("minutes_long > 0", name="has_length"))
    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    place: Mapped[str] = mapped_column(String(160), default="")
    starts_at: Mapped[datetime]
    minutes_long: Mapped[int]
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    agenda_frozen_at: Mapped[datetime | None]
    agenda_published_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    minutes_published_at: Mapped[datetime | None]
    minutes_intro: Mapped[str] = mapped_column(default="")  # Markdown, as the secretary wrote it
    minutes_intro_html: Mapped[str] = mapped_column(CleanHtml, default=clean(""))  # cleaned when it was written
    reason: Mapped[str] = mapped_column(default="")  # why it was moved or will not be held
    version: Mapped[int] = mapped_column()
    panel: Mapped[Panel] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: MeetingState) -> None:
        """Take the step, or raise IllegalMove when the table has no such step."""
        self.state = step(MEETING_MOVES, self.state, state)


class AgendaItem(Base):
    """One point on a meeting's agenda. Position is NULL while not scheduled; negative only inside a re-ordering."""

    __tablename__ = "agenda_item"
    __kept__ = keeping.AGENDA_ITEM
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint("minutes > 0", name="takes_time"),
        CheckConstraint("state != 'declined' OR reason != ''", name="declined_with_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(160))
    question: Mapped[str] = mapped_column(default="")  # to the panel
    minutes: Mapped[int] = mapped_column(default=15)
    presenter: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[ItemState] = mapped_column(default=ItemState.ADMITTED)
    reason: Mapped[str] = mapped_column(default="")  # why declined, kept, postponed or withdrawn
    is_confidential: Mapped[bool] = mapped_column(default=False)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    added_after_publication: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime | None]  # the last change after the agenda was published
    what_was_said: Mapped[str] = mapped_column(default="")  # the minutes of this item
    advice: Mapped[str] = mapped_column(default="")
    follow_up: Mapped[str] = mapped_column(default="")
    discussed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    theme: Mapped[Theme | None] = relationship(lazy="raise")
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: ItemState) -> None:
        """Take the step, or raise IllegalMove when the table has no such step."""
        self.state = step(ITEM_MOVES, self.state, state)


class AgendaIdea(Base):
    """An idea that an agenda item rests on; `own_route` where the panel gave it another outcome than its item."""

    __tablename__ = "agenda_idea"
    __kept__ = keeping.AGENDA_IDEA
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, index=True)
    own_route: Mapped[IdeaRoute | None]
    own_reason: Mapped[str] = mapped_column(default="")


class Recommendation(Base):
    """An advice of the panel to the commissioner."""

    __tablename__ = "recommendation"
    __kept__ = keeping.RECOMMENDATION
    __table_args__ = (UniqueConstraint("panel_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    number: Mapped[int]
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str]
    state: Mapped[RecommendationState] = mapped_column(default=RecommendationState.DRAFT)
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    adopted_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    agenda_item: Mapped[AgendaItem] = relationship(lazy="raise")
    response: Mapped["Response | None"] = relationship(lazy="raise", back_populates="recommendation")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: RecommendationState) -> None:
        """Take the step, or raise IllegalMove when the table has no such step."""
        self.state = step(RECOMMENDATION_MOVES, self.state, state)


class Response(Base):
    """The commissioner's answer to a recommendation, due by a date that is public from the start."""

    __tablename__ = "response"
    __kept__ = keeping.RESPONSE
    __table_args__ = (
        CheckConstraint("state = 'awaited' OR reasons != ''", name="answered_with_reasons"),
        CheckConstraint(
            "state NOT IN ('accepted', 'partly') OR (owner != '' AND done_by IS NOT NULL)",
            name="promise_has_owner_and_date",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), unique=True)
    state: Mapped[ResponseState] = mapped_column(default=ResponseState.AWAITED)
    due_at: Mapped[datetime]
    reasons: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(String(120), default="")
    done_by: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    recommendation: Mapped[Recommendation] = relationship(lazy="raise", back_populates="response")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def is_overdue(self, now: datetime) -> bool:
        """Whether the due date passed without an answer; nobody has to set this."""
        return self.state is ResponseState.AWAITED and self.due_at < now

    def move_to(self, state: ResponseState) -> None:
        """Take the step, or raise IllegalMove when the table has no such step."""
        self.state = step(RESPONSE_MOVES, self.state, state)
