"""In a real browser: what is there already is shown while somebody types, and supported or added to instead."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Window, sign_in, wait_for
from tests.browser.hands import Hands
from tests.browser.letters import SLUG
from tests.journeys.site import Site, link_in

THERE = "Stationstunnel: licht, schoon en overzichtelijk"
MEANT = "Stationstunnel: de helft van de lampen is stuk. Schilder de boel licht en zet er goede verlichting in."


def supports(site: Site, email: str) -> int:
    """How many ideas this address asked to support."""
    wanted = (
        "SELECT count(*) FROM endorsement_request JOIN person ON person.id = endorsement_request.person_id"
        " WHERE person.mailbox = ?"
    )
    with closing(sqlite3.connect(f"file:{site.folder}/klankbord.db?mode=ro", uri=True)) as database:
        return int(database.execute(wanted, (email,)).fetchone()[0])


@pytest.fixture(scope="module")
def at_hand(chromium: Browser, site: Site) -> None:
    """After a start the ideas come to hand some at a time, for some seconds: wait until the one that is meant is."""
    page = chromium.new_page()
    write(page, site, "eerst@waterveen.example")
    for _ in range(120):
        if page.locator("details.similar a", has_text=THERE).count():
            break
        page.get_by_label("Uw idee").press_sequentially(". ")
        page.wait_for_timeout(1000)
    else:
        raise AssertionError("the idea that is meant never came to hand")
    page.close()


def write(page: Page, site: Site, email: str) -> None:
    """Open the form, and type."""
    page.goto(f"{site.url}/consultations/{SLUG}/ideas/new")
    page.get_by_label("Uw e-mailadres").fill(email)
    page.get_by_label("Uw idee").press_sequentially(MEANT)


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("at_hand")
def test_what_is_there_already_is_shown_while_typing_and_can_be_supported(window: Window, site: Site) -> None:
    page = window().new_page()
    write(page, site, "typt@waterveen.example")
    shown = page.locator("details.similar")
    expect(shown).to_be_visible()
    expect(page.get_by_label("Uw idee")).to_be_focused()
    expect(shown).not_to_have_attribute("open", "")
    keyboard = Hands(page, keys=True)
    keyboard.unfold("hierop lijk")
    expect(shown.get_by_role("link", name=THERE)).to_be_visible()
    keyboard.press(re.compile(f"Ik steun dit idee ?: {THERE}"))

    expect(page.get_by_role("main")).to_contain_text("Kijk in uw mail")
    assert supports(site, "typt@waterveen.example") == 1


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("at_hand")
def test_without_javascript_it_is_a_step_before_sending(window: Window, site: Site) -> None:
    page = window(javascript=False).new_page()
    write(page, site, "leest@waterveen.example")
    page.get_by_role("button", name="Verstuur uw idee").click()

    expect(page.locator("details.similar")).to_have_attribute("open", "")
    expect(page.get_by_label("Uw idee")).to_have_value(MEANT)
    page.get_by_role("button", name=re.compile(f"Ik steun dit idee ?: {THERE}")).click()
    expect(page.get_by_role("main")).to_contain_text("Kijk in uw mail")
    assert supports(site, "leest@waterveen.example") == 1

    page.go_back()
    expect(page.get_by_label("Uw idee")).to_have_value(MEANT)
    page.get_by_role("button", name="Verstuur uw idee toch").click()
    page.wait_for_url("**/ideas/sent")


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("javascript", [True, False])
def test_a_nuance_is_added_to_what_is_there_instead_of_a_duplicate(
    window: Window, site: Site, javascript: bool
) -> None:
    email, own_words = f"nuance{javascript:d}@waterveen.example", f"Ook een spiegel in de bocht, {javascript:d}."
    reader = window().new_page()
    page = window(javascript=javascript).new_page()
    author = Hands(page, keys=javascript)
    write(page, site, email)
    if javascript:
        expect(page.locator("details.similar")).to_be_visible()
        author.unfold("hierop lijk")
    else:
        author.press("Verstuur uw idee")
    author.press(re.compile(f"Vul dit idee aan ?: {THERE}"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Vul dit idee aan")
    expect(page.get_by_label("Uw aanvulling")).to_have_value(MEANT)
    expect(page.get_by_label("E-mailadres om te bevestigen")).to_have_value(email)
    author.write("Uw aanvulling", own_words)
    author.press("Verstuur uw aanvulling")
    expect(page.get_by_role("main")).to_contain_text("kijk in uw mail")
    page.goto(link_in(wait_for(site.letter(to=email, about="/confirm/")), "/confirm/"))
    expect(page.get_by_role("link", name=THERE)).to_be_visible()
    author.press("Ja, dit is van mij")
    expect(page.get_by_role("main")).to_contain_text("Uw aanvulling 20")

    page.get_by_role("link", name=THERE).click()
    reader.goto(page.url)
    reader.get_by_label("Uw aanvulling").fill("Half getypt")
    moderator = window(width=1280).new_page()
    sign_in(moderator, site, "moderator")
    moderator.goto(f"{site.url}/moderation")
    moderator.get_by_role("link", name=own_words.removesuffix(".")).click()
    expect(moderator.get_by_role("main")).to_contain_text("Aanvulling bij:")
    moderator.get_by_role("button", name="Publiceren").click()
    expect(reader.locator("#talk").get_by_text(own_words)).to_be_visible()
    expect(reader.get_by_label("Uw aanvulling")).to_have_value("Half getypt")
