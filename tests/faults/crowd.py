"""A crowd at work on the site, over HTTP, that goes on whatever becomes of it and notes every answer it got.

What was sent and answered with a yes is `kept`: it must be there at the end, once. What got no answer is sent again
under the same key until it is answered.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from kernel.clock import SystemClock
from tests.faults.post_office import Handed, PostOffice
from tests.faults.server import dice
from tests.faults.town import Town, stranger
from tests.faults.wire import Answer, Dropped, Line

PAUSE = 0.03
"""Seconds, at most, that somebody thinks between two sendings."""
REFUSED_FOR_NOW = {503}
SEEN = re.compile(r'name="seen" value="([^"]*)"')
CONFIRM = re.compile(r"/confirm/[\w-]+")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that was answered with a yes, by the site's clock at that moment."""

    what: str
    name: str
    at: datetime
    link: str = ""


@dataclass
class Crowd:
    """Eight residents, a stranger with an address for each idea, two moderators, a secretary."""

    town: Town
    port: int
    post_office: PostOffice
    seed: int
    moved: Callable[[], timedelta]
    more_ports: Sequence[int] = ()
    pause: float = PAUSE
    tries_again_after: float = 0.1
    kept: list[Kept] = field(default_factory=list)
    sent_twice: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    dropped: int = 0
    longest: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _number: int = 0
    _lines: int = 0
    _to_confirm: "asyncio.Queue[tuple[str, str]]" = field(default_factory=asyncio.Queue)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """They work until the block ends; then each finishes what it was at."""
        self.post_office.after_yes = self._letter_came
        works: list[Awaitable[None]] = [
            *(self._resident(person, cookies) for person, cookies in self.town.residents),
            self._stranger(),
            self._confirms(),
            *(self._moderator(number, cookies) for number, cookies in enumerate(self.town.moderators)),
            self._secretary(),
        ]
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            yield
            self.over.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 90)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def answered(self) -> int:
        """How many answers came."""
        return self.answers.total()

    def _now(self) -> datetime:
        return SystemClock().now() + self.moved()

    def _next(self, what: str) -> str:
        self._number += 1
        return f"{what}-{self._number:06d}-{self.seed}"

    def _line(self, cookies: dict[str, str]) -> Line:
        """By turns to each of the site's processes."""
        self._lines += 1
        ports = (self.port, *self.more_ports)
        return Line(ports[self._lines % len(ports)], cookies)

    # who they are

    async def _resident(self, person: int, cookies: dict[str, str]) -> None:
        line, random = self._line(cookies), dice(self.seed, person)
        supported: set[int] = set()
        while not self.over.is_set():
            idea = random.choice(self.town.seeds)
            if random.random() < 0.25 and idea not in supported:
                supported.add(idea)
                await self._send(line, "support", f"{idea}/{person}", f"/ideas/{idea}/endorse", {})
            else:
                name = self._next("idea")
                await self._send(line, "idea", name, self._ideas, _idea(name))
            await self._think(random)
        line.hang_up()

    async def one_idea(self, line: Line) -> None:
        """Send one until it is taken."""
        name = self._next("idea")
        await self._send(line, "idea", name, self._ideas, _idea(name))

    async def _stranger(self) -> None:
        line, random = self._line(stranger()), dice(self.seed, "stranger")
        while not self.over.is_set():
            name = self._next("stranger")
            await self._send(line, "asked", name, self._ideas, _idea(name) | {"email": f"{name}@waterveen.example"})
            await self._think(random, 5)
        line.hang_up()

    async def _letter_came(self, handed: Handed) -> None:
        if handed.to.startswith("stranger-"):
            text = handed.letter.get_body(("plain",))
            link = CONFIRM.search(text.get_content()) if text else None
            if link is not None:
                self._to_confirm.put_nowait((handed.to.partition("@")[0], link.group()))

    async def _confirms(self) -> None:
        line = self._line(stranger())
        while not self.over.is_set():
            try:
                name, path = await asyncio.wait_for(self._to_confirm.get(), 0.1)
            except TimeoutError:
                continue
            await self._send(line, "confirmed", name, path, {}, spent={404, 410})
        line.hang_up()

    async def _moderator(self, number: int, cookies: dict[str, str]) -> None:
        line, random = self._line(cookies), dice(self.seed, "moderator", number)
        while not self.over.is_set():
            try:
                await self._decides(line, random)
            except Dropped:
                await self._waits(line)
            await self._think(random)
        line.hang_up()

    async def _decides(self, line: Line, random: Random) -> None:
        claimed = await line.post("/moderation/next", {"idempotency_key": self._next("claim-of-moderator")})
        idea = claimed.location.removeprefix("/moderation/ideas/")
        if claimed.status != 303 or not idea.isdecimal():
            return
        page = await line.get(f"/moderation/ideas/{idea}")
        seen = SEEN.search(page.body)
        if page.status != 200 or seen is None:
            return
        choice = {"outcome": "publish", "seen": seen[1]}
        if random.random() < 0.3:
            choice |= {"outcome": "reject", "ground": "off_topic", "explanation": "Dit gaat over iets anders."}
        # 409: it was decided on before, by the other moderator or by a sending whose answer got lost
        await self._send(line, "decision", idea, f"/moderation/ideas/{idea}/decide", choice, spent={409})

    async def _secretary(self) -> None:
        line, random = self._line(self.town.secretary), dice(self.seed, "secretary")
        while not self.over.is_set():
            name = self._next("point")
            path = f"/desk/meetings/{self.town.meeting_id}/points/new"
            await self._send(line, "point", name, path, {"title": name, "minutes": "15"})
            await self._think(random, 10)
        line.hang_up()

    # how they send

    @property
    def _ideas(self) -> str:
        return f"/consultations/{self.town.slug}/ideas/new"

    async def _send(
        self,
        line: Line,
        what: str,
        name: str,
        path: str,
        fields: dict[str, str],
        *,
        spent: set[int] | frozenset[int] = frozenset(),
    ) -> None:
        """Send until it is answered, always under the same key; a yes is kept."""
        key = self._next("key-of-a-form")
        while True:
            began = time.monotonic()
            try:
                answer = await line.post(path, {**fields, "idempotency_key": key}, mark=f"{what} {name}")
            except Dropped:
                self.sent_twice[what] += 1
                await self._waits(line)
                continue
            self.answers[answer.status] += 1
            self.longest = max(self.longest, time.monotonic() - began)
            if answer.status in REFUSED_FOR_NOW:
                await asyncio.sleep(self.tries_again_after)
                continue
            self._note(answer, what, name, path, spent)
            return

    def _note(self, answer: Answer, what: str, name: str, path: str, spent: set[int] | frozenset[int]) -> None:
        if answer.status == 303 and answer.location:
            self.kept.append(Kept(what=what, name=name, at=self._now(), link=answer.location))
        elif answer.status not in spent:
            self.odd.append(f"{what} {name}: {answer.status} for {path}")

    async def _waits(self, line: Line) -> None:
        """Until the site answers again."""
        self.dropped += 1
        while True:
            try:
                await line.get("/health")
            except Dropped:
                await asyncio.sleep(0.02)
            else:
                return

    async def _think(self, random: Random, times: float = 1) -> None:
        await asyncio.sleep(random.random() * self.pause * times)


def _idea(name: str) -> dict[str, str]:
    return {"kind": "idea", "title": name, "body": f"Zet om de honderd meter een bankje. Dit is {name}."}
