"""Tables of other ways in: what a consultation offers, what staff wrote down for somebody, codes on paper."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
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
