"""What moderators see of what is pointed out, and how words are left out of a text, in a browser."""

import pytest
from sqlalchemy import select

from accounts import sessions
from accounts.models import Person
from consultations import flagging, ideas
from consultations.models import Consultation, Idea
from consultations.signal_models import SecondLook, Signal
from consultations.signals import Kind
from consultations.states import IdeaState, Policy
from kernel.db import Database, WriteSession
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

CALL = "Bel mijn buurman Piet op 06-12345678, dan maait hij het gras."


@pytest.fixture
async def anna(database: Database, visitor: Visitor) -> Visitor:
    """A moderator's browser."""
    async with database.write() as tx:
        actor = await a_moderator(tx, name="Anna")
        person = await tx.get_one(Person, actor.person_id)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    return visitor


async def confirmed(tx: WriteSession, *, policy: Policy, body: str, title: str = "Gras") -> Idea:
    """An idea that its author confirmed, in a consultation with this policy."""
    consultation = await a_moderated_consultation(tx, policy=policy)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.SUBMITTED, title=title, body=body)
    return await ideas.confirm(tx, idea=idea, now=NOON)


HELD_OR_NOT = [
    (Policy.HOLD_ALL, "Meer gras graag.", IdeaState.RECEIVED, False),
    (Policy.HOLD_FLAGGED, "Meer gras graag.", IdeaState.PUBLISHED, False),
    (Policy.HOLD_FLAGGED, CALL, IdeaState.RECEIVED, False),
    (Policy.HOLD_FLAGGED, "WAT IS DIT EEN GROTE LELIJKE BENDE HIER", IdeaState.PUBLISHED, False),
    (Policy.PUBLISH_AT_ONCE, "Meer gras graag.", IdeaState.PUBLISHED, False),
    (Policy.PUBLISH_AT_ONCE, CALL, IdeaState.PUBLISHED, True),
]


@pytest.mark.parametrize(("policy", "body", "state", "asks"), HELD_OR_NOT)
async def test_a_text_waits_or_not_as_its_consultation_says(
    tx: WriteSession, policy: Policy, body: str, state: IdeaState, asks: bool
) -> None:
    idea = await confirmed(tx, policy=policy, body=body)
    assert (idea.state, await tx.get(SecondLook, idea.id) is not None) == (state, asks)


async def test_the_same_text_sent_twice_is_pointed_out_of_the_second(tx: WriteSession) -> None:
    first = await confirmed(tx, policy=Policy.HOLD_ALL, body="Zet meer bankjes in het park bij de vijver, dat is fijn.")
    consultation = await tx.get_one(Consultation, first.consultation_id)
    other = await an_idea(tx, consultation=consultation, body="zet meer BANKJES in het park bij de vijver dat is fijn")
    for idea in (first, other):
        await flagging.look(tx, idea=idea)
    noted = (await tx.execute(select(Signal.idea_id, Signal.kind).where(Signal.kind == Kind.DUPLICATE))).all()
    assert noted == [(other.id, Kind.DUPLICATE)]


async def test_nothing_is_noted_of_a_text_that_was_withdrawn(tx: WriteSession) -> None:
    idea = await confirmed(tx, policy=Policy.HOLD_ALL, body=CALL)
    await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)
    assert (await tx.scalars(select(Signal.id).where(Signal.idea_id == idea.id))).all() == []


async def test_the_words_are_marked_in_the_text_and_the_queue_tells_and_filters(
    database: Database, anna: Visitor
) -> None:
    async with database.write() as tx:
        idea = await confirmed(tx, policy=Policy.HOLD_ALL, body=CALL)
    await anna.open(f"/moderation/ideas/{idea.id}")
    assert "<mark>06-12345678</mark>, dan maait hij" in anna.page.text
    assert "Dit heeft de vorm van een Nederlands telefoonnummer." in anna.page.text
    await anna.open("/moderation?signal=phone")
    assert "let op: telefoonnummer" in anna.page.text
    await anna.open("/moderation?signal=bsn")
    assert "Gras" not in anna.page.text


async def test_what_came_on_the_site_at_once_is_read_afterwards(database: Database, anna: Visitor) -> None:
    async with database.write() as tx:
        await confirmed(tx, policy=Policy.PUBLISH_AT_ONCE, body=CALL)
    await anna.open("/moderation/flagged")
    assert "telefoonnummer" in anna.page.text
    await anna.press("Kan blijven staan")
    assert "Er is niets na te lezen" in anna.page.text


async def test_words_are_left_out_after_a_look_at_what_remains(database: Database, anna: Visitor) -> None:
    async with database.write() as tx:
        idea = await confirmed(tx, policy=Policy.HOLD_ALL, body=CALL)
    await anna.open(f"/moderation/ideas/{idea.id}/mask")
    typed = {"words_0": "Piet", "kind_0": "name", "explanation": "Een naam en een nummer van een ander."}
    await anna.press("Bekijk hoe het wordt", **typed)
    assert "Bel mijn buurman [naam weggelaten] op [telefoonnummer weggelaten], dan" in anna.page.text
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).body == CALL
    await anna.press("Laat weg en publiceer", **typed)
    async with database.read() as db:
        found = await db.get_one(Idea, idea.id)
    assert (found.state, "Piet" in found.body, "06-" in found.body) == (IdeaState.PUBLISHED, False, False)
    await anna.open(f"/ideas/{idea.id}/versions")
    assert ("Piet" in anna.page.text, "06-1234" in anna.page.text) == (False, False)


async def test_words_that_do_not_stand_in_the_text_are_told_beside_their_field(
    database: Database, anna: Visitor
) -> None:
    async with database.write() as tx:
        idea = await confirmed(tx, policy=Policy.HOLD_ALL, body=CALL)
    await anna.open(f"/moderation/ideas/{idea.id}/mask")
    await anna.press("Bekijk hoe het wordt", words_1="Klaas", explanation="Een naam.")
    assert "Deze woorden staan niet zo in de tekst." in anna.page.text
