"""In a real browser: a moderator leaves words out of a text, with the keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seat, become, wait_for
from tests.browser.hands import AS_STAFF, Hands
from tests.browser.moderating import open_row, seen_to, sent_in
from tests.journeys.site import Site

WHY = "Wij lieten weg wie het is."


@pytest.mark.timeout(300)
@AS_STAFF
def test_a_moderator_leaves_words_out_and_the_author_reads_which_and_why(
    seat: Seat, site: Site, keys: bool, javascript: bool
) -> None:
    hands, email = Hands(seat(javascript=javascript), keys), f"buurman.{keys}@waterveen.example".lower()
    page = hands.page
    body, place = (  # far apart, so that neither is offered as an idea like the other
        ("Buurman Verbrugge van de Dorpsstraat parkeert op de stoep. Bel hem op 06 12345678.", "Dorpsstraat")
        if keys
        else ("De lamp naast Verbrugge in de Kerkstraat is kapot, meldt 06 87654321.", "Kerkstraat")
    )
    receipt = wait_for(sent_in(site, body, email))
    become(page, site, "moderator")
    open_row(hands, site, f"q={place}", "Verbrugge")
    hands.press("Laat dit weg en publiceer de rest", role="link")
    hands.write("Woorden 1 (niet verplicht)", "Verbrugge")
    hands.write("Uitleg aan de inzender", WHY)
    hands.press("Bekijk hoe het wordt")
    shown = page.get_by_role("status").filter(has_text="Zo komt de tekst op de site")
    expect(shown).to_contain_text(body.partition(" 06 ")[0].replace("Verbrugge", "[naam weggelaten]"))
    expect(shown).to_contain_text("[telefoonnummer weggelaten]")
    if javascript:
        assert seen_to(page) == []
    hands.press("Laat weg en publiceer")
    expect(page.get_by_text("zonder de woorden die u wegliet")).to_be_visible()

    become(page, site)
    assert WHY in wait_for(site.letter(to=email, about=WHY))
    page.goto(f"{receipt}/decision")
    expect(page.get_by_role("main")).to_contain_text("Verbrugge")
    expect(page.get_by_role("link", name="Maak bezwaar")).to_be_visible()
    page.goto(receipt)
    hands.press("Bekijk uw inzending op de site", role="link")
    expect(page.get_by_role("main")).to_contain_text("[naam weggelaten]")
    expect(page.get_by_role("main")).not_to_contain_text("Verbrugge")
