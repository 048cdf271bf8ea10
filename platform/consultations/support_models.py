"""Tables of where support came from, and of support that is set apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations import keeping
from consultations.models import Consultation
from consultations.states import QUARANTINE_MOVES, QuarantineState
from kernel.db import Base
from kernel.moves import step


class SupportTrace(Base):
    """From which network support came, as a fingerprint, and how: for thirty days, to notice faked support.

    Support that was asked for in one network and confirmed in another has two.
    """

    __tablename__ = "support_trace"
    __kept__ = keeping.SUPPORT_TRACE
    __table_args__ = (Index("ix_support_trace_consultation_id_network", "consultation_id", "network"),)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey("endorsement.id"), primary_key=True, autoincrement=False)
    network: Mapped[str] = mapped_column(String(64), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    idea_id: Mapped[int]
    host: Mapped[str] = mapped_column(String(253))  # behind the @
    is_new: Mapped[bool]  # the person was not here before, and sent nothing in
    is_hasty: Mapped[bool]  # the link in the letter was used at once
    hour: Mapped[int]  # since 1970
    at: Mapped[datetime] = mapped_column(index=True)


class SupportWatch(Base):
    """Whether support came in since the networks of a consultation were last compared."""

    __tablename__ = "support_watch"
    __kept__ = keeping.SUPPORT_WATCH
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True, autoincrement=False)
    news_since: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]


class Quarantine(Base):
    """The support that came from one network: worth a look, set apart, released or kept apart."""

    __tablename__ = "quarantine"
    __kept__ = keeping.QUARANTINE
    __table_args__ = (
        UniqueConstraint("consultation_id", "network", "number"),
        UniqueConstraint("consultation_id", "name", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    network: Mapped[str | None] = mapped_column(String(64))  # forgotten thirty days after its last support
    name: Mapped[str] = mapped_column(String(16))  # as A7F3: says nothing about whose it is
    number: Mapped[int]  # what comes after a release is a case of its own
    state: Mapped[QuarantineState] = mapped_column(default=QuarantineState.COUNTED)
    signs: Mapped[dict[str, Any]]  # why the rule set it apart: suspicion.Sign and numbers
    opened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    consultation: Mapped[Consultation] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: QuarantineState) -> None:
        """Take the step, or raise IllegalMove when the table has no such step."""
        self.state = step(QUARANTINE_MOVES, self.state, state)


class SetApart(Base):
    """Support that belongs to a quarantine; it does not count while that is apart or kept."""

    __tablename__ = "set_apart"
    __kept__ = keeping.SET_APART
    endorsement_id: Mapped[int] = mapped_column(ForeignKey("endorsement.id"), primary_key=True, autoincrement=False)
    quarantine_id: Mapped[int] = mapped_column(
        ForeignKey("quarantine.id"), primary_key=True, autoincrement=False, index=True
    )


class QuarantineDecision(Base):
    """What a moderator decided about the support from one network, and why. Written once; the newest holds."""

    __tablename__ = "quarantine_decision"
    __kept__ = keeping.QUARANTINE_DECISION
    id: Mapped[int] = mapped_column(primary_key=True)
    quarantine_id: Mapped[int] = mapped_column(ForeignKey("quarantine.id"), index=True)
    verdict: Mapped[QuarantineState]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
