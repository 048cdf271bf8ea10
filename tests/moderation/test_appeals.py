from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from consultations import ideas
from consultations.states import IdeaState
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import EventRecord
from moderation import appeals, decisions, queries, rules
from moderation.models import Appeal
from moderation.reasons import BY_A_PERSON, ON_READING, statement
from moderation.states import AppealState, Outcome
from tests.builders import a_moderated_consultation, a_moderator, a_rejected_idea, an_idea
from tests.moments import NOON

ZONE = ZoneInfo("Europe/Amsterdam")
WORDS: dict[str, Any] = {"reason": "Ik verkoop niets.", "zone": ZONE}


async def facts(tx: WriteSession, prefix: str) -> list[tuple[str, int | None]]:
    found = await tx.scalars(select(EventRecord).where(EventRecord.name.startswith(prefix)).order_by(EventRecord.id))
    return [(fact.name, fact.actor_id) for fact in found]


async def test_an_author_appeals_and_another_moderator_reinstates(tx: WriteSession) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    idea, decision = await a_rejected_idea(tx, by=first)

    appeal = await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)
    assert (appeal.decision_id, appeal.due_at) == (decision.id, datetime(2026, 12, 7, 17, tzinfo=ZONE))
    assert idea.state is IdeaState.REJECTED

    await appeals.decide(
        tx, appeal=appeal, actor=second, verdict=AppealState.REINSTATED, answer="U hebt gelijk.", now=NOON
    )

    assert (idea.state, appeal.state, appeal.decided_by_id) == (
        IdeaState.PUBLISHED,
        AppealState.REINSTATED,
        second.person_id,
    )
    taken = await queries.latest_decision(tx, idea.id)
    assert taken is not None
    assert (taken.outcome, taken.explanation) == (Outcome.PUBLISH, "U hebt gelijk.")
    assert await facts(tx, "appeal.") == [
        ("appeal.lodged", idea.author_id),
        ("appeal.decided", second.person_id),
    ]


async def test_an_appeal_that_fails_leaves_the_idea_and_is_final(tx: WriteSession) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    idea, _ = await a_rejected_idea(tx, by=first)
    appeal = await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)

    verdict: dict[str, Any] = {"verdict": AppealState.UPHELD, "answer": "Er staat een prijs in uw tekst."}
    await appeals.decide(tx, appeal=appeal, actor=second, **verdict, now=NOON)

    assert (idea.state, appeal.state) == (IdeaState.REJECTED, AppealState.UPHELD)
    with pytest.raises(IllegalMove):
        await appeals.decide(tx, appeal=appeal, actor=second, **verdict, now=NOON)
    with pytest.raises(rules.NoAppealNow):
        await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)


@pytest.mark.parametrize("verdict", [AppealState.UPHELD, AppealState.REINSTATED])
async def test_who_decided_first_does_not_judge_the_appeal(tx: WriteSession, verdict: AppealState) -> None:
    first = await a_moderator(tx)
    idea, _ = await a_rejected_idea(tx, by=first)
    appeal = await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)

    with pytest.raises(rules.DecidedBefore):
        await appeals.decide(tx, appeal=appeal, actor=first, verdict=verdict, answer="Toch.", now=NOON)

    assert (appeal.state, idea.state) == (AppealState.RECEIVED, IdeaState.REJECTED)


async def test_an_appeal_closes_after_six_months(tx: WriteSession) -> None:
    idea, decision = await a_rejected_idea(tx, by=await a_moderator(tx))
    until = rules.appeal_until(decision.decided_at, ZONE)

    with pytest.raises(rules.NoAppealNow):
        await appeals.lodge(tx, idea=idea, **WORDS, now=until)
    await appeals.lodge(tx, idea=idea, **WORDS, now=until - timedelta(seconds=1))


async def test_there_is_nothing_to_appeal_against_before_a_decision(tx: WriteSession) -> None:
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))

    with pytest.raises(rules.NoAppealNow):
        await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)


async def test_an_idea_published_meanwhile_stays_published(tx: WriteSession) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    why: dict[str, Any] = {"ground_code": "personal_data", "explanation": "U noemt een nummer."}
    await decisions.decide(tx, idea=idea, actor=first, outcome=Outcome.HOLD, **why, now=NOON)
    appeal = await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)
    await decisions.decide(tx, idea=idea, actor=first, outcome=Outcome.PUBLISH, now=NOON)

    await appeals.decide(tx, appeal=appeal, actor=second, verdict=AppealState.REINSTATED, answer="Ja.", now=NOON)

    assert (idea.state, (await tx.scalars(select(Appeal.state))).all()) == (
        IdeaState.PUBLISHED,
        [AppealState.REINSTATED],
    )


async def test_the_statement_says_what_why_who_and_how_to_appeal(tx: WriteSession) -> None:
    idea, _ = await a_rejected_idea(tx, by=await a_moderator(tx))
    decision = await queries.latest_decision(tx, idea.id)
    assert decision is not None

    told = statement(decision, ground=decision.ground, zone=ZONE)

    assert told.what == "Wij zetten uw inzending niet op de site."
    assert (told.facts, told.ground) == ("Dit is reclame voor een winkel.", "Reclame")
    assert (told.is_automated, told.automated, told.source) == (False, BY_A_PERSON, ON_READING)
    assert told.appeal_until == datetime(2027, 5, 23, 23, 59, tzinfo=ZONE)
    assert told.is_restriction


async def test_what_its_author_has_withdrawn_takes_no_appeal(tx: WriteSession) -> None:
    moderator = await a_moderator(tx)
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    why: dict[str, Any] = {"ground_code": "insult", "explanation": "Er staat een naam in."}
    await decisions.decide(tx, idea=idea, actor=moderator, outcome=Outcome.HOLD, **why, now=NOON)
    await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)

    with pytest.raises(rules.NoAppealNow):
        await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)


async def test_an_appeal_does_not_undo_a_decision_that_was_taken_later(tx: WriteSession) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    why: dict[str, Any] = {"ground_code": "insult", "explanation": "Er staat een naam in."}
    await decisions.decide(tx, idea=idea, actor=first, outcome=Outcome.HOLD, **why, now=NOON)
    appeal = await appeals.lodge(tx, idea=idea, **WORDS, now=NOON)
    await decisions.decide(tx, idea=idea, actor=second, outcome=Outcome.REJECT, **why, now=NOON)

    with pytest.raises(IllegalMove):
        await appeals.decide(
            tx, appeal=appeal, actor=second, verdict=AppealState.REINSTATED, answer="U hebt gelijk.", now=NOON
        )

    assert idea.state is IdeaState.REJECTED
