"""A meeting: planned, called together, its agenda opened, settled, published, held, minuted; moved and called off."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis.strategies import booleans, integers, just, one_of, sampled_from, tuples

from accounts.states import Role
from consultations import queries as consultation_queries
from kernel.db import ReadSession, WriteSession
from panels import agendas, meetings, minutes, queries
from panels.states import Closes, ItemState
from tests.builders import a_consultation, a_panel
from tests.engines import Databases
from tests.machines.stage import Machine, instant, run
from tests.moments import CLOSES, NOON
from tests.panels.staff import acting

ZONE = ZoneInfo("Europe/Amsterdam")
BEFORE = {"planned", "convened", "agenda_open", "agenda_frozen", "agenda_published"}
STEPS = {
    "convene": ("planned", "convened"),
    "open": ("planned convened agenda_frozen", "agenda_open"),
    "freeze": ("agenda_open", "agenda_frozen"),
    "publish": ("agenda_frozen", "agenda_published"),
    "hold": ("agenda_published", "held"),
    "draft": ("held minutes_drafted", "minutes_drafted"),
    "tell": ("held minutes_drafted", "minutes_published"),
}
VERBS: dict[str, Any] = {
    "convene": meetings.convene,
    "open": meetings.open_agenda,
    "freeze": agendas.freeze,
    "publish": agendas.publish,
    "hold": meetings.hold,
    "tell": minutes.publish,
}
FACTS = {
    "convene": ["meeting.convened"],
    "freeze": ["meeting.agenda_frozen"],
    "publish": ["meeting.agenda_published"],
    "hold": ["meeting.held"],
}


@dataclass
class Meeting:
    """What product.md says of one meeting."""

    number: int
    starts_at: datetime
    state: str = "planned"
    points: dict[int, bool] = field(default_factory=dict)  # whether it has its outcome
    changes: int = 0

    def deadline(self) -> datetime:
        """Eight days before, at the same hour on the clock."""
        return self.starts_at.astimezone(ZONE) - timedelta(days=8)

    def may(self, step: str, now: datetime) -> bool:
        if self.state not in STEPS[step][0].split():
            return False
        if step in {"freeze", "publish"}:
            return bool(self.points)
        if step == "hold":
            return now >= self.starts_at
        return step != "tell" or all(self.points.values())

    def facts_of(self, step: str) -> list[str]:
        """Steps that are taken on the way leave their facts too."""
        if step == "open":
            return [*(["meeting.convened"] if self.state == "planned" else []), "meeting.agenda_opened"]
        drafted = ["meeting.minutes_drafted"] if self.state == "held" else []
        told = ["meeting.minutes_adopted", "meeting.minutes_published"] if step == "tell" else []
        return FACTS.get(step, [*drafted, *told])


async def world(tx: WriteSession) -> Any:
    panel = await a_panel(tx)
    secretaries = [await acting(tx, Role.SECRETARY, panel) for _ in range(2)]
    given: dict[str, Any] = {"place": "De Sluis", "minutes_long": 120, "actor": secretaries[0], "panel": panel}
    first = await meetings.plan(tx, **given, title="Water", starts_at=NOON + timedelta(days=21))
    consultation = await a_consultation(tx, panel=panel)
    await meetings.bind(tx, meeting=first, consultation=consultation)
    return panel.id, secretaries, first.id, consultation.id


WHICH = integers(0, 2)


class Meetings(Machine):
    world = world
    moves = one_of(
        tuples(just("plan"), integers(1, 40)),
        *[tuples(just("advance"), WHICH)] * 3,
        tuples(just("step"), WHICH, sampled_from(sorted(STEPS))),
        tuples(just("step"), just(0), sampled_from(sorted(STEPS))),
        tuples(just("add"), WHICH),
        tuples(just("note"), WHICH),
        tuples(just("reschedule"), WHICH, integers(-15, 20), booleans()),
        tuples(just("cancel"), WHICH),
    )

    prologue = (
        ("plan", 40),
        ("add", 0),
        ("advance", 0),
        ("advance", 0),
        ("advance", 0),
        ("note", 0),
        ("advance", 0),
    )

    def begin(self) -> None:
        self.panel, self.secretaries, first, self.consultation = self.told
        self.book: dict[int, Meeting] = {first: Meeting(1, NOON + timedelta(days=21))}
        self.first = first
        self.closes_at = CLOSES

    def dates(self) -> Sequence[datetime]:
        return [self.closes_at, *(one.starts_at for one in self.book.values())]

    def _which(self, number: int) -> int:
        return list(self.book)[number % len(self.book)]

    def plan(self, days: int) -> Any:
        """A meeting on the calendar, with the panel's next number."""
        starts_at = self.now + timedelta(days=days)

        async def do(tx: WriteSession) -> tuple[int, int]:
            [panel] = await queries.panels(tx)
            given: dict[str, Any] = {"title": "Groen", "place": "De Sluis", "starts_at": starts_at, "minutes_long": 90}
            planned = await meetings.plan(tx, panel=panel, **given, actor=self.secretaries[0])
            return planned.id, planned.number

        def judge(answer: tuple[int, int]) -> bool:
            meeting_id, number = answer
            assert number == max(one.number for one in self.book.values()) + 1
            self.book[meeting_id] = Meeting(number, starts_at)
            return True

        return do, judge

    def step(self, number: int, name: str) -> Any:
        """The next step of a meeting."""
        target = self._which(number)

        async def do(tx: WriteSession) -> None:
            given: dict[str, Any] = {"meeting": await queries.meeting_by_id(tx, target), "now": self.now}
            if name == "draft":
                await minutes.draft(tx, **given, intro="Er waren veertig leden.", actor=self.secretaries[0])
            else:
                await VERBS[name](tx, **given, actor=self.secretaries[0])

        def judge(_: Any) -> bool:
            meeting = self.book[target]
            if not meeting.may(name, self.now):
                return False
            self.expect(f"meeting:{target}", *meeting.facts_of(name))
            meeting.state = STEPS[name][1]
            meeting.changes += 1
            return True

        return do, judge

    def advance(self, number: int) -> Any:
        """The step that comes next; a meeting is held once its hour has come."""
        meeting = self.book[self._which(number)]
        if meeting.state == "agenda_published":
            self.now = max(self.now, meeting.starts_at)
        order = ("open", "freeze", "publish", "hold", "draft", "tell")
        following = [name for name in order if meeting.state in STEPS[name][0].split()]
        is_frozen = meeting.state == "agenda_frozen"
        return self.step(number, "publish" if is_frozen else (following or ["convene"])[0])

    def add(self, number: int) -> Any:
        """A point; the first one opens the agenda."""
        target = self._which(number)

        async def do(tx: WriteSession) -> int:
            meeting = await queries.meeting_by_id(tx, target)
            given: dict[str, Any] = {"title": "Opening", "minutes": 10, "actor": self.secretaries[1]}
            return (await agendas.add(tx, meeting=meeting, **given, now=self.now)).id

        def judge(point_id: int | None) -> bool:
            meeting = self.book[target]
            if meeting.state not in {"planned", "convened", "agenda_open", "agenda_published"}:
                return False
            if meeting.state in {"planned", "convened"}:
                self.expect(f"meeting:{target}", *meeting.facts_of("open"))
                meeting.state = "agenda_open"
                meeting.changes += 1
            if point_id is not None:
                meeting.points[point_id] = False
            return True

        return do, judge

    def note(self, number: int) -> Any:
        """What was said at the first point that has no outcome."""
        target = self._which(number)
        point_id = next((one for one, is_done in self.book[target].points.items() if not is_done), 0)

        async def do(tx: WriteSession) -> None:
            point = await queries.point_by_id(tx, point_id)
            given: dict[str, Any] = {"outcome": ItemState.DISCUSSED, "what_was_said": "Ja.", "now": self.now}
            await minutes.note(tx, item=point, **given, actor=self.secretaries[0])

        def judge(_: Any) -> bool:
            meeting = self.book[target]
            is_noted = meeting.points.get(point_id, True)
            if is_noted or meeting.state not in {"agenda_published", "held", "minutes_drafted"}:
                return False
            meeting.points[point_id] = True
            return True

        return do, judge

    def reschedule(self, number: int, days: int, extends: bool) -> Any:
        """Moved from the day that the page showed; its consultation still has to close in time."""
        target = self._which(number)
        starts_at, seen = self.book[target].starts_at + timedelta(days=days), self.book[target].changes
        version = self.read(lambda db: self._version(db, target))

        async def do(tx: WriteSession) -> None:
            meeting = await queries.meeting_by_id(tx, target)
            given: dict[str, Any] = {
                "starts_at": starts_at,
                "reason": "Storm.",
                "closes": Closes.DEADLINE if extends else Closes.STAYS,
                "seen": version,
            }
            await meetings.reschedule(tx, meeting=meeting, **given, actor=self.secretaries[0], now=self.now)

        def judge(_: Any) -> bool:
            meeting = self.book[target]
            deadline = Meeting(0, starts_at).deadline()
            feeds = target == self.first
            if meeting.changes != seen or meeting.state not in BEFORE or (feeds and self.closes_at > deadline):
                return False
            if feeds and extends and self.now < self.closes_at < deadline:
                self.closes_at = deadline
                self.expect(f"consultation:{self.consultation}", "consultation.extended")
            meeting.starts_at = starts_at
            meeting.changes += 1
            self.expect(f"meeting:{target}", "meeting.rescheduled")
            return True

        return do, judge

    async def _version(self, db: ReadSession, target: int) -> int:
        return (await queries.meeting_by_id(db, target)).version

    def cancel(self, number: int) -> Any:
        """Called off, before it begins."""
        target = self._which(number)

        async def do(tx: WriteSession) -> None:
            meeting = await queries.meeting_by_id(tx, target)
            await meetings.cancel(tx, meeting=meeting, reason="Storm.", actor=self.secretaries[1], now=self.now)

        def judge(_: Any) -> bool:
            meeting = self.book[target]
            if meeting.state not in BEFORE:
                return False
            meeting.state = "cancelled"
            meeting.changes += 1
            self.expect(f"meeting:{target}", "meeting.cancelled")
            self._points_go_on(target)
            return True

        return do, judge

    def _points_go_on(self, target: int) -> None:
        """To the next meeting that is still to come; test_agendas.py looks at them closely."""
        meeting = self.book[target]
        meeting.points = {}
        for other_id, other in self.book.items():
            on_it = self.rows("SELECT id FROM agenda_item WHERE meeting_id = ? AND position > 0", other_id)
            for (point_id,) in on_it:
                if other_id != target:
                    other.points.setdefault(point_id, False)

    def check(self) -> None:
        found = self.rows("SELECT id, number, state, starts_at FROM meeting ORDER BY id")
        assert [(one, number, state, instant(starts_at)) for one, number, state, starts_at in found] == [
            (one, meeting.number, meeting.state, meeting.starts_at) for one, meeting in self.book.items()
        ]
        [(closes_at, deadline)] = self.rows("SELECT closes_at, agenda_deadline_at FROM consultation")
        assert instant(closes_at) == self.closes_at <= instant(deadline) == self.book[self.first].deadline()

        async def look(db: ReadSession) -> Any:
            following = await queries.next_meeting(db, self.panel, after=self.now)
            return following and following.id, await consultation_queries.extensions_of(db, self.consultation)

        following, extended = self.read(look)
        ahead = [(one.starts_at, key) for key, one in self.book.items() if one.state in BEFORE]
        assert following == min([one for one in ahead if one[0] > self.now], default=(None, None))[1]
        assert len(extended) == len(self.expected.get(f"consultation:{self.consultation}", []))


def test_a_meeting_goes_as_the_book_says_and_its_consultation_closes_before_its_agenda_does(
    databases: Databases, migrated_database: str
) -> None:
    run(Meetings, databases)
