"""In a real browser: two ideas go on as one and are parted again, with the keyboard alone and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seat, become
from tests.browser.hands import AS_STAFF, Hands
from tests.browser.letters import SLUG
from tests.journeys.site import Site

WHY = "Beide ideeën gaan over hetzelfde plein."


@AS_STAFF
@pytest.mark.timeout(300)
def test_a_moderator_merges_two_ideas_and_undoes_it(seat: Seat, site: Site, keys: bool, javascript: bool) -> None:
    hands = Hands(seat(javascript=javascript), keys)
    page = hands.page
    become(page, site, "moderator")
    page.goto(f"{site.url}/consultations/{SLUG}/ideas")
    links = page.locator("main :is(h2, h3) a[href^='/ideas/']")
    [(one, at), (other, _)] = [(link.inner_text(), link.get_attribute("href") or "") for link in links.all()[:2]]
    page.goto(f"{site.url}{at}")
    hands.follow("Samenvoegen of splitsen")
    hands.write("Zoek een idee van deze consultatie", other)
    hands.press("Zoek")
    hands.follow(other)
    hands.write("Waarom horen zij bij elkaar?", WHY)
    hands.press("Voeg samen")
    expect(page.get_by_text("De ideeën gaan samen verder")).to_be_visible()

    page.goto(f"{site.url}{at}")
    expect(page.get_by_role("main")).to_contain_text("Dit idee gaat verder als deel van:")
    hands.follow("Samenvoegen of splitsen")
    hands.press(re.compile(f"Maak ongedaan ?: {re.escape(one)}"))
    expect(page.get_by_text("Alles is weer zoals het was")).to_be_visible()
    page.goto(f"{site.url}{at}")
    expect(page.get_by_role("main")).not_to_contain_text("Dit idee gaat verder als deel van:")
