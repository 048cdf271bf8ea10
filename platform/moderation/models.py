"""Tables of grounds, claims, decisions, reports, appeals and blocks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations.models import Consultation, Idea
from kernel.db import Base
from kernel.moves import step
from moderation import keeping
from moderation.states import APPEAL_MOVES, REPORT_MOVES, AppealState, Conduct, Ending, Outcome, ReportState


class Ground(Base):
    """A reason for not publishing, fixed and published before the consultation opens."""

    __tablename__ = "ground"
    __kept__ = keeping.GROUND
    __table_args__ = (UniqueConstraint("consultation_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(80))
    wording: Mapped[str]


class Claim(Base):
    """A moderator is looking at this idea, until a time."""

    __tablename__ = "claim"
    __kept__ = keeping.CLAIM
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # by whoever took it over


class PlannedDecision(Base):
    """What a moderator decided, while it can be undone: nobody else hears of it. It goes once it is carried out.

    `mark` is what the moderator had before them (rules.mark_of): when that is no longer so, it lapses.
    """

    __tablename__ = "planned_decision"
    __kept__ = keeping.PLANNED_DECISION
    __table_args__ = (CheckConstraint("outcome = 'publish' OR ground_id IS NOT NULL", name="restriction_has_ground"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), unique=True)
    mark: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[Outcome]
    ground_id: Mapped[int | None] = mapped_column(ForeignKey("ground.id"))
    explanation: Mapped[str] = mapped_column(default="")
    together: Mapped[str] = mapped_column(String(32), default="", index=True)  # what was decided at once has the same
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    idea: Mapped[Idea] = relationship(lazy="raise")
    ground: Mapped[Ground | None] = relationship(lazy="raise")


class KeysOff(Base):
    """Somebody works without single keys: they switched them off."""

    __tablename__ = "keys_off"
    __kept__ = keeping.KEYS_OFF
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime]


class Decision(Base):
    """What a person decided about one version of an idea; with a ground it is the statement of reasons."""

    __tablename__ = "moderation_decision"
    __kept__ = keeping.DECISION
    __table_args__ = (CheckConstraint("outcome = 'publish' OR ground_id IS NOT NULL", name="restriction_has_ground"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    version_sha256: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[Outcome]
    ground_id: Mapped[int | None] = mapped_column(ForeignKey("ground.id"))
    explanation: Mapped[str] = mapped_column(default="")  # the facts, to the author
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))  # what it was taken on, if on a report
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(index=True)
    idea: Mapped[Idea] = relationship(lazy="raise")
    ground: Mapped[Ground | None] = relationship(lazy="raise")

    @property
    def is_masking(self) -> bool:
        """Whether it published a text without some of its words (`masking_models`): what is published has no ground."""
        return self.outcome is Outcome.PUBLISH and self.ground_id is not None


class Report(Base):
    """A citizen says that a published idea should not stand there."""

    __tablename__ = "report"
    __kept__ = keeping.REPORT
    __table_args__ = (Index("ix_report_waiting", "state", "reported_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_signed_in: Mapped[bool] = mapped_column(default=False, server_default=false())  # else: anybody's
    address: Mapped[str] = mapped_column(String(300), default="", server_default="")  # exactly what it is about
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")  # that the reporter gave
    reason: Mapped[str]
    state: Mapped[ReportState] = mapped_column(default=ReportState.RECEIVED)
    answer: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(server_default="1")
    idea: Mapped[Idea] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: ReportState) -> None:
        """Take the step, or raise IllegalMove when it was decided before."""
        self.state = step(REPORT_MOVES, self.state, state)


class PageReport(Base):
    """A citizen says that something on a public page should not stand there that no resident sent in."""

    __tablename__ = "page_report"
    __kept__ = keeping.PAGE_REPORT
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(300))
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"))  # whose page it is; None: of the whole site
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str]
    state: Mapped[ReportState] = mapped_column(default=ReportState.RECEIVED)
    answer: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: ReportState) -> None:
        """Take the step, or raise IllegalMove when it was decided before."""
        self.state = step(REPORT_MOVES, self.state, state)


class Appeal(Base):
    """The author does not agree with a decision; another moderator decides, once."""

    __tablename__ = "appeal"
    __kept__ = keeping.APPEAL
    __table_args__ = (Index("ix_appeal_waiting", "state", "due_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("moderation_decision.id"), unique=True)
    reason: Mapped[str]
    state: Mapped[AppealState] = mapped_column(default=AppealState.RECEIVED)
    answer: Mapped[str] = mapped_column(default="")
    lodged_at: Mapped[datetime]
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(server_default="1")
    decision: Mapped[Decision] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: AppealState) -> None:
        """Take the step, or raise IllegalMove when it was decided before."""
        self.state = step(APPEAL_MOVES, self.state, state)


class Block(Base):
    """A person who may not take part for a while, and why. Written once: how it ended stands in `block_end`.

    It is about an idea, about a report, or (without either) about how this person gave support.
    """

    __tablename__ = "block"
    __kept__ = keeping.BLOCK
    __table_args__ = (
        UniqueConstraint("person_id", "number"),
        CheckConstraint("until > blocked_at", name="ends_later"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]  # this person's first, second, …
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    ground: Mapped[Conduct]
    explanation: Mapped[str]  # the facts, to the person
    blocked_at: Mapped[datetime]
    blocked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime | None]  # None: until somebody lifts it
    consultation: Mapped[Consultation] = relationship(lazy="raise")


class BlockEnd(Base):
    """How a block came to its end, once."""

    __tablename__ = "block_end"
    __kept__ = keeping.BLOCK_END
    block_id: Mapped[int] = mapped_column(ForeignKey("block.id"), primary_key=True, autoincrement=False)
    how: Mapped[Ending]
    reason: Mapped[str]  # to the person; empty when it lapsed
    ended_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class BlockAppeal(Base):
    """Who is blocked does not agree; another moderator decides, once."""

    __tablename__ = "block_appeal"
    __kept__ = keeping.BLOCK_APPEAL
    id: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[int] = mapped_column(ForeignKey("block.id"), unique=True)
    reason: Mapped[str]
    state: Mapped[AppealState] = mapped_column(default=AppealState.RECEIVED)
    answer: Mapped[str] = mapped_column(default="")
    lodged_at: Mapped[datetime]
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    block: Mapped[Block] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: AppealState) -> None:
        """Take the step, or raise IllegalMove when it was decided before."""
        self.state = step(APPEAL_MOVES, self.state, state)
