"""The queue with two moderators: whoever reads, decides and undoes at once, there is one decision that stands, or none.

A decision is planned about a text that was read, undone in time or carried out later; a claim is one person's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis.strategies import booleans, integers, just, one_of, sampled_from, tuples

from consultations import ideas, queries
from consultations.states import IdeaState
from consultations.writing_events import IdeaEdited
from kernel.db import WriteSession
from kernel.events import record
from moderation import candidates, decisions, plan_queries, plans, queue
from moderation.states import Outcome
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.engines import Databases
from tests.machines.stage import Machine, instant, run

WAIT = timedelta(minutes=10)
CLAIM = timedelta(minutes=10)
RESULT = {"publish": "published", "hold": "held", "reject": "rejected"}
MAY = {"publish": {"received", "in_review", "held"}, "hold": {"received", "in_review"}}
MAY["reject"] = MAY["publish"]


STANDING = """SELECT idea.id, idea.state,
    (SELECT COUNT(*) FROM moderation_decision WHERE moderation_decision.idea_id = idea.id),
    claim.moderator_id, claim.expires_at,
    (SELECT COUNT(*) FROM planned_decision WHERE planned_decision.idea_id = idea.id)
    FROM idea LEFT JOIN claim ON claim.idea_id = idea.id ORDER BY idea.id"""


@dataclass
class Read:
    """An idea as the model knows it: `text` counts its texts, `by` is who reads it, `plan` what was decided."""

    state: str = "received"
    text: int = 0
    decided: int = 0
    by: int | None = None
    until: datetime | None = None
    plan: tuple[str, int, datetime] | None = None  # outcome, moderator, when it is carried out

    @property
    def mark(self) -> tuple[int, int]:
        return self.text, self.decided


async def world(tx: WriteSession) -> Any:
    consultation = await a_moderated_consultation(tx)
    sent = [(await an_idea(tx, consultation=consultation)).id for _ in range(2)]
    return sent, [await a_moderator(tx) for _ in range(2)]


WHICH, WHO = integers(0, 1), integers(0, 1)
OUTCOMES = sampled_from([Outcome(name) for name in RESULT])


class Queue(Machine):
    world = world
    moves = one_of(
        tuples(just("plan"), WHICH, WHO, OUTCOMES, booleans()),
        tuples(just("plan_both"), WHO, OUTCOMES, booleans()),
        tuples(just("decide"), WHICH, WHO, OUTCOMES),
        tuples(just("undo"), WHICH, WHO),
        tuples(just("carry_out")),
        tuples(just("open"), WHICH, WHO),
        tuples(just("claim"), WHICH, WHO),
        tuples(just("take_over"), WHICH, WHO),
        tuples(just("edit"), WHICH),
        tuples(just("withdraw"), WHICH),
    )
    prologue = (("open", 0, 0), ("open", 0, 1), ("plan", 0, 0, Outcome.PUBLISH, False), ("wait", timedelta(minutes=9)))

    def begin(self) -> None:
        sent, self.moderators = self.told
        self.model = {idea_id: Read() for idea_id in sent}
        self.seen: dict[tuple[int, int], tuple[str, tuple[int, int]]] = {}

    def dates(self) -> Sequence[datetime]:
        told = [one.plan[2] for one in self.model.values() if one.plan]
        return told + [one.until for one in self.model.values() if one.until]

    def open(self, which: int, who: int) -> Any:
        """Somebody opens an idea: what they see is what they may decide about."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> str:
            [found] = await candidates.look(tx, [target], now=self.now)
            return found.mark

        def judge(mark: str | None) -> bool:
            if mark is not None:
                self.seen[target, who] = (mark, self.model[target].mark)
            return True

        return do, judge

    def _may(self, target: int, who: int, outcome: Outcome, *, is_fresh: bool = False) -> bool:
        one = self.model[target]
        read = self.seen.get((target, who), ("", (-1, -1)))[1]
        return one.plan is None and (is_fresh or read == one.mark) and one.state in MAY[outcome.value]

    def plan(self, which: int, who: int, outcome: Outcome, is_fresh: bool) -> Any:
        """Decide about what was read, just now or when it was opened."""
        return self._plan([list(self.model)[which]], who, outcome, is_fresh)

    def plan_both(self, who: int, outcome: Outcome, is_fresh: bool) -> Any:
        """Decide about both at once: both, or neither."""
        return self._plan(list(self.model), who, outcome, is_fresh)

    def _plan(self, targets: list[int], who: int, outcome: Outcome, is_fresh: bool) -> Any:
        seen: dict[int, str | None] = {one: self.seen.get((one, who), ("0-0", None))[0] for one in targets}

        async def do(tx: WriteSession) -> None:
            why: dict[str, Any] = {"ground_code": "insult", "explanation": "Uitleg"}
            actor = self.moderators[who]
            if is_fresh:
                seen.update({one.idea.id: one.mark for one in await candidates.look(tx, targets, now=self.now)})
            await plans.plan(tx, seen=seen, actor=actor, outcome=outcome, **why, wait=WAIT, now=self.now)

        def judge(_: Any) -> bool:
            if not all(self._may(one, who, outcome, is_fresh=is_fresh) for one in targets):
                return False
            for one in targets:
                self.model[one].plan = (outcome.value, who, self.now + WAIT)
                self.model[one].by = self.model[one].until = None
                self.expect(f"idea:{one}", "idea.decision_planned")
            return True

        return do, judge

    def decide(self, which: int, who: int, outcome: Outcome) -> Any:
        """Where nothing waits, it is carried out as it is decided."""
        target = list(self.model)[which]
        seen = self.seen.get((target, who), ("0-0", None))[0]

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            why: dict[str, Any] = {"ground_code": "insult", "explanation": "Uitleg", "seen": seen}
            await decisions.decide(tx, idea=idea, actor=self.moderators[who], outcome=outcome, **why, now=self.now)

        def judge(_: Any) -> bool:
            if not self._may(target, who, outcome):
                return False
            self._decided(target, outcome.value)
            return True

        return do, judge

    def _decided(self, target: int, outcome: str) -> None:
        one = self.model[target]
        one.state, one.decided, one.by, one.until = RESULT[outcome], one.decided + 1, None, None
        self.expect(f"idea:{target}", f"idea.{RESULT[outcome]}", "idea.decision_taken")

    def undo(self, which: int, who: int) -> Any:
        """Any moderator takes it back in time."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> None:
            found = await plan_queries.plan_of(tx, target)
            await plans.undo(tx, plans=[found[0]] if found else [], actor=self.moderators[who], now=self.now)

        def judge(_: Any) -> bool:
            if self.model[target].plan is None:
                return False
            self.model[target].plan = None
            self.expect(f"idea:{target}", "idea.decision_undone")
            return True

        return do, judge

    def carry_out(self) -> Any:
        """The worker takes its turn."""

        async def do(tx: WriteSession) -> int:
            return await plans.carry_out_due(tx, now=self.now)

        def judge(_: Any) -> bool:
            for target, one in self.model.items():
                if one.plan is None or one.plan[2] > self.now:
                    continue
                outcome, one.plan = one.plan[0], None
                if outcome.startswith("stale "):
                    self.expect(f"idea:{target}", "idea.decision_lapsed")
                else:
                    self._decided(target, outcome)
            return True

        return do, judge

    def claim(self, which: int, who: int) -> Any:
        """Reading is one person's, for ten minutes."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> bool:
            idea = await queries.idea_by_id(tx, target)
            return await queue.claim(tx, idea=idea, actor=self.moderators[who], now=self.now)

        def judge(got: bool | None) -> bool:
            one = self.model[target]
            is_free = one.until is None or one.until <= self.now or one.by == who
            assert got in {None, is_free}
            if is_free:
                self._claimed(target, who, "idea.claim_changed")
            return True

        return do, judge

    def _claimed(self, target: int, who: int, fact: str) -> None:
        one = self.model[target]
        one.by, one.until = who, self.now + CLAIM
        if fact == "idea.claim_changed" and one.state == "received":
            one.state = "in_review"
        self.expect(f"idea:{target}", fact)

    def take_over(self, which: int, who: int) -> Any:
        """In place of a colleague."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            await queue.take_over(tx, idea=idea, actor=self.moderators[who], now=self.now)

        def judge(_: Any) -> bool:
            one = self.model[target]
            is_others = one.until is not None and one.until > self.now and one.by != who
            self._claimed(target, who, "idea.claim_taken_over" if is_others else "idea.claim_changed")
            return True

        return do, judge

    def _stale(self, one: Read) -> None:
        if one.plan is not None and not one.plan[0].startswith("stale "):
            one.plan = (f"stale {one.plan[0]}", *one.plan[1:])

    def edit(self, which: int) -> Any:
        """Its author writes something else, while moderators read it."""
        target = list(self.model)[which]
        words = f"Tekst {self.model[target].text + 1} van {self.steps}"

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            if idea.state is not IdeaState.RECEIVED:
                idea.move_to(IdeaState.RECEIVED)
                await tx.flush()
            await ideas.rewrite(tx, idea=idea, written=ideas.Written(title="Anders", body=words), now=self.now)
            about = {"idea_id": target, "consultation_id": idea.consultation_id}
            await record(tx, IdeaEdited(at=self.now, actor_id=idea.author_id, **about))

        def judge(_: Any) -> bool:
            one = self.model[target]
            if one.state not in {"received", "in_review", "published"}:
                return False
            one.state, one.text = "received", one.text + 1
            self.expect(f"idea:{target}", "idea.edited")
            self._stale(one)
            return True

        return do, judge

    def withdraw(self, which: int) -> Any:
        """Its author takes it back."""
        target = list(self.model)[which]

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=self.now)

        def judge(_: Any) -> bool:
            one = self.model[target]
            if one.state not in {"received", "in_review", "held", "published"}:
                return False
            one.state = "withdrawn"
            self._stale(one)
            self.expect(f"idea:{target}", "idea.withdrawn")
            return True

        return do, judge

    def check(self) -> None:
        people = [one.person_id for one in self.moderators]
        found = {}
        for target, state, taken, by, until, planned in self.rows(STANDING):
            holds = until is not None and instant(until) > self.now
            found[target] = (state, taken, people.index(by) if holds else None, planned)
        assert found == {
            target: (
                one.state,
                one.decided,
                one.by if one.until is not None and one.until > self.now else None,
                int(one.plan is not None),
            )
            for target, one in self.model.items()
        }


def test_two_moderators_leave_one_decision_that_stands(databases: Databases) -> None:
    run(Queue, databases)
