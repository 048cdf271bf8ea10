"""Tables of other ways in: what a consultation offers, what staff wrote down for somebody, codes on paper."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from consultations import ways_keeping
from consultations.ways_states import IntakeWay
from kernel.db import Base


class WaysIn(Base):
    """How people can take part in a consultation beside typing; without a row: by typing alone."""

    __tablename__ = "ways_in"
    __kept__ = ways_keeping.WAYS_IN
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True, autoincrement=False)
    offline_help: Mapped[str] = mapped_column(default="")  # counter, opening hours, telephone number
    takes_files: Mapped[bool] = mapped_column(default=False)
    has_map: Mapped[bool] = mapped_column(default=False)
    takes_comments: Mapped[bool] = mapped_column(default=False, server_default=false())
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Intake(Base):
    """An idea that staff wrote down for its author: how it was told, and how its author can be reached."""

    __tablename__ = "intake"
    __kept__ = ways_keeping.INTAKE
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    way: Mapped[IntakeWay]
    is_without_mail: Mapped[bool]  # nobody reads a letter by e-mail: staff print it
    reach: Mapped[str] = mapped_column(String(300), default="")  # a postal address or telephone number, when given
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    told_at: Mapped[datetime | None]  # when its author was last told on paper or by telephone how it stands


class PrintedCode(Base):
    """A receipt on paper: the hash of the code that stands on it."""

    __tablename__ = "printed_code"
    __kept__ = ways_keeping.PRINTED_CODE
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Attachment(Base):
    """A picture or a document with an idea, made anew by us. Public once a moderator showed it and the idea is."""

    __tablename__ = "attachment"
    __kept__ = ways_keeping.ATTACHMENT
    __table_args__ = (
        UniqueConstraint("idea_id", "sha256"),
        CheckConstraint("decided_at IS NOT NULL OR NOT is_shown", name="shown_by_somebody"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    is_picture: Mapped[bool]  # else a PDF
    width: Mapped[int]  # in pixels; of a document its pages
    height: Mapped[int]
    alternative: Mapped[str] = mapped_column(String(300))  # what is on it, for who does not see it
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    is_shown: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")  # why it is not shown, for its author
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def is_waiting(self) -> bool:
        """Whether no moderator has looked yet."""
        return self.decided_at is None

    @property
    def file_name(self) -> str:
        """What it is called here, whatever it was called before; another file has another name."""
        return f"{self.sha256[:16]}.{'jpg' if self.is_picture else 'pdf'}"
