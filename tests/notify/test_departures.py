"""Somebody has their account erased: every word of theirs is gone, and what others rest on still counts."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from accounts import people, sessions
from accounts.errors import StillHasTask
from accounts.models import Person, SessionRecord
from accounts.states import Role
from consultations import ideas
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from kernel.events import EventRecord
from kernel.tokens import Token
from moderation import block_queries, blocks
from moderation.states import Conduct
from notify import departures
from tests.builders import a_moderated_consultation, a_moderator, a_person, an_idea
from tests.moments import NOON
from tests.notify.taint import MARK, everything, fill_up, found_in, in_files, unmarked


async def test_no_word_of_theirs_is_left_anywhere(database: Database) -> None:
    async with database.write() as tx:
        story = await everything(tx)
        await fill_up(tx, story)
        assert await unmarked(tx, story) == []
    assert len(await found_in(database)) >= 35

    async with database.write() as tx:
        await departures.leave(tx, person_id=story.person.id, by=story.person.id, now=NOON)

    assert await found_in(database) == {}
    assert in_files(database) == []


async def test_a_backup_made_after_it_holds_nothing_of_theirs(database: Database, tmp_path: Path) -> None:
    if not database.is_sqlite:
        pytest.skip("a dump of PostgreSQL holds rows, and those are looked through above")
    async with database.write() as tx:
        story = await everything(tx)
    async with database.write() as tx:
        await departures.leave(tx, person_id=story.person.id, by=story.person.id, now=NOON)

    copy = tmp_path / "backup.db"
    with sqlite3.connect(str(database.url.database)) as here, sqlite3.connect(copy) as there:
        here.backup(there)

    assert MARK.encode() not in copy.read_bytes()


async def test_what_others_rest_on_still_counts(tx: WriteSession) -> None:
    story = await everything(tx)
    support = story.others.endorsement_count
    await departures.leave(tx, person_id=story.person.id, by=story.person.id, now=NOON)

    found = {idea.id: idea for idea in await tx.scalars(select(Idea))}
    theirs = [found[one.id] for one in (story.published, story.received, story.rejected)]
    assert [one.state for one in theirs] == [IdeaState.WITHDRAWN, IdeaState.WITHDRAWN, IdeaState.REJECTED]
    assert [one.number for one in theirs] == [story.published.number, story.received.number, story.rejected.number]
    assert {one.erased_at for one in theirs} == {NOON}
    assert found[story.others.id].endorsement_count == support == 1
    assert found[story.others.id].erased_at is None


async def test_everybody_else_keeps_their_words(tx: WriteSession) -> None:
    story = await everything(tx)
    title = story.others.title
    await departures.leave(tx, person_id=story.person.id, by=story.person.id, now=NOON)

    kept = (await tx.scalars(select(Idea).where(Idea.id == story.others.id))).one()
    assert kept.title == title


async def test_every_browser_of_theirs_is_signed_out_and_the_fact_is_on_record(tx: WriteSession) -> None:
    person = await a_person(tx)
    await sessions.begin(tx, person=person, carries_grants=False, now=NOON)
    await departures.leave(tx, person_id=person.id, by=person.id, now=NOON)

    assert (await tx.scalars(select(SessionRecord))).all() == []
    facts = select(EventRecord.name).where(EventRecord.subject == f"person:{person.id}").order_by(EventRecord.seq)
    assert (await tx.scalars(facts)).all()[-2:] == ["person.sessions_ended", "person.erased"]


async def test_asking_twice_comes_to_the_same(tx: WriteSession) -> None:
    person = await a_person(tx)
    for _ in range(2):
        await departures.leave(tx, person_id=person.id, by=person.id, now=NOON)

    facts = select(EventRecord.id).where(EventRecord.name == "person.erased")
    assert len((await tx.scalars(facts)).all()) == 1


async def test_the_address_is_free_for_somebody_new(tx: WriteSession) -> None:
    person = await a_person(tx, email="anna@waterveen.example")
    await departures.leave(tx, person_id=person.id, by=person.id, now=NOON)
    new = await people.meet(tx, email="anna@waterveen.example", now=NOON)

    assert new.id != person.id


async def test_whoever_has_a_task_leaves_after_it_has_ended(tx: WriteSession) -> None:
    person = await a_person(tx, role=Role.MODERATOR)

    with pytest.raises(StillHasTask):
        await departures.leave(tx, person_id=person.id, by=person.id, now=NOON)


async def test_leaving_is_no_way_out_of_a_block(tx: WriteSession) -> None:
    person = await a_person(tx, email="anna@waterveen.example")
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), author=person)
    behind = await block_queries.behind_idea(tx, idea.id)
    until = NOON + timedelta(days=10)
    moderator = await a_moderator(tx)
    why = {"ground": Conduct.SPAM, "explanation": "Elke dag reclame."}
    await blocks.impose(tx, behind=behind, actor=moderator, until=until, **why, now=NOON)  # type: ignore[arg-type]  # as it asks
    await departures.leave(tx, person_id=person.id, by=person.id, now=NOON)
    [left] = await tx.scalars(select(Person).where(Person.id == person.id))
    assert "anna" not in left.mailbox

    back = await people.meet(tx, email="anna@waterveen.example", now=NOON)

    assert back.id == person.id
    assert await block_queries.in_force(tx, back.id, now=NOON) is not None


async def test_when_the_block_is_over_the_address_is_forgotten(tx: WriteSession) -> None:
    person = await a_person(tx, email="anna@waterveen.example")
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), author=person)
    behind = await block_queries.behind_idea(tx, idea.id)
    moderator, until = await a_moderator(tx), NOON + timedelta(days=10)
    why = {"ground": Conduct.SPAM, "explanation": "Elke dag reclame."}
    await blocks.impose(tx, behind=behind, actor=moderator, until=until, **why, now=NOON)  # type: ignore[arg-type]  # as it asks
    await departures.leave(tx, person_id=person.id, by=person.id, now=NOON)

    assert await departures.forget_the_blocked(tx, now=NOON) == 0
    assert await departures.forget_the_blocked(tx, now=until) == 1
    assert (await people.meet(tx, email="anna@waterveen.example", now=until)).id != person.id


async def test_a_link_in_an_old_letter_does_nothing_any_more(tx: WriteSession) -> None:
    person = await a_person(tx, confirmed_at=None)
    idea = await an_idea(tx, author=person, state=IdeaState.SUBMITTED)
    await ideas.confirm_link(tx, idea=idea, now=NOON)
    await departures.leave(tx, person_id=person.id, by=person.id, now=NOON)

    assert [one.counts(NOON) for one in await tx.scalars(select(Token))] == [False]
