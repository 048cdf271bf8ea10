"""Support from one network as people see it: who gives it, moderators, an auditor, everybody."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from accounts import sessions
from accounts.models import Person
from accounts.states import Role
from consultations import endorsements, quarantine
from consultations.models import Consultation, Endorsement, Idea
from consultations.states import IdeaState, QuarantineState
from consultations.support_models import Quarantine
from kernel.db import Database, WriteSession
from kernel.settings import Settings
from tests.builders import a_moderated_consultation, a_moderator, a_panel, a_person, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

Browsers = Callable[[], Visitor]
HERE = "127.0.0.1"
"""Where the browsers of these tests come from."""


async def signed_in(tx: WriteSession, visitor: Visitor, person_id: int | None, *, carries_grants: bool = True) -> None:
    """The browser with a session of this person."""
    person = await tx.get_one(Person, person_id)
    secret, _ = await sessions.begin(tx, person=person, carries_grants=carries_grants, now=NOON)
    visitor.http.cookies.set("session", secret)


async def set_apart(tx: WriteSession, settings: Settings, *, state: QuarantineState = QuarantineState.APART) -> Idea:
    """An idea with ten supports from HERE, which stand apart."""
    consultation = await a_moderated_consultation(tx)
    idea = await an_idea(tx, consultation=consultation, title="Bankjes bij de sluis", state=IdeaState.PUBLISHED)
    network = quarantine.kept_of(HERE, settings)
    for _ in range(10):
        await endorsements.endorse(tx, idea=idea, person_id=(await a_person(tx)).id, networks=[network], now=NOON)
    await quarantine.judge_news(tx, now=NOON)
    case = (await tx.scalars(select(Quarantine))).one()
    if state is not QuarantineState.COUNTED:
        case.signs = {"signs": ["new", "flooded"], "number": 10, "new": 10}
        await quarantine._set_apart(tx, [case])
        await quarantine._move(tx, [case], QuarantineState.APART, actor_id=None, now=NOON)
    return idea


async def shown(database: Database, idea: Idea) -> int:
    """The public number."""
    async with database.read() as db:
        return (await db.get_one(Idea, idea.id)).endorsement_count


@pytest.fixture
async def anna(database: Database, another: Browsers) -> Visitor:
    """A moderator's browser."""
    browser = another()
    async with database.write() as tx:
        await signed_in(tx, browser, (await a_moderator(tx, name="Anna")).person_id)
    return browser


async def test_who_gives_support_from_there_reads_that_a_person_looks_first(
    database: Database, settings: Settings, visitor: Visitor, anna: Visitor
) -> None:
    async with database.write() as tx:
        idea = await set_apart(tx, settings)
        await signed_in(tx, visitor, (await a_person(tx)).id, carries_grants=False)
    await visitor.open(f"/ideas/{idea.id}")
    await visitor.press("Ik steun dit idee")

    assert "Uw steun is binnen, maar telt nog niet mee." in visitor.text
    assert "Nog niemand steunt dit." in visitor.text
    assert await shown(database, idea) == 0

    await anna.open("/moderation")
    await anna.follow("Steun per verbinding")
    await anna.follow("Verbinding")
    assert ("Waarom dit apart staat" in anna.text, HERE in anna.text, "@" in anna.text) == (True, False, False)
    await anna.press("Laat deze steun meetellen", reason="")
    assert anna.status == 422
    await anna.press("Laat deze steun meetellen", reason="Dit is het dorpshuis.")

    assert "bekeken: telt mee" in anna.text
    assert await shown(database, idea) == 11
    await visitor.open(f"/ideas/{idea.id}")
    assert ("maar telt nog niet mee" in visitor.text, "11 inwoners steunen dit" in visitor.text) == (False, True)

    await anna.press("Tel deze steun niet mee", reason="Toch niet: niemand daar kent dit.")
    assert await shown(database, idea) == 0
    await visitor.open(f"/ideas/{idea.id}")
    assert "Uw steun telt niet mee." in visitor.text
    await visitor.press("Neem uw steun terug")
    assert await shown(database, idea) == 0


async def test_of_two_moderators_who_decide_the_second_hears_that_it_changed(
    database: Database, settings: Settings, anna: Visitor, another: Browsers
) -> None:
    bram = another()
    async with database.write() as tx:
        await set_apart(tx, settings)
        await signed_in(tx, bram, (await a_moderator(tx, name="Bram")).person_id)
    for browser in (anna, bram):
        await browser.open("/moderation/support")
        await browser.follow("Verbinding")

    await anna.press("Tel deze steun niet mee", reason="Nagebootst.")
    await bram.press("Tel deze steun niet mee", reason="Nagebootst.")

    assert (anna.status, bram.status) == (200, 409)


async def test_from_a_network_a_moderator_reaches_whoever_gave_support(
    database: Database, settings: Settings, anna: Visitor
) -> None:
    async with database.write() as tx:
        await set_apart(tx, settings, state=QuarantineState.COUNTED)
        newest = await tx.scalar(select(Endorsement.person_id).order_by(Endorsement.id.desc()).limit(1))
    await anna.open("/moderation/support")
    await anna.follow("Verbinding")
    assert "Deze steun telt mee." in anna.text
    await anna.follow("Blokkeer")
    why = {"ground": "faked_support", "explanation": "Onder tien adressen.", "sure": "1"}

    await anna.press("Blokkeer deze inwoner", **why)

    assert f"Blokkade van inwoner {newest}" in anna.text
    assert "Steun nabootsen" in anna.text


async def test_an_auditor_reads_along_and_another_panels_moderator_does_not(
    database: Database, settings: Settings, visitor: Visitor, another: Browsers
) -> None:
    elsewhere = another()
    async with database.write() as tx:
        await set_apart(tx, settings)
        case = (await tx.scalars(select(Quarantine))).one()
        await signed_in(tx, visitor, (await a_person(tx, role=Role.AUDITOR)).id)
        other = await a_person(tx, role=Role.MODERATOR, panel=await a_panel(tx))
        await signed_in(tx, elsewhere, other.id)
    await visitor.open(f"/moderation/support/{case.id}")
    assert (visitor.status, "Tel deze steun niet mee" in visitor.text) == (200, False)
    await elsewhere.open(f"/moderation/support/{case.id}")
    assert elsewhere.status == 404
    await elsewhere.open("/moderation/support")
    assert case.name not in elsewhere.text


@pytest.mark.parametrize("size", [1, 3])
async def test_the_list_asks_as_many_questions_for_one_network_as_for_three(
    database: Database, settings: Settings, anna: Visitor, statements: list[str], size: int
) -> None:
    async with database.write() as tx:
        for _ in range(size):
            consultation = await a_moderated_consultation(tx)
            tx.add(
                Quarantine(
                    consultation_id=consultation.id, network=None, name="A7F3", number=1, signs={}, opened_at=NOON
                )
            )
    statements.clear()

    await anna.open("/moderation/support")

    assert anna.text.count("Verbinding A7F3") == size
    assert len([one for one in statements if one.startswith("SELECT") and "quarantine" in one]) == 1


async def test_everybody_reads_how_much_stands_apart(database: Database, settings: Settings, visitor: Visitor) -> None:
    async with database.write() as tx:
        idea = await set_apart(tx, settings)
        slug = (await tx.get_one(Consultation, idea.consultation_id)).slug
    await visitor.open(f"/consultations/{slug}/moderation")
    assert "keer steun wacht op een mens" in visitor.text
