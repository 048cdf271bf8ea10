"""A running site whose clock is thrown about: by an hour, a day, more than a year, and over both changes of clocks.

Everybody follows the same consultation at an hour of their own, and there is always news. A reference of a few lines
says which runs must have been done, once; each of them leaves one letter.

    python -m pytest tests/faults/test_clock_jumps.py -s             on SQLite
    DAYS=all python -m pytest tests/faults/test_clock_jumps.py -s    on PostgreSQL as well
"""

import asyncio
import email
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from accounts import sessions, sign_in
from accounts.models import Person
from consultations import ideas
from consultations.models import Consultation
from consultations.states import IdeaState
from kernel.clock import SystemClock
from kernel.db import Database
from notify import subscriptions
from notify.models import Digest, Message, Occurrence
from notify.slots import Rule, next_slot
from notify.states import Cadence, MessageState, OccurrenceState, Topic
from tests.builders import a_person, an_idea
from tests.engines import postgres_server
from tests.faults.server import Server
from tests.faults.town import AMSTERDAM, Town, found, stranger
from tests.faults.wire import Line

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGINS = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
"""Half past: the time that passes between two jumps brings nobody's hour."""
HOURS = (0, 1, 2, 3, 8)
SUNDAY, MONDAY = 6, 0
LATE_AFTER = timedelta(minutes=2)
PATIENCE = 60.0
ENGINES = ["sqlite", "postgresql"] if os.environ.get("DAYS") == "all" else ["sqlite"]

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass
class Follower:
    """Somebody with a rule, and the runs that the reference says were done for them."""

    person_id: int
    cadence: Cadence
    rule: Rule
    planned: datetime
    slot: str
    done: list[str] = field(default_factory=list)

    def live_through(self, now: datetime) -> None:
        """What a turn at this instant has to do: what is due, once; then the next that was not done yet."""
        if self.planned <= now:
            self.done.append(self.slot)
            self._plan(now)

    def be_put_back(self, now: datetime) -> None:
        """The periods between now and where the clock stood come again, but for those that were done."""
        self._plan(now)

    def _plan(self, now: datetime) -> None:
        slot = next_slot(self.rule, AMSTERDAM, now)
        while slot.local in self.done:
            slot = next_slot(self.rule, AMSTERDAM, slot.at)
        self.planned, self.slot = slot.at, slot.local


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each engine."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/klankbord.db"
        return
    with postgres_server() as server:
        yield server.create_database("jumps")


async def test_each_run_is_done_once_however_the_clock_is_thrown_about(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    town = await found(url, residents=2, followers=0)
    server, database = Server(folder=tmp_path, database_url=url, mail=f"folder:{tmp_path}/mail"), Database(url)
    run = Run(server=server, database=database, town=town)
    try:
        server.move_clock(BEGINS - run.now)
        await run.settle()
        await server.start()
        for jump in (HOUR, -HOUR, DAY, -DAY, DAY, DAY + 2 * HOUR, -DAY, HOUR, 2 * DAY):
            await run.jump(jump)
        await run.links_and_sessions()
        await run.night(datetime(2027, 3, 27, 21, 0, 5, tzinfo=UTC))
        await run.night(datetime(2027, 10, 30, 20, 0, 5, tzinfo=UTC))
        await run.jump(400 * DAY)
        await run.jump(DAY)
        await run.is_signed_out()
        done, late, letters = await run.reckon()
    finally:
        await database.close()
        await server.close()
    with capsys.disabled():
        print(
            f"\n{database.url.get_backend_name()}: {run.jumps} jumps, {done} runs each done once, {late} marked late, "
            f"{letters} letters each sent once; slowest turn after a jump {run.slowest:.1f} s. "
            f"{time.monotonic() - began:.0f} s"
        )


@dataclass
class Run:
    """One site, its followers, and the reference beside it."""

    server: Server
    database: Database
    town: Town
    followers: list[Follower] = field(default_factory=list)
    jumps: int = 0
    slowest: float = 0.0
    secret: str = ""

    @property
    def now(self) -> datetime:
        """What the site's clock says."""
        return SystemClock().now() + self.server.moved

    async def settle(self) -> None:
        """Daily and weekly followers at every hour that a change of clocks touches."""
        wanted = [
            *((Cadence.DAILY, hour, MONDAY) for hour in HOURS),
            *((Cadence.WEEKLY, hour, day) for hour in HOURS for day in (SUNDAY, MONDAY)),
        ]
        async with self.database.write() as tx:
            for cadence, hour, weekday in wanted:
                person = await a_person(tx)
                await subscriptions.follow(
                    tx,
                    person_id=person.id,
                    topic=Topic.CONSULTATION,
                    topic_id=self.town.consultation_id,
                    cadence=cadence,
                    hour=hour,
                    weekday=weekday,
                    zone=AMSTERDAM,
                    now=self.now,
                )
                rule = Rule(hour=hour, weekday=weekday if cadence is Cadence.WEEKLY else None)
                slot = next_slot(rule, AMSTERDAM, self.now)
                self.followers.append(Follower(person.id, cadence, rule, slot.at, slot.local))
            resident = await a_person(tx)
            self.secret, _ = await sessions.begin(tx, person=resident, carries_grants=False, now=self.now)

    async def jump(self, by: timedelta) -> None:
        """Some news, then throw the clock, and wait until the site has lived through it."""
        async with self.database.write() as tx:
            consultation = await tx.get_one(Consultation, self.town.consultation_id)
            idea = await an_idea(tx, consultation=consultation, received_at=self.now)
            await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=self.now)
        before, self.jumps = self.now, self.jumps + 1
        self.server.move_clock(by)
        landed, began = self.now, time.monotonic()
        for follower in self.followers:
            if landed < before:
                follower.be_put_back(landed)
            follower.live_through(landed)
        await self._is_lived_through(landed)
        self.slowest = max(self.slowest, time.monotonic() - began)

    async def to(self, instant: datetime) -> None:
        """Throw the clock to an instant."""
        await self.jump(instant - self.now)

    async def night(self, evening: datetime) -> None:
        """Over a change of clocks by the hour, and into the Monday after it."""
        for hours in (0, 1, 2, 3, 4, 5, 11, 25, 26, 27, 28, 35):
            await self.to(evening + hours * HOUR)

    async def _is_lived_through(self, landed: datetime) -> None:
        until = time.monotonic() + PATIENCE
        due = select(func.count()).where(Occurrence.state != OccurrenceState.DONE, Occurrence.due_at <= landed)
        unsent = [MessageState.QUEUED, MessageState.SENDING, MessageState.DEFERRED]
        waiting = select(func.count()).where(Message.state.in_(unsent), Message.due_at <= landed + HOUR)
        line = Line(self.server.port)
        while time.monotonic() < until:
            told = (await line.get("/health")).body.partition('"last_turn_at":"')[2].partition('"')[0]
            async with self.database.read() as db:
                left = (await db.scalar(due) or 0) + (await db.scalar(waiting) or 0)
            turned = datetime.fromisoformat(told) if told else None
            if turned and abs(turned - self.now) < 30 * timedelta(seconds=1) and not left:
                line.hang_up()
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"the worker did not live through {landed}: {left} left, {told}\n{self.server.log}")

    # people's links and sessions

    async def links_and_sessions(self) -> None:
        """A link works once and within its quarter of an hour, wherever the clock stood when it was asked for."""
        first, second = await self._link(), await self._link()
        assert await self._press(first) == 303
        assert await self._press(first) == 410
        await self.jump(HOUR)
        assert await self._press(second) == 410
        third = await self._link()
        await self.jump(-HOUR)
        assert [await self._press(third), await self._press(third)] == [303, 410]
        assert await self._is_known()

    async def is_signed_out(self) -> None:
        """A session of thirty days does not outlive them."""
        assert not await self._is_known()

    async def _link(self) -> str:
        async with self.database.write() as tx:
            person = await tx.get_one(Person, self.town.residents[0][0])
            request = await sign_in.open_request(tx, person=person, browser=None, next_path="/", now=self.now)
            return await sign_in.link_for(tx, request_id=request.id, now=self.now)

    async def _press(self, path: str) -> int:
        line = Line(self.server.port, stranger())
        answer = await line.post(path, {})
        line.hang_up()
        return answer.status

    async def _is_known(self) -> bool:
        line = Line(self.server.port, {"session": self.secret, **stranger()})
        page = await line.get("/following")
        line.hang_up()
        return page.status == 200

    # what must be so at the end

    async def reckon(self) -> tuple[int, int, int]:
        """Runs done, runs marked late, letters; each of them as the reference says."""
        async with self.database.read() as db:
            rows = list(await db.scalars(select(Occurrence).where(Occurrence.state == OccurrenceState.DONE)))
            digests = [(one.person_id, one.period) for one in await db.scalars(select(Digest))]
            told = Counter(await db.scalars(select(Message.state).where(Message.digest_id.is_not(None))))
            others = await db.scalar(select(func.count()).where(Message.digest_id.is_(None)))
        expected = sorted(
            (f"person:{one.person_id}", f"{one.cadence}:{slot}") for one in self.followers for slot in one.done
        )
        theirs = {f"person:{one.person_id}" for one in self.followers}  # a moderator is asked each day too
        assert sorted((row.subject, row.local_slot) for row in rows if row.subject in theirs) == expected
        assert [row.local_slot for row in rows if row.fence != 1] == []
        late = [row.local_slot for row in rows if row.done_at and row.done_at - row.due_at > LATE_AFTER]
        assert [row.local_slot for row in rows if row.is_late] == late
        assert sorted((f"person:{person}", period) for person, period in digests) == expected
        assert told == {MessageState.SENT: len(expected)}
        letters = [
            email.message_from_bytes(path.read_bytes())["Message-ID"]
            for path in (self.server.folder / "mail").glob("*.eml")
        ]
        assert len(letters) == len(set(letters)) == len(expected) + (others or 0)
        assert '"level": "error"' not in self.server.log
        assert "level=error" not in self.server.log
        return len(rows), len(late), len(letters)
