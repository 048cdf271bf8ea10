from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select

from accounts import roles
from accounts.actor import ANONYMOUS, Actor
from accounts.models import Person
from accounts.states import Role
from consultations import ideas, queries, rules
from consultations.ideas import Written
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.states import RESTRICTED, ConsultationState, IdeaRoute, IdeaState, Policy
from kernel.db import Database, WriteSession
from kernel.errors import IllegalMove
from kernel.events import EventRecord, chain_hash
from tests.builders import a_consultation, a_decision, a_person, an_idea, move_idea, put
from tests.moments import CLOSES, NOON, OPENS

WRITTEN = Written(body="Zet bankjes langs de kade. Dan kan mijn moeder weer wandelen.", place="Veenkade")
MAILBOX = "nieuw@waterveen.example"


async def facts(tx: WriteSession, subject: str = "idea:%") -> list[str]:
    told = select(EventRecord.name).where(EventRecord.subject.like(subject)).order_by(EventRecord.id)
    return list(await tx.scalars(told))


async def sent(tx: WriteSession, consultation: Consultation, *, email: str = MAILBOX, **given: object) -> Idea:
    return await ideas.submit(
        tx,
        **{"actor": ANONYMOUS, "consultation": consultation, "written": WRITTEN, "email": email, "now": NOON, **given},  # type: ignore[arg-type]
    )


async def test_an_idea_from_an_unknown_address_waits_for_confirmation(tx: WriteSession) -> None:
    idea = await sent(tx, await a_consultation(tx))

    assert (idea.state, idea.number, idea.title) == (IdeaState.SUBMITTED, "2026-00001", "Zet bankjes langs de kade")
    assert (idea.is_late, idea.received_at, idea.confirmed_at) == (False, NOON, None)
    author = await tx.get_one(Person, idea.author_id)
    assert (author.email, author.confirmed_at) == (MAILBOX, None)
    version = await queries.current_version(tx, idea.id)
    assert (version.number, version.body) == (1, WRITTEN.body)
    assert await facts(tx) == ["idea.submitted"]


async def test_somebody_we_know_has_it_received_at_once(tx: WriteSession) -> None:
    person = await a_person(tx)

    idea = await sent(tx, await a_consultation(tx), actor=Actor(person_id=person.id), email="")

    assert (idea.state, idea.author_id, idea.confirmed_at) == (IdeaState.RECEIVED, person.id, NOON)
    assert await facts(tx) == ["idea.received"]


async def test_confirming_keeps_the_moment_it_was_sent_also_after_the_close(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    idea = await sent(tx, consultation, now=CLOSES - timedelta(microseconds=1))

    await ideas.confirm(tx, idea=idea, now=CLOSES + timedelta(hours=47))
    await ideas.confirm(tx, idea=idea, now=CLOSES + timedelta(hours=49))

    assert (idea.state, idea.is_late) == (IdeaState.RECEIVED, False)
    assert idea.received_at == CLOSES - timedelta(microseconds=1)
    assert (await tx.get_one(Person, idea.author_id)).confirmed_at == CLOSES + timedelta(hours=47)
    assert await facts(tx) == ["idea.submitted", "idea.received"]


async def test_an_idea_after_the_close_is_late_kept_and_for_the_next_meeting(tx: WriteSession) -> None:
    idea = await sent(tx, await a_consultation(tx), now=CLOSES)
    await ideas.confirm(tx, idea=idea, now=CLOSES)

    await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=CLOSES)

    assert (idea.is_late, idea.route) == (True, IdeaRoute.NEXT_MEETING)


@pytest.mark.parametrize("state", [ConsultationState.SUSPENDED, ConsultationState.CANCELLED, ConsultationState.DRAFT])
async def test_a_consultation_that_takes_nothing_refuses(tx: WriteSession, state: ConsultationState) -> None:
    with pytest.raises(rules.NotOpen):
        await sent(tx, await a_consultation(tx, state=state))
    with pytest.raises(rules.NotOpen):
        await sent(tx, await a_consultation(tx), now=OPENS - timedelta(microseconds=1))


async def test_three_unconfirmed_sendings_a_day_from_one_address(tx: WriteSession) -> None:
    consultation = await a_consultation(tx, closes_at=CLOSES)
    first = [await sent(tx, consultation) for _ in range(3)]

    with pytest.raises(rules.TooManyLetters):
        await sent(tx, consultation, email="NIEUW+weer@waterveen.example")

    await ideas.confirm(tx, idea=first[0], now=NOON)
    assert (await sent(tx, consultation)).number == "2026-00004"
    assert (await sent(tx, consultation, now=NOON + timedelta(days=1, seconds=1))).number == "2026-00005"


async def test_a_blocked_person_cannot_send_nor_confirm(tx: WriteSession) -> None:
    consultation, person = await a_consultation(tx), await a_person(tx, email=MAILBOX, role=Role.BLOCKED)

    with pytest.raises(rules.Blocked):
        await sent(tx, consultation, actor=Actor(person_id=person.id))
    idea = await sent(tx, consultation)
    with pytest.raises(rules.Blocked):
        await ideas.confirm(tx, idea=idea, now=NOON)

    await roles.revoke(tx, person=person, role=Role.BLOCKED, now=NOON)
    assert (await ideas.confirm(tx, idea=idea, now=NOON)).state is IdeaState.RECEIVED


async def test_where_the_policy_is_to_publish_at_once_it_is_public_when_received(tx: WriteSession) -> None:
    idea = await sent(tx, await a_consultation(tx, policy=Policy.PUBLISH_AT_ONCE))
    assert idea.state is IdeaState.SUBMITTED

    await ideas.confirm(tx, idea=idea, now=NOON)

    assert (idea.state, idea.published_at) == (IdeaState.PUBLISHED, NOON)
    assert await facts(tx) == ["idea.submitted", "idea.received", "idea.published"]


@pytest.mark.parametrize(
    ("to", "fact"),
    [
        (IdeaState.PUBLISHED, "idea.published"),
        (IdeaState.RETURNED, "idea.returned"),
        (IdeaState.HELD, "idea.held"),
        (IdeaState.REJECTED, "idea.rejected"),
    ],
)
async def test_each_step_of_moderation_leaves_its_fact(tx: WriteSession, to: IdeaState, fact: str) -> None:
    idea, moderator = await an_idea(tx), await a_person(tx)
    await ideas.move(tx, idea=idea, to=IdeaState.IN_REVIEW, actor_id=moderator.id, now=NOON)

    await move_idea(tx, idea=idea, to=to, actor_id=moderator.id, now=NOON)

    assert idea.state is to
    assert await facts(tx) == [fact]


async def test_steps_that_the_table_does_not_know_are_refused(tx: WriteSession) -> None:
    idea = await an_idea(tx, state=IdeaState.SUBMITTED)

    for to in (IdeaState.PUBLISHED, IdeaState.REMOVED, IdeaState.WITHDRAWN):
        with pytest.raises(IllegalMove):
            await ideas.move(tx, idea=idea, to=to, actor_id=None, now=NOON)


async def test_a_returned_idea_is_revised_once_and_both_versions_stay(tx: WriteSession) -> None:
    idea = await an_idea(tx)
    await move_idea(tx, idea=idea, to=IdeaState.RETURNED, actor_id=None, now=NOON)
    better = replace(WRITTEN, title="Bankjes", body="Zonder namen.")

    await ideas.revise(tx, idea=idea, written=better, actor_id=idea.author_id, now=NOON + timedelta(days=6))

    assert (idea.state, idea.title, idea.body) == (IdeaState.RECEIVED, "Bankjes", "Zonder namen.")
    versions = (await tx.scalars(select(IdeaVersion).order_by(IdeaVersion.number))).all()
    assert [(version.number, version.title == "Bankjes") for version in versions] == [(1, False), (2, True)]
    assert versions[0].sha256 != versions[1].sha256

    await move_idea(tx, idea=idea, to=IdeaState.RETURNED, actor_id=None, now=NOON)
    with pytest.raises(rules.NotToRevise):
        await ideas.revise(tx, idea=idea, written=better, actor_id=idea.author_id, now=NOON)


@pytest.mark.parametrize("state", sorted(rules.WITHDRAWABLE))
async def test_the_text_of_a_withdrawn_idea_is_nowhere(database: Database, state: IdeaState) -> None:
    secret_words = [f"wachtwoord{number}" for number in range(7)]
    title, body, service, stuck, name, place, label = secret_words
    async with database.write() as tx:
        texts: dict[str, Any] = {
            "title": title,
            "body": body,
            "service": service,
            "stuck": stuck,
            "shown_name": name,
            "place": place,
        }
        idea = await an_idea(tx, state=IdeaState.RETURNED, returned_at=NOON, imported={"label": label}, **texts)
        second = Written(**texts)
        await ideas.revise(tx, idea=idea, written=second, actor_id=idea.author_id, now=NOON)
        if state in RESTRICTED:
            await a_decision(tx, idea=idea, state=state)
        await put(tx, idea, state)

    async with database.write() as tx:
        idea = await queries.idea_by_id(tx, idea.id)
        await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)

    async with database.write() as tx:
        assert idea.state is IdeaState.WITHDRAWN
        connection = await tx.connection()
        for table in await connection.run_sync(lambda sync: inspect(sync).get_table_names()):
            rows = (await connection.exec_driver_sql(f'SELECT * FROM "{table}"')).all()  # noqa: S608 - our own tables
            found = [row for row in rows if any(word in str(value) for value in row for word in secret_words)]
            assert found == [], table
        assert len((await tx.scalars(select(IdeaVersion))).all()) == 2


async def test_what_is_restricted_by_moderators_cannot_be_withdrawn_from_the_record(tx: WriteSession) -> None:
    for state in (IdeaState.REJECTED, IdeaState.REMOVED, IdeaState.SUBMITTED, IdeaState.WITHDRAWN):
        idea = await an_idea(tx, state=state)
        with pytest.raises(IllegalMove):
            await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)


async def test_routing_moves_published_ideas_and_records_each(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    public = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(3)]
    hidden = await an_idea(tx, consultation=consultation, state=IdeaState.HELD)
    versions = [idea.version for idea in public]

    went = await ideas.route(
        tx, idea_ids=[hidden.id, *(idea.id for idea in public)], route=IdeaRoute.IN_THEME, actor_id=None, now=NOON
    )
    again = await ideas.route(
        tx, idea_ids=[idea.id for idea in public], route=IdeaRoute.IN_THEME, actor_id=None, now=NOON
    )

    assert ([idea.id for idea in went], again) == ([idea.id for idea in public], [])
    assert [idea.route for idea in public] == [IdeaRoute.IN_THEME] * 3
    assert [idea.version for idea in public] == [version + 1 for version in versions]
    assert hidden.route is IdeaRoute.UNROUTED
    assert await facts(tx) == ["idea.routed"] * 3
    public[0].place = "Een andere plaats"
    await tx.flush()  # the version in the session is the one in the table


async def test_facts_recorded_together_form_the_same_chain(tx: WriteSession) -> None:
    idea = await an_idea(tx, state=IdeaState.PUBLISHED)
    for step in (IdeaRoute.IN_THEME, IdeaRoute.ON_AGENDA, IdeaRoute.DISCUSSED):
        await ideas.route(tx, idea_ids=[idea.id], route=step, actor_id=None, now=NOON)
    await ideas.mark_answered(tx, idea_ids=[idea.id], actor_id=idea.author_id, now=NOON)
    await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)

    chain = (
        await tx.scalars(select(EventRecord).where(EventRecord.subject == f"idea:{idea.id}").order_by(EventRecord.id))
    ).all()

    assert [fact.seq for fact in chain] == [1, 2, 3, 4, 5]
    assert [fact.previous_hash for fact in chain[1:]] == [fact.hash for fact in chain[:-1]]
    assert [fact.hash for fact in chain] == [chain_hash(fact) for fact in chain]


async def test_an_author_is_told_an_outcome_once(tx: WriteSession) -> None:
    idea = await an_idea(tx, state=IdeaState.PUBLISHED)

    first = await ideas.mark_answered(tx, idea_ids=[idea.id], actor_id=idea.author_id, now=NOON)
    second = await ideas.mark_answered(tx, idea_ids=[idea.id], actor_id=idea.author_id, now=NOON)

    assert ([one.id for one in first], second) == ([idea.id], [])
    assert (idea.route, idea.answered_at) == (IdeaRoute.ANSWERED, NOON)
