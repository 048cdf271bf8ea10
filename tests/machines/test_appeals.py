"""A report and an appeal: answered once, in writing, by a person; an appeal by another moderator than decided."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis.strategies import booleans, integers, just, one_of, sampled_from, tuples

from consultations import ideas, queries
from kernel.db import WriteSession
from moderation import appeals, decisions, reports
from moderation import queries as moderation_queries
from moderation.states import AppealState, Outcome
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.engines import Databases
from tests.machines.stage import Machine, run

ZONE = ZoneInfo("Europe/Amsterdam")
RESULT = {"publish": "published", "hold": "held", "reject": "rejected", "remove": "removed"}
MAY = {
    "publish": {"received", "held"},
    "hold": {"received"},
    "reject": {"received", "held"},
    "remove": {"published"},
}


def half_a_year_after(instant: datetime) -> datetime:
    """The end of the day six months later, where people live."""
    local = instant.astimezone(ZONE)
    year, month = (local.year, local.month + 6) if local.month <= 6 else (local.year + 1, local.month - 6)
    day = local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1])).date()
    return datetime.combine(day, time(23, 59), tzinfo=ZONE)


@dataclass
class Taken:
    """A decision."""

    by: int
    outcome: str
    at: datetime
    appeal: str = ""  # open, upheld, reinstated


@dataclass
class Idea:
    """What product.md says: rejected/removed → appeal → upheld | reinstated, by another moderator, once, in time."""

    state: str = "received"
    taken: list[Taken] = field(default_factory=list)

    def decide(self, outcome: str, by: int, now: datetime) -> None:
        self.state = RESULT[outcome]
        self.taken.append(Taken(by, outcome, now))

    def may_appeal(self, now: datetime) -> bool:
        if not self.taken:
            return False
        last = self.taken[-1]
        restricts = last.outcome != "publish" and RESULT[last.outcome] == self.state
        return restricts and not last.appeal and now < half_a_year_after(last.at)

    def may_judge(self, number: int, by: int, verdict: str) -> bool:
        """Publishing after all undoes the decision that was appealed against, none that was taken later."""
        taken = self.taken[number]
        if taken.appeal != "open" or taken.by == by:
            return False
        still_holds = taken is self.taken[-1] and self.state == RESULT[taken.outcome]
        return verdict == "upheld" or still_holds or self.state == "published"


async def world(tx: WriteSession) -> Any:
    consultation = await a_moderated_consultation(tx)
    sent = [(await an_idea(tx, consultation=consultation)).id for _ in range(3)]
    return sent, [await a_moderator(tx) for _ in range(3)]


WHICH, WHO = integers(0, 2), integers(0, 2)


class Appeals(Machine):
    world = world
    moves = one_of(
        tuples(just("decide"), WHICH, WHO, sampled_from([Outcome(name) for name in RESULT])),
        tuples(just("withdraw"), WHICH),
        tuples(just("report"), WHICH, booleans()),
        tuples(just("answer"), integers(0, 3), WHO, booleans()),
        tuples(just("appeal"), WHICH),
        tuples(just("judge"), integers(0, 3), WHO, sampled_from([AppealState.UPHELD, AppealState.REINSTATED])),
    )

    prologue = (
        ("decide", 0, 0, Outcome.HOLD),
        ("decide", 1, 1, Outcome.PUBLISH),
        ("report", 1, False),
        ("appeal", 0),
        ("answer", 0, 2, True),
        ("appeal", 1),
    )

    def begin(self) -> None:
        sent, self.moderators = self.told
        self.model = {idea_id: Idea() for idea_id in sent}
        self.reports: dict[int, tuple[int, str, str]] = {}
        self.appeals: dict[int, tuple[int, int]] = {}

    def dates(self) -> Sequence[datetime]:
        return [half_a_year_after(idea.taken[-1].at) for idea in self.model.values() if idea.taken]

    def decide(self, which: int, who: int, outcome: Outcome) -> Any:
        """A moderator's ordinary work."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> None:
            await decisions.decide(
                tx,
                idea=await queries.idea_by_id(tx, target),
                actor=self.moderators[who],
                outcome=outcome,
                ground_code="insult",
                explanation="Uitleg",
                now=self.now,
            )

        def judge(_: Any) -> bool:
            if self.model[target].state not in MAY[outcome.value]:
                return False
            self._decided(target, outcome.value, who)
            return True

        return do, judge

    def _decided(self, target: int, outcome: str, who: int) -> None:
        self.model[target].decide(outcome, who, self.now)
        self.expect(f"idea:{target}", f"idea.{RESULT[outcome]}", "idea.decision_taken")

    def withdraw(self, which: int) -> Any:
        """The author takes it back."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=self.now)

        def judge(_: Any) -> bool:
            if self.model[target].state not in {"received", "held", "published"}:
                return False
            self.model[target].state = "withdrawn"
            self.expect(f"idea:{target}", "idea.withdrawn")
            return True

        return do, judge

    def report(self, which: int, in_other_words: bool) -> Any:
        """A citizen says that it should not stand there; the same again is the same report."""
        target, words = list(self.model)[which], "Dit kan niet." if in_other_words else "Dit is reclame."

        async def do(tx: WriteSession) -> int:
            idea = await queries.idea_by_id(tx, target)
            return (await reports.receive(tx, idea=idea, reason=words, now=self.now)).id

        def judge(report_id: int | None) -> bool:
            if self.model[target].state != "published":
                return False
            waiting = [one for one, told in self.reports.items() if told == (target, words, "received")]
            if report_id is not None and not waiting:
                assert report_id not in self.reports
                self.reports[report_id] = (target, words, "received")
                self.expect(f"report:{report_id}", "report.received")
            assert report_id is None or waiting in ([], [report_id])
            return True

        return do, judge

    def answer(self, which: int, who: int, is_right: bool) -> Any:
        """A moderator answers a report; the idea goes when it was right and still there."""
        report_id = list(self.reports)[which % len(self.reports)] if self.reports else 0

        async def do(tx: WriteSession) -> None:
            told = {"report": await moderation_queries.report(tx, report_id), "actor": self.moderators[who]}
            if is_right:
                await reports.uphold(tx, **told, answer="Ja.", ground_code="insult", explanation="Uitleg", now=self.now)
            else:
                await reports.dismiss(tx, **told, answer="Nee.", now=self.now)

        def judge(_: Any) -> bool:
            target, words, state = self.reports.get(report_id, (0, "", ""))
            if state != "received":
                return False
            self.reports[report_id] = (target, words, "upheld" if is_right else "dismissed")
            self.expect(f"report:{report_id}", "report.decided")
            if is_right and self.model[target].state == "published":
                self._decided(target, "remove", who)
            return True

        return do, judge

    def appeal(self, which: int) -> Any:
        """The author does not agree."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> int:
            idea = await queries.idea_by_id(tx, target)
            return (await appeals.lodge(tx, idea=idea, reason="Het is geen reclame.", zone=ZONE, now=self.now)).id

        def judge(appeal_id: int | None) -> bool:
            idea = self.model[target]
            if not idea.may_appeal(self.now):
                return False
            if appeal_id is not None:
                idea.taken[-1].appeal = "open"
                self.appeals[appeal_id] = (target, len(idea.taken) - 1)
                self.expect(f"appeal:{appeal_id}", "appeal.lodged")
            return True

        return do, judge

    def judge(self, which: int, who: int, verdict: AppealState) -> Any:
        """Another moderator answers it, for good."""
        appeal_id = list(self.appeals)[which % len(self.appeals)] if self.appeals else 0

        async def do(tx: WriteSession) -> None:
            lodged = await moderation_queries.appeal(tx, appeal_id)
            await appeals.decide(
                tx, appeal=lodged, actor=self.moderators[who], verdict=verdict, answer="Daarom.", now=self.now
            )

        def judge(_: Any) -> bool:
            if appeal_id not in self.appeals:
                return False
            target, number = self.appeals[appeal_id]
            idea = self.model[target]
            if not idea.may_judge(number, who, verdict.value):
                return False
            idea.taken[number].appeal = verdict.value
            if verdict is AppealState.REINSTATED and idea.state != "published":
                self._decided(target, "publish", who)
            self.expect(f"appeal:{appeal_id}", "appeal.decided")
            return True

        return do, judge

    def check(self) -> None:
        assert dict(self.rows("SELECT id, state FROM idea")) == {one: idea.state for one, idea in self.model.items()}
        taken = self.rows("SELECT idea_id, outcome FROM moderation_decision ORDER BY id")
        for idea_id, idea in self.model.items():
            assert [outcome for one, outcome in taken if one == idea_id] == [one.outcome for one in idea.taken]
        assert self.rows("SELECT id, idea_id, reason, state FROM report ORDER BY id") == [
            (report_id, *told) for report_id, told in self.reports.items()
        ]
        lodged = self.rows(
            "SELECT a.id, d.idea_id, a.state, a.decided_by_id = d.decided_by_id, a.due_at > a.lodged_at"
            " FROM appeal a JOIN moderation_decision d ON d.id = a.decision_id ORDER BY a.id"
        )
        states = {"open": "received"}
        told = [
            (one, target, self.model[target].taken[number].appeal) for one, (target, number) in self.appeals.items()
        ]
        assert [row[:3] for row in lodged] == [(one, target, states.get(state, state)) for one, target, state in told]
        assert all(by_the_same in (None, 0) and has_a_date for *_, by_the_same, has_a_date in lodged)


def test_a_report_and_an_appeal_are_answered_once_and_the_appeal_by_another(
    databases: Databases, migrated_database: str
) -> None:
    run(Appeals, databases)
