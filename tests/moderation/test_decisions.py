from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.actor import ANONYMOUS, Actor
from accounts.states import Role
from consultations import ideas
from consultations.models import Idea
from consultations.queries import current_version
from consultations.states import RESTRICTED, IdeaState
from kernel.db import WriteSession
from kernel.errors import ChangedMeanwhile, DomainError, IllegalMove, NotAllowed, NotFound, SignInFirst
from kernel.events import EventRecord
from moderation import decisions, grounds, queries, queue, rules
from moderation.models import Claim, Decision
from moderation.states import BECOMES, NEEDS_GROUND, Outcome
from tests.builders import a_consultation, a_moderated_consultation, a_moderator, a_rejected_idea, an_idea
from tests.house.tree import ROOT
from tests.moments import NOON

WHY: dict[str, Any] = {"ground_code": "off_topic", "explanation": "U schrijft over de zomertijd."}


async def the_mark(tx: WriteSession, idea: Idea) -> str:
    last = await queries.latest_decision(tx, idea.id)
    return rules.mark_of((await current_version(tx, idea.id)).sha256, last.id if last else None)


async def test_publishing_moves_the_idea_and_leaves_its_facts(tx: WriteSession) -> None:
    moderator = await a_moderator(tx)
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))

    decision = await decisions.decide(tx, idea=idea, actor=moderator, outcome=Outcome.PUBLISH, now=NOON)

    assert (idea.state, idea.published_at) == (IdeaState.PUBLISHED, NOON)
    assert decision.version_sha256 == (await current_version(tx, idea.id)).sha256
    assert (decision.outcome, decision.ground_id, decision.decided_by_id) == ("publish", None, moderator.person_id)
    facts = (
        await tx.scalars(select(EventRecord).where(EventRecord.subject == f"idea:{idea.id}").order_by(EventRecord.id))
    ).all()
    assert [(fact.name, fact.actor_id) for fact in facts] == [
        ("idea.published", moderator.person_id),
        ("idea.decision_taken", moderator.person_id),
    ]
    assert facts[1].facts == {
        "idea_id": idea.id,
        "consultation_id": idea.consultation_id,
        "decision_id": decision.id,
        "outcome": "publish",
    }


@pytest.mark.parametrize("outcome", sorted(NEEDS_GROUND))
@pytest.mark.parametrize(
    "why",
    [
        {},
        {"ground_code": "off_topic"},
        {"explanation": "Zomaar."},
        {"ground_code": "off_topic", "explanation": "  "},
        {"ground_code": "of_another", "explanation": "Zomaar."},
    ],
)
async def test_a_restriction_needs_a_ground_of_its_consultation_and_an_explanation(
    tx: WriteSession, outcome: Outcome, why: dict[str, Any]
) -> None:
    consultation, other = await a_moderated_consultation(tx), await a_consultation(tx)
    await grounds.publish(
        tx, consultation_id=other.id, grounds=[grounds.GroundText("of_another", "Elders", "Van een ander.")]
    )
    state = IdeaState.PUBLISHED if outcome is Outcome.REMOVE else IdeaState.RECEIVED
    idea = await an_idea(tx, consultation=consultation, state=state)

    with pytest.raises(rules.GroundNeeded):
        await decisions.decide(tx, idea=idea, actor=await a_moderator(tx), outcome=outcome, **why, now=NOON)

    assert (idea.state, (await tx.scalars(select(Decision))).all()) == (state, [])


@pytest.mark.parametrize("state", list(IdeaState))
@pytest.mark.parametrize("outcome", list(Outcome))
async def test_no_path_restricts_an_idea_without_a_decision(
    tx: WriteSession, state: IdeaState, outcome: Outcome
) -> None:
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=state)

    try:
        await decisions.decide(tx, idea=idea, actor=await a_moderator(tx), outcome=outcome, **WHY, now=NOON)
    except DomainError:
        assert idea.state is state
        return

    assert idea.state is BECOMES[outcome]
    taken = await queries.latest_decision(tx, idea.id)
    assert taken is not None
    assert (taken.ground is not None) is (idea.state in RESTRICTED)


async def test_strangers_and_other_roles_do_not_decide(tx: WriteSession) -> None:
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))

    auditor = Actor(person_id=idea.author_id, grants=frozenset({(Role.AUDITOR, None)}))
    for actor, refusal in (
        (ANONYMOUS, SignInFirst),
        (Actor(person_id=idea.author_id), NotFound),
        (auditor, NotAllowed),
    ):
        with pytest.raises(refusal):
            await decisions.decide(tx, idea=idea, actor=actor, outcome=Outcome.PUBLISH, now=NOON)


async def publish(tx: WriteSession, idea: Idea) -> None:
    await decisions.decide(tx, idea=idea, actor=await a_moderator(tx), outcome=Outcome.PUBLISH, now=NOON)


async def send_back_and_revise(tx: WriteSession, idea: Idea) -> None:
    await decisions.decide(tx, idea=idea, actor=await a_moderator(tx), outcome=Outcome.RETURN, **WHY, now=NOON)
    written = ideas.Written(title="Anders", body="Een andere tekst.")
    await ideas.revise(tx, idea=idea, written=written, actor_id=idea.author_id, now=NOON)


@pytest.mark.parametrize("meanwhile", [publish, send_back_and_revise])
async def test_whoever_decides_about_what_changed_meanwhile_hears_so(
    tx: WriteSession, meanwhile: Callable[[WriteSession, Idea], Awaitable[None]]
) -> None:
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    seen = await the_mark(tx, idea)
    await meanwhile(tx, idea)

    with pytest.raises(ChangedMeanwhile):
        await decisions.decide(
            tx, idea=idea, actor=await a_moderator(tx), outcome=Outcome.REJECT, seen=seen, **WHY, now=NOON
        )


async def test_a_colleague_who_only_looks_changes_nothing_for_who_decides(tx: WriteSession) -> None:
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    seen = await the_mark(tx, idea)
    await queue.claim(tx, idea=idea, actor=await a_moderator(tx), now=NOON)

    await decisions.decide(tx, idea=idea, actor=await a_moderator(tx), outcome=Outcome.PUBLISH, seen=seen, now=NOON)

    assert idea.state is IdeaState.PUBLISHED
    assert (await tx.scalars(select(Claim))).all() == []


async def test_a_rejected_idea_stays_rejected_without_an_appeal(tx: WriteSession) -> None:
    moderator = await a_moderator(tx)
    idea, _ = await a_rejected_idea(tx, by=moderator)

    with pytest.raises(IllegalMove):
        await decisions.decide(tx, idea=idea, actor=moderator, outcome=Outcome.PUBLISH, now=NOON + timedelta(days=1))


def test_moderation_alone_moves_ideas_and_only_decisions_restricts_them() -> None:
    movers = {path: path.read_text().count("ideas.move(") for path in (ROOT / "platform").rglob("*.py")}

    assert {path.relative_to(ROOT).as_posix(): times for path, times in movers.items() if times} == {
        "platform/consultations/splitting.py": 1,  # what was cut out of what is public
        "platform/moderation/decisions.py": 1,
        "platform/moderation/masking.py": 1,  # to PUBLISHED, without some words
        "platform/moderation/queue.py": 1,  # to IN_REVIEW, which restricts nothing
    }


async def test_the_second_time_it_is_decided_and_not_returned(tx: WriteSession) -> None:
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    await send_back_and_revise(tx, idea)
    decide: dict[str, Any] = {"tx": tx, "idea": idea, "actor": await a_moderator(tx), "now": NOON}

    with pytest.raises(IllegalMove):
        await decisions.decide(**decide, outcome=Outcome.RETURN, **WHY)
    await decisions.decide(**decide, outcome=Outcome.HOLD, **WHY)
    with pytest.raises(IllegalMove):
        await decisions.decide(**decide, outcome=Outcome.RETURN, **WHY)
    await decisions.decide(**decide, outcome=Outcome.PUBLISH)

    assert (idea.state, idea.title) == (IdeaState.PUBLISHED, "Anders")
