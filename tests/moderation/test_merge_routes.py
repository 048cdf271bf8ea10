from typing import Any

import pytest

from accounts import roles
from accounts.actor import Actor
from accounts.models import Person
from accounts.states import Role
from consultations import endorsements, ideas, merging
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from tests.builders import a_moderated_consultation, a_moderator, a_panel, a_person, an_idea
from tests.moderation.test_staff_routes import signed_in
from tests.moments import NOON
from tests.visitor import Visitor

WHY = "Beide ideeën vragen om bankjes in het park."
TWO = "Zet bankjes in het park. Maak het plein groener."


@pytest.fixture
async def anna(database: Database, visitor: Visitor) -> Visitor:
    """A moderator's browser."""
    async with database.write() as tx:
        return await signed_in(tx, visitor, await a_moderator(tx, name="Anna"))


async def two_ideas(database: Database, **given: Any) -> tuple[Consultation, Idea, Idea]:
    """Two published ideas of one consultation, with a supporter of both and one of the second."""
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        shared: dict[str, Any] = {"consultation": consultation, "state": IdeaState.PUBLISHED}
        one = await an_idea(tx, title="Bankjes in het park", body=TWO, **{**shared, **given})
        other = await an_idea(tx, title="Meer bankjes graag", **shared)
        anna, bert = [(await a_person(tx)).id for _ in range(2)]
        for idea, person_id in ((one, anna), (other, anna), (other, bert)):
            if idea.is_public:
                await endorsements.endorse(tx, idea=idea, person_id=person_id, now=NOON)
        return consultation, one, other


async def test_a_moderator_searches_looks_merges_and_undoes(database: Database, anna: Visitor) -> None:
    consultation, one, other = await two_ideas(database)

    await anna.open(f"/ideas/{one.id}")
    assert ("Samenvoegen of splitsen", f"/moderation/ideas/{one.id}/together") in anna.links
    await anna.open(f"/moderation/ideas/{one.id}/together?q=bankjes+graag")  # without words the machine would look
    await anna.follow("Meer bankjes graag")
    assert "Steun: 1 en 2. Samen 2," in anna.text
    await anna.press("Voeg samen")
    assert (anna.status, "Schrijf op waarom" in anna.text) == (422, True)
    await anna.press("Voeg samen", reason=WHY)
    assert "De ideeën gaan samen verder" in anna.text

    await anna.open(f"/ideas/{other.id}")
    assert "Hierin opgenomen" in anna.text
    await anna.follow("Bankjes in het park")
    assert "Dit idee gaat verder als deel van:" in anna.text
    assert "Ik steun dit idee" not in anna.text
    await anna.open(f"/consultations/{consultation.slug}/ideas")
    assert ("Meer bankjes graag" in anna.text, "Bankjes in het park" in anna.text) == (True, False)
    await anna.open(f"/consultations/{consultation.slug}/ideas?merged=1")
    assert ("Meer bankjes graag" in anna.text, "Bankjes in het park" in anna.text) == (False, True)

    await anna.open(f"/moderation/ideas/{other.id}/together")
    await anna.press("Maak ongedaan: Bankjes in het park")
    assert "Alles is weer zoals het was" in anna.text
    await anna.open(f"/consultations/{consultation.slug}/ideas")
    assert ("Meer bankjes graag" in anna.text, "Bankjes in het park" in anna.text) == (True, True)


async def test_what_still_waits_is_published_and_merged_at_once(database: Database, anna: Visitor) -> None:
    _consultation, one, other = await two_ideas(database, state=IdeaState.RECEIVED)

    await anna.open(f"/moderation/ideas/{one.id}/together?into={other.id}")
    await anna.press("Publiceer en voeg samen", reason=WHY)

    assert "De ideeën gaan samen verder" in anna.text
    async with database.read() as db:
        found = await db.get_one(Idea, one.id)
        assert (found.state, found.merged_into_id) == (IdeaState.PUBLISHED, other.id)


async def test_who_looked_at_something_else_looks_again(database: Database, anna: Visitor) -> None:
    _consultation, one, other = await two_ideas(database)
    await anna.open(f"/moderation/ideas/{one.id}/together?into={other.id}")
    async with database.write() as tx:
        third = await an_idea(
            tx, consultation=await tx.get_one(Consultation, one.consultation_id), state=IdeaState.PUBLISHED
        )
        by = (await a_person(tx)).id
        merge = await merging.merge(tx, idea=other, into=third, reason=WHY, actor_id=by, now=NOON)
        await merging.undo(tx, merge=merge, actor_id=by, now=NOON)

    await anna.press("Voeg samen", reason=WHY)

    assert (anna.status, WHY in anna.text) == (409, True)
    await anna.press("Voeg samen", reason=WHY)
    assert "De ideeën gaan samen verder" in anna.text


async def test_a_submission_is_split_in_its_authors_words_and_made_whole(database: Database, anna: Visitor) -> None:
    consultation, one, _other = await two_ideas(database)

    await anna.open(f"/moderation/ideas/{one.id}/split")
    await anna.press("Bekijk hoe het wordt", reason=WHY, **{"piece-0": "1"})
    assert (anna.status, "Zet minstens één zin bij idee 1" in anna.text) == (422, True)
    await anna.press("Bekijk hoe het wordt", reason=WHY, **{"piece-0": "1", "piece-1": "2"})
    assert "Idee 2: Maak het plein groener" in anna.text
    await anna.press("Splits de inzending")
    assert "De inzending is gesplitst" in anna.text

    await anna.open(f"/consultations/{consultation.slug}/ideas")
    assert ("Maak het plein groener" in anna.text, "Zet bankjes in het park" in anna.text) == (True, True)
    await anna.open(f"/ideas/{one.id}")
    assert "Zij gaan los van elkaar verder:" in anna.text
    await anna.follow("Maak het plein groener")
    assert "Dit is een deel van een langere inzending:" in anna.text

    await anna.open(f"/moderation/ideas/{one.id}/together")
    await anna.press("Maak ongedaan: Bankjes in het park")
    assert "weer één geheel" in anna.text


async def test_an_author_reads_why_and_undoes_it_for_good(database: Database, visitor: Visitor) -> None:
    _consultation, one, other = await two_ideas(database)
    async with database.write() as tx:
        by = (await a_person(tx)).id
        await merging.merge(tx, idea=await tx.get_one(Idea, one.id), into=other, reason=WHY, actor_id=by, now=NOON)
        receipt = await ideas.receipt_link(tx, idea_id=one.id, now=NOON)

    await visitor.open(receipt)
    await visitor.follow("Lees waarom dit samen verdergaat, en wat u kunt doen")
    assert (WHY in visitor.text, "Meer bankjes graag" in visitor.text) == (True, True)
    await visitor.press("Draai het terug")

    assert visitor.path == receipt
    async with database.read() as db:
        assert (await db.get_one(Idea, one.id)).merged_into_id is None
    await visitor.open(f"{receipt}/together")
    assert "Hier valt niets terug te draaien" in visitor.text


async def test_a_secretary_merges_for_the_own_panel_alone(database: Database, visitor: Visitor) -> None:
    consultation, one, other = await two_ideas(database)
    async with database.write() as tx:
        elsewhere = await a_panel(tx)
        secretary = await a_person(tx, role=Role.SECRETARY, panel=elsewhere)
        await signed_in(tx, visitor, await _actor(tx, secretary))
    await visitor.open(f"/moderation/ideas/{one.id}/together")
    assert visitor.status == 404

    async with database.write() as tx:
        panel = await tx.get_one(type(elsewhere), consultation.panel_id)
        own = await a_person(tx, role=Role.SECRETARY, panel=panel)
        await signed_in(tx, visitor, await _actor(tx, own))
    await visitor.open(f"/moderation/ideas/{one.id}/together?into={other.id}")
    await visitor.press("Voeg samen", reason=WHY)
    assert "De ideeën gaan samen verder" in visitor.text


async def _actor(tx: WriteSession, person: Person) -> Actor:
    return await roles.actor_for(tx, person=person)
