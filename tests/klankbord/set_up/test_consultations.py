"""A secretary drafts, announces, extends, suspends and cancels; what people were told stays as it was."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.states import Role
from consultations.models import Consultation
from consultations.states import ConsultationState
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.events import EventRecord
from moderation.models import Ground
from panels.models import Meeting, Panel
from panels.states import MeetingState
from tests.builders import a_consultation, a_meeting, a_moderated_consultation, a_panel, put
from tests.klankbord.set_up.typed import QUESTION
from tests.moments import CLOSES, NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor

PERIOD = {"opens_date": "2026-12-02", "closes_date": "2026-12-04", "closes_time": "12:00"}


@pytest.fixture
async def meeting(database: Database) -> Meeting:
    """In three weeks, on 14 December at noon: its agenda is settled on the 6th."""
    async with database.write() as tx:
        return await a_meeting(tx, panel=await a_panel(tx, slug="waterveen"), title="Eerste avond")


@pytest.fixture
async def secretary(visitor: Visitor, database: Database, meeting: Meeting) -> Visitor:
    async with database.read() as db:
        panel = await db.get_one(Panel, meeting.panel_id)
    await signed_in(visitor, database, Role.SECRETARY, panel)
    return visitor


async def drafted(secretary: Visitor, meeting: Meeting, **other: str) -> None:
    await secretary.open("/desk/consultations/new")
    await secretary.press("Bewaar het concept", **QUESTION | PERIOD | {"meeting_id": str(meeting.id)} | other)


async def the_only(database: Database) -> Consultation:
    async with database.read() as db:
        return (await db.scalars(select(Consultation))).one()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "Geef de consultatie een titel."),
        ({"question": ""}, "Schrijf de vraag op die u aan inwoners stelt."),
        ({"results_when": ""}, "Inwoners lezen dit voor zij iets insturen."),
        ({"slug": "een vraag"}, "Gebruik alleen kleine letters"),
        ({"slug": "bestaat-al"}, "Dit adres is al van een andere consultatie."),
        ({"meeting_id": ""}, "Kies de bijeenkomst waarvoor de ideeën zijn."),
        ({"meeting_id": "99"}, "Kies de bijeenkomst waarvoor de ideeën zijn."),
        ({"opens_date": ""}, "Vul een datum en een tijd in"),
        ({"opens_date": "2026-11-01"}, "Deze datum is al voorbij."),
        ({"closes_date": "2026-12-01"}, "De consultatie moet sluiten nadat zij is opengegaan."),
        ({"closes_date": "2026-12-07"}, "De agenda staat vast op zondag 6 december 2026, 12.00 uur"),
    ],
)
async def test_a_mistake_in_a_draft_is_told_and_everything_typed_is_kept(
    secretary: Visitor, database: Database, meeting: Meeting, wrong: dict[str, str], told: str
) -> None:
    async with database.write() as tx:
        await a_consultation(tx, slug="bestaat-al")

    await drafted(secretary, meeting, **wrong)

    assert (secretary.status, told in secretary.text) == (422, True)
    [form] = [one for one in secretary.forms if "closes_date" in one.fields]
    typed = QUESTION | PERIOD | wrong
    assert {name: form.fields[name] for name in typed if typed[name] and name != "meeting_id"} == {
        name: [value] for name, value in typed.items() if value and name != "meeting_id"
    }
    assert (await the_only(database)).slug == "bestaat-al"


async def test_a_draft_goes_to_a_later_meeting_with_a_later_close(
    secretary: Visitor, database: Database, meeting: Meeting
) -> None:
    async with database.write() as tx:
        panel = await tx.get_one(Panel, meeting.panel_id)
        later = await a_meeting(tx, panel=panel, starts_at=NOON + timedelta(days=60))
    await drafted(secretary, meeting)
    await secretary.follow("Wijzig het concept")

    await secretary.press("Bewaar het concept", meeting_id=str(later.id), closes_date="2026-12-20")

    found = await the_only(database)
    assert (found.meeting_id, found.closes_at.date().isoformat()) == (later.id, "2026-12-20")
    assert found.agenda_deadline_at == NOON + timedelta(days=52)


async def test_a_draft_is_rewritten_until_it_is_announced(
    secretary: Visitor, database: Database, meeting: Meeting
) -> None:
    await drafted(secretary, meeting)
    await secretary.follow("Wijzig het concept")
    edit = secretary.path
    await secretary.press("Bewaar het concept", question="Waar mist u een bank?", opens_date="2026-12-07")
    assert (secretary.status, "Waar mist u een bank?" in secretary.text) == (422, True)
    await secretary.press("Bewaar het concept", opens_date="2026-11-25", opens_time="10:00", policy="publish_at_once")
    assert "Dit gaat binnen zeven dagen open." in secretary.text
    assert "Er is nog geen moderator." in secretary.text
    found = await the_only(database)
    assert (found.question, found.policy.value, found.opens_at.isoformat()) == (
        "Waar mist u een bank?",
        "publish_at_once",
        "2026-11-25T09:00:00+00:00",
    )
    assert found.agenda_deadline_at == NOON + timedelta(days=13)

    await secretary.press("Kondig deze consultatie aan")

    assert (await the_only(database)).state is ConsultationState.ANNOUNCED
    for address in (edit, edit.replace("edit", "grounds")):
        await secretary.open(address)
        assert (secretary.status, "no_longer_draft" in secretary.text) == (409, True)


async def test_a_draft_and_its_announcement_leave_their_facts(
    secretary: Visitor, database: Database, meeting: Meeting
) -> None:
    await drafted(secretary, meeting)
    another_tab = secretary.page
    await secretary.open(secretary.path)
    await secretary.press("Kondig deze consultatie aan")
    secretary.page = another_tab
    await secretary.press("Kondig deze consultatie aan")
    assert secretary.status == 409

    async with database.read() as db:
        facts = await db.scalars(
            select(EventRecord.name).where(EventRecord.subject == "consultation:1").order_by(EventRecord.id)
        )
        assert list(facts) == ["consultation.drafted", "consultation.announced"]


async def test_grounds_can_be_rewritten_until_the_announcement_fixes_them(
    secretary: Visitor, database: Database, meeting: Meeting
) -> None:
    await drafted(secretary, meeting)
    await secretary.follow("Wijzig de redenen")
    page, address = secretary.page, secretary.path
    await secretary.press("Bewaar de redenen", title_commercial="Verkoop", wording_commercial="")
    assert (secretary.status, "Verkoop" in secretary.text) == (422, True)
    await secretary.press("Bewaar de redenen", wording_commercial="U verkoopt iets.")
    assert "U verkoopt iets." in secretary.text
    await secretary.press("Kondig deze consultatie aan")

    secretary.page = page
    await secretary.press("Bewaar de redenen", title_commercial="Toch anders")

    assert (secretary.status, secretary.path) == (409, address)
    async with database.read() as db:
        titles = {ground.code: ground.title for ground in await db.scalars(select(Ground))}
    assert (len(titles), titles["commercial"]) == (7, "Verkoop")


async def test_a_draft_whose_opening_passed_needs_a_later_one(
    secretary: Visitor, database: Database, meeting: Meeting, clock: StandingClock
) -> None:
    await drafted(secretary, meeting, opens_date="2026-11-24")
    page = secretary.page
    clock.move(timedelta(days=2))

    async with database.read() as db:
        panel = await db.get_one(Panel, meeting.panel_id)
    await signed_in(secretary, database, Role.SECRETARY, panel, now=clock.now())
    secretary.page = page
    await secretary.press("Kondig deze consultatie aan")

    assert (secretary.status, "opens_in_the_past" in secretary.text) == (409, True)
    await secretary.open("/desk/consultations/1")
    assert "Kondig deze consultatie aan" not in secretary.text
    assert (await the_only(database)).state is ConsultationState.DRAFT


async def test_a_draft_needs_a_meeting_that_is_held(secretary: Visitor, database: Database, meeting: Meeting) -> None:
    await drafted(secretary, meeting)
    page = secretary.page
    async with database.write() as tx:
        (await tx.get_one(Meeting, meeting.id)).reason = "De zaal is bezet."
        await put(tx, await tx.get_one(Meeting, meeting.id), MeetingState.CANCELLED)

    await secretary.press("Kondig deze consultatie aan")

    assert (secretary.status, "meeting_off" in secretary.text) == (409, True)
    await secretary.open(page.url.path)
    assert "Kondig deze consultatie aan" not in secretary.text
    await secretary.open(f"{page.url.path}/edit")
    await secretary.press("Bewaar het concept")
    assert (secretary.status, "Kies de bijeenkomst" in secretary.text) == (422, True)
    assert (await the_only(database)).state is ConsultationState.DRAFT


async def open_one(database: Database, meeting: Meeting, **given: object) -> Consultation:
    """Open until a week after NOON, six days before its agenda is settled."""
    async with database.write() as tx:
        panel = await tx.get_one(Panel, meeting.panel_id)
        deadline = NOON + timedelta(days=13)
        return await a_moderated_consultation(
            tx, panel=panel, meeting=meeting, slug="vraag", agenda_deadline_at=deadline, **given
        )


async def test_an_extension_is_shown_with_the_old_date(
    secretary: Visitor, another: Callable[[], Visitor], database: Database, meeting: Meeting
) -> None:
    consultation = await open_one(database, meeting)
    await secretary.open(f"/desk/consultations/{consultation.id}")
    await secretary.follow("Verleng, leg stil of annuleer")
    wrong = (
        ({"closes_date": "2026-12-02"}, "Schrijf op waarom."),
        ({"closes_date": "2026-11-29", "reason": "Vakantie."}, "De nieuwe sluitingstijd moet later zijn dan de oude."),
        ({"closes_date": "2026-12-07", "reason": "Vakantie."}, "moet sluiten voordat de agenda"),
        ({"closes_date": "", "reason": "Vakantie."}, "Vul een datum en een tijd in"),
    )
    for typed, told in wrong:
        await secretary.press("Verleng de consultatie", **{"reason": "", **typed})
        assert (secretary.status, told in secretary.text) == (422, True), told
    assert "Vakantie." in secretary.text
    assert (await the_only(database)).closes_at == CLOSES

    await secretary.press("Verleng de consultatie", closes_date="2026-12-02")

    assert "De oude sluitingstijd was: maandag 30 november 2026, 12.00 uur" in secretary.text
    anybody = another()
    await anybody.open("/consultations/vraag")
    assert "De oude sluitingstijd was: maandag 30 november 2026, 12.00 uur" in anybody.text
    assert "Vakantie." in anybody.text
    assert (await the_only(database)).closes_at == datetime.fromisoformat("2026-12-02T12:00+01:00")


async def test_a_consultation_is_suspended_resumed_and_cancelled_with_a_public_reason(
    secretary: Visitor, another: Callable[[], Visitor], database: Database, meeting: Meeting
) -> None:
    consultation = await open_one(database, meeting)
    change, anybody = f"/desk/consultations/{consultation.id}/change", another()
    await secretary.open(change)
    await secretary.press("Leg de consultatie stil", suspend_reason="")
    assert (secretary.status, "#f-suspend_reason" in secretary.text) == (422, True)
    await secretary.press("Leg de consultatie stil", suspend_reason="De dijk is doorgebroken.")
    await anybody.open("/consultations/vraag")
    assert "De dijk is doorgebroken." in anybody.text

    await secretary.open(change)
    assert "Verleng de consultatie" not in secretary.text
    await secretary.press("Ga verder met deze consultatie")
    assert (await the_only(database)).state is ConsultationState.ANNOUNCED

    await secretary.open(change)
    await secretary.press("Annuleer de consultatie", cancel_reason="Het plan is van tafel.")
    await anybody.open("/consultations/vraag")
    assert "Het plan is van tafel." in anybody.text
    await secretary.open(change)
    assert secretary.status == 404
    await secretary.open("/desk/consultations")
    assert "Gaat niet door" in secretary.text


async def test_a_draft_can_neither_be_cancelled_nor_resumed_into_the_open(
    secretary: Visitor, another: Callable[[], Visitor], database: Database, meeting: Meeting
) -> None:
    consultation = await open_one(database, meeting)
    await secretary.open(f"/desk/consultations/{consultation.id}/change")
    cancel = secretary.page
    await secretary.press("Leg de consultatie stil", suspend_reason="Even wachten.")
    await secretary.open(f"/desk/consultations/{consultation.id}/change")
    resume = secretary.page
    async with database.write() as tx:
        await put(tx, await tx.get_one(Consultation, consultation.id), ConsultationState.DRAFT)

    for page, button, typed in (
        (cancel, "Annuleer de consultatie", {"cancel_reason": "Nee."}),
        (resume, "Ga verder", {}),
    ):
        secretary.page = page
        await secretary.press(button, **typed)
        assert (secretary.status, "illegal_move" in secretary.text) == (409, True)
    assert (await the_only(database)).state is ConsultationState.DRAFT
