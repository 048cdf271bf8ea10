"""Steps through a table of what may follow what: the one check behind every `move_to`."""

from collections.abc import Mapping
from typing import TypeVar

from kernel.errors import IllegalMove

State = TypeVar("State")


def step(moves: Mapping[State, frozenset[State]], present: State, to: State) -> State:
    """The state after the step; raises IllegalMove when the table has no such step."""
    if to not in moves[present]:
        raise IllegalMove
    return to
