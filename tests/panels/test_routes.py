from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from accounts.states import Role
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database
from panels.models import Meeting, Panel
from panels.states import ItemState, MeetingState
from tests.builders import (
    a_consultation,
    a_meeting,
    a_panel,
    a_point,
    a_recommendation,
    a_response,
    a_theme,
    an_agreement,
    an_idea,
    put,
)
from tests.moments import CLOSES, NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor
from themes.models import Theme


@dataclass
class Place:
    """A panel that meets in three weeks, and a theme of two ideas."""

    panel: Panel
    meeting: Meeting
    consultation: Consultation
    theme: Theme
    ideas: list[Idea]


@pytest.fixture
async def place(database: Database) -> Place:
    async with database.write() as tx:
        panel = await a_panel(tx, slug="waterveen")
        await an_agreement(tx, panel=panel)
        meeting = await a_meeting(tx, panel=panel, number=3, title="Een leefbare buurt", minutes_long=60)
        consultation = await a_consultation(tx, panel=panel, meeting=meeting, closes_at=CLOSES)
        found = [
            await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title=title)
            for title in ("Een bankje bij de sluis", "Schaduw op het plein")
        ]
        theme = await a_theme(tx, consultation=consultation, ideas=found, name="Even zitten")
        return Place(panel, meeting, consultation, theme, found)


async def test_the_secretary_makes_settles_and_publishes_an_agenda(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, place: Place
) -> None:
    await signed_in(visitor, database, Role.SECRETARY, place.panel)
    builder = f"/desk/meetings/{place.meeting.id}"
    await visitor.open(builder)
    assert "De agenda is nog leeg" in visitor.text
    await visitor.follow("Zet op de agenda")
    await visitor.press("Zet op de agenda", question="Waar eerst?", minutes="kwartier")
    assert visitor.status == 422
    assert "Waar eerst?" in visitor.text
    await visitor.press("Zet op de agenda", minutes="45")
    assert visitor.path == builder
    await visitor.follow("Voeg een ander punt toe")
    await visitor.press("Zet op de agenda", title="Opening", minutes="20", is_confidential="1")
    assert "5 minuten te veel" in visitor.text
    await visitor.press("Omhoog: Opening")
    assert visitor.text.index("Opening") < visitor.text.index("Even zitten")
    anybody = another()
    public = "/panels/waterveen/meetings/3"
    await anybody.open(public)
    assert "Even zitten" not in anybody.text

    await visitor.press("Zet de agenda vast")
    await visitor.press("Publiceer de agenda")
    await anybody.open(public)

    assert "Waar eerst?" in anybody.text
    assert "Een bankje bij de sluis" in anybody.text
    assert "Besloten punt" in anybody.text
    assert "Opening" not in anybody.text
    assert "12.20 uur" in anybody.text


async def test_a_point_or_theme_leaves_only_with_a_reason(visitor: Visitor, database: Database, place: Place) -> None:
    await signed_in(visitor, database, Role.SECRETARY, place.panel)
    await visitor.open(f"/desk/meetings/{place.meeting.id}")
    await visitor.follow("Zet op de agenda")
    await visitor.press("Laat dit thema weg")
    assert visitor.status == 422
    await visitor.press("Zet op de agenda", minutes="15")
    await visitor.follow("Wijzig of haal weg")
    await visitor.press("Haal het punt van de agenda")
    assert visitor.status == 422

    await visitor.press("Haal het punt van de agenda", reason="De spreker is ziek.")

    assert "De spreker is ziek." in visitor.text
    await visitor.follow("Zet op de agenda")
    await visitor.press("Laat dit thema weg", reason="Hierover ging advies 3.")
    assert "Hierover ging advies 3." in visitor.text
    assert "hebben een plaats of een reden" in visitor.text


async def test_minutes_become_advice_and_an_answer_and_the_author_can_follow_it_all(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, clock: StandingClock, place: Place
) -> None:
    async with database.write() as tx:
        meeting = await tx.get_one(Meeting, place.meeting.id)
        await a_point(tx, meeting=meeting, ideas=place.ideas, title="Even zitten", theme_id=place.theme.id, position=1)
        await put(tx, meeting, MeetingState.AGENDA_PUBLISHED)
        receipt = await ideas.receipt_link(tx, idea_id=place.ideas[0].id, now=NOON)
    clock.move(timedelta(days=22))
    await signed_in(visitor, database, Role.SECRETARY, place.panel, now=clock.now())

    await visitor.open(f"/desk/meetings/{place.meeting.id}")
    await visitor.press("De bijeenkomst is gehouden")
    await visitor.follow("Werk aan het verslag")
    await visitor.follow("Leg de uitkomst vast")
    await visitor.press("Leg de uitkomst vast", outcome="kept", reason="Er is meer tijd nodig.")
    assert visitor.status == 422  # there is no next meeting
    await visitor.press(
        "Leg de uitkomst vast", outcome="discussed", what_was_said="Iedereen wil zitten.", advice="Zet bankjes neer."
    )
    await visitor.press("Publiceer het verslag")
    await visitor.follow("Maak er een advies van")
    assert "Zet bankjes neer." in visitor.text
    await visitor.press("Bewaar het concept", title="Bankjes in elke wijk")
    advice = visitor.path
    await visitor.press("Stel de tekst vast")
    await visitor.press("Leg de stemming vast", votes_for="20", votes_against="4")
    await visitor.press("Bied het advies aan")
    assert visitor.path == advice

    commissioner = another()
    await signed_in(commissioner, database, Role.COMMISSIONER, place.panel, now=clock.now())
    await commissioner.open("/desk/responses")
    await commissioner.follow("Bankjes in elke wijk")
    await commissioner.press("Publiceer uw reactie", state="accepted", reasons="Een goed plan.")
    assert commissioner.status == 422
    assert "Een goed plan." in commissioner.text
    await commissioner.press("Publiceer uw reactie", owner="Beheer", done_by="2027-06-01", state="accepted")
    assert commissioner.path.startswith("/recommendations/")
    await commissioner.follow("Vertel hoe ver het is")
    await commissioner.press("Publiceer dit bericht", text="De eerste tien staan er.")

    author = another()
    await author.open(receipt)
    for words in (
        place.ideas[0].number,
        "dan kan mijn moeder weer een rondje lopen",
        "Thema: Even zitten",
        "Iedereen wil zitten.",
        "Advies 1: Bankjes in elke wijk",
        "Een goed plan.",
        "Beheer voert dit uit.",
        "dinsdag 1 juni 2027",
    ):
        assert words in author.text
    assert author.page.headers["x-robots-tag"] == "noindex, nofollow"
    assert f'data-live="receipt:{place.ideas[0].id}"' in author.text
    await author.follow("Lees het hele antwoord")
    for words in ("83 procent voor", "De eerste tien staan er.", "Een bankje bij de sluis", "overgenomen"):
        assert words in author.text


async def test_a_receipt_of_a_rejected_idea_leads_to_the_decision(
    visitor: Visitor, database: Database, place: Place
) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=place.consultation, state=IdeaState.REJECTED)
        receipt = await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)

    await visitor.open(receipt)

    assert ("Lees het besluit en de reden", f"{receipt}/decision") in [
        (words, address.removeprefix("http://panel.test")) for words, address in visitor.links
    ]
    assert "bezwaar" in visitor.text
    assert "Trek mijn inzending in" not in visitor.text


async def test_a_receipt_needs_its_own_secret(visitor: Visitor, place: Place) -> None:
    await visitor.open("/receipts/geraden")

    assert visitor.status == 410


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (None, (401, 401, 401, 404)),
        (Role.MEMBER, (403, 403, 403, 404)),
        (Role.CHAIR, (200, 403, 403, 404)),
        (Role.SECRETARY, (200, 200, 403, 404)),
        (Role.COMMISSIONER, (403, 403, 200, 404)),
    ],
)
async def test_work_in_preparation_is_for_those_who_do_it(
    visitor: Visitor, database: Database, place: Place, role: Role | None, statuses: tuple[int, ...]
) -> None:
    async with database.write() as tx:
        point = await a_point(tx, meeting=place.meeting, state=ItemState.DISCUSSED)
        advice = await a_recommendation(tx, point=point, panel=place.panel)
        response = await a_response(tx, recommendation=advice)
        other = await a_meeting(tx, panel=await a_panel(tx))
    if role is not None:
        await signed_in(visitor, database, role, place.panel)
    pages = (
        f"/desk/meetings/{place.meeting.id}",
        f"/desk/points/{point.id}/minutes",
        f"/desk/responses/{response.id}",
        f"/panels/waterveen/meetings/{other.number}",
    )

    found = []
    for page in pages:
        answer = await visitor.http.get(page, follow_redirects=False)
        found.append(401 if answer.status_code == 303 else answer.status_code)

    assert tuple(found) == statuses


async def test_another_panels_meeting_looks_as_if_it_were_not_there(
    visitor: Visitor, database: Database, place: Place
) -> None:
    async with database.write() as tx:
        other = await a_meeting(tx, panel=await a_panel(tx))
    await signed_in(visitor, database, Role.SECRETARY, place.panel)

    await visitor.open(f"/desk/meetings/{other.id}")

    assert visitor.status == 404


async def test_the_secretary_plans_moves_and_calls_off_a_meeting(
    visitor: Visitor, database: Database, place: Place
) -> None:
    await signed_in(visitor, database, Role.SECRETARY, place.panel)
    await visitor.open("/desk/meetings")
    await visitor.press("Plan de bijeenkomst", title="Water", starts_date="2027-02-01", starts_time="half acht")
    assert visitor.status == 422
    await visitor.press("Plan de bijeenkomst", starts_time="19:30", place="De Sluis")
    assert "maandag 1 februari 2027, 19.30 uur" in visitor.text
    await visitor.press("Roep de leden bijeen")
    await visitor.follow("Verplaats of annuleer")

    await visitor.press("Verplaats de bijeenkomst", starts_date="2027-02-08", reason="De zaal is bezet.")
    assert "maandag 8 februari 2027, 19.30 uur" in visitor.text
    await visitor.follow("Verplaats of annuleer")
    await visitor.press("Annuleer de bijeenkomst", why="Te weinig leden.")

    await visitor.open("/panels/waterveen/meetings/4")
    assert "Deze bijeenkomst gaat niet door" in visitor.text
    assert "Te weinig leden." in visitor.text


async def test_members_read_the_briefing_and_others_do_not(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, place: Place
) -> None:
    secretary = another()
    await signed_in(secretary, database, Role.SECRETARY, place.panel)
    async with database.write() as tx:
        meeting = await tx.get_one(Meeting, place.meeting.id)
        await put(tx, meeting, MeetingState.AGENDA_PUBLISHED)
        await a_point(tx, meeting=meeting, ideas=place.ideas, title="Even zitten", position=1, is_confidential=True)
    await secretary.open(f"/desk/meetings/{place.meeting.id}")
    await secretary.press("Maak de vergaderstukken")
    briefing = secretary.path

    await visitor.open(briefing)
    assert visitor.path == "/sign-in"
    await signed_in(visitor, database, Role.MEMBER, place.panel)
    await visitor.open(briefing)

    assert "Even zitten" in visitor.text
    assert "2 nieuw sinds de vorige bijeenkomst" in visitor.text
    await visitor.open("/desk")
    assert "Lees de vergaderstukken" in visitor.text


async def test_a_calendar_file_is_offered(visitor: Visitor, place: Place) -> None:
    await visitor.open("/panels/waterveen/meetings/3")
    await visitor.follow("Zet in uw agenda")

    assert visitor.page.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"UID:meeting-{place.meeting.id}@panel.test" in visitor.text


async def test_an_overdue_response_shows_by_itself(
    visitor: Visitor, database: Database, clock: StandingClock, place: Place
) -> None:
    async with database.write() as tx:
        point = await a_point(tx, meeting=place.meeting, state=ItemState.DISCUSSED)
        advice = await a_recommendation(tx, point=point, panel=place.panel)
        await a_response(tx, recommendation=advice, due_at=NOON)

    await visitor.open("/recommendations")
    assert "reactietermijn overschreden" not in visitor.text
    clock.move(timedelta(seconds=1))
    await visitor.open("/recommendations")

    assert "reactietermijn overschreden" in visitor.text
