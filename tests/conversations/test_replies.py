"""A letter that comes in becomes an answer once, or is refused and leaves nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from conversations import conversations, replies, reply_addresses, rules
from conversations.mail_in import Reading
from conversations.models import Contribution, ReceivedLetter
from conversations.states import Fate, Side, Way
from kernel.db import WriteSession
from kernel.events import EventRecord
from kernel.settings import Settings
from tests.conversations.scene import Scene, a_scene
from tests.moments import NOON

LETTERS = Settings(mode="test", mail_in="maildir:x", mail_reply="antwoord@waterveen.example")
LATER = NOON + timedelta(hours=1)


async def asked(tx: WriteSession) -> tuple[Scene, Contribution]:
    scene = await a_scene(tx)
    told = {"actor": scene.member, "body": "Waar precies?", "asks": True, "now": NOON}
    return scene, await conversations.ask(tx, idea=scene.idea, side=Side.PANEL, **told)  # type: ignore[arg-type]  # as it asks


def a_reading(question: Contribution, person_id: int, /, **given: object) -> Reading:
    to = reply_addresses.address_for(LETTERS, contribution_id=question.id, person_id=person_id)
    told = {"fingerprint": "a" * 64, "recipients": (to,), "sender": "Aaltje@Waterveen.example", "text": "Bij de sluis."}
    return Reading(**{**told, **given})  # type: ignore[arg-type]  # as it asks


async def take(tx: WriteSession, reading: Reading, *, now: object = LATER) -> Fate:
    return await replies.take(tx, reading=reading, settings=LETTERS, now=now)  # type: ignore[arg-type]  # a moment


async def said(tx: WriteSession) -> list[tuple[str, Way]]:
    wanted = select(Contribution.body, Contribution.way).where(Contribution.is_authors).order_by(Contribution.id)
    return [(body, way) for body, way in await tx.execute(wanted)]


async def refusals(tx: WriteSession) -> int:
    counted = select(func.count()).where(EventRecord.name == "conversation.reply_refused")
    return await tx.scalar(counted) or 0


async def test_a_letter_becomes_the_answer_to_what_it_answers(tx: WriteSession) -> None:
    scene, question = await asked(tx)
    told = {"actor": scene.member, "body": "En wanneer?", "asks": True, "now": NOON}
    await conversations.ask(tx, idea=scene.idea, side=Side.PANEL, **told)  # type: ignore[arg-type]  # as it asks

    assert await take(tx, a_reading(question, scene.author.id)) is Fate.TAKEN
    [answer] = await tx.scalars(select(Contribution).where(Contribution.is_authors))
    assert (answer.body, answer.way, answer.answers_id, answer.writer_id) == (
        "Bij de sluis.",
        Way.MAIL,
        question.id,
        scene.author.id,
    )


async def test_the_same_letter_counts_once(tx: WriteSession) -> None:
    scene, question = await asked(tx)
    reading = a_reading(question, scene.author.id)

    assert [await take(tx, reading), await take(tx, reading)] == [Fate.TAKEN, Fate.SEEN_BEFORE]
    assert await said(tx) == [("Bij de sluis.", Way.MAIL)]


async def test_an_address_is_good_for_one_question_and_one_person(tx: WriteSession) -> None:
    scene, question = await asked(tx)
    good = reply_addresses.address_for(LETTERS, contribution_id=question.id, person_id=scene.author.id)
    other_secret = replace(LETTERS, secret="another secret of thirty-two signs or more")
    wrong = [
        reply_addresses.address_for(LETTERS, contribution_id=question.id, person_id=scene.author.id + 1),
        reply_addresses.address_for(other_secret, contribution_id=question.id, person_id=scene.author.id),
        good.replace(f"+{question.id}.", f"+{question.id + 1}."),
        good.replace("waterveen.example", "elders.example"),
        good.replace("antwoord+", "anders+"),
        "antwoord@waterveen.example",
        "antwoord+999999999." + "a" * 24 + "@waterveen.example",
        "antwoord+1.x@waterveen.example",
        "",
    ]

    for address in wrong:
        assert await take(tx, a_reading(question, scene.author.id, recipients=(address,))) is Fate.NOT_OURS
    assert await said(tx) == []
    assert await tx.scalar(select(func.count(ReceivedLetter.id))) == 0
    capitals = a_reading(question, scene.author.id, recipients=("iemand@elders.example", good.upper()))
    assert await take(tx, capitals) is Fate.TAKEN


@pytest.mark.parametrize(
    ("given", "fate", "is_told"),
    [
        ({"sender": "iemand.anders@waterveen.example"}, Fate.WRONG_SENDER, 0),
        ({"problem": Fate.AUTOMATIC}, Fate.AUTOMATIC, 0),
        ({"problem": Fate.EMPTY, "text": ""}, Fate.EMPTY, 1),
        ({"problem": Fate.UNREADABLE}, Fate.UNREADABLE, 1),
        ({"problem": Fate.UNREADABLE, "sender": ""}, Fate.UNREADABLE, 1),
        ({"text": "a" * (rules.MOST_BODY + 1)}, Fate.TOO_LONG, 1),
    ],
)
async def test_what_is_no_answer_is_refused_and_leaves_nothing(
    tx: WriteSession, given: dict[str, object], fate: Fate, is_told: int
) -> None:
    scene, question = await asked(tx)

    assert await take(tx, a_reading(question, scene.author.id, **given)) is fate
    assert (await said(tx), await refusals(tx)) == ([], is_told)


async def test_after_ninety_days_the_page_answers_and_the_letter_does_not(tx: WriteSession) -> None:
    scene, question = await asked(tx)
    reading = a_reading(question, scene.author.id)
    last = NOON + rules.REPLY_WITHIN

    assert await take(tx, reading, now=last) is Fate.TOO_LATE
    early = replace(reading, fingerprint="b" * 64)
    assert await take(tx, early, now=last - timedelta(seconds=1)) is Fate.TAKEN


async def test_the_letters_of_a_machine_cause_none_in_return(tx: WriteSession) -> None:
    """One that hides that it is a machine fills a conversation up to its measure, and causes no letter either."""
    scene, question = await asked(tx)
    fates = [
        await take(tx, a_reading(question, scene.author.id, fingerprint=f"{number:064d}", problem=Fate.AUTOMATIC))
        for number in range(5)
    ]
    fates += [
        await take(tx, a_reading(question, scene.author.id, fingerprint=f"b{number:063d}")) for number in range(23)
    ]

    assert fates == [Fate.AUTOMATIC] * 5 + [Fate.TAKEN] * rules.A_DAY + [Fate.TOO_OFTEN] * (23 - rules.A_DAY)
    assert await refusals(tx) == 0


async def test_refusals_are_told_three_times_a_day(tx: WriteSession) -> None:
    scene, question = await asked(tx)
    for number in range(5):
        await take(tx, a_reading(question, scene.author.id, fingerprint=f"{number:064d}", problem=Fate.EMPTY))

    assert await refusals(tx) == replies.REFUSALS_A_DAY


def test_a_reply_address_fits_in_an_address() -> None:
    longest = Settings(mode="test", mail_reply="a" * 24 + "@waterveen.example")
    made = reply_addresses.address_for(longest, contribution_id=999_999_999, person_id=1)

    assert len(made.partition("@")[0]) <= 64
    assert reply_addresses.contribution_of(longest, made) == 999_999_999
    assert reply_addresses.address_for(Settings(mode="test"), contribution_id=1, person_id=1) == ""
