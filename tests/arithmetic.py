"""One process of arithmetic for all tests of a pytest process: waking it up takes longer than most tests."""

import itertools
from functools import cache
from typing import Any

from themes.worker import Worker

ON_A_SHELF = frozenset({"remember", "forget", "count", "nearest"})
_numbers = itertools.count(1)


class Shared(Worker):
    """One test's share of that process: shelves of its own. It goes on when the test ends."""

    def __init__(self) -> None:
        super().__init__()
        self._number = next(_numbers)

    @property
    def is_running(self) -> bool:
        return _one().is_running

    @property
    def pid(self) -> int | None:
        return _one().pid

    async def _ask(self, name: str, *given: object, **named: object) -> Any:
        if name in ON_A_SHELF:
            shelf, *others = given
            given = (f"{self._number}:{shelf}", *others)
        return await _one()._ask(name, *given, **named)


@cache
def _one() -> Worker:
    return Worker()
