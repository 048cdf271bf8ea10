"""Whatever happens while ideas are put together and split: once all of it is undone, everything is where it was.

MERGES=200 pytest tests/consultations/test_merging_undone.py walks as many random ways instead of a few.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from consultations import endorsements, merging, queries, splitting
from consultations.merge_models import IdeaMerge, IdeaSplit
from consultations.models import Endorsement, Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.errors import DomainError
from tests.builders import a_comment, a_consultation, a_person, an_idea, let_talk
from tests.moments import NOON

WALKS = range(int(os.environ["MERGES"])) if "MERGES" in os.environ else (0, 5)
STEPS = 18
BODY = "Zet bankjes in het park. Maak het plein groener. Plant bomen."


@dataclass
class Walk:
    """Ideas that were there before, the people who act, and what is drawn."""

    tx: WriteSession
    draw: Random
    consultation_id: int
    by: int
    ideas: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    async def step(self) -> None:
        """One act; one that is refused changes nothing."""
        act = self.draw.choice([self.merge, self.merge, self.part, self.split, self.undo_split, self.comment])
        act = self.draw.choice([act, self.endorse, self.retract])
        try:
            async with self.tx.begin_nested():
                await act()
        except DomainError:
            self.done["refused"] += 1
        else:
            self.done[act.__name__] += 1

    async def any_idea(self) -> Idea:
        wanted = select(Idea).where(Idea.under_id.is_(None)).order_by(Idea.id)
        return self.draw.choice(list(await self.tx.scalars(wanted.execution_options(populate_existing=True))))

    async def merge(self) -> None:
        one, other = await self.any_idea(), await self.any_idea()
        await merging.merge(self.tx, idea=one, into=other, reason="Hetzelfde.", actor_id=self.by, now=NOON)

    async def part(self) -> None:
        standing = await self.tx.scalars(select(IdeaMerge).where(IdeaMerge.parted_at.is_(None)).order_by(IdeaMerge.id))
        if found := list(standing):
            await merging.undo(self.tx, merge=self.draw.choice(found), actor_id=self.by, now=NOON)

    async def split(self) -> None:
        told: dict[str, Any] = {"reason": "Twee ideeën.", "actor_id": self.by, "now": NOON}
        await splitting.split(self.tx, idea=await self.any_idea(), shares=[[0], [1, 2]], **told)

    async def undo_split(self) -> None:
        standing = await self.tx.scalars(select(IdeaSplit).where(IdeaSplit.undone_at.is_(None)).order_by(IdeaSplit.id))
        if found := list(standing):
            await splitting.undo(self.tx, made=self.draw.choice(found), actor_id=self.by, now=NOON)

    async def comment(self) -> None:
        await a_comment(
            self.tx, under=await self.tx.get_one(Idea, self.draw.choice(self.ideas), populate_existing=True)
        )

    async def endorse(self) -> None:
        idea, person_id = await self.any_idea(), self.draw.choice(self.people)
        await endorsements.endorse(self.tx, idea=idea, person_id=person_id, now=NOON)

    async def retract(self) -> None:
        idea, person_id = await self.any_idea(), self.draw.choice(self.people)
        await endorsements.retract(self.tx, idea=idea, person_id=person_id, now=NOON)

    async def undo_everything(self) -> None:
        """Newest first, until nothing stands that was put together by hand or split."""
        while True:
            merges = select(IdeaMerge).where(IdeaMerge.parted_at.is_(None), IdeaMerge.split_id.is_(None))
            splits = select(IdeaSplit).where(IdeaSplit.undone_at.is_(None))
            merge = await self.tx.scalar(merges.order_by(IdeaMerge.id.desc()).limit(1))
            made = await self.tx.scalar(splits.order_by(IdeaSplit.id.desc()).limit(1))
            if merge is not None:
                await merging.undo(self.tx, merge=merge, actor_id=self.by, now=NOON)
            elif made is not None:
                await splitting.undo(self.tx, made=made, actor_id=self.by, now=NOON)
            else:
                return

    async def supporters(self) -> dict[int, set[int]]:
        """Who supports each idea by itself."""
        found: dict[int, set[int]] = {}
        for idea_id, person_id in await self.tx.execute(select(Endorsement.idea_id, Endorsement.person_id)):
            found.setdefault(idea_id, set()).add(person_id)
        return found

    async def counts_fit(self) -> None:
        """Every idea counts its own supporters and those of what goes on in it, each once."""
        own = await self.supporters()
        rows = (await self.tx.execute(select(Idea.id, Idea.merged_into_id, Idea.endorsement_count))).all()
        for idea_id, into, number in rows:
            group = {idea_id} | {one for one, carried_in, _ in rows if carried_in == idea_id and into is None}
            assert number == len(set().union(*(own.get(one, set()) for one in group))), idea_id

    async def standing(self) -> Any:
        """Where the ideas of before stand, what everybody reads, what the ledger adds up to, and their comments."""
        places = select(Idea.id, Idea.state, Idea.route, Idea.merged_into_id, Idea.title, Idea.body)
        rows = (await self.tx.execute(places.where(Idea.id.in_(self.ideas)).order_by(Idea.id))).all()
        listed = {idea.id for idea in (await queries.published(self.tx, self.consultation_id)).ideas}
        ledger = await queries.ledger(self.tx, self.consultation_id)
        routes = {route: number for route, number in ledger.routes.items() if route is not IdeaRoute.MERGED}
        return [tuple(row) for row in rows], listed, routes


async def a_walk(tx: WriteSession, number: int) -> Walk:
    consultation = await a_consultation(tx)
    await let_talk(tx, consultation)
    walk = Walk(tx, Random(number), consultation.id, (await a_person(tx)).id)  # noqa: S311 - drawn again by its number
    for route in (IdeaRoute.UNROUTED, IdeaRoute.IN_THEME, IdeaRoute.UNROUTED, IdeaRoute.UNROUTED):
        given: dict[str, Any] = {"state": IdeaState.PUBLISHED, "body": BODY, "route": route}
        walk.ideas.append((await an_idea(tx, consultation=consultation, **given)).id)
    walk.people = [(await a_person(tx)).id for _ in range(4)]
    return walk


@pytest.mark.parametrize("number", WALKS)
async def test_once_all_is_undone_everything_is_where_it_was(tx: WriteSession, number: int) -> None:
    walk = await a_walk(tx, number)
    before = await walk.standing()

    into, one = [await tx.get_one(Idea, idea_id) for idea_id in walk.ideas[:2]]
    await merging.merge(tx, idea=one, into=into, reason="Hetzelfde.", actor_id=walk.by, now=NOON)
    for _ in range(STEPS):
        await walk.step()
        await walk.counts_fit()
    own = await walk.supporters()
    comments = await tx.scalar(select(func.count(Idea.id)).where(Idea.under_id.is_not(None)))
    await walk.undo_everything()

    assert await walk.standing() == before
    assert (await walk.supporters(), comments) == (own, walk.done["comment"])
    await walk.counts_fit()
