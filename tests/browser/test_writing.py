"""In a real browser: a text begun here and finished there, changed, compared by everybody, and taken back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, sign_in, wait_for
from tests.browser.writing import SLUG
from tests.journeys.site import Site, link_in

BEGUN, WHOLE = "Een drinkfontein bij het station", "Een drinkfontein bij het station, ook voor honden."


def letter(site: Site, to: str, about: str) -> str:
    """The link in a letter."""
    return link_in(wait_for(site.letter(to=to, about=about)), about)


def by_keyboard(page: Page, words: str) -> None:
    """Walk to a button or link with Tab and press Enter."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in (page.evaluate("document.activeElement.textContent") or ""):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to {words!r} by keyboard")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("javascript", [True, False])
def test_a_text_begun_on_one_device_is_finished_on_another(window: Window, site: Site, javascript: bool) -> None:
    email = f"twee-{javascript}@waterveen.example".lower()
    tablet = window(width=1280, javascript=javascript).new_page()
    tablet.goto(f"{site.url}/consultations/{SLUG}/ideas/new")
    tablet.get_by_label("Uw idee").fill(BEGUN)
    tablet.get_by_label("Uw e-mailadres").fill(email)
    if javascript:
        expect(tablet.get_by_text("Schrijf nog iets meer")).to_be_visible()
    tablet.get_by_role("button", name="Bewaar en mail mij een link").click()
    expect(tablet.get_by_role("heading", level=1)).to_have_text("Uw tekst is bewaard")
    expect(tablet.get_by_text(email)).to_be_visible()

    phone = window(width=360, javascript=javascript).new_page()
    phone.goto(letter(site, email, "/drafts/open/"))
    phone.get_by_role("button", name="Open mijn tekst").click()
    expect(phone.get_by_label("Uw idee")).to_have_value(BEGUN)
    phone.get_by_label("Uw idee").fill(WHOLE)
    phone.get_by_role("button", name="Bewaar mijn tekst").click()
    expect(phone.get_by_text("Uw tekst is bewaard. U kunt doorgaan")).to_be_visible()
    phone.get_by_role("button", name="Verstuur uw idee").click()
    phone.wait_for_url("**/receipts/*")
    expect(phone.get_by_text(WHOLE)).to_be_visible()


@pytest.mark.timeout(300)
def test_a_text_is_changed_by_keyboard_compared_and_taken_back(window: Window, site: Site) -> None:
    email = "draai@waterveen.example"
    author = window().new_page()
    author.goto(f"{site.url}/consultations/{SLUG}/ideas/new")
    author.get_by_label("Uw idee").fill("Een draaimolen op het plein voor kinderen in het weekend.")
    author.get_by_label("Uw e-mailadres").fill(email)
    author.get_by_role("button", name="Verstuur uw idee").press("Enter")
    author.goto(letter(site, email, "/confirm/"))
    by_keyboard(author, "Ja, dit is van mij")
    author.wait_for_url("**/receipts/*")
    receipt, moderator = author.url, window(width=1280).new_page()
    sign_in(moderator, site, "moderator")

    def publish(words: str) -> None:
        moderator.goto(f"{site.url}/moderation")
        moderator.get_by_role("link", name=words).first.click()
        moderator.get_by_role("button", name="Publiceren").click()
        expect(moderator.get_by_text("staat nu op de site")).to_be_visible()

    publish("Een draaimolen op het plein")
    author.goto(receipt)
    by_keyboard(author, "Verander uw tekst")
    author.get_by_label("Uw idee").fill("Een draaimolen op het plein voor kinderen in de zomer.")
    by_keyboard(author, "Stuur de nieuwe tekst in")
    expect(author.get_by_role("heading", name="Een draaimolen")).to_be_visible()
    publish("Een draaimolen op het plein")

    reader = window(javascript=False).new_page()
    author.goto(receipt)
    address = author.get_by_role("link", name="Bekijk uw inzending op de site").get_attribute("href")
    reader.goto(f"{site.url}{address}")
    reader.get_by_role("link", name="Bekijk wat er veranderde").click()
    assert "het weekend" in " ".join(reader.locator("del").all_inner_texts())
    assert "de zomer" in " ".join(reader.locator("ins").all_inner_texts())

    author.get_by_text("Inzending intrekken", exact=True).click()
    author.get_by_role("button", name="Trek mijn inzending in").click()
    author.get_by_role("button", name="Ja, trek mijn inzending in").click()
    expect(author.get_by_text("De tekst is weg, omdat u de inzending hebt ingetrokken.")).to_be_visible()
    reader.goto(f"{site.url}{address}/versions")
    expect(reader.get_by_text("De inzending telt nog mee")).to_be_visible()
