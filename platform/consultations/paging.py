"""Going through ideas by key: the last row shown says where the next page begins. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from consultations.models import Idea

PAGE = 15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Sort(StrEnum):
    """In which order ideas are shown."""

    NEWEST = "newest"
    SUPPORT = "support"


@dataclass(frozen=True)
class IdeaKey:
    """Where a page ended: the sorted value as a whole number (microseconds, or support), and the idea."""

    number: int
    idea_id: int

    @classmethod
    def of(cls, idea: Idea, sort: Sort) -> Self:
        """The key of an idea in this order."""
        if sort is Sort.SUPPORT:
            return cls(idea.endorsement_count, idea.id)
        return cls((idea.published_at - _EPOCH) // _TICK if idea.published_at else 0, idea.id)

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """The key as it stood in an address; None when it is not one."""
        number, _, idea_id = written.partition(".")
        if not (number.isascii() and number.isdigit() and idea_id.isascii() and idea_id.isdigit()):
            return None
        key = cls(int(number), int(idea_id))
        return key if key.number < 2**53 and key.idea_id < 2**31 else None

    def value_for(self, sort: Sort) -> datetime | int:
        """The value to compare with."""
        return self.number if sort is Sort.SUPPORT else _EPOCH + self.number * _TICK

    def __str__(self) -> str:
        return f"{self.number}.{self.idea_id}"


@dataclass(frozen=True, kw_only=True)
class IdeaSlice:
    """A page of ideas, how many there are in all, and where the next page begins (None: this was the last).

    `comments` says for each idea how many comments can be read under it.
    """

    ideas: Sequence[Idea]
    comments: Mapping[int, int]
    total: int
    next_key: IdeaKey | None
