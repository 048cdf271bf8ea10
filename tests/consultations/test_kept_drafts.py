"""A text that is not finished: kept once, found again by its link, on any device; nobody but its writer reads it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts import belongings
from accounts.models import Person
from consultations import kept_drafts, writing_queries
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaState
from consultations.writing_models import KeptDraft
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.events import EventRecord
from tests.builders import a_consultation, a_person, put
from tests.consultations.test_routes import sign_in
from tests.moments import CLOSES, NOON
from tests.visitor import Visitor

BEGUN = "Zet bankjes langs de kade, want mijn moeder"
WHOLE = "Zet bankjes langs de kade, want mijn moeder loopt slecht."
MAILBOX = "nieuw@waterveen.example"
KEEP, SAVE, SEND = "Bewaar en mail mij een link", "Bewaar mijn tekst", "Verstuur uw idee"


@pytest.fixture
async def consultation(database: Database) -> Consultation:
    """An open consultation at /consultations/kade."""
    async with database.write() as tx:
        return await a_consultation(tx, slug="kade")


async def drafts(database: Database) -> list[KeptDraft]:
    async with database.read() as db:
        return list(await db.scalars(select(KeptDraft).order_by(KeptDraft.id)))


async def begin(visitor: Visitor, **typed: Any) -> None:
    await visitor.open("/consultations/kade/ideas/new")
    given = {"body": BEGUN, "email": MAILBOX, **typed}
    await visitor.press(KEEP, **{name: value for name, value in given.items() if value is not None})


async def link_of(database: Database) -> str:
    async with database.write() as tx:
        [draft] = await tx.scalars(select(KeptDraft))
        return await kept_drafts.link(tx, draft=draft, now=draft.kept_at)


async def asked(database: Database) -> int:
    async with database.read() as db:
        wanted = select(func.count()).where(EventRecord.name == "draft.link_asked")
        return await db.scalar(wanted) or 0


async def test_a_text_begun_on_one_device_is_finished_and_sent_in_on_another(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, consultation: Consultation
) -> None:
    await begin(visitor, place="Veenkade")
    assert (visitor.status, visitor.path) == (200, "/consultations/kade/drafts/kept")
    assert MAILBOX in visitor.text
    phone = another()
    link = await link_of(database)
    await phone.open(link)
    assert "Open mijn tekst" in phone.text
    assert BEGUN not in phone.text
    await phone.press("Open mijn tekst")
    assert phone.path == f"/drafts/{(await drafts(database))[0].id}"
    assert (BEGUN in phone.text, "Veenkade" in phone.text) == (True, True)
    await phone.press(SAVE, body=WHOLE)
    assert "Uw tekst is bewaard" in phone.text

    await phone.press(SEND)

    async with database.read() as db:
        [idea] = await db.scalars(select(Idea))
    assert (idea.state, idea.body, idea.place) == (IdeaState.RECEIVED, WHOLE, "Veenkade")
    assert phone.path.startswith("/receipts/")
    assert await drafts(database) == []
    await phone.open(link)
    assert phone.status == 410
    assert "De link is al een keer gebruikt" in phone.text


async def test_going_back_and_keeping_again_is_one_text_and_one_letter(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await visitor.open("/consultations/kade/ideas/new")
    form = visitor.page
    for body in (BEGUN, BEGUN, WHOLE):
        visitor.page = form
        await visitor.press(KEEP, body=body, email=MAILBOX)
        assert visitor.path == "/consultations/kade/drafts/kept"

    assert [draft.fields["body"] for draft in await drafts(database)] == [WHOLE]
    assert await asked(database) == 1

    visitor.page = form
    await visitor.press(SEND, body=WHOLE, email=MAILBOX)

    assert visitor.path == "/consultations/kade/ideas/sent"
    assert await drafts(database) == []


async def test_keeping_asks_for_a_text_and_an_address_and_for_nothing_else(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await begin(visitor, body="", email="")
    assert visitor.status == 422
    assert ("Schrijf eerst iets op." in visitor.text, "Daar sturen wij de link naartoe" in visitor.text) == (True, True)
    await visitor.press(KEEP, title="Alleen een titel", body="", email=MAILBOX)
    assert visitor.path == "/consultations/kade/drafts/kept"
    await begin(visitor, body="lang " * 3_000)
    assert [len(draft.fields["body"]) for draft in await drafts(database)] == [0, 14_999]


async def test_a_text_is_its_writers_alone(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        writer, other = await a_person(tx), await a_person(tx)
    await sign_in(visitor, database, writer)
    await begin(visitor, email=None)
    assert "Wij stuurden u ook een e-mail met een link" in visitor.text
    place = visitor.path
    await visitor.open("/consultations/kade/ideas/new")
    assert "U begon hier eerder aan een tekst" in visitor.text
    await visitor.open("/account")
    await visitor.follow("Wat u begon te schrijven")
    assert BEGUN in visitor.text

    stranger, neighbour = another(), another()
    await stranger.open(place)
    assert stranger.path == "/sign-in"
    await sign_in(neighbour, database, other)
    for address in (place, f"{place}/mail", f"{place}/discard"):
        await neighbour.open("/drafts")
        token = next(form.fields["_csrf_token"][0] for form in neighbour.forms if "_csrf_token" in form.fields)
        answer = await neighbour.http.post(address, data={"_csrf_token": token}, headers={"origin": neighbour.site})
        assert answer.status_code == 404
    await neighbour.open(place)
    assert neighbour.status == 404


async def test_what_was_kept_with_an_address_alone_is_nobodys_until_its_link_is_used(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        victim = await a_person(tx, email=MAILBOX)
    await begin(visitor)
    theirs = another()
    await sign_in(theirs, database, victim)

    await theirs.open("/drafts")
    assert "U hebt geen bewaarde teksten" in theirs.text
    await theirs.open(await link_of(database))
    await theirs.press("Open mijn tekst")
    await theirs.open("/drafts")
    assert BEGUN in theirs.text


async def test_two_devices_never_write_over_each_other_unseen(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        writer = await a_person(tx)
    phone = another()
    for device in (visitor, phone):
        await sign_in(device, database, writer)
    await begin(visitor, email=None)
    await phone.open(visitor.path)
    await phone.press(SAVE, body="Op de telefoon.")

    await visitor.press(SAVE, body="Op de computer.")

    assert visitor.status == 409
    assert ("Op de telefoon." in visitor.text, "Op de computer." in visitor.text) == (True, True)
    assert [draft.fields["body"] for draft in await drafts(database)] == ["Op de telefoon."]
    await visitor.press(SEND)  # what stands in the form now, knowing of the other
    async with database.read() as db:
        assert await db.scalar(select(Idea.body)) == "Op de computer."

    await phone.press(SEND, body="Op de telefoon, later.")
    assert phone.status == 409
    assert "al ingestuurd of weggegooid" in phone.text
    await phone.press(SEND)
    async with database.read() as db:
        assert await db.scalar(select(func.count(Idea.id))) == 2


async def test_a_text_stays_while_the_consultation_stands_still_and_goes_when_its_writer_says_so(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        writer = await a_person(tx)
    await sign_in(visitor, database, writer)
    await begin(visitor, email=None)
    async with database.write() as tx:
        asked_about = await tx.get_one(Consultation, consultation.id)
        asked_about.state_reason = "Er is een fout in de vraag."
        await put(tx, asked_about, ConsultationState.SUSPENDED)
    place = visitor.path
    await visitor.open(place)
    assert (visitor.status, SEND in visitor.text, BEGUN in visitor.text) == (200, False, True)
    await visitor.press(SAVE, body=WHOLE)
    assert "Uw tekst is bewaard" in visitor.text

    await visitor.open("/drafts")
    await visitor.press("Gooi weg")
    assert "Weet u zeker dat u dit weggooit?" in visitor.text
    await visitor.press("Ja, gooi mijn tekst weg")

    assert "De tekst is weggegooid" in visitor.text
    assert await drafts(database) == []


async def test_five_letters_a_day_bring_a_link_and_no_more(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    for _ in range(kept_drafts.A_DAY):
        await begin(visitor)
        assert visitor.path == "/consultations/kade/drafts/kept"

    await begin(visitor)

    assert visitor.status == 422
    assert "al 5 keer een link gevraagd" in visitor.text
    assert BEGUN in visitor.text
    assert (len(await drafts(database)), await asked(database)) == (5, 5)


async def test_using_the_link_confirms_the_address_and_signs_a_resident_in(
    visitor: Visitor, database: Database, consultation: Consultation, clock: StandingClock
) -> None:
    await begin(visitor)
    await visitor.open(await link_of(database))
    await visitor.press("Open mijn tekst")

    async with database.read() as db:
        person = await db.scalar(select(Person).where(Person.mailbox == MAILBOX))
    assert person is not None
    assert person.confirmed_at == NOON
    clock.move(timedelta(days=8))
    await visitor.open("/drafts")
    assert "gaat naar de volgende bijeenkomst" in visitor.text


@pytest.mark.parametrize(
    ("before_close", "rested", "is_warned"),
    [
        (timedelta(days=3), timedelta(days=1), True),
        (timedelta(days=3, seconds=1), timedelta(days=4), False),
        (timedelta(seconds=1), timedelta(days=2), True),
        (timedelta(0), timedelta(days=2), False),
        (timedelta(days=1), timedelta(hours=23, minutes=59), False),
    ],
)
async def test_whoever_left_a_text_lying_is_warned_from_three_days_before_the_close(
    database: Database, before_close: timedelta, rested: timedelta, is_warned: bool
) -> None:
    now = CLOSES - before_close
    async with database.write() as tx:
        asked_about, writer = await a_consultation(tx), await a_person(tx)
        tx.add(
            KeptDraft(
                consultation=asked_about, person=writer, fields={"body": BEGUN}, created_at=NOON, kept_at=now - rested
            )
        )
        await tx.flush()

        assert len(await kept_drafts.to_warn_of(tx, now=now)) == is_warned
        assert await kept_drafts.to_warn_of(tx, now=now) == []
        asked_about.closes_at = CLOSES + timedelta(days=2)  # it was extended: a new close, a new warning
        await tx.flush()
        later = CLOSES + timedelta(days=1)
        assert len(await kept_drafts.to_warn_of(tx, now=later)) == 1


async def test_a_text_that_lies_still_is_warned_of_after_83_days_and_goes_after_90(database: Database) -> None:
    async with database.write() as tx:
        begun = {"fields": {"body": BEGUN}, "created_at": NOON, "kept_at": NOON}
        tx.add(KeptDraft(consultation=await a_consultation(tx), person=await a_person(tx), **begun))
        await tx.flush()
        for days, warned, gone in ((82, 0, 0), (83, 1, 0), (84, 0, 0), (89, 0, 0), (90, 0, 1)):
            now = NOON + timedelta(days=days)
            assert len(await kept_drafts.to_warn_that_they_go(tx, now=now)) == warned, days
            assert await belongings.throw_away_old(tx, now=now) == gone, days


async def test_a_days_warning_asks_the_database_once(database: Database, statements: list[str]) -> None:
    async with database.read() as db:
        statements.clear()
        assert await writing_queries.drafts_to_warn_of(db, now=NOON) == []
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
