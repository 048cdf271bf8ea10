"""The worker in the running site: woken by commits, stopped in time, told of on /health."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, select

from consultations.events import IdeaSubmitted
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.events import Unrelayed, record
from kernel.settings import Settings
from klankbord.app import create_app
from klankbord.worker import Worker
from notify import outbox
from notify.models import Message
from notify.states import MessageState
from notify.transport import Memory, Undeliverable
from tests.builders import a_person, an_idea
from tests.moments import NOON
from tests.notify.test_relay import publish_one
from tests.visitor import Visitor


async def until(true: Callable[[], object], patience: float = 30.0) -> None:
    """Wait until a question is answered with yes."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110 - the question is about somebody else's state
            await asyncio.sleep(0.01)


async def test_a_commit_wakes_the_worker_at_once(worker: Worker, database: Database, post: Memory) -> None:
    await worker.start()
    worker._ticking.stop()  # only the commit can wake it now
    await publish_one(database)
    await until(lambda: post.letters)
    await worker.stop()

    assert len(post.letters) == 1


async def test_the_tick_alone_sends_what_became_due(
    worker: Worker, database: Database, post: Memory, clock: StandingClock
) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
        await outbox.enqueue(
            tx,
            dedup_key="x",
            person_id=person.id,
            template="follow_confirm",
            due_at=NOON + timedelta(minutes=5),
            facts={"topic": "panel", "topic_id": 1, "cadence": "daily", "hour": 8, "weekday": 0},
            now=NOON,
        )
    await worker.start()
    clock.move(timedelta(minutes=6))
    await until(lambda: post.letters)
    await worker.stop()

    assert [letter["Subject"] for letter in post.letters] == ["Bevestig dat u bericht wilt"]


async def test_an_idea_that_nobody_confirmed_is_thrown_away_and_no_letter_about_it_leaves(
    worker: Worker, database: Database, post: Memory
) -> None:
    """Even when the site was down meanwhile: what was to be told of it is passed over."""
    async with database.write() as tx:
        idea = await an_idea(tx, state=IdeaState.SUBMITTED, received_at=NOON)
        fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
        await record(tx, IdeaSubmitted(at=NOON, actor_id=None, **fact))
        first_id = idea.id
    await worker.turn(NOON + timedelta(hours=48))

    async with database.write() as tx:
        assert list(await tx.scalars(select(Idea))) == []
        assert await tx.scalar(select(func.count()).select_from(Unrelayed)) == 0
        later = await an_idea(tx)
    assert (post.letters, worker.last_error) == ([], "")
    assert later.id != first_id


class Stuck(Memory):
    """A mail server that never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def send(self, letter: EmailMessage) -> None:
        self.asked.set()
        await asyncio.sleep(3600)


class Refusing(Memory):
    """A mail server that refuses, for good or for now."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def send(self, letter: EmailMessage) -> None:
        raise self.error


async def test_the_worker_stops_within_two_seconds_while_a_letter_hangs(worker: Worker, database: Database) -> None:
    worker.transport = stuck = Stuck()
    await worker.start()
    await publish_one(database)
    await asyncio.wait_for(stuck.asked.wait(), 30)
    began = monotonic()

    await worker.stop()

    assert monotonic() - began < 2
    async with database.read() as db:
        assert [one.state for one in await db.scalars(select(Message))] == [MessageState.SENDING]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Undeliverable("550 no such mailbox"), MessageState.BOUNCED),
        (ConnectionRefusedError("nobody home"), MessageState.DEFERRED),
    ],
)
async def test_a_refused_letter_bounces_and_a_missing_server_is_tried_again(
    worker: Worker, database: Database, error: Exception, state: MessageState
) -> None:
    worker.transport = Refusing(error)
    await publish_one(database)

    await worker.turn(NOON)

    async with database.read() as db:
        assert [one.state for one in await db.scalars(select(Message))] == [state]


async def test_two_workers_send_each_letter_once(worker: Worker, database: Database, post: Memory) -> None:
    for _ in range(12):
        await publish_one(database)
    other = Worker(
        database=database,
        clock=worker.clock,
        settings=worker.settings,
        environment=worker.environment,
        hub=worker.hub,
        transport=post,
    )

    await asyncio.gather(worker.turn(NOON), other.turn(NOON))

    assert len(post.letters) == len({letter["Message-ID"] for letter in post.letters}) == 12


async def test_the_site_starts_its_worker_and_tells_how_it_stands(
    settings: Settings, clock: StandingClock, database: Database
) -> None:
    post = Memory()
    app = create_app(settings, clock=clock, database=database, transport=post, with_worker=True)

    async def run() -> dict[str, object]:
        async with app.lifespan(), Visitor(app) as visitor:
            await publish_one(database)
            await until(lambda: post.letters and app.state.worker.last_turn_at)
            async with asyncio.timeout(30):
                while await _sending(database):  # noqa: ASYNC110 - a table is asked
                    await asyncio.sleep(0.01)
            return dict((await visitor.open("/health")).json())

    told = await run()

    assert told == {
        "database": "ok",
        "worker": {"ticking": True, "last_turn_at": "2026-11-23T11:00:00+00:00", "last_error": None},
        "letters": {"queued": 0, "bounced": 0, "oldest_waits_seconds": 0},
    }


async def test_a_mail_server_that_hangs_keeps_no_fact_waiting(worker: Worker, database: Database) -> None:
    worker.transport = Stuck()
    await worker.start()
    await publish_one(database)
    async with asyncio.timeout(30):
        while not await _sending(database):  # noqa: ASYNC110 - a table is asked
            await asyncio.sleep(0.05)
    await publish_one(database)

    async with asyncio.timeout(30):
        while await _untold(database):  # noqa: ASYNC110 - a table is asked
            await asyncio.sleep(0.05)
    await worker.stop()

    assert await _sending(database) == 1


async def _sending(database: Database) -> int:
    async with database.read() as db:
        count = select(func.count()).select_from(Message).where(Message.state == MessageState.SENDING)
        return await db.scalar(count) or 0


async def _untold(database: Database) -> int:
    async with database.read() as db:
        return await db.scalar(select(func.count()).select_from(Unrelayed)) or 0


async def test_a_letter_that_left_is_marked_once_the_database_is_back(
    worker: Worker, database: Database, post: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would leave again after its lease."""
    await publish_one(database)
    real, refusals = outbox.sent, iter([OSError("away"), OSError("away")])

    async def away_twice(*given: Any, **named: Any) -> None:
        for refusal in refusals:
            raise refusal
        await real(*given, **named)

    monkeypatch.setattr(outbox, "sent", away_twice)
    await worker.turn(NOON)

    async with database.read() as db:
        assert [one.state for one in await db.scalars(select(Message))] == [MessageState.SENT]
    assert len(post.letters) == 1


async def test_a_clock_put_forward_sends_no_letter_twice_that_is_on_its_way(
    worker: Worker, database: Database, clock: StandingClock
) -> None:
    slow = Slow()
    worker.transport = slow
    await worker.start()
    await publish_one(database)
    await until(lambda: slow.letters)
    clock.move(outbox.LEASE * 2)
    await asyncio.sleep(1.5)
    slow.go_on.set()
    async with asyncio.timeout(30):
        while await _sending(database):  # noqa: ASYNC110 - a table is asked
            await asyncio.sleep(0.05)
    await worker.stop()

    assert len(slow.letters) == 1


class Slow(Memory):
    """A mail server that takes its time to say yes."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    async def send(self, letter: EmailMessage) -> None:
        await super().send(letter)
        await self.go_on.wait()
