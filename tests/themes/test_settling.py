from sqlalchemy import func, select

from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import Database
from kernel.events import EventRecord
from tests.builders import a_consultation, a_person, a_placement, a_theme, an_idea
from tests.moments import NOON
from themes import settling


async def test_routes_that_a_stop_left_behind_follow_when_the_site_starts_again(database: Database) -> None:
    async with database.write() as tx:
        consultation, author = await a_consultation(tx), await a_person(tx)
        theme = await a_theme(tx, consultation=consultation)
        ideas = [
            await an_idea(tx, consultation=consultation, author=author, state=state, route=route)
            for state, route in (
                (IdeaState.PUBLISHED, IdeaRoute.UNROUTED),
                (IdeaState.PUBLISHED, IdeaRoute.ON_AGENDA),
                (IdeaState.IN_REVIEW, IdeaRoute.UNROUTED),
            )
        ]
        for idea in ideas:
            await a_placement(tx, idea=idea, theme=theme)
        facts = await tx.scalar(select(func.count(EventRecord.id))) or 0

    assert await settling.finish(database, now=NOON) == 1
    assert await settling.finish(database, now=NOON) == 0

    async with database.read() as db:
        routes = list(await db.scalars(select(Idea.route).order_by(Idea.id)))
        assert await db.scalar(select(func.count(EventRecord.id))) == facts + 1
    assert routes == [IdeaRoute.IN_THEME, IdeaRoute.ON_AGENDA, IdeaRoute.UNROUTED]
