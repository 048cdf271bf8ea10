"""The socket on a real server: who may hear, and that a fact arrives as its topic and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import uvicorn
from litestar import Litestar
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from accounts import roles, sessions
from accounts.models import Person
from accounts.states import Role
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.app import create_app
from notify.live import AT_MOST, topics_of
from notify.transport import Memory
from tests.builders import a_person
from tests.moments import NOON
from tests.notify.test_relay import publish_one

TOO_MANY = ",".join(f"idea:{number}" for number in range(1, AT_MOST + 2))


class Served:
    """A running site and its address."""

    def __init__(self, app: Litestar, port: int) -> None:
        self.app = app
        self.origin = Origin(f"http://127.0.0.1:{port}")
        self.address = f"ws://127.0.0.1:{port}/live?topics="

    def listen(self, topics: str, *, origin: str | None = "same", cookie: str = "") -> connect:
        """A socket as a browser on a page would open it."""
        sent = self.origin if origin == "same" else Origin(origin) if origin else None
        headers = {"Cookie": f"session={cookie}"} if cookie else {}
        return connect(self.address + topics, origin=sent, additional_headers=headers, open_timeout=5)


@pytest.fixture
async def served(settings: Settings, clock: StandingClock, database: Database) -> AsyncIterator[Served]:
    """The whole site on a port of its own, with its worker."""
    config = uvicorn.Config("unused", port=0, log_level="error", ws_per_message_deflate=False)
    config.load_app = lambda: None  # type: ignore[method-assign]  # the app is made once the port is known
    listening = config.bind_socket()
    port = listening.getsockname()[1]
    at_port = replace(settings, public_url=f"http://127.0.0.1:{port}")
    app = create_app(at_port, clock=clock, database=database, transport=Memory(), with_worker=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws_per_message_deflate=False, lifespan="on"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)
    yield Served(app, port)
    server.should_exit = True
    await running
    listening.close()


async def heard(socket: object, patience: float = 5.0) -> str:
    """The next thing the socket says."""
    async with asyncio.timeout(patience):
        return str(await socket.recv())  # type: ignore[attr-defined]  # a client connection


async def test_a_fact_arrives_as_the_name_of_its_topic(served: Served, database: Database) -> None:
    async with served.listen("idea:1,consultation:1") as socket:
        await publish_one(database)

        told = {await heard(socket), await heard(socket)}

    assert {tuple(json.loads(one).items()) for one in told} == {(("topic", "idea:1"),), (("topic", "consultation:1"),)}


ANOTHER_SITE = ("https://evil.example", "null", None, "http://127.0.0.1")
NOT_TO_HEAR = ("", "queue", "idea:1,queue", "idea:0", "idea:1;", "letters", "idea:1%0a", TOO_MANY)


async def refused_with(socket: connect) -> int:
    """The HTTP status with which the socket was not opened."""
    with pytest.raises(InvalidStatus) as refusal:
        async with socket:
            pass
    return refusal.value.response.status_code


async def test_a_page_of_another_site_is_refused_before_the_socket_opens(served: Served) -> None:
    assert [await refused_with(served.listen("idea:1", origin=origin)) for origin in ANOTHER_SITE] == [403] * 4


async def test_unknown_or_forbidden_topics_are_refused(served: Served) -> None:
    assert [await refused_with(served.listen(topics)) for topics in NOT_TO_HEAR] == [403] * 8


async def a_session(database: Database, *, role: Role | None, carries_grants: bool = True) -> tuple[str, Person]:
    async with database.write() as tx:
        person = await a_person(tx, role=role)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=carries_grants, now=NOON)
    return secret, person


async def test_the_queue_is_heard_by_moderators_only(served: Served, database: Database) -> None:
    for role, carries_grants in ((None, True), (Role.SECRETARY, True), (Role.MODERATOR, False)):
        secret, _ = await a_session(database, role=role, carries_grants=carries_grants)

        assert await refused_with(served.listen("queue", cookie=secret)) == 403


async def test_a_moderator_hears_the_queue_until_the_role_is_taken_back(served: Served, database: Database) -> None:
    secret, person = await a_session(database, role=Role.MODERATOR)
    async with served.listen("queue", cookie=secret) as socket:
        await publish_one(database)
        assert json.loads(await heard(socket)) == {"topic": "queue"}
        async with database.write() as tx:
            await roles.revoke(tx, person=person, role=Role.MODERATOR, now=NOON)

        await publish_one(database)

        with pytest.raises(ConnectionClosed):
            await heard(socket)


async def test_many_facts_at_once_are_few_signals(served: Served) -> None:
    async with served.listen("themes:7") as socket:
        for _ in range(1000):
            served.app.state.hub.nudge("themes:7")
        count = 0
        try:
            while True:
                await heard(socket, patience=0.5)
                count += 1
        except TimeoutError:
            pass

    assert 1 <= count <= 5


async def test_who_talks_too_much_is_let_go(served: Served) -> None:
    async with served.listen("idea:1") as socket:
        with pytest.raises(ConnectionClosed):
            for _ in range(1000):
                await socket.send("hallo")
                await asyncio.sleep(0)
            await heard(socket)


def test_topics_are_counted_once_each() -> None:
    assert topics_of("idea:1,idea:1,queue") == ["idea:1", "queue"]
    assert topics_of(",".join(f"idea:{number}" for number in range(1, AT_MOST + 1))) is not None
    assert topics_of("idea:" + "9" * 10) is None
