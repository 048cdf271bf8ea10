"""Tables of consultations, ideas and endorsements."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, false
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from consultations import keeping
from consultations.states import (
    CONSULTATION_MOVES,
    IDEA_MOVES,
    ConsultationState,
    IdeaKind,
    IdeaRoute,
    IdeaState,
    Policy,
)
from kernel.db import Base
from kernel.moves import step


class Consultation(Base):
    """A question with a period, bound to a meeting. In time means `opens_at <= received_at < closes_at`."""

    __tablename__ = "consultation"
    __kept__ = keeping.CONSULTATION
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    state: Mapped[ConsultationState] = mapped_column(default=ConsultationState.DRAFT)
    policy: Mapped[Policy] = mapped_column(default=Policy.HOLD_ALL)
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str]
    question: Mapped[str]
    # the expectation page, each a plain text of one or a few paragraphs
    asked: Mapped[str]
    can_change: Mapped[str]
    is_fixed: Mapped[str]
    how_used: Mapped[str]
    who_decides: Mapped[str]
    effort: Mapped[str]
    results_when: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    agenda_deadline_at: Mapped[datetime | None]  # written down by panels: closes_at may not lie after it
    announced_at: Mapped[datetime | None]
    state_reason: Mapped[str] = mapped_column(default="")  # why it was suspended or cancelled, for all to read
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: ConsultationState) -> None:
        """Take the step, or raise IllegalMove when the table has no such step."""
        self.state = step(CONSULTATION_MOVES, self.state, state)


class Extension(Base):
    """A later close, with its reason; the old date stays visible."""

    __tablename__ = "extension"
    __kept__ = keeping.EXTENSION
    __table_args__ = (CheckConstraint("old_closes_at < new_closes_at", name="later_only"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    old_closes_at: Mapped[datetime]
    new_closes_at: Mapped[datetime]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


def _as_received(context: DefaultExecutionContext) -> datetime:
    given: dict[str, datetime] = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    return max(filter(None, (given["received_at"], given.get("confirmed_at"))))


class Idea(Base):
    """What one person sent to one consultation: an idea, an experience, or a comment under one of these.

    Public only while PUBLISHED. What reads ideas leaves comments out (`listed`, or `under_id` is empty), unless it is
    about all that people sent in: moderation, letters, receipts, own data.
    """

    __tablename__ = "idea"
    __kept__ = keeping.IDEA
    __table_args__ = (
        UniqueConstraint("consultation_id", "external_id"),
        Index("ix_idea_public", "consultation_id", "state", "published_at", "id"),
        Index("ix_idea_supported", "consultation_id", "state", "endorsement_count", "id"),
        Index("ix_idea_waiting", "state", "received_at"),
        Index("ix_idea_to_read", "state", "waiting_since", "id"),
        Index("ix_idea_to_read_of", "consultation_id", "state", "waiting_since", "id"),
        {"sqlite_autoincrement": True},  # an id that was thrown away unconfirmed never names another idea
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[IdeaKind] = mapped_column(default=IdeaKind.IDEA)
    state: Mapped[IdeaState] = mapped_column(default=IdeaState.SUBMITTED)
    route: Mapped[IdeaRoute] = mapped_column(default=IdeaRoute.UNROUTED)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str]  # plain text; the template escapes it
    service: Mapped[str] = mapped_column(String(120), default="")  # experiences: with which service
    stuck: Mapped[str] = mapped_column(default="")  # experiences: where it got stuck
    shown_name: Mapped[str] = mapped_column(String(80), default="")  # empty: shown as "een inwoner"
    place: Mapped[str] = mapped_column(String(80), default="")
    prompt_id: Mapped[int | None] = mapped_column(index=True)  # a rule of the database holds it
    under_id: Mapped[int | None] = mapped_column(index=True)  # a comment: the idea it stands under; held likewise
    language: Mapped[str] = mapped_column(String(8), default="nl")
    is_late: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]  # the moment of receipt, also when confirmed later
    waiting_since: Mapped[datetime] = mapped_column(default=_as_received, server_default="1970-01-01 00:00:00")
    """From when its author waits for the moderators: the promise counts from it."""
    confirmed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # with the account of its author
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)  # merge_models has why
    endorsement_count: Mapped[int] = mapped_column(default=0)
    external_id: Mapped[str | None] = mapped_column(String(128))  # an import's id or its text's hash; of old, form:key
    imported: Mapped[dict[str, Any] | None]  # an import's other columns, as they came
    version: Mapped[int] = mapped_column()
    author: Mapped[Person] = relationship(lazy="raise")
    consultation: Mapped[Consultation] = relationship(lazy="raise")
    above: Mapped["Idea | None"] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(Idea.under_id) == remote(Idea.id)"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.state is IdeaState.PUBLISHED

    @property
    def is_experience(self) -> bool:
        """Whether it tells what happened, rather than what could be better."""
        return self.kind is IdeaKind.EXPERIENCE

    @property
    def is_comment(self) -> bool:
        """Whether it adds to another idea, rather than being one: no list or number of ideas has it."""
        return self.under_id is not None

    @classmethod
    def readable(cls) -> ColumnElement[bool]:
        """In SQL: an idea or experience that everybody can read, also when it is carried on as part of another."""
        return and_(cls.state == IdeaState.PUBLISHED, cls.under_id.is_(None))

    @classmethod
    def listed(cls) -> ColumnElement[bool]:
        """In SQL: what everybody can read and stands by itself, as lists and numbers of ideas have them."""
        return and_(cls.readable(), cls.merged_into_id.is_(None))

    @property
    def genre(self) -> str:
        """What its author calls it: idea, experience or comment."""
        return "comment" if self.is_comment else self.kind.value

    def move_to(self, state: IdeaState) -> None:
        """Take the step, or raise IllegalMove when the table has no such step."""
        self.state = step(IDEA_MOVES, self.state, state)


class IdeaVersion(Base):
    """The text as it stood; never changed, but emptied with its idea. Moderation decisions bind to its hash."""

    __tablename__ = "idea_version"
    __kept__ = keeping.IDEA_VERSION
    __table_args__ = (UniqueConstraint("idea_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str]
    service: Mapped[str] = mapped_column(String(120), default="")
    stuck: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]
    published_at: Mapped[datetime | None]  # when it first stood in public; only then others may read it
    is_masked: Mapped[bool] = mapped_column(default=False, server_default=false())  # a moderator left words out
    hidden_at: Mapped[datetime | None]  # words of it were left out since: for moderators alone from then on


class Endorsement(Base):
    """One confirmed person's support for one idea, once."""

    __tablename__ = "endorsement"
    __kept__ = keeping.ENDORSEMENT
    __table_args__ = (UniqueConstraint("idea_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    endorsed_at: Mapped[datetime]


class EndorsementRequest(Base):
    """Somebody with an unconfirmed address wants to support an idea; the link in the letter makes it count."""

    __tablename__ = "endorsement_request"
    __kept__ = keeping.ENDORSEMENT_REQUEST
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    network: Mapped[str | None] = mapped_column(String(64))  # as a fingerprint, for thirty days
    asked_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]


class ReceiptNumber(Base):
    """The last receipt number given out in a year, as 2026-00042."""

    __tablename__ = "receipt_number"
    __kept__ = keeping.RECEIPT_NUMBER
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
