"""Ideas like the one being written, found by the real machine in its own process."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consultations import editing, ideas
from consultations.ideas import Written
from consultations.models import Consultation, EndorsementRequest, Idea
from consultations.similar import similar_to
from consultations.states import IdeaState
from kernel.db import Database
from moderation import decisions
from moderation.states import Outcome
from notify import departures
from tests.builders import a_consultation, a_moderated_consultation, a_moderator, an_idea
from tests.moments import NOON
from tests.themes.forty_ideas import SUBJECTS
from tests.visitor import Visitor
from themes.shelves import Shelves
from themes.worker import Worker

LIGHT = "Betere verlichting op het fietspad naar het dorp"
REWORDED = "Graag meer en betere lampen langs het fietspad naar ons dorp, het is er donker"
ELSEWHERE = "Kortere wachttijden aan de balie voor een paspoort"


@pytest.fixture
async def shelves(database: Database) -> AsyncIterator[Shelves]:
    """With a machine of its own."""
    machine = Worker()
    shelves = Shelves(machine, database)
    yield shelves
    await shelves.aclose()
    await machine.aclose()


async def filled(shelves: Shelves, consultation: Consultation) -> None:
    shelves.prepare(consultation.id)
    await shelves.filled()


async def publish(database: Database, consultation: Consultation, *texts: str) -> list[Idea]:
    async with database.write() as tx:
        return [
            await an_idea(
                tx, consultation=consultation, title=text[:60], body=text, state=IdeaState.PUBLISHED, published_at=NOON
            )
            for text in texts
        ]


async def titles(database: Database, shelves: Shelves, consultation: Consultation, words: str) -> list[str]:
    async with database.read() as db:
        return [idea.title for idea in await similar_to(db, shelves, consultation_id=consultation.id, words=words)]


async def test_an_idea_in_other_words_is_found_and_only_among_what_is_public_in_this_consultation(
    database: Database, shelves: Shelves
) -> None:
    """One story, because the machine needs seconds to wake up."""
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        another = await a_consultation(tx)
        moderator = await a_moderator(tx)
        waiting = await an_idea(tx, consultation=consultation, title="Lampen", body=REWORDED)
    await publish(database, another, REWORDED)
    published = await publish(database, consultation, *(text for texts in SUBJECTS.values() for text in texts))

    assert await titles(database, shelves, consultation, REWORDED) == []  # nobody prepared it: nobody waits for it
    await filled(shelves, consultation)
    assert (await titles(database, shelves, consultation, REWORDED))[0] == LIGHT
    assert await titles(database, shelves, consultation, ELSEWHERE) == []
    assert await titles(database, shelves, consultation, "lamp") == []  # too little to say anything about

    async with database.write() as tx:
        fresh = await tx.get_one(Idea, waiting.id)
        await decisions.decide(tx, idea=fresh, actor=moderator, outcome=Outcome.PUBLISH, now=NOON)
        light = next(idea for idea in published if idea.title == LIGHT)
        await ideas.withdraw(tx, idea=await tx.get_one(Idea, light.id), actor_id=light.author_id, now=NOON)
    assert (await titles(database, shelves, consultation, REWORDED))[0] == "Lampen"
    assert LIGHT not in await titles(database, shelves, consultation, REWORDED)

    await _what_leaves_the_public_eye_leaves_the_machine(database, shelves, consultation)

    shelves._machine.close()  # it was killed: whoever writes now goes on without, and the next has it again
    assert await titles(database, shelves, consultation, REWORDED) == []
    await filled(shelves, consultation)
    assert (await titles(database, shelves, consultation, REWORDED))[0] == "Lampen"


async def _what_leaves_the_public_eye_leaves_the_machine(
    database: Database, shelves: Shelves, consultation: Consultation
) -> None:
    """Not only the list: the machine itself knows nothing more of what was withdrawn, changed, removed or erased."""

    async def known() -> set[int]:
        async with database.read() as db:
            found = await shelves(db, consultation.id, "Een zwembad met een glijbaan", most=100)
            return {one.idea_id for one in found}

    texts = [f"Een zwembad met een {thing}" for thing in ("glijbaan", "springplank", "bubbelbad", "terras")]
    async with database.write() as tx:
        moderator = await a_moderator(tx)
        swims = [await an_idea(tx, consultation=consultation, title=text, body=text) for text in texts]
        for one in swims:
            await decisions.decide(tx, idea=one, actor=moderator, outcome=Outcome.PUBLISH, now=NOON)
    withdrawn, edited, removed, erased = (one.id for one in swims)
    before = await known()
    assert {withdrawn, edited, removed, erased} - before == set()

    async with database.write() as tx:
        found = {one.id: one for one in await tx.scalars(select(Idea).options(joinedload(Idea.consultation)))}
        await ideas.withdraw(tx, idea=found[withdrawn], actor_id=found[withdrawn].author_id, now=NOON)
        await editing.edit(tx, idea=found[edited], written=Written(body="Toch liever een ijsbaan."), now=NOON)
        why: dict[str, Any] = {"ground_code": "off_topic", "explanation": "Het gaat niet over de vraag."}
        await decisions.decide(tx, idea=found[removed], actor=moderator, outcome=Outcome.REMOVE, **why, now=NOON)
        author_id = found[erased].author_id
    async with database.write() as tx:
        await departures.leave(tx, person_id=author_id, by=author_id, now=NOON)

    assert before - await known() == {withdrawn, edited, removed, erased}


async def test_a_consultation_without_ideas_wakes_no_machine(database: Database, shelves: Shelves) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)

    await filled(shelves, consultation)

    assert not shelves._machine.is_running


async def test_whoever_writes_what_is_there_already_may_support_it_or_send_it_all_the_same(
    app: Litestar, visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="licht")
    await publish(database, consultation, *SUBJECTS["fietsen"])
    typed = {"body": LIGHT + " graag", "email": "wim@waterveen.example", "place": "Dijkdorp"}

    await visitor.open("/consultations/licht/ideas/new")
    await app.state.find_similar.filled()
    await visitor.press("Verstuur uw idee", **typed)
    assert visitor.status == 200
    assert "hierop lijk" in visitor.text
    form = next(form for form in visitor.forms if "body" in form.fields)
    assert {name: form.fields[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert form.fields["looked"] == ["1"]

    asked = visitor.page
    await visitor.press(f"Ik steun dit idee: {LIGHT}")
    assert "Kijk in uw mail" in visitor.text
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(EndorsementRequest)) == 1
        assert await db.scalar(select(func.count()).select_from(Idea)) == len(SUBJECTS["fietsen"])

    visitor.page = asked
    await visitor.press("Verstuur uw idee toch")
    assert visitor.path == "/consultations/licht/ideas/sent"
    async with database.read() as db:
        sent = (await db.scalars(select(Idea).order_by(Idea.id.desc()))).first()
        assert sent is not None
        assert (sent.body, sent.place, sent.state) == (typed["body"], "Dijkdorp", IdeaState.SUBMITTED)


async def test_what_is_there_already_is_shown_while_somebody_types(
    app: Litestar, visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="licht")
        hidden = await an_idea(tx, consultation=consultation, title="Niet te zien", body=LIGHT)
    await publish(database, consultation, *SUBJECTS["fietsen"])
    await visitor.open("/consultations/licht/ideas/new")
    await app.state.find_similar.filled()

    form = next(form for form in visitor.forms if "body" in form.fields)
    token = form.fields["_csrf_token"][0]
    address = "/consultations/licht/ideas/similar"
    shown = await visitor.http.post(address, data={"_csrf_token": token, "body": LIGHT})
    other = await visitor.http.post(address, data={"_csrf_token": token, "body": ELSEWHERE})

    assert (shown.status_code, other.status_code) == (200, 200)
    assert LIGHT in shown.text
    assert "<html" not in shown.text
    assert hidden.title not in shown.text
    assert other.text.strip() == ""
