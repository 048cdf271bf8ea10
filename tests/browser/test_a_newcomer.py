"""In a real browser, on a phone: from the front page to a confirmed idea, by somebody who never saw the site."""

import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window, wait_for
from tests.journeys.site import Site, link_in

IDEA = "Zet op de hoek van de Lindelaan een bankje neer. Dan kan mijn moeder weer zelf naar de winkel lopen."
EMAIL = "annie.de.wit@waterveen.example"
PER_KEY = 60 / 200
"""Seconds for a character, by somebody who types 200 in a minute."""
PER_TAP, PER_SCREEN, PER_LETTER = 2.0, 1.5, 10.0
"""Seconds to find and touch something, to move one screen on, and to turn to one's mail and back."""
TWO_MINUTES = 120.0


@dataclass
class Thumb:
    """Counts what a person does with one thumb."""

    page: Page
    taps: int = 0
    screens: float = 0.0
    characters: int = 0

    def tap(self, name: str) -> None:
        """Scroll to a button or link and touch it; it brings another page."""
        here = self.page.get_by_role("main")
        wanted = here.get_by_role("link", name=name, exact=True).or_(here.get_by_role("button", name=name, exact=True))
        with self.page.expect_navigation():
            self._touch(wanted.first)

    def type(self, label: str, words: str) -> None:
        """Touch a field and type."""
        field = self.page.get_by_label(label, exact=True)
        self._touch(field)
        field.press_sequentially(words)
        self.characters += len(words)

    def _touch(self, wanted: Locator) -> None:
        screen = "() => scrollY / innerHeight"
        before = self.page.evaluate(screen)
        wanted.scroll_into_view_if_needed()
        self.screens += abs(self.page.evaluate(screen) - before)
        wanted.tap()
        self.taps += 1

    def seconds(self, waited: float) -> float:
        """How long this takes such a person, with what the site let her wait."""
        hands = self.taps * PER_TAP + self.screens * PER_SCREEN + self.characters * PER_KEY
        return hands + PER_LETTER + waited


@pytest.mark.timeout(300)
def test_a_newcomer_sends_in_and_confirms_within_two_minutes(window: Window, site: Site) -> None:
    newcomer = Thumb(window(touch=True).new_page())
    newcomer.page.goto(site.url)
    began = time.monotonic()
    newcomer.tap("Stuur een idee")
    newcomer.tap("Schrijf uw idee")
    newcomer.type("Uw idee", IDEA)
    newcomer.type("Uw e-mailadres", EMAIL)
    newcomer.tap("Verstuur uw idee")
    expect(newcomer.page.get_by_role("main")).to_contain_text(f"Wij hebben een e-mail gestuurd naar {EMAIL}.")
    newcomer.page.goto(link_in(wait_for(site.letter(to=EMAIL, about="/confirm/")), "/confirm/"))
    newcomer.taps += 1  # the link in the letter
    newcomer.tap("Ja, dit is van mij")
    expect(newcomer.page.get_by_role("main")).to_contain_text("Dank u. Wij hebben uw inzending.")

    told = newcomer.seconds(time.monotonic() - began)
    print(f"{newcomer.taps} taps, {newcomer.characters} characters, {newcomer.screens:.1f} screens, {told:.0f} s")
    assert newcomer.taps == 7
    assert told <= TWO_MINUTES
