"""In a real browser: a refusal with its reasons, an appeal to somebody else, a text that goes back once, and reports.

With a keyboard alone, and without scripts.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, sign_in, wait_for
from tests.browser.hands import IN_TWO_WAYS, Hands
from tests.journeys.site import Site, link_in

SLUG = "leefbaar-en-bereikbaar"


async def sent_in(site: Site, body: str, address: str) -> str:
    """An idea of somebody whose address is confirmed; the address of its receipt."""
    author = site.visitor()
    await author.open(f"/consultations/{SLUG}/ideas/new?kind=idea")
    await author.press("Verstuur uw idee", body=body, email=address)
    await author.open(link_in(await site.letter(to=address, about="/confirm/"), "/confirm/"))
    await author.press("Ja, dit is van mij")
    receipt = re.sub(r"(/receipts/[^/?]+).*", r"\1", str(author.page.url))
    await author.close()
    return receipt


def sign_in_another_moderator(page: Page, site: Site) -> None:
    """Who is not the first, by a link in a letter."""
    emails = re.findall(r"^.*\bmoderator\b.*?([\w.+-]+@[\w.-]+)", site.command("roles"), re.MULTILINE)
    hands = Hands(page)
    page.goto(f"{site.url}/sign-in")
    hands.write("Uw e-mailadres", emails[1])
    hands.press("Stuur mij een link")
    page.goto(link_in(wait_for(site.letter(to=emails[1], about="/sign-in/")), "/sign-in/"))
    hands.press("Aanmelden")


def open_from_queue(page: Page, site: Site, asked: str, words: str) -> None:
    """Look something up in the queue, and go to where its row leads."""
    page.goto(f"{site.url}/moderation?{asked}")
    row = page.get_by_role("main").get_by_role("link", name=re.compile(words)).first
    page.goto(f"{site.url}{row.get_attribute('href')}")


def refuse(hands: Hands, site: Site, words: str, *, how: str, ground: str, why: str) -> None:
    """A moderator finds it in the queue, and decides with a ground and an explanation."""
    open_from_queue(hands.page, site, f"q={words}", words)
    hands.choose(ground)
    hands.write("Uitleg aan de inzender", why)
    hands.press(how)


@pytest.mark.timeout(300)
def test_a_refusal_is_explained_appealed_against_and_reversed_by_somebody_else(window: Window, site: Site) -> None:
    body, email = "Verplaats de kiosk naar de haven.", "kiosk@waterveen.example"
    receipt = wait_for(sent_in(site, body, email))
    first, author, second = (Hands(window().new_page(), keys=True) for _ in range(3))
    sign_in(first.page, site, "moderator")
    refuse(first, site, "kiosk", how="Afwijzen", ground="Reclame", why="U noemt een kiosk bij naam.")

    letter = wait_for(site.letter(to=email, about="U noemt een kiosk bij naam."))
    assert "bezwaar" in letter.casefold()
    author.page.goto(f"{receipt}/decision")
    expect(author.page.get_by_text("Wij zetten uw inzending niet op de site.")).to_be_visible()
    author.follow("Maak bezwaar")
    author.write("Waarom bent u het niet eens met dit besluit?", "De kiosk is van de gemeente zelf.")
    author.press("Verstuur uw bezwaar")
    expect(author.page.get_by_text("Wij hebben uw bezwaar ontvangen.")).to_be_visible()

    open_from_queue(first.page, site, "show=appeals", "kiosk")
    expect(first.page.get_by_text("U nam dit besluit.")).to_be_visible()
    appeal = first.page.url
    sign_in_another_moderator(second.page, site)
    second.page.goto(appeal)
    second.write("Uitleg aan de inzender", "U hebt gelijk, dit is geen reclame.")
    second.press("Publiceer dit alsnog")

    author.page.goto(f"{receipt}/decision")
    expect(author.page.get_by_text("U krijgt gelijk: uw inzending staat nu op de site.")).to_be_visible()
    assert "U krijgt gelijk." in wait_for(site.letter(to=email, about="U hebt gelijk, dit is geen reclame."))


@pytest.mark.timeout(300)
def test_a_text_goes_back_once_and_is_then_decided(window: Window, site: Site) -> None:
    body, email = "Alles over de fontein en de bus.", "fontein@waterveen.example"
    receipt = wait_for(sent_in(site, body, email))
    moderator, author = (Hands(window(javascript=False).new_page()) for _ in range(2))
    sign_in(moderator.page, site, "moderator")
    why = "Kies de fontein of de bus."
    refuse(moderator, site, "fontein", how="Terugsturen", ground="Meer onderwerpen in één", why=why)

    author.page.goto(f"{receipt}/revise")
    text = author.page.get_by_label("Uw idee")
    expect(text).to_have_value(body)
    author.write("Uw idee", "Zet de fontein op het plein.")
    author.press("Stuur de nieuwe tekst in")

    open_from_queue(moderator.page, site, "q=fontein", "fontein")
    expect(moderator.page.get_by_role("button", name="Afwijzen")).to_be_visible()
    expect(moderator.page.get_by_role("button", name="Terugsturen")).to_have_count(0)
    moderator.press("Publiceren")
    author.page.goto(f"{receipt}/decision")
    expect(author.page.get_by_text("Uw inzending staat op de site.")).to_be_visible()


@pytest.mark.timeout(300)
@IN_TWO_WAYS
def test_anything_public_is_reported_within_two_clicks(
    window: Window, site: Site, keys: bool, javascript: bool
) -> None:
    page = window(javascript=javascript).new_page()
    hands = Hands(page, keys)
    for place in (f"/consultations/{SLUG}/themes", "/recommendations", "/panels"):
        page.goto(site.url + place)
        hands.follow_below("Meld iets op deze pagina")
        hands.write("Wat is er mis op deze pagina?", f"Hier staat een fout. {keys}")
        hands.write("Uw naam (niet verplicht)", "Mia de Boer")
        hands.write("Uw e-mailadres (niet verplicht)", f"mia.{keys}@waterveen.example".lower())
        hands.tick("Ik vul dit naar waarheid in.")
        hands.press("Verstuur uw melding")
        expect(page.get_by_role("heading", name="Wij hebben uw melding")).to_be_visible()
    letter = wait_for(site.letter(to=f"mia.{keys}@waterveen.example".lower(), about="/recommendations"))
    assert "Dank u wel voor uw melding" in letter
