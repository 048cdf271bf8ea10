"""Tables of what a consultation is made of: the panel's questions, and the phases it goes through."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultations import keeping
from consultations.states import PhaseKind
from kernel.db import Base


class Prompt(Base):
    """A question that the panel set for its meeting; an idea may answer one. Fixed once it is announced."""

    __tablename__ = "prompt"
    __kept__ = keeping.PROMPT
    __table_args__ = (UniqueConstraint("consultation_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    position: Mapped[int]  # from 1
    text: Mapped[str] = mapped_column(String(300))


class Phase(Base):
    """What comes after the collecting of ideas, until when; it begins where the one before it ends."""

    __tablename__ = "phase"
    __kept__ = keeping.PHASE
    __table_args__ = (CheckConstraint("kind <> 'collect'", name="collecting_is_the_period_itself"),)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True, autoincrement=False)
    kind: Mapped[PhaseKind] = mapped_column(primary_key=True)
    closes_at: Mapped[datetime]
