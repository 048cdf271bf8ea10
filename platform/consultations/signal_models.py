"""Tables beside an idea's text: what is pointed out in it, what it is like, and whether somebody reads it afterwards.

No words stand here: where a finding begins and ends is read from the text again, which gives the same every time.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultations.signals import Kind
from kernel.db import Base
from kernel.i18n import N_
from kernel.keeping import Basis, Erasure, Kept

_FAIR = N_("Moderatoren wijzen op wat zij moeten lezen, en gegevens van mensen beschermen.")
_AS_LONG = N_("zolang de tekst zelf")


class Signal(Base):
    """How often something of this kind is in the text of an idea as it stands."""

    __tablename__ = "signal"
    __table_args__ = (UniqueConstraint("idea_id", "kind"), Index("ix_signal_kind", "kind", "idea_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    kind: Mapped[Kind]
    number: Mapped[int]
    __kept__ = Kept(
        what=N_("Waar een moderator in uw tekst op moet letten, zoals een telefoonnummer"),
        purpose=_FAIR,
        basis=Basis.TASK,
        until=_AS_LONG,
        whose=("idea_id",),
        erasure=Erasure.REMOVED,
    )


class Likeness(Base):
    """One of the three keys by which the same text is found again (`signals.likeness`)."""

    __tablename__ = "likeness"
    __table_args__ = (Index("ix_likeness_key", "consultation_id", "key"), UniqueConstraint("idea_id", "position"))
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    position: Mapped[int]
    key: Mapped[int]
    __kept__ = Kept(
        what=N_("Drie getallen waaraan wij dezelfde tekst herkennen"),
        purpose=N_("Merken dat een tekst twee keer is ingestuurd."),
        basis=Basis.TASK,
        until=_AS_LONG,
        whose=("idea_id",),
        erasure=Erasure.REMOVED,
    )


class SecondLook(Base):
    """A text that came on the site at once and has something to point out: a moderator reads it afterwards."""

    __tablename__ = "second_look"
    __table_args__ = (Index("ix_second_look_asked_at", "looked_at", "asked_at"),)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __kept__ = Kept(
        what=N_("Dat een moderator uw tekst naleest"),
        purpose=_FAIR,
        basis=Basis.TASK,
        until=_AS_LONG,
        whose=("idea_id",),
        by=("looked_by_id",),
        erasure=Erasure.REMOVED,
    )
