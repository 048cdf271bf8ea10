from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.states import Role
from consultations import endorsements, rules
from consultations.models import Endorsement
from consultations.states import ConsultationState, IdeaState
from kernel.db import WriteSession
from kernel.events import EventRecord
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import NOON


async def test_a_person_supports_an_idea_once(tx: WriteSession) -> None:
    idea, person = await an_idea(tx, state=IdeaState.PUBLISHED), await a_person(tx)
    version = idea.version

    new = [await endorsements.endorse(tx, idea=idea, person_id=person.id, now=NOON) for _ in range(2)]

    assert (new, idea.endorsement_count, idea.version) == ([True, False], 1, version)
    assert [fact.name for fact in await tx.scalars(select(EventRecord))] == ["idea.endorsed"]
    assert len((await tx.scalars(select(Endorsement))).all()) == 1


async def test_support_can_be_taken_back_and_given_again(tx: WriteSession) -> None:
    idea, person = await an_idea(tx, state=IdeaState.PUBLISHED), await a_person(tx)

    steps = [
        await endorsements.endorse(tx, idea=idea, person_id=person.id, now=NOON),
        await endorsements.retract(tx, idea=idea, person_id=person.id, now=NOON),
        await endorsements.retract(tx, idea=idea, person_id=person.id, now=NOON),
        await endorsements.endorse(tx, idea=idea, person_id=person.id, now=NOON),
    ]

    assert (steps, idea.endorsement_count) == ([True, True, False, True], 1)


@pytest.mark.parametrize("state", [IdeaState.RECEIVED, IdeaState.REMOVED, IdeaState.WITHDRAWN])
async def test_only_what_is_public_can_be_supported(tx: WriteSession, state: IdeaState) -> None:
    idea, person = await an_idea(tx, state=state), await a_person(tx)

    with pytest.raises(rules.NotToSupport):
        await endorsements.endorse(tx, idea=idea, person_id=person.id, now=NOON)


async def test_a_suspended_consultation_takes_no_support(tx: WriteSession) -> None:
    consultation = await a_consultation(tx, state=ConsultationState.SUSPENDED)
    idea, person = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED), await a_person(tx)

    with pytest.raises(rules.NotToSupport):
        await endorsements.endorse(tx, idea=idea, person_id=person.id, now=NOON)


async def test_a_blocked_person_supports_nothing(tx: WriteSession) -> None:
    idea, person = await an_idea(tx, state=IdeaState.PUBLISHED), await a_person(tx, role=Role.BLOCKED)

    with pytest.raises(rules.Blocked):
        await endorsements.endorse(tx, idea=idea, person_id=person.id, now=NOON)


async def test_support_by_an_unknown_address_counts_when_its_link_is_used(tx: WriteSession) -> None:
    idea = await an_idea(tx, state=IdeaState.PUBLISHED)

    request = await endorsements.ask(tx, idea=idea, email="nieuw@waterveen.example", language="nl", now=NOON)
    assert idea.endorsement_count == 0
    later = NOON + timedelta(hours=1)
    new = [await endorsements.confirm(tx, request=request, idea=idea, now=later) for _ in range(2)]

    assert (new, idea.endorsement_count, request.confirmed_at) == ([True, False], 1, later)
    asked = (await tx.scalars(select(EventRecord).where(EventRecord.name == "idea.endorsement_asked"))).one()
    assert (asked.facts["request_id"], asked.facts["person_id"]) == (request.id, request.person_id)


async def test_three_letters_a_day_for_support_too(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    for _ in range(3):
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        await endorsements.ask(tx, idea=idea, email="nieuw@waterveen.example", language="nl", now=NOON)

    with pytest.raises(rules.TooManyLetters):
        await endorsements.ask(tx, idea=idea, email="nieuw@waterveen.example", language="nl", now=NOON)
