"""PostgreSQL goes away under load and comes back, beneath two server processes: nothing acknowledged is lost.

A crowd works over both processes; the server is stopped like a crash, killed, or stopped in order, and is away for a
moment. Meanwhile every answer is 503 with a Retry-After and comes soon. When it is back, both processes answer, take
forms in, tell each other's sockets and send letters within five seconds, by themselves.

    SEED=123 RESTARTS=50 python -m pytest tests/faults/test_postgres_restarts.py -s
"""

import asyncio
import json
import os
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from kernel.clock import SystemClock
from notify.across import RESYNC
from tests.engines import PostgresServer, postgres_server
from tests.faults import reckoning
from tests.faults.crowd import Crowd
from tests.faults.post_office import PostOffice
from tests.faults.server import Server, dice, until
from tests.faults.town import Town, found, looking, stranger
from tests.faults.wire import Answer, Dropped, Line
from tests.listening import opened_with, ticket_for

RESTARTS = int(os.environ.get("RESTARTS", "3"))
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
MENDS_WITHIN = 5.0
"""Seconds beyond what the same takes when nothing is wrong: the crowd keeps both processes busy."""
PAUSE = float(os.environ.get("PAUSE", "0.3"))
"""Seconds, at most, that each of the crowd thinks: a site that has all it can do mends no sooner than it works."""
ANSWERS_WITHIN = 10.0
"""Likewise."""
WAYS = ("immediate", "kill", "fast")

pytestmark = [pytest.mark.fault, pytest.mark.slow]


@dataclass
class Seen:
    """What those who only looked saw: the pages they got, how long each took, and what both sockets heard."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    longest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    usual: float = 0.0
    accepts_after: list[float] = field(default_factory=list)
    mended_in: list[float] = field(default_factory=list)
    heard_at: dict[int, float] = field(default_factory=lambda: {0: 0.0, 1: 0.0})
    resyncs: int = 0


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server that keeps what it says it keeps."""
    with postgres_server(durable=True) as server:
        yield server


@pytest.mark.timeout(180 + 40 * RESTARTS)
async def test_postgresql_restarts_under_load_and_nothing_acknowledged_is_lost(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    print(f"\nSEED={SEED} RESTARTS={RESTARTS} python -m pytest tests/faults/test_postgres_restarts.py -s")
    url, post_office, seen = postgres.create_database("restarts"), PostOffice(), Seen()
    await post_office.open()
    town = await found(url)
    one, other = (Server(folder=tmp_path, database_url=url, mail=post_office.url) for _ in range(2))
    crowd = Crowd(
        town=town,
        port=one.port,
        more_ports=[other.port],
        pause=PAUSE,
        tries_again_after=0.5,
        post_office=post_office,
        seed=SEED,
        moved=lambda: one.moved,
    )
    began = time.monotonic()
    try:
        await asyncio.gather(one.start(), other.start())
        async with _onlookers([one, other], town, seen), crowd.at_work():
            await _restart_often(postgres, crowd, [one, other], seen)
        await _settle(one)
        twice = await _reckon(url, town, crowd, one.moved)
    finally:
        await one.close()
        await other.close()
        await post_office.close()
    print(_told(seen, crowd, twice, time.monotonic() - began))
    assert "request failed" not in one.log, one.log[-5000:]
    assert seen.wrong == []
    assert {status for _, status in seen.answers} == {200, 503}
    assert max(seen.longest, crowd.longest) < ANSWERS_WITHIN + seen.usual
    assert twice == 0
    assert max(seen.mended_in) < MENDS_WITHIN + seen.usual


async def _restart_often(postgres: PostgresServer, crowd: Crowd, servers: list[Server], seen: Seen) -> None:
    random = dice(SEED)
    began = time.monotonic()
    await _is_well(servers, crowd, seen, since=began)
    seen.usual = time.monotonic() - began
    for number in range(RESTARTS):
        await asyncio.sleep(random.uniform(0.2, 2))
        await asyncio.to_thread(_take_away, postgres, WAYS[number % len(WAYS)])
        await asyncio.sleep(random.uniform(0, 1.5))
        await asyncio.to_thread(postgres.start)
        back = time.monotonic()
        seen.accepts_after.append(await _is_well(servers, crowd, seen, since=back))
        seen.mended_in.append(time.monotonic() - back)


async def _is_well(servers: list[Server], crowd: Crowd, seen: Seen, *, since: float) -> float:
    """Wait until both processes take forms, both sockets hear and letters leave; how soon forms were taken."""
    await asyncio.gather(*(_takes_an_idea(server, crowd) for server in servers))
    took = time.monotonic() - since
    for what, is_so in (
        ("both sockets hear", lambda: min(seen.heard_at.values()) > since),
        ("letters leave", lambda: any(one.at > since for one in crowd.post_office.taken[-1:])),
    ):
        if not await until(is_so, patience=30):
            left = await reckoning.unsettled(servers[0].database_url)
            raise AssertionError(f"{what} no more; {left} facts, runs and letters wait\n{servers[0].log[-3000:]}")
    return took


@asynccontextmanager
async def _onlookers(servers: list[Server], town: Town, seen: Seen) -> AsyncIterator[None]:
    sockets = [await _socket(server, town) for server in servers]
    tasks = [
        *(asyncio.create_task(_look(server, town, seen)) for server in servers),
        *(asyncio.create_task(_hear(number, socket, seen)) for number, socket in enumerate(sockets)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for socket in sockets:
            await socket.close()


def _take_away(postgres: PostgresServer, way: str) -> None:
    if way == "kill":
        postgres.kill()
    else:
        postgres.stop("immediate" if way == "immediate" else "fast")


async def _takes_an_idea(server: Server, crowd: Crowd) -> None:
    """Somebody sends an idea to this process until it says yes."""
    line = Line(server.port, crowd.town.residents[0][1])
    await crowd.one_idea(line)
    line.hang_up()


async def _look(server: Server, town: Town, seen: Seen) -> None:
    """Somebody signed in and somebody who is not look at pages, all the time."""
    passing, signed_in = Line(server.port, stranger()), Line(server.port, town.secretary)
    looks = [
        (passing, "/health"),
        (passing, f"/consultations/{town.slug}"),
        (passing, f"/v1/consultations/{town.slug}/ideas"),
        (signed_in, "/desk"),
    ]
    try:
        while True:
            for line, path in looks:
                began = time.monotonic()
                try:
                    answer = await _page(line, path)
                except Dropped as dropped:
                    seen.wrong.append(f"{path}: {dropped}")
                    continue
                seen.longest = max(seen.longest, time.monotonic() - began)
                seen.answers[path, answer.status] += 1
                if answer.status == 503 and path != "/health" and not _is_kind(answer):
                    seen.wrong.append(f"{path}: {answer.headers} {answer.body[:300]}")
                await asyncio.sleep(0.05)
    finally:
        passing.hang_up()
        signed_in.hang_up()


async def _page(line: Line, path: str) -> Answer:
    """A line that was kept and idle may have been closed; then a new one is not."""
    try:
        return await line.get(path)
    except Dropped:
        return await line.get(path)


def _is_kind(answer: Answer) -> bool:
    """Whether a refusal says in words what is going on, and when to come back."""
    return answer.headers.get("retry-after") in {"5", "30"} and ("Wacht" in answer.body or '"detail"' in answer.body)


async def _socket(server: Server, town: Town) -> ClientConnection:
    """A page that stays open through it all."""
    site = f"http://127.0.0.1:{server.port}"
    return await opened_with(site, await ticket_for(site, f"consultation:{town.consultation_id}"))


async def _hear(number: int, socket: ClientConnection, seen: Seen) -> None:
    async for message in socket:
        if json.loads(message)["topic"] == RESYNC:
            seen.resyncs += 1
        else:
            seen.heard_at[number] = time.monotonic()
    seen.wrong.append("a socket was closed")


async def _settle(server: Server) -> None:
    """Until every fact was told and every letter has left. What was claimed in vain is taken up after its lease."""
    since, least = time.monotonic(), 10**6
    while left := await reckoning.unsettled(server.database_url):
        if left < least:
            since, least = time.monotonic(), left
        if time.monotonic() - since > 10:  # nothing moves: let the leases end
            server.move_clock(timedelta(minutes=10))
        assert time.monotonic() - since < 90, f"{left} facts, runs and letters are stuck:\n{server.log[-3000:]}"
        await asyncio.sleep(0.5)


async def _reckon(url: str, town: Town, crowd: Crowd, moved: timedelta) -> int:
    """What was promised against what is there; gives how many letters left twice."""
    taken = crowd.post_office.times()
    async with looking(url) as database:
        lost_and_doubled = await reckoning.lost_and_doubled(database, crowd, now=SystemClock().now() + moved)
        assert lost_and_doubled == ([], [])
        assert await reckoning.contradictions(database, town) == []
        states = await reckoning.letters(database)
    assert crowd.odd == []
    assert [one for one, state in states.items() if state == "sent" and not taken[one]] == [], "missed"
    assert set(taken) <= set(states), "letters under a Message-ID that nobody knows"
    return sum(times - 1 for times in taken.values())


def _told(seen: Seen, crowd: Crowd, twice: int, seconds: float) -> str:
    def spread(took: list[float]) -> str:
        took = sorted(took)
        return f"half within {took[len(took) // 2]:.2f} s, the slowest in {took[-1]:.2f} s"

    looked = Counter(status for _, status in seen.answers.elements())
    return (
        f"{RESTARTS} restarts in {seconds:.0f} s; {len(crowd.kept)} yeses"
        f" ({dict(Counter(one.what for one in crowd.kept))}), none lost, none doubled; answers to forms"
        f" {dict(crowd.answers)}, to those who looked {dict(looked)}"
        f"\nthe longest wait for an answer: {max(seen.longest, crowd.longest):.2f} s"
        f"\nonce the server was back, both processes took forms: {spread(seen.accepts_after)}"
        f"\nand sockets heard and letters left: {spread(seen.mended_in)}; with nothing wrong: {seen.usual:.2f} s"
        f"\n{seen.resyncs} times a socket was told to look again"
        f"\n{len(crowd.post_office.taken)} letters, none missed, {twice} twice under the same Message-ID"
    )
