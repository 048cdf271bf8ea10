"""From an empty database to an idea in the box, with nothing but one command and the site itself."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner

from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.cli import main
from tests.klankbord.set_up.typed import AGREEMENT, PANEL, QUESTION, comes_in
from tests.moments import NOON
from tests.visitor import Visitor


@pytest.fixture
def command(settings: Settings) -> Callable[..., str]:
    """Runs a `klankbord` command on this test's database and gives what it printed."""
    environ = {"KLANKBORD_MODE": "test", "DATABASE_URL": settings.database_url, "KLANKBORD_MAIL": settings.mail}

    def run(*words: str) -> str:
        done = CliRunner(env=environ).invoke(main, words)
        return done.output

    return run


async def test_the_first_operator_comes_from_the_command(database: Database, command: Callable[..., str]) -> None:
    assert "Nobody holds a role" in await asyncio.to_thread(command, "roles")
    assert "not one e-mail address" in await asyncio.to_thread(command, "operator", "add", "beheer")

    for _twice in range(2):
        told = await asyncio.to_thread(command, "operator", "add", "beheer@waterveen.example", "--name", "Bea Heer")
        assert told.startswith("beheer@waterveen.example is an operator.")

    listed = await asyncio.to_thread(command, "roles")
    assert [line.split() for line in listed.splitlines()] == [
        ["operator", "everything", "beheer@waterveen.example", "Bea", "Heer"]
    ]


async def test_a_municipality_begins(
    another: Callable[[], Visitor], database: Database, clock: StandingClock, command: Callable[..., str]
) -> None:
    await asyncio.to_thread(command, "operator", "add", "beheer@waterveen.example")
    operator, secretary, resident = another(), another(), another()
    await comes_in(operator, database, "beheer@waterveen.example", now=NOON)
    await operator.follow("Inrichting")
    assert "Er is nog geen panel" in operator.text
    await operator.follow("Maak een panel")
    await operator.press("Maak dit panel", **PANEL)
    assert operator.path == "/desk/set-up/panels/klankbord-centrum-oost"
    assert "Wijs een secretaris aan" in operator.text
    await operator.press("Geef deze taak", role="secretary", name="Sam Sluis", email="sam@waterveen.example")
    assert "Wijs een secretaris aan" not in operator.text
    assert "Sam Sluis" in operator.text
    await operator.follow("Leg de afspraak vast")
    await operator.press("Leg de afspraak vast", **AGREEMENT)
    assert operator.path == "/panels/klankbord-centrum-oost/agreement"
    assert "48-17-03" in operator.text
    await operator.open("/desk/set-up")
    await operator.press("Geef deze taak", role="moderator", name="Mo", email="mo@waterveen.example")

    await comes_in(secretary, database, "sam@waterveen.example", now=NOON)
    await secretary.follow("Consultaties")
    await secretary.follow("Maak een concept")
    await secretary.follow("Plan eerst een bijeenkomst")
    await secretary.press("Plan de bijeenkomst", title="Eerste avond", starts_date="2027-01-11", starts_time="19:30")
    await secretary.open("/desk/consultations/new")
    assert "‘Eerste avond’: uiterlijk zondag 3 januari 2027, 19.30 uur" in secretary.text
    meeting_id = next(form for form in secretary.forms if "meeting_id" in form.fields)
    assert meeting_id.fields["meeting_id"] == [""]
    period = {"opens_date": "2026-12-02", "closes_date": "2026-12-16", "meeting_id": "1"}
    await secretary.press("Bewaar het concept", **QUESTION, **period)
    assert secretary.path == "/desk/consultations/1"
    assert "Kort van tevoren" not in secretary.text

    public = "/consultations/een-groener-centrum"
    for page in ("", "/expectations", "/ideas", "/themes", "/moderation", "/ideas/new?kind=idea"):
        assert (page, (await resident.open(public + page)).status_code) == (page, 404)
    await secretary.follow("Bekijk hoe inwoners dit gaan zien")
    assert (secretary.status, "Concept" in secretary.text) == (200, True)

    await secretary.open("/desk/consultations/1")
    await secretary.press("Kondig deze consultatie aan")
    assert "Insturen kan vanaf woensdag 2 december 2026, 9.00 uur" in secretary.text
    await resident.open("/")
    assert "Een groener centrum" in resident.text
    await resident.open(f"{public}/moderation")
    assert "Reclame" in resident.text

    clock.instant = NOON + timedelta(days=10)
    await resident.open(public)
    await resident.follow("Stuur een idee")
    await resident.follow("Schrijf uw idee")
    typed = {"title": "Een boom bij de sluis", "body": "Zet een boom bij de bank.", "email": "bo@waterveen.example"}
    await resident.press("Verstuur uw idee", **typed)
    assert resident.path == f"{public}/ideas/sent"
