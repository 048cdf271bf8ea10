"""Turns in a consultation: all who follow it or sent something in hear of them, once, with the reason."""

import re
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import insert, select

from accounts.models import Person
from consultations import ideas, lifecycle
from consultations.models import Consultation
from consultations.states import ConsultationState, IdeaState, PhaseKind
from kernel.db import Database, WriteSession
from klankbord.worker import Worker
from notify import outbox, subscriptions
from notify.models import Message, Subscription
from notify.states import Cadence, Topic
from notify.transport import Memory
from tests.builders import a_consultation, a_person, an_idea
from tests.consultations.test_rounds import a_round
from tests.moments import CLOSES, NOON, OPENS
from tests.notify.stories import AMSTERDAM, a_follower
from tests.notify.test_digests import digests_in, worker_is_up_to_date
from tests.notify.test_letters import text_of
from tests.visitor import Visitor

LAST_DAYS = CLOSES - timedelta(days=3)
SOON = timedelta(minutes=1)


async def a_crowd(tx: WriteSession, **given: object) -> tuple[Consultation, dict[str, Person]]:
    """An open consultation with somebody who follows it or its panel at each cadence, and two authors."""
    consultation = await a_consultation(tx, **given)  # type: ignore[arg-type]  # as given
    await worker_is_up_to_date(tx)
    crowd: dict[str, Person] = {}
    for cadence in Cadence:
        crowd[cadence] = await a_person(tx, email=f"{cadence}@waterveen.example")
        await follows(tx, crowd[cadence], consultation, cadence)
    crowd["panel"] = await a_person(tx, email="panel@waterveen.example")
    await follows(tx, crowd["panel"], consultation, Cadence.WEEKLY, topic=Topic.PANEL)
    for name, state in (("author", IdeaState.RECEIVED), ("gone", IdeaState.SUBMITTED)):
        crowd[name] = await a_person(tx, email=f"{name}@waterveen.example")
        await an_idea(tx, consultation=consultation, author=crowd[name], state=state)
    return consultation, crowd


async def follows(
    tx: WriteSession, person: Person, consultation: Consultation, cadence: Cadence, topic: Topic = Topic.CONSULTATION
) -> Subscription:
    topic_id = consultation.id if topic is Topic.CONSULTATION else consultation.panel_id
    return await subscriptions.follow(
        tx, person_id=person.id, topic=topic, topic_id=topic_id, cadence=cadence, zone=AMSTERDAM, now=NOON
    )


def told(post: Memory, about: str) -> list[str]:
    """Who got a letter with these words in its subject."""
    return sorted(str(letter["To"]).partition("@")[0] for letter in post.letters if about in letter["Subject"])


ALL = ["at_once", "author", "before_meeting", "daily", "panel", "weekly"]


async def test_an_extension_is_told_to_all_followers_and_authors_with_its_reason(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation, crowd = await a_crowd(tx)
        await lifecycle.extend(
            tx,
            consultation=consultation,
            closes_at=CLOSES + timedelta(days=7),
            reason="De brieven kwamen te laat aan.",
            actor_id=crowd["daily"].id,
            now=NOON,
        )

    await worker.turn(NOON)
    await worker.turn(NOON + SOON)

    assert told(post, "U hebt langer de tijd") == ALL
    written = text_of(post.letters[0], "plain")
    assert "De brieven kwamen te laat aan." in written
    assert "7 december 2026" in written
    await worker.turn(NOON + timedelta(days=7))
    assert not any("U hebt langer de tijd" in letter for letter in digests_in(post))


async def test_a_suspension_its_end_and_a_cancellation_are_told_to_all(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation, crowd = await a_crowd(tx)
    actor_id = crowd["daily"].id

    async with database.write() as tx:
        found = await tx.get_one(Consultation, consultation.id)
        await lifecycle.suspend(tx, consultation=found, reason="Er was een storing.", actor_id=actor_id, now=NOON)
    await worker.turn(NOON)
    assert told(post, "Tijdelijk stilgelegd") == ALL
    async with database.write() as tx:
        found = await tx.get_one(Consultation, consultation.id)
        await lifecycle.resume(tx, consultation=found, actor_id=actor_id, now=NOON + SOON)
    await worker.turn(NOON + SOON)
    assert told(post, "Weer open") == ALL
    async with database.write() as tx:
        found = await tx.get_one(Consultation, consultation.id)
        await lifecycle.cancel(
            tx, consultation=found, reason="De weg komt er niet.", actor_id=actor_id, now=NOON + SOON
        )
    await worker.turn(NOON + SOON)
    assert told(post, "Gaat niet door") == ALL


async def test_a_suspension_that_ended_before_its_letter_left_is_not_told(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation, crowd = await a_crowd(tx)
        actor_id = crowd["daily"].id
        await lifecycle.suspend(tx, consultation=consultation, reason="Een storing.", actor_id=actor_id, now=NOON)
        await lifecycle.resume(tx, consultation=consultation, actor_id=actor_id, now=NOON)

    await worker.turn(NOON)

    assert (told(post, "Tijdelijk stilgelegd"), told(post, "Weer open")) == ([], ALL)


async def test_followers_are_reminded_three_days_before_the_close_once_and_again_after_an_extension(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation, crowd = await a_crowd(tx)

    await worker.turn(LAST_DAYS - timedelta(seconds=1))
    assert told(post, "U kunt nog meedoen tot") == []
    for moment in (LAST_DAYS, LAST_DAYS + SOON):
        await worker.turn(moment)
    reminded = ["at_once", "daily", "panel", "weekly"]
    assert told(post, "U kunt nog meedoen tot") == reminded

    by = timedelta(days=6)
    async with database.write() as tx:
        found = await tx.get_one(Consultation, consultation.id)
        extend = {"closes_at": CLOSES + by, "reason": "Meer tijd.", "actor_id": crowd["daily"].id}
        await lifecycle.extend(tx, consultation=found, **extend, now=LAST_DAYS + SOON)  # type: ignore[arg-type]  # as it asks
    await worker.turn(LAST_DAYS + 2 * SOON)
    assert told(post, "U kunt nog meedoen tot") == reminded
    await worker.turn(LAST_DAYS + by)
    assert told(post, "U kunt nog meedoen tot") == sorted(reminded * 2)


@pytest.mark.parametrize(
    "given",
    [
        {"state": ConsultationState.SUSPENDED},
        {"opens_at": LAST_DAYS + timedelta(days=1)},  # it closes two days later: the reminder is after one
    ],
)
async def test_nobody_is_reminded_of_what_takes_nothing_or_has_only_just_opened(
    database: Database, worker: Worker, post: Memory, given: dict[str, object]
) -> None:
    async with database.write() as tx:
        await a_crowd(tx, **given)

    await worker.turn(LAST_DAYS + timedelta(days=1))
    await worker.turn(LAST_DAYS + timedelta(days=1) + SOON)

    assert told(post, "U kunt nog meedoen tot") == []


async def test_one_click_in_such_a_letter_stops_the_next_ones_about_this_consultation_alone(
    app: Litestar, database: Database, worker: Worker, post: Memory, visitor: Visitor
) -> None:
    async with database.write() as tx:
        consultation, crowd = await a_crowd(tx)
        other = await a_consultation(tx, slug="andere")
        await an_idea(tx, consultation=other, author=crowd["author"])
        for one in (consultation, other):
            await lifecycle.suspend(tx, consultation=one, reason="Een storing.", actor_id=crowd["daily"].id, now=NOON)
    await worker.turn(NOON)
    letters = [letter for letter in post.letters if "author" in str(letter["To"])]
    link = re.search(r"http://panel\.test(/unsubscribe/\S+)", text_of(letters[0], "plain"))
    assert link
    await visitor.open(link.group(1))
    await visitor.press("Stop deze berichten")
    assert "Wij schrijven u niet meer over deze consultatie." in visitor.text
    post.letters.clear()

    async with database.write() as tx:
        for id_ in (consultation.id, other.id):
            found = await tx.get_one(Consultation, id_)
            await lifecycle.resume(tx, consultation=found, actor_id=crowd["daily"].id, now=NOON + SOON)
    await worker.turn(NOON + SOON)

    assert len([letter for letter in post.letters if "author" in str(letter["To"])]) == 1
    assert told(post, "Weer open") == ALL


async def test_an_announcement_says_from_when_to_when_people_can_take_part(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, state=ConsultationState.DRAFT, opens_at=NOON + timedelta(days=3))
        await a_follower(tx, consultation, Cadence.AT_ONCE, topic=Topic.PANEL, topic_id=consultation.panel_id)
        await lifecycle.announce(tx, consultation=consultation, actor_id=None, now=NOON)

    await worker.turn(NOON)

    [letter] = digests_in(post)
    assert "Nieuwe vragen" in letter
    assert "Meedoen kan van" in letter


async def test_withdrawing_is_also_the_end_of_letters_to_its_author(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, opens_at=OPENS)
        author = await a_person(tx, email="weg@waterveen.example")
        idea = await an_idea(tx, consultation=consultation, author=author)
        await ideas.withdraw(tx, idea=idea, actor_id=author.id, now=NOON)
        await lifecycle.suspend(tx, consultation=consultation, reason="Een storing.", actor_id=author.id, now=NOON)

    await worker.turn(NOON)

    assert told(post, "Tijdelijk stilgelegd") == []


async def test_followers_hear_that_a_phase_began_as_it_begins(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        ends = {PhaseKind.ENDORSE: CLOSES + timedelta(days=4), PhaseKind.DELIBERATE: CLOSES + timedelta(days=8)}
        consultation = await a_round(tx, ends=ends)
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation, Cadence.AT_ONCE)
    heard = []

    for moment in (NOON, CLOSES, CLOSES + SOON, ends[PhaseKind.ENDORSE], ends[PhaseKind.ENDORSE] + SOON):
        post.letters.clear()
        await worker.turn(moment)
        heard.append(
            [words for words in ("ideeën steunen", "meepraten") if any(words in one for one in digests_in(post))]
        )

    assert heard == [[], ["ideeën steunen"], [], ["meepraten"], []]


async def test_a_letter_to_thousands_is_put_up_once_and_leaves_room_for_others(tx: WriteSession) -> None:
    first = (await a_person(tx)).id
    numbers = [{"email": f"m{n}@x.example", "mailbox": f"m{n}@x.example"} for n in range(4_999)]
    rows = [{**one, "name": "", "language": "nl", "created_at": NOON} for one in numbers]
    await tx.execute(insert(Person), rows)
    people = list(await tx.scalars(select(Person.id).where(Person.id >= first).order_by(Person.id)))

    for _ in range(2):
        await outbox.put_up(tx, people, letter="consultation_closing", about="1:1", facts={}, now=NOON)

    due = (await tx.scalars(select(Message.due_at).order_by(Message.id))).all()
    assert (len(due), due[19], due[20], due[-1]) == (
        5_000,
        NOON,
        NOON + timedelta(seconds=1),
        NOON + timedelta(seconds=249),
    )
