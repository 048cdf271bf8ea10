"""In a real browser: a refusal with its reasons, an appeal to somebody else, a text that goes back once, and reports.

With a keyboard alone, and without scripts. Whoever comes next sits down at the same window.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seat, become, wait_for
from tests.browser.hands import AS_STAFF, Hands
from tests.browser.letters import SLUG
from tests.browser.moderating import open_row, refuse, sent_in
from tests.journeys.site import Site

WHY = "U noemt de naam van een winkel."


@AS_STAFF
@pytest.mark.timeout(300)
def test_a_refusal_is_explained_appealed_against_and_reversed_by_somebody_else(
    seat: Seat, site: Site, keys: bool, javascript: bool
) -> None:
    hands = Hands(seat(javascript=javascript), keys)
    page, email = hands.page, f"kiosk.{keys}@waterveen.example".lower()
    body, words = (
        ("Verplaats de kiosk naar de haven.", "kiosk") if keys else ("Een ijskar hoort bij het zwembad.", "ijskar")
    )
    receipt = wait_for(sent_in(site, body, email))
    become(page, site, "moderator")
    refuse(hands, site, words, how="Afwijzen", ground="Reclame", why=WHY)

    become(page, site)
    assert "bezwaar" in wait_for(site.letter(to=email, about=WHY)).casefold()
    page.goto(f"{receipt}/decision")
    expect(page.get_by_text("Wij zetten uw inzending niet op de site.")).to_be_visible()
    hands.follow("Maak bezwaar")
    hands.write("Waarom bent u het niet eens met dit besluit?", "Die is van de gemeente zelf.")
    hands.press("Verstuur uw bezwaar")
    expect(page.get_by_text("Wij hebben uw bezwaar ontvangen.")).to_be_visible()

    become(page, site, "moderator")
    open_row(hands, site, "show=appeals", words)
    expect(page.get_by_text("U nam dit besluit.")).to_be_visible()
    become(page, site, "moderator", another=True)
    page.reload()
    hands.write("Uitleg aan de inzender", "U hebt gelijk, dit is geen reclame.")
    hands.press("Publiceer dit alsnog")

    become(page, site)
    page.goto(f"{receipt}/decision")
    expect(page.get_by_text("U krijgt gelijk: uw inzending staat nu op de site.")).to_be_visible()
    assert "U krijgt gelijk." in wait_for(site.letter(to=email, about="U hebt gelijk, dit is geen reclame."))


@AS_STAFF
@pytest.mark.timeout(300)
def test_a_text_goes_back_once_and_is_then_decided(seat: Seat, site: Site, keys: bool, javascript: bool) -> None:
    hands = Hands(seat(javascript=javascript), keys)
    page, email = hands.page, f"waterorgel.{keys}@waterveen.example".lower()
    body, words = (
        ("Alles over het waterorgel en de tram.", "waterorgel")
        if keys
        else ("De duiven, de brug en de kermis.", "duiven")
    )
    receipt = wait_for(sent_in(site, body, email))
    become(page, site, "moderator")
    why = "Kies één van deze onderwerpen."
    refuse(hands, site, words, how="Terugsturen", ground="Meer onderwerpen in één", why=why)

    become(page, site)
    page.goto(f"{receipt}/decision")
    expect(page.get_by_role("main")).to_contain_text(why)
    hands.follow("Pas uw tekst aan")
    expect(page.get_by_label("Uw idee")).to_have_value(body)
    hands.write("Uw idee", f"Alleen dit, over {words}.")
    hands.press("Stuur de nieuwe tekst in")

    become(page, site, "moderator")
    open_row(hands, site, f"q={words}", words)
    expect(page.get_by_role("button", name="Afwijzen")).to_be_visible()
    expect(page.get_by_role("button", name="Terugsturen")).to_have_count(0)
    hands.press("Publiceren")
    become(page, site)
    page.goto(f"{receipt}/decision")
    expect(page.get_by_text("Uw inzending staat op de site.")).to_be_visible()


@AS_STAFF
@pytest.mark.timeout(300)
def test_an_idea_a_comment_and_a_page_are_reported_within_two_clicks(
    seat: Seat, site: Site, keys: bool, javascript: bool
) -> None:
    hands, email = Hands(seat(javascript=javascript), keys), f"mia.{keys}@waterveen.example".lower()
    page = hands.page
    page.goto(f"{site.url}/consultations/{SLUG}/ideas?q=bus")
    page.goto(f"{site.url}{page.get_by_role('link', name='Geef Zuiderzijl zijn bus terug').get_attribute('href')}")
    talked = page.url
    for place, link in ((talked, "Meld dit idee"), (talked, "Meld deze aanvulling"), (f"{site.url}/panels", "")):
        page.goto(place)
        if link:
            hands.press(re.compile(link), role="link")
            hands.write("Wat is er mis met deze tekst?", f"Hier staat een naam. {keys}")
        else:
            hands.follow_below("Meld iets op deze pagina")
            hands.write("Wat is er mis op deze pagina?", f"Hier staat een fout. {keys}")
        hands.write("Uw naam", "Mia de Boer")
        hands.write("Uw e-mailadres", email)
        hands.tick("Ik vul dit naar waarheid in.")
        hands.press("Verstuur uw melding")
        expect(page.get_by_role("heading", name="Wij hebben uw melding")).to_be_visible()
    for about in ("/ideas/", "/panels"):
        assert "Dank u wel voor uw melding" in wait_for(site.letter(to=email, about=about))
