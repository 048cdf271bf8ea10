"""Support that looks faked: stored, not counted, released or kept by a person, forgotten after thirty days."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from accounts.models import Person
from consultations import endorsements, quarantine, support_queries
from consultations.models import Consultation, Endorsement, EndorsementRequest, Idea
from consultations.states import IdeaState, QuarantineState
from consultations.support_models import Quarantine, SetApart, SupportTrace
from consultations.suspicion import Sign
from kernel.db import ReadSession, WriteSession
from kernel.errors import IllegalMove
from kernel.events import EventRecord
from kernel.settings import Settings
from moderation import support_queries as moderator_queries
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import NOON

FLOOD = 10
FLOODING = [f"flood-{number}" for number in range(5)]


async def ideas_of(tx: WriteSession) -> tuple[Consultation, Idea, list[Idea]]:
    """A consultation with an idea that somebody pushes, and others that people like."""
    consultation = await a_consultation(tx)
    pushed, *liked = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(5)]
    return consultation, pushed, liked


async def support(
    tx: WriteSession, idea: Idea, network: str | None, *, times: int = 1, now: datetime = NOON
) -> list[Person]:
    """So many new people support it from there."""
    people = []
    for _ in range(times):
        person = await a_person(tx)
        await endorsements.endorse(tx, idea=idea, person_id=person.id, networks=[network], now=now)
        people.append(person)
    return people


async def a_flood(tx: WriteSession) -> tuple[Consultation, Idea, list[Idea]]:
    """Five networks of ten for one idea, among twenty homes that like others; judged at NOON."""
    consultation, pushed, liked = await ideas_of(tx)
    for number in range(20):
        await support(tx, liked[number % 4], f"home-{number}")
    for network in FLOODING:
        await support(tx, pushed, network, times=FLOOD)
    await support(tx, liked[0], FLOODING[0])
    await quarantine.judge_news(tx, now=NOON)
    return consultation, pushed, liked


async def count(tx: WriteSession, idea: Idea) -> int:
    """The public number."""
    await tx.refresh(idea, ["endorsement_count"])
    return idea.endorsement_count


async def the_case(db: ReadSession, network: str) -> Quarantine:
    """The newest case of a network."""
    wanted = select(Quarantine).where(Quarantine.network == network).order_by(Quarantine.number.desc()).limit(1)
    return (await db.scalars(wanted)).one()


async def test_a_flood_is_set_apart_and_all_else_counts(tx: WriteSession) -> None:
    _, pushed, liked = await a_flood(tx)

    assert await count(tx, pushed) == 0
    assert [await count(tx, idea) for idea in liked] == [5, 5, 5, 5]
    assert await tx.scalar(select(func.count(Endorsement.id))) == 5 * FLOOD + 21
    case = await the_case(tx, FLOODING[1])
    assert (case.state, case.signs["number"]) == (QuarantineState.APART, FLOOD)
    assert set(case.signs["signs"]) == {Sign.NEW, Sign.LEANING, Sign.FLOODED}
    facts = select(EventRecord.name).where(EventRecord.subject == f"quarantine:{case.id}")
    assert list(await tx.scalars(facts)) == ["quarantine.set_apart"]


async def test_what_comes_after_from_such_a_network_is_set_apart_at_once(tx: WriteSession) -> None:
    _, pushed, liked = await a_flood(tx)

    [person] = await support(tx, liked[3], FLOODING[2])

    assert await count(tx, liked[3]) == 5
    state = await support_queries.own_state(tx, idea_id=liked[3].id, person_id=person.id)
    assert state is QuarantineState.APART
    await support(tx, pushed, "home-31")
    assert await count(tx, pushed) == 1


async def test_a_moderator_releases_one_network_and_it_counts_again(tx: WriteSession) -> None:
    _, pushed, liked = await a_flood(tx)
    case, moderator = await the_case(tx, FLOODING[0]), await a_person(tx)

    await quarantine.decide(
        tx, case=case, verdict=QuarantineState.RELEASED, reason="Dit is de school.", actor_id=moderator.id, now=NOON
    )

    assert (await count(tx, pushed), await count(tx, liked[0])) == (FLOOD, 6)
    found = await moderator_queries.case_of(tx, case)
    assert [(idea.id, number) for idea, number in found.ideas] == [(pushed.id, FLOOD), (liked[0].id, 1)]
    assert [decision.reason for decision, _ in found.decisions] == ["Dit is de school."]


async def test_what_comes_after_a_release_counts_and_is_judged_anew(tx: WriteSession) -> None:
    consultation, pushed, _ = await a_flood(tx)
    case, moderator = await the_case(tx, FLOODING[0]), await a_person(tx)
    why = {"reason": "Dit is de school.", "actor_id": moderator.id, "now": NOON}
    await quarantine.decide(tx, case=case, verdict=QuarantineState.RELEASED, **why)  # type: ignore[arg-type]  # as it asks

    await support(tx, pushed, FLOODING[0], times=9)
    await quarantine.judge(tx, consultation_id=consultation.id, now=NOON)
    assert await count(tx, pushed) == FLOOD + 9
    await support(tx, pushed, FLOODING[0])  # the tenth
    await quarantine.judge(tx, consultation_id=consultation.id, now=NOON)

    assert await count(tx, pushed) == FLOOD
    second = await the_case(tx, FLOODING[0])
    assert (second.number, second.name, second.state) == (2, case.name, QuarantineState.APART)
    assert case.state is QuarantineState.RELEASED


async def test_a_decision_can_be_undone_and_stays_on_record(tx: WriteSession) -> None:
    _, pushed, _ = await a_flood(tx)
    case, moderator = await the_case(tx, FLOODING[0]), await a_person(tx)
    for verdict, number in (
        (QuarantineState.KEPT, 0),
        (QuarantineState.RELEASED, FLOOD),
        (QuarantineState.KEPT, 0),
    ):
        await quarantine.decide(tx, case=case, verdict=verdict, reason="Bekeken.", actor_id=moderator.id, now=NOON)
        assert await count(tx, pushed) == number
    assert len((await moderator_queries.case_of(tx, case)).decisions) == 3
    with pytest.raises(IllegalMove):
        await quarantine.decide(
            tx, case=case, verdict=QuarantineState.KEPT, reason="Nog eens.", actor_id=moderator.id, now=NOON
        )
    with pytest.raises(IllegalMove):
        await quarantine.decide(
            tx, case=case, verdict=QuarantineState.RELEASED, reason=" ", actor_id=moderator.id, now=NOON
        )


async def test_a_person_can_set_apart_what_the_rule_passed_over(tx: WriteSession) -> None:
    _, pushed, liked = await ideas_of(tx)
    for number in range(6):
        await support(tx, liked[0], f"home-{number}")
    await support(tx, pushed, "library", times=10)
    await quarantine.judge_news(tx, now=NOON)
    case, moderator = await the_case(tx, "library"), await a_person(tx)
    assert (case.state, await count(tx, pushed)) == (QuarantineState.COUNTED, 10)

    await quarantine.decide(
        tx, case=case, verdict=QuarantineState.KEPT, reason="Alle namen lopen op.", actor_id=moderator.id, now=NOON
    )

    assert await count(tx, pushed) == 0
    await support(tx, pushed, "library")
    assert await count(tx, pushed) == 0


async def test_who_takes_back_support_that_did_not_count_changes_no_number(tx: WriteSession) -> None:
    _, pushed, liked = await a_flood(tx)
    [person] = await support(tx, liked[3], FLOODING[2])

    assert await endorsements.retract(tx, idea=liked[3], person_id=person.id, now=NOON)
    assert await count(tx, liked[3]) == 5
    assert await endorsements.endorse(tx, idea=liked[3], person_id=person.id, networks=["home-3"], now=NOON)
    assert await count(tx, liked[3]) == 6
    assert await endorsements.retract(tx, idea=liked[3], person_id=person.id, now=NOON)
    assert (await count(tx, liked[3]), await count(tx, pushed)) == (5, 0)


async def test_asked_for_in_one_network_and_given_in_another_it_belongs_to_both(tx: WriteSession) -> None:
    _, _, liked = await a_flood(tx)
    request = await endorsements.ask(
        tx, idea=liked[1], email="bram@waterveen.example", language="nl", network=FLOODING[3], now=NOON
    )

    await endorsements.confirm(tx, request=request, idea=liked[1], network="home-77", now=NOON + timedelta(seconds=9))

    assert await count(tx, liked[1]) == 5
    traces = (await tx.scalars(select(SupportTrace).where(SupportTrace.host == "waterveen.example"))).all()
    assert {one.network for one in traces} >= {FLOODING[3], "home-77"}
    [mine] = [one for one in traces if one.network == "home-77"]
    assert (mine.is_new, mine.is_hasty) == (True, True)


async def test_without_a_known_network_nothing_is_noted_and_nothing_compared(tx: WriteSession) -> None:
    _, pushed, _ = await ideas_of(tx)
    await support(tx, pushed, None, times=3)

    assert await count(tx, pushed) == 3
    assert await tx.scalar(select(func.count()).select_from(SupportTrace)) == 0
    settings = Settings(mode="test", secret="a" * 40)
    assert quarantine.kept_of("unknown", settings) is None
    assert len(quarantine.kept_of("192.0.2.1", settings) or "") == 64


async def test_a_site_that_sees_its_own_proxy_alone_sets_nothing_apart(tx: WriteSession) -> None:
    consultation, pushed, liked = await ideas_of(tx)
    for number, idea in enumerate((pushed, pushed, pushed, *liked)):
        await support(tx, idea, "10.0.0.1" if number % 2 else "10.0.0.2", times=20)

    assert await quarantine.judge(tx, consultation_id=consultation.id, now=NOON) == 0


async def test_networks_are_compared_once_a_minute_and_only_after_news(tx: WriteSession) -> None:
    await a_flood(tx)
    consultation = await tx.scalar(select(Consultation.id))
    for network in ("flood-7", "flood-8"):
        pushed = await tx.scalar(select(Idea).order_by(Idea.id).limit(1))
        assert pushed is not None
        await support(tx, pushed, network, times=FLOOD)

    assert consultation
    assert await quarantine.judge_news(tx, now=NOON + timedelta(seconds=59)) == 0
    assert await quarantine.judge_news(tx, now=NOON + timedelta(seconds=60)) == 2
    assert await quarantine.judge_news(tx, now=NOON + timedelta(hours=1)) == 0


async def test_after_thirty_days_nothing_is_left_of_a_network_and_what_was_set_apart_stays_so(tx: WriteSession) -> None:
    _, pushed, liked = await a_flood(tx)
    await endorsements.ask(tx, idea=liked[0], email="a@waterveen.example", language="nl", network="n", now=NOON)
    later = NOON + quarantine.KEPT_FOR

    assert await quarantine.forget_old(tx, now=later - timedelta(seconds=1)) == 0
    assert await quarantine.forget_old(tx, now=later) == 5 * FLOOD + 21

    assert await tx.scalar(select(func.count()).select_from(SupportTrace)) == 0
    assert set(await tx.scalars(select(Quarantine.network))) == {None}
    assert set(await tx.scalars(select(EndorsementRequest.network))) == {None}
    assert await tx.scalar(select(func.count()).select_from(SetApart)) == 5 * FLOOD + 1
    assert await count(tx, pushed) == 0
    case = await tx.scalar(select(Quarantine).where(Quarantine.state == QuarantineState.APART).limit(1))
    assert case is not None
    moderator = await a_person(tx)
    await quarantine.decide(
        tx, case=case, verdict=QuarantineState.RELEASED, reason="Toch goed.", actor_id=moderator.id, now=later
    )
    assert await count(tx, pushed) == FLOOD


async def test_names_are_short_different_and_say_nothing(tx: WriteSession) -> None:
    await a_flood(tx)
    names = list(await tx.scalars(select(Quarantine.name)))
    assert len(set(names)) == 5
    assert {len(name) for name in names} == {4}
