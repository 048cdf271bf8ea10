"""Blocks as people see them: a moderator, a second one, an auditor, and who is blocked."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts import sessions
from accounts.models import Person
from accounts.states import Role
from consultations import endorsements, ideas
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database, WriteSession
from moderation import blocks, reports
from moderation.models import Block
from notify.models import Message
from tests.builders import a_moderated_consultation, a_moderator, a_person, an_idea
from tests.moderation.test_blocks import a_blocked_person
from tests.moments import NOON
from tests.visitor import Visitor

Browsers = Callable[[], Visitor]
WHY: dict[str, Any] = {"ground": "threats", "explanation": "U schreef dat u de buurman zou opwachten.", "sure": "1"}


async def signed_in(tx: WriteSession, visitor: Visitor, person_id: int | None, *, carries_grants: bool = True) -> None:
    """The browser with a session of this person."""
    person = await tx.get_one(Person, person_id)
    secret, _ = await sessions.begin(tx, person=person, carries_grants=carries_grants, now=NOON)
    visitor.http.cookies.set("session", secret)


@pytest.fixture
async def anna(database: Database, visitor: Visitor) -> Visitor:
    """A moderator's browser."""
    async with database.write() as tx:
        await signed_in(tx, visitor, (await a_moderator(tx, name="Anna")).person_id)
    return visitor


@pytest.fixture
async def bram(database: Database, another: Browsers) -> Visitor:
    """Another moderator's browser."""
    browser = another()
    async with database.write() as tx:
        await signed_in(tx, browser, (await a_moderator(tx, name="Bram")).person_id)
    return browser


@pytest.fixture
async def idea(database: Database) -> Idea:
    """An idea whose author wrote more than one."""
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        one = await an_idea(tx, consultation=consultation, title="Bankjes bij de sluis", state=IdeaState.PUBLISHED)
        author = await tx.get_one(Person, one.author_id)
        await an_idea(tx, consultation=consultation, author=author, title="Ik weet u te vinden")
        return one


async def letters_of(database: Database, app: Any, *, minutes: int = 0) -> list[str]:
    """Have the worker do its turn; the names of all letters about blocks so far, in order."""
    await app.state.worker.turn(NOON + timedelta(minutes=minutes))
    async with database.read() as db:
        sent = select(Message.template).where(Message.template.startswith("block")).order_by(Message.id)
        return list(await db.scalars(sent))


def in_mail(tmp_path: Any, words: str) -> str:
    """The path of the decision's page out of the newest letter that holds these words."""
    from email import message_from_bytes, policy

    for path in sorted((tmp_path / "mail").glob("*.eml"), reverse=True):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every letter has one
        if words in text:
            return re.search(r"http://panel.test(/blocks/\S+)", text)[1]  # type: ignore[index]  # it is there
    raise AssertionError(words)


async def test_from_an_idea_to_a_block_an_appeal_and_another_moderators_answer(
    database: Database, app: Any, anna: Visitor, bram: Visitor, another: Browsers, idea: Idea, tmp_path: Any
) -> None:
    await anna.open(f"/moderation/ideas/{idea.id}")
    await anna.follow("Inzender blokkeren")
    assert "Ik weet u te vinden" in anna.text
    assert "@waterveen.example" not in anna.text
    await anna.press("Blokkeer deze inwoner", ground="threats", explanation="", sure=None)
    assert (anna.status, "Leg aan de inwoner uit" in anna.text) == (422, True)

    await anna.press("Blokkeer deze inwoner", **WHY)

    assert "De inwoner is geblokkeerd en krijgt uw uitleg per e-mail." in anna.text
    assert "@waterveen.example" not in anna.text
    assert await letters_of(database, app) == ["blocked"]
    blocked = another()
    await blocked.open(in_mail(tmp_path, "U schreef dat u de buurman"))
    assert "U kunt voorlopig niet meedoen" in blocked.text
    await blocked.press("Verstuur uw bezwaar", reason="Dat was mijn broer.")
    assert "Wij hebben uw bezwaar ontvangen." in blocked.text
    assert sorted(await letters_of(database, app))[:3] == ["block_appeal_lodged", "block_appeal_waiting", "blocked"]

    await anna.open("/moderation?show=appeals")
    await anna.follow("Blokkade van inwoner")
    assert "Daarom beslist een andere moderator" in anna.text
    await bram.open("/moderation?show=appeals")
    await bram.follow("Blokkade van inwoner")
    await bram.press("Geef de inwoner gelijk", answer="Uw broer schreef dit inderdaad.")
    assert "Over het bezwaar is beslist." in bram.text
    assert (await letters_of(database, app))[-1] == "block_appeal_decided"
    await blocked.open(in_mail(tmp_path, "U krijgt gelijk."))
    assert ("Uw blokkade is voorbij" in blocked.text, "Verstuur uw bezwaar" in blocked.text) == (True, False)


async def test_of_two_moderators_who_answer_an_appeal_one_wins_and_the_other_gets_409(
    database: Database, anna: Visitor, bram: Visitor
) -> None:
    async with database.write() as tx:
        _, block = await a_blocked_person(tx)
        await signed_in(tx, anna, (await a_moderator(tx)).person_id)
    await anna.open(f"/moderation/blocks/{block.id}")
    async with database.write() as tx:
        path = await blocks.link(tx, block_id=block.id, now=NOON)
    await bram.open(path)
    await bram.press("Verstuur uw bezwaar", reason="Dat was ik niet.")
    for browser in (anna, bram):
        await browser.open(f"/moderation/blocks/{block.id}")

    await anna.press("Laat de blokkade staan", answer="U was het wel.")
    await bram.press("Geef de inwoner gelijk", answer="U was het niet.")

    assert (anna.status, bram.status) == (200, 409)


async def test_of_two_moderators_who_block_one_wins_and_the_other_gets_409(
    anna: Visitor, bram: Visitor, idea: Idea
) -> None:
    for browser in (anna, bram):
        await browser.open(f"/moderation/ideas/{idea.id}/block")

    await anna.press("Blokkeer deze inwoner", **WHY)
    await bram.press("Blokkeer deze inwoner", **WHY)

    assert (anna.status, bram.status) == (200, 409)
    assert "Deze inwoner is al geblokkeerd" in bram.text


async def test_a_block_is_lifted_with_a_reason_and_the_letter_says_so(
    database: Database, app: Any, anna: Visitor, tmp_path: Any
) -> None:
    async with database.write() as tx:
        await a_blocked_person(tx)
    await anna.open("/moderation")
    await anna.follow("Blokkades")
    await anna.follow("Inwoner")
    await anna.press("Hef de blokkade op", lift_reason="")
    assert anna.status == 422

    await anna.press("Hef de blokkade op", lift_reason="Het is uitgepraat.")

    assert "Het is uitgepraat." in anna.text
    assert (await letters_of(database, app))[-1] == "block_ended"
    assert in_mail(tmp_path, "Een moderator heeft uw blokkade opgeheven.")


async def test_when_the_last_day_passes_the_person_hears_that_it_is_over(
    database: Database, app: Any, clock: StandingClock, tmp_path: Any
) -> None:
    async with database.write() as tx:
        await a_blocked_person(tx, until=NOON + timedelta(minutes=30))

    assert await letters_of(database, app, minutes=29) == ["blocked"]
    assert await letters_of(database, app, minutes=30) == ["blocked", "block_ended"]
    assert in_mail(tmp_path, "De laatste dag van uw blokkade is voorbij.")


async def test_who_is_blocked_reads_everything_and_is_told_why_nothing_can_be_sent(
    database: Database, visitor: Visitor
) -> None:
    async with database.write() as tx:
        idea, _ = await a_blocked_person(tx)
        consultation = await a_moderated_consultation(tx)
        other = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        await signed_in(tx, visitor, idea.author_id, carries_grants=False)
        slug = consultation.slug
        receipt = await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)
    for address in (f"/ideas/{other.id}", f"/consultations/{slug}", receipt, "/following"):
        await visitor.open(address)
        assert visitor.status == 200
    await visitor.open(f"/ideas/{other.id}")
    assert ("Ik steun dit idee" in visitor.text, "U kunt nu geen ideeën steunen." in visitor.text) == (False, True)

    await visitor.open(f"/consultations/{slug}/ideas/new")
    assert visitor.status == 403
    await visitor.follow("Lees waarom")

    assert (visitor.status, visitor.path) == (200, "/blocked")
    await visitor.press("Verstuur uw bezwaar", reason="Ik ben het er niet mee eens.")
    assert "Wij hebben uw bezwaar ontvangen." in visitor.text


async def test_by_mail_the_page_behind_the_link_says_why_and_the_link_works_again_after_the_block(
    database: Database, visitor: Visitor
) -> None:
    async with database.write() as tx:
        idea, block = await a_blocked_person(tx)
        consultation = await a_moderated_consultation(tx)
        author = await tx.get_one(Person, idea.author_id)
        sent = await an_idea(tx, consultation=consultation, author=author, state=IdeaState.SUBMITTED)
        other = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        asked = await endorsements.ask(tx, idea=other, email=author.email, language="nl", now=NOON)
        links = [
            await ideas.confirm_link(tx, idea=sent, now=NOON),
            await endorsements.confirm_link(tx, request_id=asked.id, now=NOON),
        ]
    for link, button in zip(links, ("Ja, dit is van mij", "Ja"), strict=True):
        await visitor.open(link)
        await visitor.press(button)
        assert (visitor.status, "Een moderator heeft dat besloten." in visitor.text) == (403, True)

    async with database.write() as tx:
        stored = await tx.get_one(Block, block.id, options=[])
        await tx.refresh(stored, ["consultation"])
        await blocks.lift(tx, block=stored, actor=await a_moderator(tx), reason="Klaar.", now=NOON)
    await visitor.open(links[0])
    await visitor.press("Ja, dit is van mij")
    assert visitor.path.startswith("/receipts/")


async def test_the_answer_to_sending_does_not_tell_who_is_blocked(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        idea, _ = await a_blocked_person(tx)
        email = (await tx.get_one(Person, idea.author_id)).email
        consultation = await a_moderated_consultation(tx)
    answers = []
    for address in (email, "nieuw@waterveen.example"):
        await visitor.open(f"/consultations/{consultation.slug}/ideas/new?kind=idea")
        await visitor.press("Verstuur uw idee", body="Zet een bankje bij de sluis.", email=address)
        said = re.sub(r'(name="(_csrf_token|idempotency_key)" value=")[^"]*', r"\1", visitor.text)
        answers.append((visitor.status, visitor.path, said.replace(address, "")))
    assert answers[0] == answers[1]


async def test_an_auditor_reads_blocks_and_changes_nothing(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        idea, block = await a_blocked_person(tx)
        await signed_in(tx, visitor, (await a_person(tx, role=Role.AUDITOR)).id)
    await visitor.open(f"/moderation/blocks/{block.id}")
    assert (visitor.status, "Hef de blokkade op" in visitor.text) == (200, False)
    await visitor.open(f"/moderation/ideas/{idea.id}/block")
    assert visitor.status == 403


async def test_who_reported_while_signed_in_can_be_blocked_from_reporting(
    database: Database, anna: Visitor, another: Browsers
) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)
        person = await a_person(tx)
        resident = another()
        await signed_in(tx, resident, person.id, carries_grants=False)
    await resident.open(f"/ideas/{idea.id}/report")
    await resident.press("Verstuur uw melding", reason="Weg!", good_faith="1")
    await anna.open("/moderation?show=reports")
    await anna.follow(idea.title)
    await anna.follow("Melder blokkeren")

    await anna.press("Blokkeer deze inwoner", **(WHY | {"ground": "unfounded_reports"}))

    await resident.open(f"/ideas/{idea.id}/report")
    await resident.press("Verstuur uw melding", reason="Toch weg!", good_faith="1")
    assert (resident.status, "U kunt nu geen meldingen doen." in resident.text) == (403, True)


async def test_an_address_that_was_only_typed_is_never_held_against_its_owner(
    database: Database, anna: Visitor
) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)
        victim = await a_person(tx)
        report = await reports.receive(tx, idea=idea, reason="Weg!", email=victim.email, now=NOON)
    await anna.open(f"/moderation/reports/{report.id}")
    assert "Melder blokkeren" not in anna.text
    await anna.open(f"/moderation/reports/{report.id}/block")
    assert anna.status == 409


async def test_the_public_record_counts_blocks_and_names_nobody(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        idea, _ = await a_blocked_person(tx)
        slug = idea.consultation.slug
    await visitor.open(f"/consultations/{slug}/moderation")
    assert "Bedreigen of intimideren" in visitor.text
    assert f"nwoner {idea.author_id}" not in visitor.text


async def test_who_is_not_blocked_reads_that(database: Database, visitor: Visitor) -> None:
    await visitor.open("/blocked")
    assert visitor.path == "/sign-in"
    async with database.write() as tx:
        await signed_in(tx, visitor, (await a_person(tx)).id, carries_grants=False)
    await visitor.open("/blocked")
    assert "U bent niet geblokkeerd" in visitor.text
