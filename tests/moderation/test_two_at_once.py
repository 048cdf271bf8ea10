"""Two moderators at the same moment, each through a server of their own: nothing that one was told is lost.

AT_ONCE=50 python -m pytest tests/moderation/test_two_at_once.py -n 0 -s
TEST_ENGINE=postgresql AT_ONCE=50 python -m pytest tests/moderation/test_two_at_once.py -n 0 -s
"""

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from accounts.actor import Actor
from consultations.models import Idea
from consultations.queries import current_version
from kernel.db import Database, ReadSession, WriteSession
from kernel.errors import DomainError
from kernel.events import EventRecord
from moderation import appeals, decisions, plan_queries, plans, queries, queue, rules
from moderation.models import Appeal, Decision, PlannedDecision
from moderation.states import BECOMES, AppealState, Outcome
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.moments import NOON

SEEDS = range(int(os.environ.get("AT_ONCE", "1")))
IDEAS = 12
ACTS = 4
"""Of each moderator about each idea, while the other is at the same one."""
WAIT = timedelta(minutes=10)
UTC_ZONE = ZoneInfo("UTC")
OUTCOMES = (Outcome.HOLD, Outcome.REJECT, Outcome.PUBLISH, Outcome.REMOVE)
WHY: dict[str, Any] = {"ground_code": "off_topic", "explanation": "Hierom."}


@dataclass
class Moderator:
    """Reads an idea, lets go of the database, and then acts upon what was read; keeps what it was told was done."""

    database: Database
    actor: Actor
    random: random.Random
    decided: dict[int, tuple[int, str]] = field(default_factory=dict)
    planned: dict[str, tuple[int, str]] = field(default_factory=dict)
    undone: list[str] = field(default_factory=list)
    answered: dict[int, AppealState] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    async def work(self, idea_ids: list[int]) -> None:
        for idea_id in (one for one in idea_ids for _ in range(ACTS)):
            act = self.random.choice((*[self.decide] * 4, self.plan, *[self.undo] * 2, self.appeal))
            async with self.database.read() as db:
                seen = await mark(db, idea_id)
            await asyncio.sleep(0)
            try:
                async with self.database.write() as tx:
                    told = await act(tx, await tx.get_one(Idea, idea_id), seen)
            except DomainError as refusal:
                self.refused[refusal.code] += 1
            else:  # only now it is done
                told()

    async def decide(self, tx: WriteSession, idea: Idea, seen: str) -> Any:
        await queue.claim(tx, idea=idea, actor=self.actor, now=NOON)
        outcome = self.random.choice(OUTCOMES)
        made = await decisions.decide(tx, idea=idea, actor=self.actor, outcome=outcome, seen=seen, **WHY, now=NOON)
        about = (made.id, (idea.id, seen))
        return lambda: self.decided.update([about])

    async def plan(self, tx: WriteSession, idea: Idea, seen: str) -> Any:
        what: dict[str, Any] = {"outcome": self.random.choice(OUTCOMES), "wait": WAIT, "now": NOON, **WHY}
        together = await plans.plan(tx, seen={idea.id: seen}, actor=self.actor, **what)
        return lambda: self.planned.update([(together, (idea.id, seen))])

    async def undo(self, tx: WriteSession, idea: Idea, seen: str) -> Any:
        if self.random.random() < 0.5:
            await plans.carry_out_due(tx, now=NOON + WAIT)
            return lambda: None
        found = await plan_queries.plan_of(tx, idea.id)
        together = found[0].together if found else ""
        await plans.undo(tx, plans=await plan_queries.plans_together(tx, together), actor=self.actor, now=NOON)
        return lambda: self.undone.append(together)

    async def appeal(self, tx: WriteSession, idea: Idea, seen: str) -> Any:
        last = await queries.latest_decision(tx, idea.id)
        there = await queries.appeal_against(tx, last.id) if last else None
        if there is None:
            await appeals.lodge(tx, idea=idea, reason="Onterecht.", zone=UTC_ZONE, now=NOON)
            return lambda: None
        verdict = self.random.choice((AppealState.UPHELD, AppealState.REINSTATED))
        await appeals.decide(tx, appeal=there, actor=self.actor, verdict=verdict, answer="Zo is het.", now=NOON)
        about = (there.id, verdict)
        return lambda: self.answered.update([about])


async def mark(db: ReadSession, idea_id: int) -> str:
    last = await queries.latest_decision(db, idea_id)
    return rules.mark_of((await current_version(db, idea_id)).sha256, last.id if last else None)


async def count(db: ReadSession, fact: str) -> int:
    return await db.scalar(select(func.count(EventRecord.id)).where(EventRecord.name == fact)) or 0


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_two_moderators_were_told_at_once_is_what_stands(database: Database, seed: int) -> None:
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        idea_ids = [(await an_idea(tx, consultation=consultation)).id for _ in range(IDEAS)]
        actors = [await a_moderator(tx) for _ in range(2)]
    other = Database(str(database.url.render_as_string(hide_password=False)))
    both = [
        Moderator(one, actor, random.Random(f"{seed}-{number}"))  # noqa: S311 - a story, not a secret
        for number, (one, actor) in enumerate(zip((database, other), actors, strict=True))
    ]
    try:
        await asyncio.gather(*(one.work(idea_ids) for one in both))
    finally:
        await other.close()

    decided = both[0].decided | both[1].decided
    planned, undone = both[0].planned | both[1].planned, both[0].undone + both[1].undone
    answered = both[0].answered | both[1].answered
    reinstated = sum(verdict is AppealState.REINSTATED for verdict in answered.values())
    async with database.read() as db:
        taken = {one.id: one for one in await db.scalars(select(Decision))}
        standing = await db.scalar(select(func.count(PlannedDecision.id))) or 0
        lapsed = await count(db, "idea.decision_lapsed")
        for one in both:
            by = one.actor.person_id
            assert {taken[number].decided_by_id for number in one.decided} <= {by}
            for number, verdict in one.answered.items():
                appeal = await db.get_one(Appeal, number)
                assert (appeal.decided_by_id, appeal.state) == (by, verdict)
        assert await count(db, "idea.decision_undone") == len(undone)
        for idea_id in idea_ids:
            last = await queries.latest_decision(db, idea_id)
            state = (await db.get_one(Idea, idea_id)).state
            assert last is None or state is BECOMES[last.outcome]
    rests_on = Counter([*decided.values(), *(mark for name, mark in planned.items() if name not in undone)])
    assert [one for one, times in rests_on.items() if times > 1] == []
    carried_out = len(planned) - len(undone) - lapsed - standing
    assert len(taken) == len(decided) + carried_out + reinstated
    assert len(answered) == len(both[0].answered) + len(both[1].answered)
    print(
        f"\n{len(decided)} decided, {len(planned)} planned, {len(undone)} undone, {len(answered)} answered, "
        f"{lapsed} lapsed, refused: {dict(both[0].refused + both[1].refused)}"
    )
