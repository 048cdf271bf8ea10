"""The table of words that were left out of texts: where, of what kind, never which."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base
from kernel.i18n import N_
from kernel.keeping import Basis, Erasure, Kept


class Masking(Base):
    """By this decision words were left out of a text: version `number` of it is the text without them.

    `cuts` are places in the version before it, each `[field, start, end, kind]`. Together with a ground it is a
    decision to publish that restricts: the decision has a statement of reasons, and can be appealed against.
    """

    __tablename__ = "masking"
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("moderation_decision.id"), primary_key=True, autoincrement=False
    )
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    number: Mapped[int]
    cuts: Mapped[list[Any]]
    __kept__ = Kept(
        what=N_("Waar een moderator woorden uit uw tekst heeft weggelaten"),
        purpose=N_("Kunnen laten zien wat er is weggelaten, en u gelijk kunnen geven."),
        basis=Basis.LAW,
        until=N_("even lang als het idee"),
        whose=("idea_id",),
        erasure=Erasure.REMOVED,
        ours=("cuts",),
    )
