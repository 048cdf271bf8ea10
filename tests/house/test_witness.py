"""The witness of every test sees a step that nobody told of."""

import pytest
from sqlalchemy import update

from consultations import ideas
from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import Database
from tests.builders import an_idea, put
from tests.moments import NOON
from tests.witness import StepWithoutFact


async def test_a_silent_step_is_seen(database: Database) -> None:
    with pytest.raises(StepWithoutFact):
        async with database.write() as tx:
            (await an_idea(tx)).move_to(IdeaState.PUBLISHED)


async def test_a_silent_step_of_many_is_seen(database: Database) -> None:
    with pytest.raises(StepWithoutFact):
        async with database.write() as tx:
            idea = await an_idea(tx, state=IdeaState.PUBLISHED)
            await tx.execute(update(Idea).where(Idea.id == idea.id).values(route=IdeaRoute.IN_THEME))


async def test_a_step_that_is_told_and_what_a_test_puts_are_in_order(database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx)
        await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)
        await ideas.route(tx, idea_ids=[idea.id], route=IdeaRoute.IN_THEME, actor_id=None, now=NOON)
        await put(tx, await an_idea(tx), IdeaState.WITHDRAWN)
