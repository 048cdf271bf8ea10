"""The socket on a real server: who may hear, and that a fact arrives as its topic and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from sqlalchemy import func, select
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts import sessions
from accounts.models import Person
from accounts.states import Role
from consultations import ideas
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from notify import audience, hearing, tickets
from notify.hearing import AT_MOST, topics_of
from notify.models import SpentTicket
from tests.builders import a_person, an_idea
from tests.listening import opened_with, ticket_answer
from tests.moments import NOON
from tests.notify.served import Served, cookies_of, heard, serving
from tests.notify.test_relay import publish_one

TOO_MANY = ",".join(f"idea:{number}" for number in range(1, AT_MOST + 2))


@pytest.fixture
async def served(settings: Settings, clock: StandingClock, database: Database) -> AsyncIterator[Served]:
    """The whole site on a port of its own, with its worker."""
    async with serving(settings, clock=clock, database=database) as served:
        yield served


async def test_a_fact_arrives_as_the_name_of_its_topic(served: Served, database: Database) -> None:
    async with served.listen("idea:1", "consultation:1") as socket:
        await publish_one(database)

        assert {await heard(socket), await heard(socket)} == {"idea:1", "consultation:1"}


# who is let in

ANOTHER_SITE = ("https://evil.example", "null", None, "http://127.0.0.1")
NOT_TO_HEAR = ("", "queue", "idea:1,queue", "idea:0", "idea:1;", "letters", "idea:1 idea:2", TOO_MANY, "receipt:1")


async def refused_with(socket: connect) -> int:
    """The HTTP status with which the socket was not opened."""
    with pytest.raises(InvalidStatus) as refusal:
        async with socket:
            pass
    return refusal.value.response.status_code


async def test_a_page_of_another_site_is_refused_before_the_socket_opens(served: Served) -> None:
    refused = [
        await refused_with(opened_with(served.site, await served.ticket("idea:1"), origin=origin))
        for origin in ANOTHER_SITE
    ]

    assert refused == [403] * 4


async def test_a_ticket_takes_the_form_token_of_a_page(served: Served) -> None:
    assert (await ticket_answer(served.site, "idea:1")).status_code == 200
    assert (await ticket_answer(served.site, "idea:1", _csrf_token="a" * 128)).status_code == 403


async def test_unknown_or_forbidden_topics_get_no_ticket(served: Served) -> None:
    assert [(await ticket_answer(served.site, topics)).status_code for topics in NOT_TO_HEAR] == [404] * 9


async def test_without_a_good_ticket_no_socket_opens(served: Served, clock: StandingClock) -> None:
    good = await served.ticket("idea:1")
    made_up = ("", "1", good[:-1], good + "A", good.swapcase(), good.split(".")[0], "." * 3_000)

    assert [await refused_with(opened_with(served.site, one)) for one in made_up] == [403] * 7
    async with opened_with(served.site, good):
        pass
    assert await refused_with(opened_with(served.site, good)) == 403  # used

    late = await served.ticket("idea:1")
    clock.move(by=tickets.VALID)
    assert await refused_with(opened_with(served.site, late)) == 403


async def test_a_ticket_opens_a_socket_in_the_browser_that_asked_alone(served: Served, database: Database) -> None:
    mine, _ = await a_session(database, role=Role.MODERATOR)
    others, _ = await a_session(database, role=Role.MODERATOR)
    for session in (others, ""):
        ticket = await served.ticket("queue", session=mine)
        assert await refused_with(opened_with(served.site, ticket, cookies=cookies_of(session))) == 403

    nobodys = await served.ticket("idea:1")
    assert await refused_with(opened_with(served.site, nobodys, cookies=cookies_of(mine))) == 403


async def test_a_ticket_for_what_everybody_may_hear_writes_nothing(served: Served, database: Database) -> None:
    secret, _ = await a_session(database, role=Role.MODERATOR)
    async with served.listen("idea:1", session=secret):
        assert await spent(database) == 0
    async with served.listen("queue", session=secret):
        assert await spent(database) == 1


async def spent(database: Database) -> int:
    """How many used tickets the database remembers."""
    async with database.read() as db:
        return await db.scalar(select(func.count()).select_from(SpentTicket)) or 0


async def a_session(database: Database, *, role: Role | None, carries_grants: bool = True) -> tuple[str, Person]:
    async with database.write() as tx:
        person = await a_person(tx, role=role)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=carries_grants, now=NOON)
    return secret, person


async def test_the_queue_is_heard_by_those_who_read_it(served: Served, database: Database) -> None:
    asked = (
        (None, True),
        (Role.SECRETARY, True),
        (Role.MODERATOR, False),
        (Role.MODERATOR, True),
        (Role.AUDITOR, True),
    )
    told = []
    for role, carries_grants in asked:
        secret, _ = await a_session(database, role=role, carries_grants=carries_grants)
        told.append((await ticket_answer(served.site, "queue", cookies=cookies_of(secret))).status_code)

    assert told == [404, 404, 404, 200, 200]


async def test_a_receipt_is_heard_by_who_holds_its_link(served: Served, database: Database) -> None:
    async with database.write() as tx:
        one, other = await an_idea(tx), await an_idea(tx)
        path = await ideas.receipt_link(tx, idea_id=one.id, now=NOON)

    async with served.listen(f"receipt:{one.id}", page=path) as socket:
        served.app.state.hub.nudge(f"receipt:{one.id}")
        assert await heard(socket) == f"receipt:{one.id}"
    for topics, page in (
        ([f"receipt:{other.id}"], path),
        ([f"receipt:{one.id}"], "/"),
        ([f"receipt:{one.id}"], path + "x"),
        ([f"receipt:{one.id}", f"receipt:{other.id}"], path),
    ):
        assert (await ticket_answer(served.site, *topics, page=page)).status_code == 404


async def test_what_nobody_may_see_stays_silent_until_it_is_public(served: Served, database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, state=IdeaState.HELD)
    hub = served.app.state.hub
    async with served.listen(f"idea:{idea.id}", "idea:999999", "meeting:1") as socket:
        hub.nudge("idea:999999")
        hub.nudge(f"idea:{idea.id}")
        hub.nudge("meeting:1")
        assert await heard(socket) == "meeting:1"
        with pytest.raises(TimeoutError):
            await heard(socket, patience=0.4)


# how much


async def test_many_facts_at_once_are_few_signals(served: Served) -> None:
    async with served.listen("meeting:7") as socket:
        for _ in range(1000):
            served.app.state.hub.nudge("meeting:7")
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
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(1000):
                await socket.send("hallo")
                await asyncio.sleep(0)
            await socket.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_one_person_and_one_network_have_so_many_sockets_and_no_more(
    served: Served, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "PER_PERSON", 2)
    secret, _ = await a_session(database, role=None)
    async with served.listen("idea:1", session=secret), served.listen("idea:1", session=secret):
        third = opened_with(served.site, await served.ticket("idea:1", session=secret), cookies=cookies_of(secret))
        assert await refused_with(third) == 403
        async with served.listen("idea:1"):  # somebody else
            assert len(served.audience) == 3
    assert await gone(served)

    monkeypatch.setattr(served.audience, "_per_network", 2)
    async with served.listen("idea:1"), served.listen("idea:1"):
        assert await refused_with(opened_with(served.site, await served.ticket("idea:1"))) == 403
    assert await gone(served)
    async with served.listen("idea:1"):
        pass


async def gone(served: Served) -> bool:
    """Whether nobody listens any more, soon."""
    for _ in range(100):
        if not len(served.audience):
            return True
        await asyncio.sleep(0.02)
    return False


def test_topics_are_counted_once_each() -> None:
    assert topics_of("idea:1,idea:1,queue") == ["idea:1", "queue"]
    assert topics_of(",".join(f"idea:{number}" for number in range(1, AT_MOST + 1))) is not None
    assert topics_of("idea:" + "9" * 10) is None


async def test_one_look_answers_all_who_want_to_know_the_same() -> None:
    looks: list[str] = []

    async def look(key: str) -> bool:
        looks.append(key)
        await asyncio.sleep(0.01)
        return True

    lookup = hearing.Lookup(look)
    began = monotonic()
    assert await asyncio.gather(*(lookup.since(began, "idea:1") for _ in range(50))) == [True] * 50
    assert looks == ["idea:1"]
    assert await lookup.since(monotonic(), "idea:1")  # something was said after that look began
    assert looks == ["idea:1"] * 2
