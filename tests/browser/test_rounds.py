"""In a real browser: following at each cadence and stopping, with only a keyboard; a late idea on the next meeting."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from kernel.clock import SystemClock
from tests.browser.conftest import Window, copy_of, sign_in, wait_for
from tests.browser.hands import Hands
from tests.journeys.site import Site, link_in

SLUG = "leefbaar-en-bereikbaar"
CADENCES = ("elke dag", "meteen", "alleen voor een bijeenkomst", "niets", "elke week")
LATE = ("Een bankje bij de oude sluis", "Een klok op het dorpshuis")
PATIENT = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def own_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own with what the other has: its clock is moved past the close."""
    copy = Site(tmp_path_factory.mktemp("rounds"))
    copy_of(site, copy.folder / "klankbord.db")
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


def sent_in_late(author: Hands, site: Site, body: str, email: str) -> str:
    """Send in after the close and confirm; the address of the receipt."""
    page = author.page
    page.goto(f"{site.url}/consultations/{SLUG}/ideas/new?kind=idea")
    expect(page.get_by_role("main")).to_contain_text("Uw inzending gaat dan naar de volgende bijeenkomst")
    author.write("Uw idee", body)
    author.write("Uw e-mailadres", email)
    author.press("Verstuur uw idee")
    page.goto(link_in(letter(site, email, "bevestig"), "/confirm/"))
    author.press("Ja, dit is van mij")
    page.wait_for_url("**/receipts/**")
    expect(page.get_by_role("main")).to_contain_text("Dit kwam binnen na de sluiting.")
    expect(page.locator(".step-current")).to_contain_text("verwacht op")
    return page.url


@PATIENT
def test_late_ideas_stand_on_the_page_of_the_next_meeting(window: Window, own_site: Site) -> None:
    told = httpx.get(f"{own_site.url}/v1/consultations/{SLUG}").json()
    now = SystemClock().now() + own_site.moved
    own_site.move_clock(datetime.fromisoformat(told["closes_at"]) - now + timedelta(minutes=1))
    typist, plain = Hands(window().new_page(), keys=True), Hands(window(javascript=False).new_page())
    receipts = {
        typist: sent_in_late(typist, own_site, "Een bankje bij de oude sluis.", "laat@waterveen.example"),
        plain: sent_in_late(plain, own_site, "Een klok op het dorpshuis van Zuiderzijl.", "later@waterveen.example"),
    }

    moderator = window(width=1280).new_page()
    own_site.links.clear()  # they were made before the clock moved
    sign_in(moderator, own_site, "moderator")
    for title in LATE:
        moderator.goto(f"{own_site.url}/moderation")
        moderator.get_by_role("link", name=title).first.click()
        moderator.get_by_role("button", name="Publiceren").first.click()
        moderator.wait_for_load_state()

    for author, receipt in receipts.items():
        author.page.goto(receipt)
        author.follow("Bekijk die bijeenkomst")
        expect(author.page.get_by_role("heading", name="Na de vorige sluiting ingestuurd")).to_be_visible()
        for title in LATE:
            expect(author.page.get_by_role("link", name=title)).to_be_visible()
