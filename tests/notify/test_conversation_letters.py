"""Letters about conversations: to the author with an address to answer to, to staff once a day, and no more."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from consultations import ideas
from consultations.models import Idea
from conversations import conversations, questions
from conversations.mail_in import read
from conversations.states import Fate, Side
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.letterbox import Letterbox
from klankbord.worker import Worker
from notify.transport import Memory
from tests.conversations.scene import Scene, a_scene
from tests.moments import NOON
from tests.notify.conftest import Heard

HOUR = timedelta(hours=1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Letters come in."""
    return replace(settings, mail_in="maildir:var/nowhere", mail_reply="antwoord@waterveen.example")


async def asked(database: Database, *, side: Side = Side.PANEL, asks: bool = True) -> Scene:
    async with database.write() as tx:
        scene = await a_scene(tx)
        who = scene.member if side is Side.PANEL else scene.moderator
        given = {"body": "Waar precies?", "asks": asks, "now": NOON}
        await conversations.ask(tx, idea=scene.idea, side=side, actor=who, **given)  # type: ignore[arg-type]  # as it asks
    return scene


def told(post: Memory) -> list[EmailMessage]:
    """The letters about conversations; those who ask were given their tasks, and hear of that too."""
    return [one for one in post.letters if not str(one["Subject"]).startswith("Uw taken")]


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def an_answer(letter: EmailMessage, words: str) -> EmailMessage:
    """The reply that a person's program makes of a letter."""
    reply = EmailMessage()
    reply["From"], reply["To"] = str(letter["To"]), str(letter["Reply-To"])
    reply["Message-ID"], reply["In-Reply-To"] = f"<{hash(words)}@thuis.example>", str(letter["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in text_of(letter).splitlines())
    reply.set_content(f"{words}\n\nOp zo 22 nov 2026 om 13:05 schreef Klankbord:\n\n{quoted}\n")
    return reply


async def test_a_question_is_answered_by_replying_to_its_letter(
    database: Database, worker: Worker, post: Memory, settings: Settings, clock: StandingClock, heard: Heard
) -> None:
    scene = await asked(database)
    await worker.turn(NOON)
    [letter] = post.letters
    assert (letter["To"], letter["Subject"]) == (
        "aaltje@waterveen.example",
        f"Een vraag over uw inzending {scene.idea.number}",
    )
    assert "Waar precies?" in text_of(letter)
    assert "Mina Lid" not in text_of(letter)
    assert text_of(letter).startswith("##- Schrijf uw antwoord boven deze regel ##-")

    box = Letterbox(database=database, settings=settings, clock=clock)
    raw = an_answer(letter, "Bij de sluis,\nwaar de bus stopt.").as_bytes()
    assert [await box.take(raw), await box.take(raw)] == [Fate.TAKEN, Fate.SEEN_BEFORE]
    await worker.turn(NOON + HOUR)

    [_, to_member] = told(post)
    assert to_member["Subject"] == "1 inzender schreef u terug"
    assert "Bij de sluis" not in text_of(to_member)
    assert to_member["Reply-To"] is None
    assert f"receipt:{scene.idea.id}" in heard.topics
    assert heard.topics.count("conversations") == 2


@pytest.mark.parametrize(
    ("side", "asks", "subject", "opening"),
    [
        (Side.MODERATORS, True, "Een vraag over uw inzending", "Een moderator schrijft u"),
        (Side.MODERATORS, False, "Een bericht over uw inzending", "Een moderator schrijft u"),
        (Side.PANEL, False, "Een bericht over uw inzending", "Iemand van het panel schrijft u"),
    ],
)
async def test_an_author_reads_who_writes_and_whether_an_answer_is_wanted(
    database: Database, worker: Worker, post: Memory, side: Side, asks: bool, subject: str, opening: str
) -> None:
    await asked(database, side=side, asks=asks)
    await worker.turn(NOON)

    [letter] = post.letters
    assert str(letter["Subject"]).startswith(subject)
    assert opening in text_of(letter)
    assert ("Antwoord wanneer het u uitkomt" in text_of(letter)) is asks


async def test_where_no_letters_come_in_the_page_is_the_way(
    database: Database, worker: Worker, post: Memory, settings: Settings
) -> None:
    worker._posting.settings = replace(settings, mail_in="", mail_reply="")
    await asked(database)
    await worker.turn(NOON)

    [letter] = post.letters
    assert letter["Reply-To"] is None
    assert "##-" not in text_of(letter)
    assert "/conversation?with=panel" in text_of(letter)


async def test_no_letter_leaves_about_what_was_taken_back(database: Database, worker: Worker, post: Memory) -> None:
    scene = await asked(database)
    async with database.write() as tx:
        idea = await tx.get_one(Idea, scene.idea.id)
        await ideas.withdraw(tx, idea=idea, actor_id=scene.author.id, now=NOON)
    await worker.turn(NOON)

    assert post.letters == []


async def test_many_answers_are_one_letter_a_day_and_none_when_they_were_read(
    database: Database, worker: Worker, post: Memory
) -> None:
    scene = await asked(database)
    async with database.write() as tx:
        for number in range(3):
            await conversations.answer(tx, idea=scene.idea, side=Side.PANEL, body=f"Nr {number}", now=NOON)
    await worker.turn(NOON)
    assert [str(one["Subject"]) for one in post.letters if "schreef u terug" in str(one["Subject"])] == [
        "1 inzender schreef u terug"
    ]

    async with database.write() as tx:
        given = {"body": "Dank.", "asks": False, "now": NOON + HOUR}
        await conversations.ask(tx, idea=scene.idea, side=Side.PANEL, actor=scene.member, **given)  # type: ignore[arg-type]  # as it asks
        question = await questions.ask(tx, theme=scene.theme, actor=scene.member, body="Hoe vaak?", now=NOON + HOUR)
    await worker.turn(NOON + HOUR)
    to_all = told(post)[-1]
    assert question.id
    assert "Het panel vraagt alle inzenders van het thema ‘Zitten’ hetzelfde." in text_of(to_all)


async def test_an_answer_without_words_is_told_once_and_a_machine_hears_nothing(
    database: Database, worker: Worker, post: Memory, settings: Settings, clock: StandingClock
) -> None:
    await asked(database)
    await worker.turn(NOON)
    [letter] = post.letters
    box = Letterbox(database=database, settings=settings, clock=clock)
    machine = an_answer(letter, "Ik ben met vakantie.")
    machine["Auto-Submitted"] = "auto-replied"

    for _ in range(3):
        assert await box.take(machine.as_bytes()) in {Fate.AUTOMATIC, Fate.SEEN_BEFORE}
        assert await box.take(an_answer(letter, "").as_bytes()) in {Fate.EMPTY, Fate.SEEN_BEFORE}
    await worker.turn(NOON + HOUR)

    refused = told(post)[1:]
    assert [one["Subject"] for one in refused] == [f"Uw antwoord kwam niet aan: inzending {_number(letter)}"]
    assert read(refused[0].as_bytes()).problem is Fate.AUTOMATIC


def _number(letter: EmailMessage) -> str:
    return str(letter["Subject"]).rpartition(" ")[2]
