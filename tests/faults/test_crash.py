"""The site is killed at random while a crowd works on it: what was answered with a yes is there, once.

Jepsen's oldest test over our forms: everybody sends texts with a number of their own, and at the end all that was
acknowledged is read back, over HTTP and in the tables. What got no answer is sent again under the same key.

    make crash N=50
    SEED=123 KILLS=50 python -m pytest tests/faults/test_crash.py -s
"""

import asyncio
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from kernel.clock import SystemClock
from klankbord.posting import IN_FLIGHT
from tests.engines import PostgresServer, postgres_server
from tests.faults import reckoning
from tests.faults.crowd import Crowd
from tests.faults.post_office import Handed, PostOffice
from tests.faults.server import Server, dice, until
from tests.faults.town import Town, found, looking
from tests.faults.wire import Line

KILLS = int(os.environ.get("KILLS", "50"))
KILLS_ON_POSTGRESQL = int(os.environ.get("KILLS_ON_POSTGRESQL", str(max(1, KILLS * 2 // 5))))
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
LIVES = (0.05, 0.8)
"""Seconds that the site lives after it answered, every second time; otherwise it lives until some answers left."""
ANSWERS_IN_A_LIFE = 20
LONGEST_LIFE = 2.0
MINUTES = float(os.environ.get("MINUTES", "1000"))
"""After so long no more kills are begun: what was counted by then is checked all the same."""
SAYS_YES_AFTER = 0.03
"""Seconds, at most, that the mail server thinks about a letter: long enough to be killed in."""
BETWEEN = timedelta(hours=3)
"""How far the clock is moved at each kill: digests fall due, and what was on its way is tried again."""
LOOKS = 25
"""Times that everything is checked while it goes on; once more at the end."""
RECEIPTS = 200

pytestmark = [pytest.mark.fault, pytest.mark.slow]


@dataclass
class Toll:
    """What was counted on the way."""

    kills: int = 0
    windows: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    unsound: list[str] = field(default_factory=list)


@pytest.mark.timeout(300 + 15 * KILLS)
async def test_nothing_acknowledged_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    await _crash(f"sqlite+aiosqlite:///{tmp_path}/klankbord.db", tmp_path, KILLS)


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server that keeps what it says it keeps."""
    with postgres_server(durable=True) as server:
        yield server


@pytest.mark.timeout(300 + 15 * KILLS)
async def test_nothing_acknowledged_is_lost_or_doubled_on_postgresql(postgres: PostgresServer, tmp_path: Path) -> None:
    await _crash(postgres.create_database("crash"), tmp_path, KILLS_ON_POSTGRESQL)


async def _crash(url: str, folder: Path, kills: int) -> None:
    print(f"\nSEED={SEED} KILLS={KILLS} python -m pytest tests/faults/test_crash.py -s")
    began, toll, post_office = time.monotonic(), Toll(), PostOffice()
    await post_office.open()
    town = await found(url)
    server = Server(folder=folder, database_url=url, mail=post_office.url)
    crowd = Crowd(town=town, port=server.port, post_office=post_office, seed=SEED, moved=lambda: server.moved)
    post_office.before_yes = _thinks
    try:
        await server.start()
        async with crowd.at_work():
            await _kill_often(server, crowd, toll, kills)
        await _settle(server, crowd)
        published = await _read_over_http(server, crowd)
        await _look(url, crowd, toll, server)
        await server.stop()
        await _reckon(url, town, toll, crowd, published)
    finally:
        await server.close()
        await post_office.close()
    print(_told(url, toll, crowd, server, time.monotonic() - began))


async def _kill_often(server: Server, crowd: Crowd, toll: Toll, kills: int) -> None:
    random, ends = dice(SEED), time.monotonic() + MINUTES * 60
    for number in range(kills):
        if time.monotonic() > ends:
            return
        await _live(crowd, random, counts_answers=number % 2 == 1)
        await server.kill()
        toll.kills += 1
        taken = crowd.post_office.times()
        window = {one for one in await reckoning.in_flight(server.database_url) if taken[one]}
        toll.windows.update(window)
        toll.most_at_once = max(toll.most_at_once, len(window))
        server.move_clock(BETWEEN)
        await server.start()
        if number % max(1, kills // LOOKS) == 0:
            await _look(server.database_url, crowd, toll, server)


async def _thinks(_: Handed) -> bytes | None:
    await asyncio.sleep(secrets.randbelow(1000) / 1000 * SAYS_YES_AFTER)
    return None


async def _live(crowd: Crowd, random: Random, *, counts_answers: bool) -> None:
    """A while by the clock, or until some more answers came and a moment after."""
    if not counts_answers:
        await asyncio.sleep(random.uniform(*LIVES))
        return
    enough = crowd.answered + random.randint(1, ANSWERS_IN_A_LIFE)
    await until(lambda: crowd.answered >= enough, patience=LONGEST_LIFE)
    await asyncio.sleep(random.uniform(0, 0.02))


async def _look(url: str, crowd: Crowd, toll: Toll, server: Server) -> None:
    now = SystemClock().now() + server.moved
    async with looking(url) as database:
        toll.unsound += await reckoning.is_sound(database)
        lost, doubled = await reckoning.lost_and_doubled(database, crowd, now=now)
    toll.lost |= set(lost)
    toll.doubled |= set(doubled)


async def _settle(server: Server, crowd: Crowd) -> None:
    """Until every fact was told and every letter has left."""
    until = time.monotonic() + 60 + KILLS
    while left := await reckoning.unsettled(server.database_url):
        assert time.monotonic() < until, f"{left} facts, runs and letters are stuck:\n{server.log[-3000:]}"
        server.move_clock(timedelta(minutes=10))
        await asyncio.sleep(0.5)


async def _read_over_http(server: Server, crowd: Crowd) -> set[str]:
    """All published ideas by the API; some receipts of ideas that were acknowledged, at random."""
    line, published, cursor = Line(server.port), set(), ""
    while cursor is not None:
        path = f"/v1/consultations/{crowd.town.slug}/ideas?limit=200" + (f"&cursor={cursor}" if cursor else "")
        page = msgspec.json.decode((await line.get(path)).body)
        published |= {idea["title"] for idea in page["ideas"]}
        cursor = page["next_cursor"]
    receipts = [one for one in crowd.kept if one.link.startswith("/receipts/")]
    for one in dice(SEED).sample(receipts, min(RECEIPTS, len(receipts))):
        answer = await line.get(one.link)
        assert (answer.status, one.name in answer.body) == (200, True), f"the receipt of {one.name}: {answer.status}"
    line.hang_up()
    return published


async def _reckon(url: str, town: Town, toll: Toll, crowd: Crowd, published: set[str]) -> None:
    taken = crowd.post_office.times()
    async with looking(url) as database:
        in_tables = await reckoning.published_titles(database)
        assert published == in_tables, "over HTTP the published ideas are others than in the table"
        assert await reckoning.contradictions(database, town) == []
        states = await reckoning.letters(database)
    assert crowd.odd == []
    assert (toll.lost, toll.doubled, toll.unsound) == (set(), set(), [])
    assert {state for state in states.values() if state not in reckoning.SETTLED} == set()
    assert [one for one, state in states.items() if state == "sent" and not taken[one]] == [], "missed"
    assert [one for one, times in taken.items() if times - 1 > toll.windows[one]] == [], "doubled outside the window"
    assert set(taken) <= set(states), "letters under a Message-ID that nobody knows"
    assert toll.most_at_once <= IN_FLIGHT


def _told(url: str, toll: Toll, crowd: Crowd, server: Server, seconds: float) -> str:
    kept = Counter(one.what for one in crowd.kept)
    told = ", ".join(f"{number} {what}" for what, number in sorted(kept.items()))
    taken = crowd.post_office.times()
    twice = sum(times - 1 for times in taken.values())
    return (
        f"{url.partition('+')[0]}: {toll.kills} kills in {seconds:.0f} s"
        f"\n{len(crowd.kept)} yeses ({told}), none lost, none doubled"
        f"\n{sum(crowd.sent_twice.values())} sendings got no answer and were sent again; answers {dict(crowd.answers)}"
        f"\n{len(taken)} letters, none missed, {twice} twice under the same Message-ID, each of them among the"
        f" {toll.windows.total()} that the mail server had and we had not noted at a kill, at most {toll.most_at_once}"
        f" at one kill\na start takes {sorted(server.started_in)[server.starts // 2]:.2f} s"
    )
