from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from accounts import sessions
from accounts.actor import Actor
from accounts.models import Person, SessionRecord
from accounts.states import Role
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database, WriteSession
from moderation import appeals, decisions, queries, reports
from moderation.rules import CLAIM_LASTS
from moderation.states import Outcome
from tests.builders import a_moderated_consultation, a_moderator, a_person, a_rejected_idea, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

ZONE = ZoneInfo("Europe/Amsterdam")
Browsers = Callable[[], Visitor]
WHY = {"ground": "off_topic", "explanation": "U schrijft over de zomertijd."}


async def signed_in(tx: WriteSession, visitor: Visitor, actor: Actor) -> Visitor:
    """The browser with a full session of this person."""
    person = await tx.get_one(Person, actor.person_id)
    secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    return visitor


async def an_open_consultation(database: Database, *titles: str) -> tuple[Consultation, list[Idea]]:
    """A consultation with received ideas of these titles, oldest first."""
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        at = [NOON - timedelta(hours=len(titles) - number) for number in range(len(titles))]
        return consultation, [
            await an_idea(tx, consultation=consultation, title=title, received_at=when)
            for title, when in zip(titles, at, strict=True)
        ]


@pytest.fixture
async def anna(database: Database, visitor: Visitor) -> Visitor:
    """A moderator's browser."""
    async with database.write() as tx:
        return await signed_in(tx, visitor, await a_moderator(tx, name="Anna"))


@pytest.fixture
async def bram(database: Database, another: Browsers) -> Visitor:
    """Another moderator's browser."""
    async with database.write() as tx:
        return await signed_in(tx, another(), await a_moderator(tx, name="Bram"))


PAGES = ["/moderation", "/moderation/rows", "/moderation/ideas/1", "/moderation/reports/1", "/moderation/appeals/1"]


@pytest.mark.parametrize("address", PAGES)
async def test_the_queue_is_for_moderators(database: Database, visitor: Visitor, address: str) -> None:
    await visitor.open(address)
    assert visitor.path == "/sign-in"

    async with database.write() as tx:
        secretary = await a_person(tx, role=Role.SECRETARY)
        await signed_in(tx, visitor, Actor(person_id=secretary.id))
    await visitor.open(address)
    assert visitor.status == 403


async def test_an_auditor_reads_along_and_changes_nothing(database: Database, visitor: Visitor) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    async with database.write() as tx:
        auditor = await a_person(tx, role=Role.AUDITOR)
        await signed_in(tx, visitor, Actor(person_id=auditor.id))
    await visitor.open("/moderation")
    await visitor.follow("Bankjes bij de sluis")

    assert (visitor.status, visitor.path) == (200, f"/moderation/ideas/{idea.id}")
    assert "U leest mee. Beslissen doet een moderator." in visitor.text
    assert "Publiceren" not in visitor.text
    assert "Ik lees deze" not in visitor.text
    token = next(form.fields["_csrf_token"][0] for form in visitor.forms if "_csrf_token" in form.fields)
    for act in ("next", f"ideas/{idea.id}/claim", f"ideas/{idea.id}/release", f"ideas/{idea.id}/decide"):
        typed = {"_csrf_token": token, "outcome": "publish"}
        answer = await visitor.http.post(f"/moderation/{act}", data=typed, headers={"origin": visitor.site})
        assert answer.status_code == 403
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.RECEIVED


async def test_a_moderator_works_through_the_queue(database: Database, anna: Visitor) -> None:
    _, [first, second] = await an_open_consultation(database, "Bankjes bij de sluis", "Een zebrapad")
    await anna.open("/moderation")
    await anna.follow("Bankjes bij de sluis")

    await anna.press("Publiceren")

    assert (anna.status, anna.path) == (200, f"/moderation/ideas/{second.id}")
    assert "‘Bankjes bij de sluis’ staat nu op de site." in anna.text
    assert "U leest deze inzending." in anna.text
    await anna.press("Afwijzen", **WHY)
    assert (anna.path, "Alles is gelezen" in anna.text) == ("/moderation", True)
    async with database.read() as db:
        states = [(await db.get_one(Idea, idea.id)).state for idea in (first, second)]
    assert states == [IdeaState.PUBLISHED, IdeaState.REJECTED]


@pytest.mark.parametrize("words", ["Afwijzen", "Terugsturen", "Vasthouden"])
async def test_no_restriction_without_a_reason_and_what_was_typed_is_kept(
    database: Database, anna: Visitor, words: str
) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open(f"/moderation/ideas/{idea.id}")

    await anna.press(words, explanation="Dit gaat over iets anders.")

    assert anna.status == 422
    assert "Kies de reden die hierbij past." in anna.text
    assert [form.fields["explanation"] for form in anna.forms if "explanation" in form.fields] == [
        ["Dit gaat over iets anders."]
    ]
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.RECEIVED


async def test_of_two_moderators_the_second_hears_that_it_changed(
    database: Database, anna: Visitor, bram: Visitor
) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open(f"/moderation/ideas/{idea.id}")
    await bram.open(f"/moderation/ideas/{idea.id}")
    await anna.press("Publiceren")

    await bram.press("Afwijzen", **WHY)

    assert bram.status == 409
    assert "Er is net iets veranderd" in bram.text
    async with database.read() as db:
        assert [taken.decided_by for taken in await queries.decisions_of(db, idea.id)] == ["Anna"]


async def test_a_text_that_was_revised_meanwhile_is_shown_with_what_was_typed(
    database: Database, anna: Visitor
) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open(f"/moderation/ideas/{idea.id}")
    async with database.write() as tx:
        stored = await tx.get_one(Idea, idea.id)
        bram = await a_moderator(tx)
        why: dict[str, Any] = {"ground_code": "several", "explanation": "Stuur de bankjes apart in."}
        await decisions.decide(tx, idea=stored, actor=bram, outcome=Outcome.RETURN, **why, now=NOON)
        written = ideas.Written(title="Drie bankjes bij de sluis", body=stored.body)
        await ideas.revise(tx, idea=stored, written=written, actor_id=stored.author_id, now=NOON)

    await anna.press("Afwijzen", **WHY)

    assert anna.status == 409
    assert "Drie bankjes bij de sluis" in anna.text
    assert WHY["explanation"] in anna.text
    await anna.press("Publiceren")  # the page that came back knows the new text
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.PUBLISHED


async def test_a_claim_is_seen_by_the_other_until_it_expires(
    database: Database, anna: Visitor, bram: Visitor, clock: StandingClock
) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open("/moderation")
    await anna.press("Lees wat het langst wacht")
    assert anna.path == f"/moderation/ideas/{idea.id}"

    await bram.open("/moderation/rows")
    assert "bij Anna" in bram.text
    await bram.open(f"/moderation/ideas/{idea.id}/standing")
    assert "Anna leest deze inzending nu" in bram.text

    clock.move(CLAIM_LASTS)
    await bram.open("/moderation/rows")
    assert ("Bankjes bij de sluis" in bram.text, "bij Anna" in bram.text) == (True, False)
    await bram.open(f"/moderation/ideas/{idea.id}")
    await bram.press("Ik lees deze")
    assert "U leest deze inzending." in bram.text
    await bram.press("Laat los")
    assert "Ik lees deze" in bram.text


async def test_what_waits_too_long_is_marked(database: Database, anna: Visitor, clock: StandingClock) -> None:
    await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open("/moderation")
    assert ("beloofd: 25 nov 2026, 17.00 uur" in anna.text, "te laat" in anna.text) == (True, False)

    clock.move(timedelta(days=2, hours=5))  # Wednesday, 17.00
    async with database.write() as tx:
        await tx.execute(update(SessionRecord).values(expires_at=NOON + timedelta(days=9), idle_until=None))
    await anna.open("/moderation")

    assert "te laat" in anna.text


async def test_a_published_idea_is_removed_after_a_report(database: Database, anna: Visitor) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    async with database.write() as tx:
        stored = await tx.get_one(Idea, idea.id)
        await decisions.decide(tx, idea=stored, actor=await a_moderator(tx), outcome=Outcome.PUBLISH, now=NOON)
        await reports.receive(tx, idea=stored, reason="Er staat een huisnummer in.", now=NOON)
    await anna.open("/moderation?show=reports")
    await anna.follow("Bankjes bij de sluis")
    assert "Er staat een huisnummer in." in anna.text

    await anna.press("Haal het idee weg", answer="Dank u wel.")
    assert anna.status == 422
    await anna.press("Haal het idee weg", ground="personal_data", explanation="U noemt een huisnummer.")

    assert (anna.path, "De melding is beantwoord." in anna.text) == ("/moderation", True)
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.REMOVED


async def test_moderators_never_see_an_address(database: Database, anna: Visitor) -> None:
    async with database.write() as tx:
        author = await a_person(tx, email="geheim@waterveen.example", name="Echte Naam")
        consultation = await a_moderated_consultation(tx)
        idea = await an_idea(tx, consultation=consultation, author=author, shown_name="Buurvrouw")

    await anna.open(f"/moderation/ideas/{idea.id}")

    assert "Buurvrouw" in anna.text
    assert ("geheim@" in anna.text, "Echte Naam" in anna.text) == (False, False)


@pytest.mark.parametrize("show", ["waiting", "set_aside", "reports", "appeals", "today"])
async def test_every_list_asks_as_many_questions_for_one_row_as_for_three(
    database: Database, anna: Visitor, statements: list[str], show: str
) -> None:
    asked = []
    for more in (1, 2):
        async with database.write() as tx:
            for _ in range(more):
                await fill(tx, show)
        statements.clear()
        await anna.open(f"/moderation?show={show}")
        asked.append(len([one for one in statements if one.lstrip().startswith("SELECT")]))

    assert anna.text.count('class="queue-row"') == 3
    assert asked[0] == asked[1]


async def fill(tx: WriteSession, show: str) -> None:
    """One more row for a list."""
    consultation, moderator = await a_moderated_consultation(tx), await a_moderator(tx)
    if show == "waiting":
        await an_idea(tx, consultation=consultation)
    elif show == "set_aside":
        await an_idea(tx, consultation=consultation, state=IdeaState.HELD)
    elif show == "reports":
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        await reports.receive(tx, idea=idea, reason="Een naam.", now=NOON)
    else:
        idea, _ = await a_rejected_idea(tx, by=moderator)
        if show == "appeals":
            await appeals.lodge(tx, idea=idea, reason="Ik verkoop niets.", zone=ZONE, now=NOON)
