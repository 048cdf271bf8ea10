"""Ideas like the one that somebody is writing. Who finds them is not this room's to know: `FindSimilar` is asked.

They are offered, never counted as the same: of true rewordings and of other ideas the scores overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from sqlalchemy import select

from consultations.models import Idea
from consultations.phase_rules import Span
from kernel.db import ReadSession

AT_MOST = 3
FROM_LENGTH = 8
"""Characters from which something can be said about what is meant."""
WORTH_SHOWING = 0.4
"""While somebody types. Of rewordings of an idea a third scores this; four in ten searches show another, near it."""
WORTH_ASKING = 0.55
"""Before somebody who saw no list is asked to look first: a page more on the way has to be worth it."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An idea and how much it is like the words, 0 to 1."""

    idea_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Offer:
    """Ideas that are there already, and what can be done with them now instead of sending one more."""

    ideas: Sequence[Idea] = ()
    may_add: bool = False
    may_support: bool = True
    support_comes: Span | None = None  # the phase for it, while that has yet to begin

    def __bool__(self) -> bool:
        return bool(self.ideas)


NOTHING = Offer()


@runtime_checkable  # a route that asks for it is given what passes for one
class FindSimilar(Protocol):
    """Finds the published ideas of a consultation that are most like some words, best first."""

    async def __call__(self, db: ReadSession, consultation_id: int, words: str, *, most: int) -> Sequence[Alike]:
        """Nothing when it cannot tell in time, or was not prepared: it keeps nobody from sending an idea in."""
        ...

    def prepare(self, consultation_id: int) -> None:
        """Somebody is about to write."""
        ...


async def similar_to(
    db: ReadSession, find: FindSimilar, *, consultation_id: int, words: str, at_least: float = WORTH_SHOWING
) -> list[Idea]:
    """A few published ideas of the same consultation, the most alike first; merged ones are left out."""
    if len(words) < FROM_LENGTH:
        return []
    found = await find(db, consultation_id, words, most=2 * AT_MOST)
    ids = [one.idea_id for one in found if one.score >= at_least]
    public = select(Idea).where(
        Idea.id.in_(ids),
        Idea.consultation_id == consultation_id,
        Idea.listed(),
        Idea.merged_into_id.is_(None),
    )
    by_id = {idea.id: idea for idea in await db.scalars(public)}
    return [by_id[idea_id] for idea_id in ids if idea_id in by_id][:AT_MOST]
