"""Steps through a table of what may follow what: the one check behind every `move_to`.

The database knows the same steps: its triggers look them up in `state_step` and refuse any other, whoever asks.
"""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base
from kernel.errors import IllegalMove
from kernel.i18n import N_
from kernel.keeping import of_nobody

State = TypeVar("State")


class StateStep(Base):
    """One step that a machine (`idea.state`: its table and column) may take. Written by migrations alone."""

    __tablename__ = "state_step"
    __kept__ = of_nobody(
        N_("Welke stap op welke mag volgen"),
        N_("Geen stap overslaan."),
        N_("zolang deze website bestaat"),
        *("machine", "present", "following"),
    )
    machine: Mapped[str] = mapped_column(String(32), primary_key=True)
    present: Mapped[str] = mapped_column(String(32), primary_key=True)
    following: Mapped[str] = mapped_column(String(32), primary_key=True)


def step(moves: Mapping[State, frozenset[State]], present: State, to: State) -> State:
    """The state after the step; raises IllegalMove when the table has no such step."""
    if to not in moves[present]:
        raise IllegalMove
    return to
