"""In a real browser: following at each cadence and stopping, with only a keyboard; a late idea on the next meeting."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, sign_in, wait_for
from tests.journeys.site import Site, link_in

SLUG = "leefbaar-en-bereikbaar"
CADENCES = ("elke dag", "meteen", "alleen voor een bijeenkomst", "niets", "elke week")
PATIENT = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def own_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own with what the other has: its clock is moved past the close."""
    copy = Site(tmp_path_factory.mktemp("rounds"))
    with (
        closing(sqlite3.connect(site.folder / "klankbord.db")) as there,
        closing(sqlite3.connect(copy.folder / "klankbord.db")) as here,
    ):
        there.backup(here)
    wait_for(copy.serve())
    yield copy
    copy.stop()


def letter(site: Site, to: str, about: str) -> str:
    return wait_for(site.letter(to=to, about=about))


def type_choice(page: Page, label: str, choice: str) -> None:
    """Choose in a list the way a keyboard does: go there, and type how the choice begins."""
    page.get_by_label(label).focus()
    page.keyboard.press("Home")
    for _ in range(len(CADENCES)):
        if page.get_by_label(label).evaluate("one => one.selectedOptions[0].text") == choice:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {choice!r} in {label!r}")


def press_enter_on(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")


@PATIENT
@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_follows_at_each_cadence_and_stops(window: Window, own_site: Site, javascript: bool) -> None:
    page, email = window(javascript=javascript).new_page(), f"volgt-{javascript}@waterveen.example".lower()
    page.goto(f"{own_site.url}/consultations/{SLUG}")
    page.get_by_label("Uw e-mailadres").focus()
    page.keyboard.type(email)
    type_choice(page, "Hoe vaak wilt u bericht?", "meteen")
    press_enter_on(page, "Houd mij op de hoogte")
    page.goto(link_in(letter(own_site, email, "/follow/"), "/follow/"))
    press_enter_on(page, "Ja")
    expect(page.get_by_label("Hoe vaak wilt u bericht?")).to_have_value("at_once")

    for cadence in CADENCES:
        type_choice(page, "Hoe vaak wilt u bericht?", cadence)
        press_enter_on(page, "Bewaar")
        chosen = page.get_by_label("Hoe vaak wilt u bericht?").evaluate("one => one.selectedOptions[0].text")
        assert chosen == cadence

    press_enter_on(page, "Niet meer volgen")
    expect(page.get_by_role("main")).to_contain_text("U volgt nog niets")


@PATIENT
def test_a_late_idea_stands_on_the_page_of_the_next_meeting(window: Window, own_site: Site) -> None:
    page, email = window().new_page(), "laat@waterveen.example"
    page.goto(f"{own_site.url}/v1/consultations/{SLUG}")
    found = re.search(r'"closes_at":"([^"]+)"', page.content())
    assert found
    now = datetime.now(UTC) + own_site.moved  # noqa: TID251 - the test's own clock beside the site's
    own_site.move_clock(datetime.fromisoformat(found[1]) - now + timedelta(minutes=1))

    page.goto(f"{own_site.url}/consultations/{SLUG}/ideas/new?kind=idea")
    expect(page.get_by_role("main")).to_contain_text("Uw inzending gaat dan naar de volgende bijeenkomst")
    page.get_by_label("Uw idee", exact=True).fill("Een bankje bij de oude sluis.")
    page.get_by_label("Uw e-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur uw idee").click()
    page.wait_for_url("**/ideas/sent**")
    page.goto(link_in(letter(own_site, email, "bevestig"), "/confirm/"))
    page.get_by_role("button", name="Ja, dit is van mij").click()
    page.wait_for_url("**/receipts/**")
    receipt = page.url
    expect(page.get_by_role("main")).to_contain_text("Dit kwam binnen na de sluiting.")
    expect(page.locator(".step-current")).to_contain_text("verwacht op")

    moderator = window(width=1280).new_page()
    own_site.links.clear()  # they were made before the clock moved
    sign_in(moderator, own_site, "moderator")
    moderator.goto(f"{own_site.url}/moderation")
    moderator.get_by_role("link", name="Een bankje bij de oude sluis").first.click()
    moderator.get_by_role("button", name="Publiceren").first.click()
    moderator.wait_for_load_state()

    page.goto(receipt)
    page.get_by_role("link", name="Bekijk die bijeenkomst").click()
    expect(page.get_by_role("heading", name="Na de vorige sluiting ingestuurd")).to_be_visible()
    expect(page.get_by_role("link", name="Een bankje bij de oude sluis")).to_be_visible()
