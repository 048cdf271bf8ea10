"""In a real browser: a text begun here and finished there, changed, compared by everybody, and taken back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, sign_in, wait_for
from tests.browser.hands import IN_TWO_WAYS, Hands
from tests.browser.writing import SLUG
from tests.journeys.site import Site, link_in

BEGUN, WHOLE = "Een drinkfontein bij het station", "Een drinkfontein bij het station, ook voor honden."
FIRST, SECOND = "Een {what} op het plein in het weekend.", "Een {what} op het plein in de zomer."
TAKE_BACK = "Inzending intrekken"


def letter(site: Site, to: str, about: str) -> str:
    """The link in a letter."""
    return link_in(wait_for(site.letter(to=to, about=about)), about)


def publish(moderator: Page, site: Site, words: str) -> None:
    """Let a moderator bring it on the site."""
    moderator.goto(f"{site.url}/moderation")
    moderator.get_by_role("link", name=words).first.click()
    moderator.get_by_role("button", name="Publiceren").click()
    expect(moderator.get_by_text("staat nu op de site")).to_be_visible()


@pytest.mark.timeout(300)
@IN_TWO_WAYS
def test_a_text_begun_on_one_device_is_finished_on_another(
    window: Window, site: Site, keys: bool, javascript: bool
) -> None:
    email = f"twee-{keys}@waterveen.example".lower()
    tablet = Hands(window(width=1280, javascript=javascript).new_page(), keys)
    tablet.page.goto(f"{site.url}/consultations/{SLUG}/ideas/new")
    tablet.write("Uw idee", BEGUN)
    tablet.write("Uw e-mailadres", email)
    if javascript:
        expect(tablet.page.get_by_text("Schrijf nog iets meer")).to_be_visible()
    tablet.press("Bewaar en mail mij een link")
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("Uw tekst is bewaard")
    expect(tablet.page.get_by_text(email)).to_be_visible()

    phone = Hands(window(width=360, javascript=javascript).new_page(), keys)
    phone.page.goto(letter(site, email, "/drafts/open/"))
    phone.press("Open mijn tekst")
    expect(phone.page.get_by_label("Uw idee", exact=True)).to_have_value(BEGUN)
    phone.write("Uw idee", WHOLE)
    phone.press("Bewaar mijn tekst")
    expect(phone.page.get_by_text("Uw tekst is bewaard. U kunt doorgaan")).to_be_visible()
    phone.press("Verstuur uw idee")
    phone.page.wait_for_url("**/receipts/*")
    expect(phone.page.get_by_text(WHOLE)).to_be_visible()


@pytest.mark.timeout(300)
@IN_TWO_WAYS
def test_a_text_is_sent_in_confirmed_changed_compared_and_taken_back(
    window: Window, site: Site, keys: bool, javascript: bool
) -> None:
    what = "draaimolen" if keys else "kegelbaan"
    email = f"{what}@waterveen.example"
    author = Hands(window(javascript=javascript).new_page(), keys)
    moderator = window(width=1280).new_page()
    sign_in(moderator, site, "moderator")
    author.page.goto(f"{site.url}/consultations/{SLUG}/ideas/new")
    author.write("Uw idee", FIRST.format(what=what))
    author.write("Uw e-mailadres", email)
    author.press("Verstuur uw idee")
    author.page.goto(letter(site, email, "/confirm/"))
    author.press("Ja, dit is van mij")
    author.page.wait_for_url("**/receipts/*")
    receipt = author.page.url
    publish(moderator, site, f"Een {what}")

    author.page.goto(receipt)
    author.follow("Verander uw tekst")
    author.write("Uw idee", SECOND.format(what=what))
    author.press("Stuur de nieuwe tekst in")
    expect(author.page.get_by_role("heading", name=f"Een {what}")).to_be_visible()
    at_the_fold = author.reach(TAKE_BACK) if keys else None
    publish(moderator, site, f"Een {what}")
    if at_the_fold is None:
        author.page.goto(receipt)
    public = author.page.get_by_role("link", name="Bekijk uw inzending op de site")
    expect(public).to_be_visible()  # with scripts by itself
    address = public.get_attribute("href")
    if at_the_fold is not None:
        expect(at_the_fold).to_be_focused()

    reader = window(javascript=False).new_page()
    reader.goto(f"{site.url}{address}")
    reader.get_by_role("link", name="Bekijk wat er veranderde").click()
    assert "het weekend" in " ".join(reader.locator("del").all_inner_texts())
    assert "de zomer" in " ".join(reader.locator("ins").all_inner_texts())

    author.unfold(TAKE_BACK)
    author.press("Trek mijn inzending in")
    author.press("Ja, trek mijn inzending in")
    expect(author.page.get_by_text("De tekst is weg, omdat u de inzending hebt ingetrokken.")).to_be_visible()
    reader.goto(f"{site.url}{address}/versions")
    expect(reader.get_by_text("De inzending telt nog mee")).to_be_visible()
