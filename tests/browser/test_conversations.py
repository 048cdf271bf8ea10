"""In a real browser: a question to an author, typed words that stay while another comes in, an answer by e-mail."""

import time
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, sign_in
from tests.browser.hands import Hands
from tests.browser.test_second_factor import Reader
from tests.journeys.site import Site, link_in, words_of

TYPED = "Bij de sluis, waar de bus"


@pytest.mark.timeout(400)
def test_a_question_is_answered_on_the_site_and_by_e_mail(window: Window, site: Site) -> None:
    member = window(width=1280).new_page()
    sign_in(member, site, "member")
    member.goto(f"{site.url}/desk/conversations")
    member.get_by_role("link", name="Gesprekken").first.click()
    member.locator("li.card a").first.click()
    title, about = member.locator("aside h2").inner_text(), member.url
    for words in ("Waar precies is dat?", "En wanneer was het?"):
        member.get_by_label("Uw vraag of bericht").fill(words)
        member.get_by_role("button", name="Verstuur naar de inzender").click()
        expect(member.get_by_text("Uw bericht is verstuurd.")).to_be_visible()

    letter = _letter(site, "Waar precies is dat?")
    author = window().new_page()
    author.goto(link_in(words_of(letter), "/receipts/"))
    expect(author.get_by_text("Waar precies is dat?").first).to_be_visible()
    author.get_by_label("Uw antwoord").fill(TYPED)
    member.get_by_label("Uw vraag of bericht").fill("Het mag ook een schatting zijn.")
    member.get_by_label("Ik vraag om een antwoord").uncheck()
    member.get_by_role("button", name="Verstuur naar de inzender").click()
    expect(author.get_by_text("Het mag ook een schatting zijn.")).to_be_visible()
    expect(author.get_by_label("Uw antwoord")).to_have_value(TYPED)
    author.get_by_label("Uw antwoord").press_sequentially(" stopt.")
    Hands(author, keys=True).press("Verstuur uw antwoord")
    expect(author.get_by_text("Uw bericht is verstuurd.")).to_be_visible()
    expect(member.get_by_text(f"{TYPED} stopt.")).to_be_visible()

    site.bring(_letter(site, "En wanneer was het?"), "Vorige week dinsdag.")
    expect(member.get_by_text("Vorige week dinsdag.")).to_be_visible()
    expect(author.get_by_text("Vorige week dinsdag.")).to_be_visible()
    expect(author.get_by_text("schreef Klankbord")).to_have_count(0)

    plain = Hands(window(javascript=False).new_page())
    plain.page.goto(author.url)
    plain.write("Uw antwoord", "Het was de bus van half negen.")
    plain.press("Verstuur uw antwoord")
    expect(plain.page.get_by_text("Uw bericht is verstuurd.")).to_be_visible()
    expect(member.get_by_text("Het was de bus van half negen.")).to_be_visible()
    member.goto(f"{site.url}/desk/conversations")
    expect(member.locator("li.card", has_text=title).first).to_contain_text("nieuw bericht van de inzender")

    about_theme = member.locator(".section-head:has(#themas) + ul a").first.get_attribute("href")
    assert_readable_in_the_dark(member, site, [member.url, about, f"{site.url}{about_theme}"])
    assert_readable_in_the_dark(author, site, [author.url])


def assert_readable_in_the_dark(page: Page, site: Site, addresses: list[str]) -> None:
    """Whether everybody can use these pages with light letters on a dark ground."""
    page.emulate_media(color_scheme="dark")
    reader = Reader(page, site)
    for address in addresses:
        page.goto(address)
        reader.look(address)
    assert reader.wrong == []


def _letter(site: Site, words: str) -> EmailMessage:
    """The letter with these words, once it left."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for one in site.letters():
            if words in words_of(one) and one["Reply-To"]:
                return one
        time.sleep(0.2)
    raise AssertionError(f"no letter with {words!r}")
