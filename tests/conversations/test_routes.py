"""The pages of conversations, as a browser without JavaScript sees them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import sessions
from accounts.models import Person
from consultations.ideas import receipt_link
from conversations import conversations
from conversations.models import Contribution
from conversations.states import Side
from kernel.db import Database, WriteSession
from tests.builders import a_theme, an_idea
from tests.conversations.scene import Scene, a_scene
from tests.moments import NOON
from tests.visitor import Visitor


async def sign_in(database: Database, visitor: Visitor, person_id: int | None) -> None:
    async with database.write() as tx:
        person = await tx.get_one(Person, person_id)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)


async def test_a_question_on_the_page_is_answered_on_the_receipt(
    database: Database, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    async with database.write() as tx:
        scene = await a_scene(tx)
        receipt = await receipt_link(tx, idea_id=scene.idea.id, now=NOON)
    member, author = visitor, another()
    await sign_in(database, member, scene.member.person_id)

    await member.open(f"/ideas/{scene.idea.id}")
    await member.follow("Vraag de inzender iets")
    await member.press("Verstuur naar de inzender", body="Waar <b>precies</b>?")
    assert "Uw bericht is verstuurd" in member.text
    await author.open(receipt)
    await author.follow("Lees de vraag en antwoord")
    assert "Waar &lt;b&gt;precies&lt;/b&gt;?" in author.text
    assert "Mina Lid" not in author.text
    await author.press("Verstuur uw antwoord", body="Bij de sluis.")
    assert "Uw bericht is verstuurd" in author.text
    assert "wacht op uw antwoord" not in author.text

    await member.open("/desk")
    assert "1 gesprek met een inzender wacht op u." in member.text
    await member.follow("Lees de antwoorden")
    assert "nieuw bericht van de inzender" in member.text
    await member.follow(scene.idea.title)
    assert "Bij de sluis." in member.text
    assert "Aaltje Bron" not in member.text
    assert scene.author.email not in member.text
    await member.press("Gelezen, ik hoef niet te antwoorden")
    assert "niets meer te doen" in member.text


async def test_an_empty_answer_keeps_the_page_and_says_so(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        scene = await a_scene(tx)
        receipt = await receipt_link(tx, idea_id=scene.idea.id, now=NOON)

    await visitor.open(f"{receipt}/conversation")
    await visitor.press("Verstuur uw bericht", body=" ")
    assert (visitor.status, "Schrijf eerst iets op." in visitor.text) == (422, True)
    await visitor.press("Verstuur uw bericht", body="a" * 4_001)
    assert (visitor.status, "a" * 4_001 in visitor.text) == (422, True)


async def test_with_two_open_questions_the_author_chooses_which_is_answered(
    database: Database, visitor: Visitor
) -> None:
    async with database.write() as tx:
        scene = await a_scene(tx)
        first, _ = [
            await conversations.ask(
                tx, idea=scene.idea, side=Side.PANEL, actor=scene.member, body=body, asks=True, now=NOON
            )
            for body in ("Waar precies?", "En wanneer?")
        ]
        receipt = await receipt_link(tx, idea_id=scene.idea.id, now=NOON)

    await visitor.open(f"{receipt}/conversation")
    await visitor.press("Verstuur uw antwoord", body="Bij de sluis.", answers=str(first.id))

    async with database.read() as db:
        [answer] = await db.scalars(select(Contribution).where(Contribution.is_authors))
    assert answer.answers_id == first.id


async def test_a_member_asks_all_authors_and_reads_the_answers_together(
    database: Database, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    async with database.write() as tx:
        scene = await a_scene(tx)
        receipt = await receipt_link(tx, idea_id=scene.idea.id, now=NOON)
    await sign_in(database, visitor, scene.member.person_id)

    await visitor.open("/desk/conversations")
    await visitor.follow("Zitten")
    assert "Deze vraag gaat naar 1 inzender." in visitor.text
    await visitor.press("Verstuur naar alle inzenders", body="Hoe vaak?")
    author = another()
    await author.open(f"{receipt}/conversation")
    await author.press("Verstuur uw antwoord", body="Elke week.")

    await visitor.open(f"/desk/conversations/themes/{scene.theme.id}")
    assert "1 van 1 inzender antwoordde" in visitor.text
    assert "Elke week." in visitor.text


@pytest.mark.parametrize("size", [1, 3])
async def test_the_list_asks_as_much_for_one_conversation_as_for_three(
    database: Database, visitor: Visitor, statements: list[str], size: int
) -> None:
    async with database.write() as tx:
        scene = await a_scene(tx)
        for _ in range(size):
            await _one_more(tx, scene)
    await sign_in(database, visitor, scene.member.person_id)
    statements.clear()

    await visitor.open("/desk/conversations")

    assert visitor.text.count('<li class="card">') == size
    assert len([one for one in statements if one.startswith("SELECT")]) == 5


async def _one_more(tx: WriteSession, scene: Scene) -> None:
    idea = await an_idea(tx, consultation=scene.consultation, state=scene.idea.state)
    await a_theme(tx, consultation=scene.consultation, ideas=[idea])
    at = NOON + timedelta(minutes=idea.id)
    await conversations.ask(
        tx,
        idea=idea,
        side=Side.PANEL,
        actor=scene.member,
        body="Waar precies?",
        asks=True,
        now=at,
    )
