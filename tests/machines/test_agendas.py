"""Agenda items and the ideas behind them, over three meetings: nothing doubled, nobody's idea falls between two."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis.stateful import initialize
from hypothesis.strategies import DataObject, booleans, data, integers, just, one_of, randoms, sampled_from, tuples

from accounts.states import Role
from consultations import queries as consultation_queries
from consultations.states import ConsultationState, IdeaRoute, IdeaState
from kernel.db import ReadSession, WriteSession
from moderation import decisions
from moderation.states import Outcome
from panels import agendas, meetings, minutes, queries, waiting
from panels.states import ItemState
from tests.builders import a_meeting, a_moderated_consultation, a_moderator, a_panel, a_placement, a_theme, an_idea
from tests.engines import Databases
from tests.machines.agenda_book import GONE, TAKES_NOTES, TAKES_POINTS, Book, Idea, Meeting, Point
from tests.machines.stage import Machine, run
from tests.moments import CLOSES, NOON
from tests.panels.staff import acting
from themes import queries as theme_queries
from themes import themes

STEPS: dict[str, tuple[Any, set[str], str]] = {
    "freeze": (agendas.freeze, {"agenda_open"}, "agenda_frozen"),
    "open": (meetings.open_agenda, {"convened", "agenda_frozen"}, "agenda_open"),
    "publish": (agendas.publish, {"agenda_frozen"}, "agenda_published"),
    "hold": (meetings.hold, {"agenda_published"}, "held"),
    "tell": (minutes.publish, {"held"}, "minutes_published"),
}


async def world(tx: WriteSession) -> Any:
    panel = await a_panel(tx)
    dates = [NOON + timedelta(days=days) for days in (21, 50, 80)]
    planned = {(await a_meeting(tx, panel=panel, starts_at=starts_at)).id: starts_at for starts_at in dates}
    own = await queries.meeting_by_id(tx, min(planned))
    period = {"state": ConsultationState.PROCESSED}
    consultation = await a_moderated_consultation(tx, panel=panel, meeting=own, **period)
    public: dict[str, Any] = {"consultation": consultation, "state": IdeaState.PUBLISHED}
    sent = [await an_idea(tx, **public, route=IdeaRoute.IN_THEME) for _ in range(4)]
    late: dict[str, Any] = {"is_late": True, "route": IdeaRoute.NEXT_MEETING, "received_at": CLOSES}
    sent.append(await an_idea(tx, **public, **late))
    sent.append(await an_idea(tx, **public))
    await a_placement(tx, idea=sent[5])
    made = [
        await a_theme(tx, consultation=consultation, ideas=[sent[0], sent[1], sent[4]]),
        await a_theme(tx, consultation=consultation, ideas=[sent[2]]),
        await a_theme(tx, consultation=consultation, ideas=[sent[3]]),
    ]
    secretary = await acting(tx, Role.SECRETARY, panel)
    ids = [idea.id for idea in sent], [theme.id for theme in made]
    return planned, *ids, consultation.id, secretary, await a_moderator(tx)


MEETING, THEME, IDEA, POINT = integers(0, 2), integers(0, 3), integers(0, 5), integers(0, 5)


class Agendas(Machine):
    world = world
    moves = one_of(
        tuples(just("add_theme"), MEETING, THEME),
        tuples(just("add"), MEETING),
        tuples(just("leave_out"), MEETING, THEME),
        tuples(just("change"), POINT),
        tuples(just("withdraw"), POINT),
        tuples(just("reorder"), MEETING, randoms(use_true_random=False)),
        tuples(just("step"), MEETING, sampled_from(sorted(STEPS))),
        *[tuples(just("advance"), MEETING), tuples(just("advance"), just(0))] * 3,
        *[tuples(just("note"), POINT, sampled_from(["discussed", "kept", "postponed"]))] * 3,
        *[tuples(just("set_apart"), POINT, IDEA, booleans())] * 2,
        tuples(just("answer"), POINT),
        tuples(just("cancel"), integers(0, 15)),
        tuples(just("take_off"), IDEA),
        tuples(just("bring_back"), IDEA),
        tuples(just("regroup"), IDEA, integers(0, 4)),
        tuples(just("merge"), THEME, THEME),
        tuples(just("split"), IDEA),
    )

    def begin(self) -> None:
        planned, sent, made, self.consultation, self.secretary, self.moderator = self.told
        where = [(made[0], False), (made[0], False), (made[1], False), (made[2], False), (made[0], True), (None, False)]
        ideas = {key: Idea(theme, is_late) for key, (theme, is_late) in zip(sent, where, strict=True)}
        ideas[sent[4]].route, ideas[sent[5]].route = "next_meeting", "unrouted"
        self.book = Book(min(planned), {key: Meeting(starts_at) for key, starts_at in planned.items()}, ideas, made)
        self.written = 0

    @initialize(given=data(), far=integers(0, 7))
    def something_happened_before(self, given: DataObject, far: int = 0) -> None:
        """The first meeting is under way."""
        opening: list[tuple[Any, ...]] = [("add_theme", 0, 0), ("add_theme", 0, 1), ("advance", 0), ("advance", 0)]
        noted = ("note", given.draw(integers(0, 1)), given.draw(sampled_from(["discussed", "kept"])))
        apart = ("set_apart", 0, given.draw(integers(0, 5)), given.draw(booleans()))
        for move in [*opening, apart, noted, ("advance", 0)][:far]:
            self.take(self.move(*move))

    def dates(self) -> Sequence[datetime]:
        return [one.starts_at for one in self.book.meetings.values()]

    def _meeting(self, number: int) -> int:
        return sorted(self.book.meetings)[number]

    def _theme(self, number: int) -> int:
        newest = sorted(self.book.themes)[-4:]
        return newest[number % len(newest)]

    def _point(self, number: int) -> int:
        newest = sorted(self.book.points)[-6:]
        return newest[number % len(newest)] if newest else 0

    def _idea(self, number: int) -> int:
        return sorted(self.book.ideas)[number]

    # the agenda

    def add_theme(self, number: int, which: int) -> Any:
        """A theme becomes a point, with the ideas that wait in it."""
        target, theme_id = self._meeting(number), self._theme(which)

        async def do(tx: WriteSession) -> int:
            given: dict[str, Any] = {"question": "Wat vindt u?", "minutes": 20, "actor": self.secretary}
            meeting, theme = await queries.meeting_by_id(tx, target), await theme_queries.theme(tx, theme_id)
            return (await agendas.add_theme(tx, meeting=meeting, theme=theme, **given, now=self.now)).id

        def judge(key: int | None) -> bool:
            meeting = self.book.meetings[target]
            is_there = self.book.on_it(target, theme_id) or not self.book.themes[theme_id]
            if meeting.state not in TAKES_POINTS or is_there:
                return False
            if key is not None:
                self._is_open(meeting)
                ideas = dict.fromkeys(self.book.waiting(theme_id, target), "")
                self.book.put(key, Point(target, theme_id, ideas=ideas), route="on_agenda")
                self.expect(f"agenda_item:{key}", "agenda_item.added")
            return True

        return do, judge

    def add(self, number: int) -> Any:
        """A point without a theme; the first point opens the agenda."""
        target = self._meeting(number)

        async def do(tx: WriteSession) -> int:
            given: dict[str, Any] = {"title": "Opening", "minutes": 10, "actor": self.secretary}
            return (await agendas.add(tx, meeting=await queries.meeting_by_id(tx, target), **given, now=self.now)).id

        def judge(key: int | None) -> bool:
            meeting = self.book.meetings[target]
            if meeting.state not in TAKES_POINTS:
                return False
            if key is not None:
                self._is_open(meeting)
                self.book.put(key, Point(target, None), route=None)
                self.expect(f"agenda_item:{key}", "agenda_item.added")
            return True

        return do, judge

    def _is_open(self, meeting: Meeting) -> None:
        """Working on an agenda opens it."""
        meeting.state = "agenda_open" if meeting.state in {"planned", "convened"} else meeting.state

    def leave_out(self, number: int, which: int) -> Any:
        """Not on this agenda, for a reason that everybody reads; said once."""
        target, theme_id = self._meeting(number), self._theme(which)

        async def do(tx: WriteSession) -> int:
            meeting, theme = await queries.meeting_by_id(tx, target), await theme_queries.theme(tx, theme_id)
            given: dict[str, Any] = {"reason": "Dit gebeurt al.", "actor": self.secretary, "now": self.now}
            return (await agendas.leave_out(tx, meeting=meeting, theme=theme, **given)).id

        def judge(key: int | None) -> bool:
            is_there = self.book.on_it(target, theme_id, or_left_out=True) or not self.book.themes[theme_id]
            if self.book.meetings[target].state not in TAKES_POINTS or is_there:
                return False
            if key is not None:
                ideas = dict.fromkeys(self.book.waiting(theme_id, target), "")
                self.book.points[key] = Point(target, theme_id, "declined", ideas)
                self.book.send(self.book.points[key], "not_taken")
                self.expect(f"agenda_item:{key}", "agenda_item.declined")
            return True

        return do, judge

    def change(self, number: int) -> Any:
        """Its text, as it stood on the page."""
        key = self._point(number)
        seen = self.rows("SELECT version FROM agenda_item WHERE id = ?", key)[0][0] if key else 0
        changes = list(self.expected.get(f"agenda_item:{key}", []))
        self.written += 1
        title = f"Punt {self.written}"

        async def do(tx: WriteSession) -> None:
            given: dict[str, Any] = {"question": "", "minutes": 5, "presenter": "", "is_confidential": False}
            point = await queries.point_by_id(tx, key)
            given |= {"title": title, "actor": self.secretary, "now": self.now, "seen": seen}
            await agendas.change(tx, point=point, **given)

        def judge(_: Any) -> bool:
            point = self.book.points.get(key)
            if point is None or self.book.meetings[point.meeting].state not in TAKES_POINTS:
                return False
            if point.state in GONE or self.expected[f"agenda_item:{key}"] != changes:
                return False
            self._is_open(self.book.meetings[point.meeting])
            self.expect(f"agenda_item:{key}", "agenda_item.changed")
            return True

        return do, judge

    def withdraw(self, number: int) -> Any:
        """Off the agenda; its ideas wait for another."""
        key = self._point(number)

        async def do(tx: WriteSession) -> None:
            point = await queries.point_by_id(tx, key)
            await agendas.withdraw(tx, point=point, reason="Te vol.", actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            point = self.book.points.get(key)
            if (
                point is None
                or self.book.meetings[point.meeting].state not in TAKES_POINTS
                or point.state != "scheduled"
            ):
                return False
            point.state = "withdrawn"
            self._is_open(self.book.meetings[point.meeting])
            self.book.meetings[point.meeting].order.remove(key)
            self.book.send(point, "postponed")
            self.expect(f"agenda_item:{key}", "agenda_item.withdrawn")
            return True

        return do, judge

    def reorder(self, number: int, shuffle: Any) -> Any:
        """All points of the page in another order."""
        target = self._meeting(number)
        order = list(self.book.meetings[target].order)
        shuffle.shuffle(order)

        async def do(tx: WriteSession) -> None:
            meeting = await queries.meeting_by_id(tx, target)
            await agendas.reorder(tx, meeting=meeting, order=order, actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            meeting = self.book.meetings[target]
            if meeting.state not in TAKES_POINTS or sorted(order) != sorted(meeting.order):
                return False
            if meeting.state == "agenda_published":
                for old, new in zip(meeting.order, order, strict=True):
                    if old != new:
                        self.expect(f"agenda_item:{new}", "agenda_item.changed")
            self._is_open(meeting)
            meeting.order = order
            return True

        return do, judge

    # the meeting

    def step(self, number: int, name: str) -> Any:
        """Settled, opened again, published, held, minutes published."""
        target = self._meeting(number)
        verb, since, to = STEPS[name]

        async def do(tx: WriteSession) -> None:
            await verb(tx, meeting=await queries.meeting_by_id(tx, target), actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            meeting = self.book.meetings[target]
            points = [self.book.points[key] for key in meeting.order]
            is_early = name == "hold" and self.now < meeting.starts_at
            is_open = name == "tell" and any(point.state == "scheduled" for point in points)
            is_empty = name in {"freeze", "publish"} and not points
            if meeting.state not in since or is_early or is_open or is_empty:
                return False
            meeting.state = to
            for point in points:
                if name == "freeze" and point.theme is not None:
                    newer = self.book.waiting(point.theme, target)
                    point.ideas |= dict.fromkeys(newer, "")
                    self.book.send(Point(target, None, ideas=dict.fromkeys(newer, "")), "on_agenda")
                if name == "publish" and point.carried_from is not None:
                    self.book.send(point, "on_agenda")
            return True

        return do, judge

    def advance(self, number: int) -> Any:
        """The next step of a meeting; it is held once its hour has come."""
        meeting = self.book.meetings[self._meeting(number)]
        if meeting.state == "agenda_published":
            self.now = max(self.now, meeting.starts_at)
        order = ("freeze", "publish", "hold", "tell")
        return self.step(number, next((name for name in order if meeting.state in STEPS[name][1]), "freeze"))

    def cancel(self, number: int) -> Any:
        """Called off, which is rare: its points go to the next meeting, or wait."""
        if number > 2:
            return self.advance(number % 3)
        target = self._meeting(number)

        async def do(tx: WriteSession) -> list[tuple[int, int]]:
            meeting = await queries.meeting_by_id(tx, target)
            await meetings.cancel(tx, meeting=meeting, reason="Storm.", actor=self.secretary, now=self.now)
            return await self._carried(tx)

        def judge(carried: list[tuple[int, int]] | None) -> bool:
            meeting = self.book.meetings[target]
            if meeting.state not in TAKES_POINTS | {"agenda_frozen"}:
                return False
            meeting.state = "cancelled"
            to = self.book.next_after(target)
            for key in [one for one in meeting.order if self.book.points[one].state == "scheduled"]:
                if to is None:
                    self.book.points[key].state = "withdrawn"
                    meeting.order.remove(key)
                    self.book.send(self.book.points[key], "postponed")
                    self.expect(f"agenda_item:{key}", "agenda_item.withdrawn")
                else:
                    self._goes_on(key, to, "postponed", carried)
            return True

        return do, judge

    async def _carried(self, tx: WriteSession) -> list[tuple[int, int]]:
        """Which points were made of which."""
        made = [point for meeting in self.book.meetings for point in await queries.agenda(tx, meeting)]
        return [(point.carried_from_id, point.id) for point in made if point.carried_from_id is not None]

    def _goes_on(self, key: int, to: int, state: str, carried: list[tuple[int, int]] | None) -> None:
        made = [new for old, new in carried or [] if old == key]
        assert len(made) == 1, f"point {key} was made {len(made)} times in the next meeting"
        self.book.carry(key, to, as_key=made[0], state=state)
        self.expect(f"agenda_item:{key}", f"agenda_item.{state}")
        self.expect(f"agenda_item:{made[0]}", "agenda_item.added")

    # the minutes

    def note(self, number: int, outcome: str) -> Any:
        """What became of a point."""
        key = self._point(number)

        async def do(tx: WriteSession) -> list[tuple[int, int]]:
            given: dict[str, Any] = {"what_was_said": "Ja.", "reason": "Te laat.", "actor": self.secretary}
            point = await queries.point_by_id(tx, key)
            await minutes.note(tx, item=point, outcome=ItemState(outcome), **given, now=self.now)
            return await self._carried(tx)

        def judge(carried: list[tuple[int, int]] | None) -> bool:
            point = self.book.points.get(key)
            if (
                point is None
                or point.state != "scheduled"
                or self.book.meetings[point.meeting].state not in TAKES_NOTES
            ):
                return False
            to = self.book.next_after(point.meeting)
            if outcome == "discussed":
                point.state = outcome
                self.book.send(point, outcome)
                self.expect(f"agenda_item:{key}", "agenda_item.discussed")
            elif to is None:
                return False
            else:
                self._goes_on(key, to, outcome, carried)
            return True

        return do, judge

    def set_apart(self, number: int, which: int, is_taken: bool) -> Any:
        """One idea has another outcome than its point; not once the point went on to another meeting."""
        key = self._point(number)
        behind = sorted(self.book.points[key].ideas) if key else []
        idea_id = behind[which % len(behind)] if behind and which < 4 else self._idea(which)
        route = "taken_along" if is_taken else "not_taken"

        async def do(tx: WriteSession) -> None:
            given: dict[str, Any] = {"reason": "Dat loopt al.", "actor": self.secretary, "now": self.now}
            point = await queries.point_by_id(tx, key)
            await minutes.set_apart(tx, item=point, idea_id=idea_id, route=IdeaRoute(route), **given)

        def judge(_: Any) -> bool:
            point, idea = self.book.points.get(key), self.book.ideas[idea_id]
            if point is None or point.state not in {"scheduled", "discussed"} or idea_id not in point.ideas:
                return False
            state = self.book.meetings[point.meeting].state
            if not idea.is_public or state not in TAKES_NOTES | {"minutes_published"}:
                return False
            point.ideas[idea_id] = route
            idea.go(route)
            return True

        return do, judge

    def answer(self, number: int) -> Any:
        """The minutes are the answer."""
        key = self._point(number)

        async def do(tx: WriteSession) -> None:
            await minutes.answer(tx, item=await queries.point_by_id(tx, key), actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            point = self.book.points.get(key)
            if point is None or point.state != "discussed":
                return False
            if self.book.meetings[point.meeting].state != "minutes_published":
                return False
            self.book.send(point, "answered")
            return True

        return do, judge

    # moderators and themes

    def take_off(self, which: int) -> Any:
        """A moderator removes an idea."""
        return self._moderate(self._idea(which), Outcome.REMOVE)

    def bring_back(self, which: int) -> Any:
        """It comes back on appeal."""
        return self._moderate(self._idea(which), Outcome.PUBLISH)

    def _moderate(self, idea_id: int, outcome: Outcome) -> Any:
        async def do(tx: WriteSession) -> None:
            idea = await consultation_queries.idea_by_id(tx, idea_id)
            given: dict[str, Any] = {"ground_code": "insult", "explanation": "Uitleg", "on_appeal": True}
            await decisions.decide(tx, idea=idea, actor=self.moderator, outcome=outcome, **given, now=self.now)

        def judge(_: Any) -> bool:
            idea = self.book.ideas[idea_id]
            if idea.is_public is (outcome is Outcome.PUBLISH):
                return False
            idea.is_public = not idea.is_public
            return True

        return do, judge

    def regroup(self, which: int, where: int) -> Any:
        """The secretary puts an idea in a theme, or in none."""
        idea_id, theme_id = self._idea(which), self._theme(where) if where < 4 else None

        async def do(tx: WriteSession) -> None:
            idea = await consultation_queries.idea_by_id(tx, idea_id)
            to = await theme_queries.theme(tx, theme_id) if theme_id is not None else None
            await themes.move(tx, idea=idea, to=to, actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            idea = self.book.ideas[idea_id]
            if not idea.is_public or not self.book.themes.get(theme_id or 0, theme_id is None):
                return False
            if idea.theme != theme_id:
                idea.theme = theme_id
                idea.go("unrouted" if theme_id is None else "in_theme")
            return True

        return do, judge

    def merge(self, which: int, into: int) -> Any:
        """A theme goes into another, with all that is in it."""
        theme_id, into_id = self._theme(which), self._theme(into)

        async def do(tx: WriteSession) -> None:
            theme, other = await theme_queries.theme(tx, theme_id), await theme_queries.theme(tx, into_id)
            await themes.merge(tx, theme=theme, into=other, actor=self.secretary, now=self.now)

        def judge(_: Any) -> bool:
            if theme_id == into_id or not (self.book.themes[theme_id] and self.book.themes[into_id]):
                return False
            self.book.themes[theme_id] = False
            for idea in self.book.ideas.values():
                idea.theme = into_id if idea.theme == theme_id else idea.theme
            return True

        return do, judge

    def split(self, which: int) -> Any:
        """One idea leaves its theme for a new one."""
        idea_id = self._idea(which)
        theme_id = self.book.ideas[idea_id].theme
        self.written += 1
        name = f"Nieuw {self.written}"

        async def do(tx: WriteSession) -> int:
            theme = await theme_queries.theme(tx, theme_id or 0)
            given: dict[str, Any] = {"idea_ids": [idea_id], "name": name, "actor": self.secretary}
            return (await themes.split(tx, theme=theme, **given, now=self.now)).id

        def judge(new: int | None) -> bool:
            idea = self.book.ideas[idea_id]
            here = [one for one in self.book.ideas.values() if one.theme == theme_id and one.is_public]
            if theme_id is None or not self.book.themes[theme_id] or idea not in here or len(here) < 2:
                return False
            if new is not None:
                self.book.themes[new] = True
                idea.theme = new
            return True

        return do, judge

    # what must hold

    def check(self) -> None:
        found = self.rows("SELECT id, state FROM meeting")
        assert dict(found) == {key: one.state for key, one in self.book.meetings.items()}
        rows = self.rows("SELECT id, meeting_id, theme_id, state, carried_from_id FROM agenda_item")
        assert {row[0]: row[1:] for row in rows} == {
            key: (one.meeting, one.theme, one.state, one.carried_from) for key, one in self.book.points.items()
        }
        behind = self.rows("SELECT agenda_item_id, idea_id, coalesce(own_route, '') FROM agenda_idea")
        assert {(point, idea): route for point, idea, route in behind} == {
            (key, idea): route for key, point in self.book.points.items() for idea, route in point.ideas.items()
        }
        self._places_are_one_to_n()
        self._every_idea_is_where_the_book_says()
        self._nobodys_idea_falls_between_two_meetings()

    def _places_are_one_to_n(self) -> None:
        for key, meeting in self.book.meetings.items():
            placed = self.rows(
                "SELECT position, id FROM agenda_item WHERE meeting_id = ? AND position IS NOT NULL ORDER BY position",
                key,
            )
            assert placed == list(enumerate(meeting.order, start=1))

    def _every_idea_is_where_the_book_says(self) -> None:
        rows = self.rows(
            "SELECT i.id, i.route, p.theme_id, i.state FROM idea i LEFT JOIN placement p ON p.idea_id = i.id"
        )
        assert {row[0]: row[1:] for row in rows} == {
            key: (one.route, one.theme, "published" if one.is_public else "removed")
            for key, one in self.book.ideas.items()
        }

        async def look(db: ReadSession) -> Any:
            return await theme_queries.accounting(db, self.consultation)

        public = [one for one in self.book.ideas.values() if one.is_public]
        told = self.read(look)
        assert (told.published, told.in_themes) == (len(public), sum(one.theme is not None for one in public))
        assert told.published == told.in_themes + told.outside

    def _nobodys_idea_falls_between_two_meetings(self) -> None:
        """Once its own meeting is over, what rests on no point and was not left out waits on every later agenda."""
        own = self.book.meetings[self.book.own]
        if own.state not in {"held", "minutes_published", "cancelled"}:
            return
        for key, meeting in self.book.meetings.items():
            if meeting.state not in TAKES_POINTS or key == self.book.own:
                continue
            expected = {
                theme
                for theme, is_current in self.book.themes.items()
                if is_current and not self.book.on_it(key, theme, or_left_out=True) and self.book.waiting(theme, key)
            }

            async def look(db: ReadSession, key: int = key) -> set[int]:
                return {one.theme.id for one in await waiting.themes(db, await queries.meeting_by_id(db, key))}

            assert self.read(look) == expected


def test_points_and_the_ideas_behind_them_go_as_the_book_says_from_meeting_to_meeting(
    databases: Databases, migrated_database: str
) -> None:
    run(Agendas, databases)
