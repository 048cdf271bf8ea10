"""In a real browser: somebody comes to the counter, goes home with a printed receipt, and looks in the library."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window, sign_in
from tests.journeys.site import Site

BODY = "De stoep in de Dorpsstraat is te hoog voor mijn rollator."


@pytest.mark.timeout(300)
@pytest.mark.parametrize("javascript", [True, False])
def test_paper_intake_with_a_printed_receipt(window: Window, site: Site, javascript: bool) -> None:
    counter = window(width=1280, javascript=javascript).new_page()
    sign_in(counter, site, "secretary")
    counter.goto(f"{site.url}/desk/on-behalf")
    counter.get_by_role("link", name="Schrijf een inzending op").first.click()
    counter.get_by_label("aan de balie").check()
    counter.get_by_label("De tekst").fill(BODY)
    counter.get_by_role("button", name="Bewaar en print").click()
    counter.wait_for_url("**/print")
    expect(counter.get_by_role("button", name="Print dit papier")).to_have_count(1 if javascript else 0)
    number, code = counter.locator(".receipt-key").all_inner_texts()
    counter.emulate_media(media="print")
    expect(counter.locator(".site-head")).to_be_hidden()
    expect(counter.get_by_role("img", name="Blokjescode")).to_be_visible()

    library = window(width=360, javascript=javascript).new_page()
    library.goto(site.url)
    library.get_by_role("link", name="Uw ontvangstbevestiging").click()
    library.keyboard.press("Tab")
    library.get_by_label("Uw nummer").fill(number)
    library.get_by_label("Uw code").fill(code.lower().replace("-", " "))
    library.keyboard.press("Enter")
    library.wait_for_url("**/receipts/*")
    expect(library.get_by_text(BODY).first).to_be_visible()


@pytest.mark.timeout(300)
def test_a_neighbourhood_is_chosen_on_the_map_or_with_the_keys_alone(window: Window, site: Site) -> None:
    page = window().new_page()
    page.goto(f"{site.url}/consultations/leefbaar-en-bereikbaar/ideas/new")
    chosen = page.locator("input[name=area]:checked")

    page.get_by_text("Titel, plaats of uw naam erbij").click()
    page.locator(".map-shape path").filter(has_text="Havenkwartier").click()
    expect(chosen).to_have_value("Havenkwartier")
    chosen.focus()
    page.keyboard.press("ArrowDown")
    expect(chosen).to_have_value("Kerkveen")
