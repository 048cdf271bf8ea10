"""Letters over a mail server that kills us in mid-sentence, and over one that does all that mail servers do.

Nothing is missed. A letter leaves twice only when the site is killed between the mail server's yes and our commit,
under the same Message-ID; what was in between at each kill is counted.

    SEED=123 RECIPIENTS=500 MAIL_KILLS=100 python -m pytest tests/faults/test_mail.py -s
"""

import asyncio
import os
import secrets
import signal
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from kernel.clock import SystemClock
from kernel.db import Database
from klankbord.posting import IN_FLIGHT
from notify import outbox
from notify.outbox import LEASE
from tests.builders import a_person
from tests.faults import reckoning
from tests.faults.post_office import Handed, PostOffice, Slammed
from tests.faults.server import Server, dice
from tests.faults.town import Town, found, looking
from tests.faults.wire import Dropped, Line

RECIPIENTS = int(os.environ.get("RECIPIENTS", "50"))
MAIL_KILLS = int(os.environ.get("MAIL_KILLS", "8"))
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
PATIENCE = 30.0 + RECIPIENTS / 2

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(180 + RECIPIENTS + 10 * MAIL_KILLS)]


@dataclass
class Mailing:
    """A site that has letters to send, and the post office that gets them."""

    town: Town
    server: Server
    post_office: PostOffice

    async def letters(self) -> dict[str, str]:
        """The state of each letter, by its receiver's name."""
        statement = (
            "SELECT person.email, message.state FROM message JOIN person ON person.id = message.person_id"
            " WHERE message.template = 'follow_confirm'"
        )
        async with looking(self.town.database_url) as database, database.read() as db:
            return {email.partition("@")[0]: state for email, state in await reckoning.rows(db, statement)}

    async def tried(self, times: int) -> dict[str, str]:
        """Wait until every letter that is not done with was tried so often; then how they stand."""
        statement = "SELECT count(*) FROM message WHERE state IN ('queued', 'deferred', 'sending') AND "
        end = time.monotonic() + PATIENCE
        async with looking(self.town.database_url) as database:
            while True:
                async with database.read() as db:
                    [(left,)] = await reckoning.rows(db, statement + f"(attempts < {times} OR state = 'sending')")
                if not left:
                    return await self.letters()
                assert time.monotonic() < end, f"{await self.letters()}\n{self.server.log[-3000:]}"
                await asyncio.sleep(0.02)

    async def wake(self, line: Line) -> None:
        """Have somebody do what wakes the worker before its second is over."""
        for step in ("endorse", "retract"):
            with suppress(Dropped):  # a connection that was not used for some seconds is closed
                assert (await line.post(f"/ideas/{self.town.seeds[0]}/{step}", {})).status == 303

    async def come_to(self, is_so: Callable[[dict[str, str]], bool]) -> dict[str, str]:
        """Wait until the letters stand so."""
        end = time.monotonic() + PATIENCE
        while not is_so(letters := await self.letters()):
            assert time.monotonic() < end, f"{letters}\n{self.server.log[-3000:]}"
            await asyncio.sleep(0.05)
        return letters


@pytest.fixture
async def mailing(tmp_path: Path) -> AsyncIterator[Mailing]:
    """Not started yet; nothing to send yet."""
    post_office = PostOffice()
    await post_office.open()
    url = f"sqlite+aiosqlite:///{tmp_path}/klankbord.db"
    town = await found(url, residents=1, followers=0)
    server = Server(folder=tmp_path, database_url=url, mail=post_office.url)
    yield Mailing(town=town, server=server, post_office=post_office)
    await server.close()
    await post_office.close()


async def have_sent(url: str, names: list[str]) -> None:
    """Put a letter up for each of these."""
    now = SystemClock().now()
    database = Database(url)
    async with database.write() as tx:
        for name in names:
            person = await a_person(tx, email=f"{name}@waterveen.example")
            await outbox.enqueue(
                tx,
                dedup_key=f"letter:{person.id}",
                person_id=person.id,
                template="follow_confirm",
                facts={"topic": "panel", "topic_id": 1, "cadence": "daily", "hour": 8, "weekday": 0},
                due_at=now,
                now=now,
            )
    await database.close()


# killed in mid-sentence


@dataclass
class Assassin:
    """Kills the site's process at a chosen word of the conversation, after a few letters."""

    server: Server
    seed: int
    words: tuple[str, ...] = ("before data", "before yes", "after yes", "after yes")
    killed_at: list[str] = field(default_factory=list)
    _left: int = 0
    _word: str = ""
    _is_armed: bool = False

    def arm(self) -> None:
        """Once more."""
        random = dice(self.seed, len(self.killed_at))
        self._left, self._word, self._is_armed = random.randint(1, 7), random.choice(self.words), True

    async def before_data(self) -> bytes | None:
        """At the word DATA."""
        self._left -= 1
        return self._strikes("before data")

    async def before_yes(self, _: Handed) -> bytes | None:
        """The whole letter is there."""
        return self._strikes("before yes")

    async def after_yes(self, _: Handed) -> bytes | None:
        """It was taken, and we said so."""
        return self._strikes("after yes")

    def _strikes(self, word: str) -> bytes | None:
        if not self._is_armed or self._left > 0 or word != self._word:
            return None
        os.kill(self.server.pid, signal.SIGKILL)
        self._is_armed = False
        self.killed_at.append(word)
        raise Slammed


async def test_no_letter_is_missed_and_only_the_window_doubles_one(mailing: Mailing) -> None:
    print(
        f"\nSEED={SEED} RECIPIENTS={RECIPIENTS} MAIL_KILLS={MAIL_KILLS} python -m pytest tests/faults/test_mail.py -s"
    )
    server, post_office, url = mailing.server, mailing.post_office, mailing.town.database_url
    assassin = Assassin(server, SEED)
    post_office.before_data, post_office.before_yes = assassin.before_data, assassin.before_yes
    post_office.after_yes = assassin.after_yes
    windows: Counter[str] = Counter()
    most = 0
    for round_ in range(MAIL_KILLS):
        await have_sent(url, [f"inwoner-{n}" for n in range(RECIPIENTS) if n % MAIL_KILLS == round_])
        assassin.arm()
        await server.start()
        await _dies(server)
        window = await reckoning.in_flight(url) & set(post_office.times())
        windows.update(window)
        most = max(most, len(window))
        server.move_clock(LEASE + timedelta(seconds=1))
    await server.start()
    states = await mailing.come_to(lambda letters: set(letters.values()) == {"sent"})

    times, receivers = post_office.times(), Counter(one.to for one in post_office.taken)
    twice = times.total() - len(times)
    print(f"{len(states)} letters, {MAIL_KILLS} kills {dict(Counter(assassin.killed_at))}, 0 missed, {twice} twice,")
    print(f"among {windows.total()} that were taken and not marked at a kill, at most {most} at once")
    assert len(states) == RECIPIENTS
    assert len(times) == len(receivers) == RECIPIENTS  # one Message-ID for each receiver, however often it came
    assert [one for one, number in times.items() if number - 1 > windows[one]] == []
    assert most <= IN_FLIGHT
    assert set(assassin.killed_at) <= set(assassin.words)


async def _dies(server: Server) -> None:
    """Wait until the assassin struck."""
    async with asyncio.timeout(PATIENCE):
        await server.gone()


# all that mail servers do


async def test_every_letter_ends_sent_or_bounced_whatever_the_mail_server_does(mailing: Mailing) -> None:
    town, server, post_office = mailing.town, mailing.server, mailing.post_office
    good = ["een", "twee", "drie", "vier", "vijf"]
    await have_sent(town.database_url, [*good, "weg", "vol", "grijs", "spam", "kapot"])
    line = Line(server.port, town.residents[0][1])

    await post_office.close()  # nobody listens
    await server.start()
    assert set((await mailing.tried(1)).values()) == {"deferred"}
    before = await _how_long(line)

    greeted = asyncio.Event()
    post_office.on_connect = _says_nothing(greeted)
    await post_office.open()
    server.move_clock(timedelta(minutes=1, seconds=1))
    await asyncio.wait_for(greeted.wait(), PATIENCE)
    meanwhile = await _how_long(line)
    await post_office.close()  # cut, at last
    assert set((await mailing.tried(2)).values()) == {"deferred"}

    post_office.on_connect = _answers(b"421 too busy\r\n")
    await post_office.open()
    server.move_clock(timedelta(minutes=5, seconds=1))
    assert set((await mailing.tried(3)).values()) == {"deferred"}

    post_office.on_connect = _answers(b"220-welcome\r\n" * 800_000)
    server.move_clock(timedelta(minutes=15, seconds=1))
    assert set((await mailing.tried(4)).values()) == {"deferred"}

    _be_choosy(post_office)
    server.move_clock(timedelta(hours=1, seconds=1))
    states = await mailing.tried(5)
    later = dict.fromkeys(("vol", "grijs", "kapot"), "deferred")
    assert states == dict.fromkeys(good, "sent") | dict.fromkeys(("weg", "spam"), "bounced") | later

    hours = 0
    while "deferred" in states.values():
        server.move_clock(timedelta(hours=1, seconds=1))
        hours += 1
        assert hours <= 24
        await mailing.wake(line)
        states = await mailing.tried(5 + hours)
    line.hang_up()

    print(f"\na page took {before * 1000:.0f} ms, {meanwhile * 1000:.0f} ms while the mail server hung; {hours} hours")
    bounced = dict.fromkeys(("weg", "spam", "vol"), "bounced")
    assert states == dict.fromkeys((*good, "grijs", "kapot"), "sent") | bounced
    assert set(post_office.times().values()) == {1}
    assert meanwhile < before * 3 + 0.1


def _be_choosy(post_office: PostOffice) -> None:
    """A long banner; grey lists; a full mailbox; one that is gone; no to spam; a cut after the letter."""
    seen: Counter[str] = Counter()

    async def on_receiver(receiver: str) -> bytes | None:
        name = receiver.partition("@")[0]
        seen[name] += 1
        if name == "grijs" and seen[name] == 1:
            return b"450 4.7.1 come back later\r\n"
        return {"weg": b"550 5.1.1 no such mailbox\r\n", "vol": b"452 4.2.2 mailbox full\r\n"}.get(name)

    async def before_yes(handed: Handed) -> bytes | None:
        name = handed.to.partition("@")[0]
        if name == "kapot" and seen[name] == 1:
            raise Slammed
        return b"554 5.7.1 looks like spam\r\n" if name == "spam" else None

    post_office.on_connect, post_office.on_receiver, post_office.before_yes = None, on_receiver, before_yes
    post_office.greeting = b"220-welcome\r\n" * 100 + b"220 post office\r\n"


def _says_nothing(greeted: asyncio.Event) -> Callable[[], Awaitable[bytes | None]]:
    async def on_connect() -> bytes | None:
        greeted.set()
        await asyncio.sleep(3600)
        return None

    return on_connect


def _answers(reply: bytes) -> Callable[[], Awaitable[bytes | None]]:
    async def on_connect() -> bytes | None:
        return reply

    return on_connect


async def _how_long(line: Line) -> float:
    """Seconds for a page, in the middle of many."""
    line.hang_up()  # a connection that was not used for some seconds is closed over there
    took = []
    for _ in range(60):
        began = time.monotonic()
        assert (await line.get("/")).status == 200
        took.append(time.monotonic() - began)
    return statistics.median(took)
