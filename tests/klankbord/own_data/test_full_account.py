"""Somebody who did very much here has all of it within a minute, to read and for a program; and is erased as soon.

FULL_ACCOUNT=2000 python -m pytest tests/klankbord/own_data/test_full_account.py -n 0 -s
TEST_ENGINE=postgresql FULL_ACCOUNT=2000 python -m pytest tests/klankbord/own_data/test_full_account.py -n 0 -s
"""

import json
import os
import time
from datetime import timedelta

import pytest

from accounts import sessions
from accounts.belongings import Whose
from accounts.models import Person
from consultations import versions
from consultations.events import IdeaReceived
from consultations.models import Consultation, Endorsement, Idea
from consultations.states import IdeaKind, IdeaState
from consultations.ways_models import Attachment
from conversations.models import Contribution, Conversation
from conversations.states import Side, Way
from kernel.cookies import SESSION, cookie_name
from kernel.db import Database, WriteSession
from kernel.events import record_all
from kernel.settings import Settings
from kernel.tokens import Token
from klankbord.own_data import export
from notify import departures
from notify.models import Message
from notify.states import MessageState
from tests.builders import a_consultation, a_person
from tests.moments import NOON
from tests.visitor import Visitor

IDEAS = int(os.environ.get("FULL_ACCOUNT", "20"))
OTHERS = IDEAS * 5
A_MINUTE = 60.0
AT_A_TIME = 100
"""Ideas written in one transaction: PostgreSQL lets nobody stand still for long."""
BODY = "Zet om de honderd meter een bankje, dan kan mijn moeder weer een rondje lopen. " * 8


async def wrote(tx: WriteSession, consultation: Consultation, author: Person, first: int, count: int) -> list[Idea]:
    """So many ideas, each with two texts and the fact that it came in."""
    found = [
        Idea(
            consultation_id=consultation.id,
            author_id=author.id,
            number=f"2024-{first + one:06d}",
            kind=IdeaKind.IDEA,
            state=IdeaState.RECEIVED,
            title=f"Bankjes langs het water {one}",
            body=BODY,
            received_at=NOON,
            confirmed_at=NOON,
        )
        for one in range(count)
    ]
    tx.add_all(found)
    await tx.flush()
    tx.add_all([versions.version_of(idea, number=number, now=NOON) for idea in found for number in (1, 2)])
    facts = [
        IdeaReceived(at=NOON, actor_id=author.id, idea_id=one.id, consultation_id=consultation.id) for one in found
    ]
    await record_all(tx, facts)
    await tx.flush()
    return found


async def talked(tx: WriteSession, author: Person, ideas: list[Idea], staff: Person) -> None:
    """Ten messages about every tenth idea; a file with every tenth; support for others' ideas elsewhere."""
    spoken = [
        Conversation(idea_id=idea.id, side=Side.MODERATORS, begun_at=NOON, last_at=NOON, last_number=10, read_number=0)
        for idea in ideas[::10]
    ]
    tx.add_all(spoken)
    await tx.flush()
    said = {"asks": False, "body": BODY, "way": Way.WEB, "written_at": NOON}
    tx.add_all(
        Contribution(
            conversation_id=one.id,
            number=number,
            writer_id=author.id if number % 2 else staff.id,
            is_authors=number % 2 == 1,
            **said,
        )
        for one in spoken
        for number in range(1, 11)
    )
    tx.add_all(
        Attachment(
            idea_id=idea.id,
            is_picture=True,
            width=1600,
            height=1200,
            alternative="Een bankje.",
            size=200_000,
            sha256=f"{idea.id:064}",
            body=os.urandom(200_000),
            added_at=NOON,
        )
        for idea in ideas[::10]
    )


async def got_letters(tx: WriteSession, person: Person, ideas: list[Idea], first: int) -> None:
    """Five letters for every two ideas, and a link in most of them."""
    count = len(ideas) * 5 // 2
    tx.add_all(
        Message(
            dedup_key=f"full:{person.id}:{first}:{one}",
            message_id=f"<full-{person.id}-{first}-{one}@waterveen.example>",
            person_id=person.id,
            template="idea_received",
            facts={"idea_id": ideas[one % len(ideas)].id},
            state=MessageState.SENT,
            queued_at=NOON,
            due_at=NOON,
            sent_at=NOON,
        )
        for one in range(count)
    )
    given = {"purpose": "receipt", "created_at": NOON, "expires_at": NOON + timedelta(days=30)}
    tx.add_all(Token(hash=f"{person.id:08}{idea.id:056}", subject=f"idea:{idea.id}", **given) for idea in ideas)


@pytest.fixture
async def full(database: Database) -> Person:
    """Somebody with a full account, among others who wrote five times as much."""
    async with database.write() as tx:
        person, other = await a_person(tx, email="veel@waterveen.example"), await a_person(tx)
        consultation = await a_consultation(tx)
    for start in range(0, IDEAS, AT_A_TIME):
        async with database.write() as tx:
            mine = await wrote(tx, consultation, person, start, min(AT_A_TIME, IDEAS - start))
            await talked(tx, person, mine, other)
            await got_letters(tx, person, mine, start)
    for start in range(IDEAS, IDEAS + OTHERS, AT_A_TIME):
        async with database.write() as tx:
            theirs = await wrote(tx, consultation, other, start, min(AT_A_TIME, IDEAS + OTHERS - start))
            await got_letters(tx, other, theirs, start)
            tx.add_all(Endorsement(idea_id=one.id, person_id=person.id, endorsed_at=NOON) for one in theirs[::5])
    return person


@pytest.mark.timeout(900)
async def test_all_of_a_full_account_is_there_within_a_minute(
    visitor: Visitor, database: Database, settings: Settings, full: Person
) -> None:
    async with database.write() as tx:
        person = await tx.get_one(Person, full.id)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set(cookie_name(SESSION, settings), secret)
    took = {}
    for path in ("/account/data", "/account/data/download.html", "/account/data/download.json"):
        began = time.monotonic()
        answer = await visitor.http.get(path)
        took[path] = time.monotonic() - began
        assert answer.status_code == 200
        print(f"{path}: {took[path]:.1f} s, {len(answer.content) / 1e6:.1f} MB")

    tables = {one["table"]: len(one["rows"]) for one in json.loads(answer.text)["tables"]}
    expected = {"idea": IDEAS, "idea_version": 2 * IDEAS, "message": IDEAS * 5 // 2, "contribution": IDEAS}
    expected |= {"attachment": IDEAS // 10, "endorsement": OTHERS // 5, "event": IDEAS + 1, "token": IDEAS}
    assert {name: tables[name] for name in expected} == expected
    assert max(took.values()) <= A_MINUTE


@pytest.mark.timeout(900)
async def test_a_full_account_is_erased_within_a_minute(database: Database, full: Person) -> None:
    began = time.monotonic()
    async with database.write() as tx:
        await departures.leave(tx, person_id=full.id, by=full.id, now=NOON)
    took = time.monotonic() - began
    print(f"erased in {took:.1f} s")

    async with database.read() as db:
        left = {kept.what: count for kept, count in await export.counts(db, Whose(id=full.id, mailbox=full.mailbox))}
    assert sum(left.values()) > 0
    assert took <= A_MINUTE
