"""Facts become letters and nudges, once each, whatever is doubled or dies on the way."""

import asyncio

from sqlalchemy import select

from consultations import ideas
from consultations.events import IdeaReceived
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.events import Unrelayed, record
from klankbord.worker import Worker
from notify.models import Message
from notify.relay import pass_over, relay
from notify.states import MessageState
from notify.transport import Memory
from tests.builders import an_idea
from tests.moments import NOON
from tests.notify.conftest import Heard


async def publish_one(database: Database) -> int:
    """An idea that is published now, as the moderators would."""
    async with database.write() as tx:
        idea = await an_idea(tx)
        await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)
    return idea.id


async def queued(database: Database) -> list[str]:
    async with database.read() as db:
        return list(await db.scalars(select(Message.template).order_by(Message.id)))


async def test_a_fact_is_told_once_however_often_it_is_relayed(database: Database, heard: Heard) -> None:
    idea_id = await publish_one(database)

    assert [await relay(database, heard, NOON) for _ in range(3)] == [1, 0, 0]

    assert await queued(database) == ["idea_published"]
    assert heard.topics == [f"idea:{idea_id}", f"receipt:{idea_id}", "consultation:1", "queue"]


async def test_two_relays_at_once_tell_each_fact_once(database: Database, heard: Heard) -> None:
    for _ in range(5):
        await publish_one(database)

    told = await asyncio.gather(relay(database, heard, NOON), relay(database, heard, NOON))

    assert sum(told) == 5
    assert await queued(database) == ["idea_published"] * 5


async def test_a_fact_that_is_put_up_again_queues_no_second_letter(database: Database, heard: Heard) -> None:
    await publish_one(database)
    await relay(database, heard, NOON)
    async with database.write() as tx:
        tx.add(Unrelayed(event_id=1))

    assert await relay(database, heard, NOON) == 1

    assert await queued(database) == ["idea_published"]


async def test_a_site_that_dies_after_relaying_delivers_when_it_is_back(
    database: Database, heard: Heard, worker: Worker, post: Memory, clock: StandingClock
) -> None:
    await publish_one(database)
    await relay(database, heard, NOON)  # and here it dies

    for _ in range(2):
        await worker.turn(NOON)

    assert [letter["Subject"] for letter in post.letters] == [
        "Uw inzending " + (await the_number(database)) + " staat op de site"
    ]
    async with database.read() as db:
        assert [one.state for one in await db.scalars(select(Message))] == [MessageState.SENT]


async def the_number(database: Database) -> str:
    async with database.read() as db:
        return (await db.scalars(select(Idea.number))).one()


async def test_a_fact_that_cannot_be_told_stays_and_holds_up_no_other(database: Database, heard: Heard) -> None:
    async with database.write() as tx:
        await record(tx, IdeaReceived(at=NOON, actor_id=None, idea_id=404, consultation_id=1))
    await publish_one(database)

    assert await relay(database, heard, NOON) == 1

    assert await queued(database) == ["idea_published"]
    async with database.read() as db:
        assert list(await db.scalars(select(Unrelayed.event_id))) == [1]


async def test_loaded_history_can_be_passed_over(database: Database, heard: Heard) -> None:
    await publish_one(database)
    async with database.write() as tx:
        assert await pass_over(tx) == 1

    assert await relay(database, heard, NOON) == 0
    assert (await queued(database), heard.topics) == ([], [])
