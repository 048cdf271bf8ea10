"""A consultation: announced, open and closed by the clock alone, extended, stopped, processed, reported, answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis.strategies import booleans, integers, just, one_of, sampled_from, tuples

from accounts import roles
from consultations import ideas, lifecycle, queries, rules
from consultations.ideas import Written
from consultations.states import ConsultationState, IdeaRoute
from kernel.db import ReadSession, WriteSession
from moderation import decisions
from moderation.states import Outcome
from tests.builders import a_meeting, a_moderated_consultation, a_moderator, a_panel, a_person
from tests.engines import Databases
from tests.machines.stage import Machine, instant, run
from tests.moments import NOON

A_DAY = timedelta(days=1)
OPENS, CLOSES, DEADLINE = NOON + A_DAY, NOON + 6 * A_DAY, NOON + 10 * A_DAY
GOES_ON = {"announced", "processed", "reported", "answered"}
FROM = {
    "announce": {"draft"},
    "suspend": {"announced"},
    "resume": {"suspended"},
    "cancel": {"draft", "announced", "suspended"},
    "process": {"announced"},
    "report": {"processed"},
    "answer": {"reported"},
    "archive": {"answered", "cancelled"},
}
TO = {
    "announce": "announced",
    "suspend": "suspended",
    "resume": "announced",
    "cancel": "cancelled",
    "process": "processed",
    "report": "reported",
    "answer": "answered",
    "archive": "archived",
}
FACT = {step: f"consultation.{state}" for step, state in TO.items()} | {"resume": "consultation.resumed"}


@dataclass
class Idea:
    """As far as a consultation waits for it."""

    state: str
    is_late: bool
    has_outcome: bool = False


class Book:
    """What product.md says of one consultation."""

    def __init__(self) -> None:
        self.state, self.closes_at = "draft", CLOSES
        self.ideas: dict[int, Idea] = {}
        self.closes: list[tuple[datetime, datetime]] = []
        self.is_opened = self.is_closed = False

    def may(self, step: str, *, now: datetime) -> bool:
        if self.state not in FROM[step]:
            return False
        if step == "announce":
            return now < self.closes_at
        if step == "process":
            return now >= self.closes_at and not any(one.state == "received" for one in self.ideas.values())
        if step == "answer":
            return all(one.has_outcome for one in self.ideas.values() if one.state == "published")
        return True

    def may_extend(self, to: datetime, *, now: datetime) -> bool:
        """Later only, up to the agenda's deadline, and never once it has closed."""
        return self.state == "announced" and now < self.closes_at < to <= DEADLINE

    def takes(self, now: datetime) -> bool:
        return self.state == "announced" and now >= OPENS

    def boundaries(self, now: datetime) -> list[str]:
        """What the clock brought and nobody has written down."""
        told = []
        if self.state in GOES_ON and now >= OPENS and not self.is_opened:
            told.append("consultation.opened")
        if self.state in GOES_ON and now >= self.closes_at and not self.is_closed:
            told.append("consultation.closed")
        self.is_opened |= "consultation.opened" in told
        self.is_closed |= "consultation.closed" in told
        return told


async def world(tx: WriteSession) -> Any:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    dates: dict[str, Any] = {"opens_at": OPENS, "closes_at": CLOSES, "agenda_deadline_at": DEADLINE}
    consultation = await a_moderated_consultation(
        tx, panel=panel, meeting=meeting, state=ConsultationState.DRAFT, announced_at=None, **dates
    )
    resident = await roles.actor_for(tx, person=await a_person(tx))
    return consultation.id, resident, (await a_person(tx)).id, await a_moderator(tx)


class Consultations(Machine):
    world = world
    moves = one_of(
        tuples(just("step"), sampled_from(sorted(FROM))),
        tuples(just("step"), sampled_from(["announce", "process", "report", "answer"])),
        tuples(just("extend"), integers(-2, 5), booleans()),
        tuples(just("tick")),
        tuples(just("send")),
        tuples(just("decide"), integers(0, 3), booleans()),
        tuples(just("conclude"), integers(0, 3), sampled_from(["answered", "taken_along", "on_agenda"])),
    )

    prologue = (
        ("step", "announce"),
        ("wait", A_DAY),
        ("send",),
        ("decide", 0, True),
        ("wait", 5 * A_DAY),
        ("send",),
        ("tick",),
        ("decide", 1, True),
        ("step", "process"),
        ("conclude", 0, "taken_along"),
        ("step", "report"),
    )

    def begin(self) -> None:
        self.consultation, self.resident, self.secretary, self.moderator = self.told
        self.book = Book()
        self.concluded: set[tuple[int, str]] = set()
        self.subject = f"consultation:{self.consultation}"

    def dates(self) -> Sequence[datetime]:
        return (OPENS, self.book.closes_at, DEADLINE)

    def step(self, name: str) -> Any:
        """One of the steps that somebody takes."""
        given: dict[str, Any] = {"actor_id": self.secretary}
        if name in {"suspend", "cancel"}:
            given["reason"] = "Storing"

        async def do(tx: WriteSession) -> None:
            consultation = await queries.by_id(tx, self.consultation)
            await getattr(lifecycle, name)(tx, consultation=consultation, now=self.now, **given)

        def judge(_: Any) -> bool:
            if not self.book.may(name, now=self.now):
                return False
            self.book.state = TO[name]
            self.expect(self.subject, FACT[name])
            return True

        return do, judge

    def extend(self, days: int, to_the_deadline: bool) -> Any:
        """Close later than the page said when it was opened."""
        to = DEADLINE if to_the_deadline else self.book.closes_at + days * A_DAY

        async def do(tx: WriteSession) -> None:
            consultation = await queries.by_id(tx, self.consultation)
            given: dict[str, Any] = {"closes_at": to, "reason": "Storm", "actor_id": self.secretary}
            await lifecycle.extend(tx, consultation=consultation, **given, now=self.now)

        def judge(_: Any) -> bool:
            if not self.book.may_extend(to, now=self.now):
                return False
            self.book.closes.append((self.book.closes_at, to))
            self.book.closes_at = to
            self.expect(self.subject, "consultation.extended")
            return True

        return do, judge

    def tick(self) -> Any:
        """What the clock brought is written down once."""

        async def do(tx: WriteSession) -> int:
            return await lifecycle.record_boundaries(tx, now=self.now)

        def judge(count: int) -> bool:
            told = self.book.boundaries(self.now)
            assert count == len(told)
            self.expect(self.subject, *told)
            return True

        return do, judge

    def send(self) -> Any:
        """A resident sends an idea in."""
        received_at = self.now

        async def do(tx: WriteSession) -> int:
            consultation = await queries.by_id(tx, self.consultation)
            given: dict[str, Any] = {"actor": self.resident, "written": Written(body="Een bankje."), "email": ""}
            return (await ideas.submit(tx, consultation=consultation, **given, now=received_at)).id

        def judge(idea_id: int | None) -> bool:
            if not self.book.takes(received_at):
                return False
            if idea_id is not None:
                self.book.ideas[idea_id] = Idea("received", received_at >= self.book.closes_at)
            return True

        return do, judge

    def _which(self, number: int) -> int:
        newest = sorted(self.book.ideas)[-4:]
        return newest[number % len(newest)] if newest else 0

    def decide(self, number: int, is_published: bool) -> Any:
        """A moderator reads one."""
        target = self._which(number)

        async def do(tx: WriteSession) -> None:
            await decisions.decide(
                tx,
                idea=await queries.idea_by_id(tx, target),
                actor=self.moderator,
                outcome=Outcome.PUBLISH if is_published else Outcome.REJECT,
                ground_code="insult",
                explanation="Uitleg",
                now=self.now,
            )

        def judge(_: Any) -> bool:
            idea = self.book.ideas.get(target)
            if idea is None or idea.state != "received":
                return False
            idea.state = "published" if is_published else "rejected"
            return True

        return do, judge

    def conclude(self, number: int, outcome: str) -> Any:
        """The panel did something with one; being on an agenda is no outcome yet."""
        target = self._which(number)

        async def do(tx: WriteSession) -> None:
            given: dict[str, Any] = {"idea_ids": [target], "actor_id": self.secretary, "now": self.now}
            if outcome == "answered":
                await ideas.mark_answered(tx, **given)
            else:
                await ideas.route(tx, route=IdeaRoute(outcome), **given)

        def judge(_: Any) -> bool:
            idea = self.book.ideas.get(target)
            if idea is not None and idea.state == "published":
                is_final = (target, "answered") in self.concluded
                idea.has_outcome = is_final or outcome != "on_agenda"
                self.concluded.add((target, outcome))
            return True

        return do, judge

    def check(self) -> None:
        [(state, closes_at)] = self.rows("SELECT state, closes_at FROM consultation")
        assert (state, instant(closes_at)) == (self.book.state, self.book.closes_at)
        moved = self.rows("SELECT old_closes_at, new_closes_at FROM extension ORDER BY id")
        assert [(instant(old), instant(new)) for old, new in moved] == self.book.closes
        assert self.book.closes_at <= DEADLINE
        found = self.rows("SELECT id, state, is_late FROM idea")
        assert {one: (state, bool(late)) for one, state, late in found} == {
            one: (idea.state, idea.is_late) for one, idea in self.book.ideas.items()
        }

        async def look(db: ReadSession) -> str:
            return rules.stage_of(await queries.by_id(db, self.consultation), self.now)

        is_running = self.book.state == "announced" and self.now >= OPENS
        by_the_clock = "open" if self.now < self.book.closes_at else "closed"
        assert self.read(look) == (by_the_clock if is_running else self.book.state)


def test_a_consultation_goes_as_the_book_says_and_opens_and_closes_by_the_clock(
    databases: Databases, migrated_database: str
) -> None:
    run(Consultations, databases)
