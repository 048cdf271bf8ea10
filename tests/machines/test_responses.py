"""An advice and its answer: worded, voted on, submitted; awaited, reminded of, overdue by the clock, answered, done."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis.strategies import booleans, integers, just, none, one_of, sampled_from, tuples

from accounts.states import Role
from consultations.states import IdeaRoute, IdeaState
from kernel.db import ReadSession, WriteSession
from panels import answering, queries, recommendations, responses
from panels.states import ItemState, MeetingState, ResponseState
from tests.builders import a_consultation, a_meeting, a_panel, a_point, an_agreement, an_idea
from tests.engines import Databases
from tests.machines.stage import Machine, instant, run
from tests.moments import NOON
from tests.panels.staff import acting

ZONE = ZoneInfo("Europe/Amsterdam")
PROMISES = {"accepted", "partly"}
ANSWERS = {"awaited": PROMISES | {"rejected", "deferred"}, "deferred": PROMISES | {"rejected"}}
AHEAD = [timedelta(days=days) for days in (7, 30, 60)]


def six_months_after(at: datetime) -> datetime:
    """The same hour and day half a year later, where people live."""
    local = at.astimezone(ZONE)
    year, month = (local.year, local.month + 6) if local.month <= 6 else (local.year + 1, local.month - 6)
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))


@dataclass
class Advice:
    """What product.md says of one advice and its answer. `changes` counts what a page can have missed."""

    state: str = "draft"
    text: str = ""
    submitted_at: datetime | None = None
    due_at: datetime | None = None
    answer: str = ""
    reasons: str = ""
    reminded: set[timedelta] = field(default_factory=set)
    is_noted: bool = False
    progress: int = 0
    changes: int = 0
    answers: int = 0

    def is_overdue(self, now: datetime) -> bool:
        return self.answer == "awaited" and self.due_at is not None and self.due_at < now

    def reminder(self, now: datetime) -> timedelta | None:
        """The latest that has come and was not given, unless it lies before the advice was submitted."""
        if self.answer != "awaited" or self.due_at is None or self.submitted_at is None or self.due_at <= now:
            return None
        came = [ahead for ahead in AHEAD if self.due_at - ahead <= now]
        if not came or came[0] in self.reminded or self.due_at - came[0] <= self.submitted_at:
            return None
        return came[0]


async def world(tx: WriteSession) -> Any:
    panel = await a_panel(tx)
    await an_agreement(tx, panel=panel, threshold_percent=75)
    past: dict[str, Any] = {"state": MeetingState.MINUTES_PUBLISHED, "starts_at": NOON - timedelta(days=9)}
    meeting = await a_meeting(tx, panel=panel, **past)
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    public: dict[str, Any] = {"state": IdeaState.PUBLISHED, "route": IdeaRoute.DISCUSSED}
    sent = [await an_idea(tx, consultation=consultation, **public) for _ in range(4)]
    points = [
        (await a_point(tx, meeting=meeting, ideas=ideas, state=ItemState.DISCUSSED)).id
        for ideas in (sent[:2], sent[2:])
    ]
    behind = {points[0]: [idea.id for idea in sent[:2]], points[1]: [idea.id for idea in sent[2:]]}
    return panel.id, behind, await acting(tx, Role.SECRETARY, panel), await acting(tx, Role.COMMISSIONER, panel)


WHICH = integers(0, 2)


class Responses(Machine):
    world = world
    moves = one_of(
        tuples(just("draft"), integers(0, 1)),
        tuples(just("reword"), WHICH),
        tuples(just("fix"), WHICH),
        tuples(just("vote"), WHICH, integers(0, 8)),
        tuples(just("vote"), WHICH, just(8)),
        tuples(just("submit"), WHICH),
        tuples(just("submit"), WHICH),
        tuples(just("vote"), WHICH, just(7)),
        tuples(just("respond"), WHICH, sampled_from(sorted(ANSWERS["awaited"])), just(True)),
        tuples(just("respond"), WHICH, sampled_from(sorted(ANSWERS["awaited"])), booleans()),
        tuples(just("report"), WHICH, none() | sampled_from([ResponseState.DONE, ResponseState.ABANDONED])),
        tuples(just("tick")),
    )

    prologue = (
        ("draft", 0),
        ("draft", 1),
        ("vote", 0, 8),
        ("submit", 0),
        ("vote", 1, 6),
        ("submit", 1),
        ("wait", timedelta(days=125)),
        ("respond", 0, "accepted", True),
    )

    def begin(self) -> None:
        self.panel, self.behind, self.secretary, self.commissioner = self.told
        self.book: dict[int, Advice] = {}
        self.answers: dict[int, int] = {}
        self.points: dict[int, int] = {}
        self.routes = {idea: "discussed" for ideas in self.behind.values() for idea in ideas}
        self.written = 0

    def dates(self) -> Sequence[datetime]:
        due = [one.due_at for one in self.book.values() if one.due_at is not None]
        return [at - ahead for at in due for ahead in (timedelta(0), *AHEAD)]

    def _which(self, number: int) -> int:
        """One of the first three: what is drafted after them waits."""
        first = sorted(self.book)[:3]
        return first[number % len(first)] if first else 0

    def _go(self, key: int, route: str) -> None:
        for idea in self.behind[self.points[key]]:
            if self.routes[idea] != "answered":
                self.routes[idea] = route

    # the panel

    def draft(self, number: int) -> Any:
        """A first wording."""
        point_id = sorted(self.behind)[number]

        async def do(tx: WriteSession) -> tuple[int, int]:
            given: dict[str, Any] = {"title": "Bankjes", "text": "Zet bankjes.", "actor": self.secretary}
            point = await queries.point_by_id(tx, point_id)
            made = await recommendations.draft(tx, item=point, **given, now=self.now)
            return made.id, made.number

        def judge(answer: tuple[int, int]) -> bool:
            key, number = answer
            assert number == len(self.book) + 1
            self.book[key], self.points[key] = Advice(text="Zet bankjes."), point_id
            self.expect(f"recommendation:{key}", "recommendation.drafted")
            return True

        return do, judge

    def _advice(self, key: int) -> tuple[int | None, int]:
        """The version that a page shows, and how often the book saw it change by then."""
        if key not in self.book:
            return None, 0
        [(version,)] = self.rows("SELECT version FROM recommendation WHERE id = ?", key)
        return version, self.book[key].changes

    def reword(self, number: int) -> Any:
        """Other words than the page had."""
        key = self._which(number)
        version, seen = self._advice(key)
        self.written += 1
        text = f"Zet {self.written} bankjes."

        async def do(tx: WriteSession) -> None:
            given: dict[str, Any] = {"title": "Bankjes", "text": text, "seen": version, "actor": self.secretary}
            found = await answering.recommendation_by_id(tx, key)
            await recommendations.reword(tx, recommendation=found, **given, now=self.now)

        def judge(_: Any) -> bool:
            advice = self.book.get(key)
            if advice is None or advice.state not in {"draft", "wording_fixed"} or advice.changes != seen:
                return False
            if advice.state == "wording_fixed":
                self.expect(f"recommendation:{key}", "recommendation.reworded")
            advice.state, advice.text = "draft", text
            advice.changes += 1
            return True

        return do, judge

    def fix(self, number: int) -> Any:
        """The words that members vote on."""
        key = self._which(number)

        async def do(tx: WriteSession) -> None:
            found = await answering.recommendation_by_id(tx, key)
            await recommendations.fix_wording(tx, recommendation=found, actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            advice = self.book.get(key)
            if advice is None or advice.state != "draft":
                return False
            advice.state = "wording_fixed"
            advice.changes += 1
            self.expect(f"recommendation:{key}", "recommendation.wording_fixed")
            return True

        return do, judge

    def vote(self, number: int, in_favour: int) -> Any:
        """Of eight members, on the words of the page; three quarters carry it."""
        key = self._which(number)
        version, seen = self._advice(key)

        async def do(tx: WriteSession) -> None:
            given: dict[str, Any] = {"votes_for": in_favour, "votes_against": 8 - in_favour, "seen": version}
            found = await answering.recommendation_by_id(tx, key)
            await recommendations.adopt(tx, recommendation=found, **given, actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            advice = self.book.get(key)
            if advice is None or advice.state not in {"draft", "wording_fixed"} or advice.changes != seen:
                return False
            fixed = ["recommendation.wording_fixed"] if advice.state == "draft" else []
            advice.state = "adopted" if in_favour >= 6 else "not_adopted"
            advice.changes += 1
            self.expect(f"recommendation:{key}", *fixed, "recommendation.voted", f"recommendation.{advice.state}")
            return True

        return do, judge

    def submit(self, number: int) -> Any:
        """To the commissioner: an answer is due in six months."""
        key = self._which(number)

        async def do(tx: WriteSession) -> int:
            found = await answering.recommendation_by_id(tx, key)
            return (await recommendations.submit(tx, recommendation=found, actor=self.secretary, now=self.now)).id

        def judge(response_id: int | None) -> bool:
            advice = self.book.get(key)
            if advice is None or advice.state != "adopted":
                return False
            advice.state, advice.answer = "submitted", "awaited"
            advice.submitted_at, advice.due_at = self.now, six_months_after(self.now)
            if response_id is not None:
                self.answers[key] = response_id
            self._go(key, "in_recommendation")
            self.expect(f"recommendation:{key}", "recommendation.submitted")
            return True

        return do, judge

    # the commissioner

    def respond(self, number: int, answer: str, is_promised: bool) -> Any:
        """With reasons, from the page; a promise has an owner and a date."""
        key = self._which(number)
        advice = self.book.get(key)
        seen = advice.answers if advice else 0
        found = self.rows("SELECT version FROM response WHERE id = ?", self.answers.get(key, 0))
        version = found[0][0] if found else None
        self.written += 1
        reasons = f"Reden {self.written}"

        async def do(tx: WriteSession) -> None:
            promise: dict[str, Any] = {"owner": "Beheer", "done_by": date(2027, 6, 1)} if is_promised else {}
            given: dict[str, Any] = {"reasons": reasons, "seen": version, "actor": self.commissioner, **promise}
            response = await answering.response_by_id(tx, self.answers.get(key, 0))
            await responses.respond(tx, response=response, state=ResponseState(answer), **given, now=self.now)

        def judge(_: Any) -> bool:
            advice = self.book.get(key)
            if advice is None or answer not in ANSWERS.get(advice.answer, set()) or advice.answers != seen:
                return False
            if answer in PROMISES and not is_promised:
                return False
            advice.answer, advice.reasons = answer, reasons
            advice.answers += 1
            if answer != "deferred":
                self._go(key, "answered")
            self.expect(f"response:{self.answers[key]}", "response.given")
            return True

        return do, judge

    def report(self, number: int, ending: ResponseState | None) -> Any:
        """What was done since, perhaps the last of it."""
        key = self._which(number)

        async def do(tx: WriteSession) -> None:
            given: dict[str, Any] = {"text": "De helft staat.", "state": ending, "actor": self.commissioner}
            response = await answering.response_by_id(tx, self.answers.get(key, 0))
            await responses.report_progress(tx, response=response, **given, now=self.now)

        def judge(_: Any) -> bool:
            advice = self.book.get(key)
            if advice is None or advice.answer not in PROMISES:
                return False
            advice.answer = ending.value if ending else advice.answer
            advice.answers += ending is not None
            advice.progress += 1
            self.expect(f"response:{self.answers[key]}", "response.progress_reported")
            return True

        return do, judge

    def tick(self) -> Any:
        """What the clock brought is written down once, by however many."""

        async def do(tx: WriteSession) -> tuple[int, int]:
            return await responses.record_overdue(tx, now=self.now), await responses.record_reminders(tx, now=self.now)

        def judge(answer: tuple[int, int]) -> bool:
            told = [0, 0]
            for key, advice in self.book.items():
                if advice.is_overdue(self.now) and not advice.is_noted:
                    advice.is_noted = True
                    told[0] += 1
                    self.expect(f"response:{self.answers[key]}", "response.became_overdue")
                if (ahead := advice.reminder(self.now)) is not None:
                    advice.reminded.add(ahead)
                    told[1] += 1
                    self.expect(f"response:{self.answers[key]}", "response.reminded")
            assert list(answer) == told
            return True

        return do, judge

    def check(self) -> None:
        assert self.rows("SELECT id, state, text FROM recommendation ORDER BY id") == [
            (key, one.state, one.text) for key, one in self.book.items()
        ]
        found = self.rows("SELECT recommendation_id, state, due_at, reasons FROM response ORDER BY recommendation_id")
        assert [(key, state, instant(due_at), reasons) for key, state, due_at, reasons in found] == [
            (key, one.answer, one.due_at, one.reasons) for key, one in self.book.items() if one.answer
        ]
        assert dict(self.rows("SELECT id, route FROM idea")) == self.routes
        answered = self.rows("SELECT id FROM idea WHERE answered_at IS NOT NULL")
        assert {one for (one,) in answered} == {one for one, route in self.routes.items() if route == "answered"}
        told = self.rows("SELECT count(*) FROM progress_report")
        assert told == [(sum(one.progress for one in self.book.values()),)]

        async def look(db: ReadSession) -> int:
            return (await answering.so_far(db, [self.panel], now=self.now)).overdue

        assert self.read(look) == sum(one.is_overdue(self.now) for one in self.book.values())


def test_an_advice_and_its_answer_go_as_the_book_says_and_are_overdue_by_the_clock(
    databases: Databases, migrated_database: str
) -> None:
    run(Responses, databases)
