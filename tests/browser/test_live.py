"""In a real browser: what happens elsewhere appears by itself, and without JavaScript everything still works."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window, sign_in, wait_for
from tests.browser.letters import SLUG
from tests.journeys.site import Site, link_in

HER = "live@waterveen.example"


@pytest.mark.timeout(400)
def test_an_idea_appears_to_the_moderator_and_then_to_everybody_without_reloading(window: Window, site: Site) -> None:
    moderator, reader = window(width=1280).new_page(), window().new_page()
    sign_in(moderator, site, "moderator")
    moderator.goto(f"{site.url}/moderation")
    reader.goto(f"{site.url}/consultations/{SLUG}")

    resident = window(javascript=False).new_page()
    resident.goto(f"{site.url}/consultations/{SLUG}")
    resident.get_by_role("link", name="Stuur een idee").first.click()
    resident.get_by_role("link", name="Schrijf uw idee").first.click()
    resident.get_by_label("Uw idee").fill("Een vogelhuisje aan elke lantaarnpaal langs de Ringdijk.")
    resident.get_by_text("Titel, plaats of uw naam erbij").click()
    resident.get_by_label("Titel").fill("Vogelhuisjes langs de Ringdijk")
    resident.get_by_role("button", name="Verstuur uw idee").click()
    expect(resident.get_by_label("Uw idee")).to_have_value("Een vogelhuisje aan elke lantaarnpaal langs de Ringdijk.")
    resident.get_by_label("Uw e-mailadres").fill(HER)
    resident.get_by_role("button", name="Verstuur uw idee").click()
    resident.goto(link_in(wait_for(site.letter(to=HER, about="/confirm/")), "/confirm/"))
    resident.get_by_role("button", name="Ja, dit is van mij").click()
    expect(resident.get_by_role("heading", level=1)).to_have_text("Vogelhuisjes langs de Ringdijk")

    in_queue = moderator.get_by_role("link", name="Vogelhuisjes langs de Ringdijk")
    expect(in_queue).to_be_visible()
    in_queue.click()
    moderator.get_by_role("button", name="Publiceren").click()

    expect(reader.get_by_role("link", name="Vogelhuisjes langs de Ringdijk")).to_be_visible()
