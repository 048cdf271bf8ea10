"""The second factor on a phone: all states of its pages are accessible and fit, and it works without scripts."""

import re
from datetime import timedelta

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from kernel.clock import SystemClock
from tests.browser.conftest import Window, sign_in
from tests.browser.test_every_page import STANDARD, complaints_of
from tests.journeys.site import Site


class Reader:
    """Looks at every state it comes to, and keeps what is wrong with it."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.wrong: list[str] = []
        self.heard = complaints_of(page)

    def look(self, what: str) -> None:
        """Whether everybody can use the page as it is now."""
        for one in Axe().run(self.page, options=STANDARD).response["violations"]:
            self.wrong.append(f"{what}: {one['id']} – {one['help']}: {one['nodes'][0]['html'][:160]}")
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.wrong.append(f"{what}: wider than the screen")

    def press(self, button: str) -> None:
        """Press a button of the page itself."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=button).click()

    def code(self, secret: str) -> str:
        """What the phone shows now; the site's clock first goes on, since no code counts twice."""
        self.site.move_clock(timedelta(seconds=60))
        return pyotp.TOTP(secret).at(SystemClock().now() + self.site.moved)


@pytest.mark.timeout(600)
def test_every_state_of_its_pages_is_accessible_and_fits_a_phone(window: Window, site: Site) -> None:
    page = window(width=360).new_page()
    reader = Reader(page, site)
    sign_in(page, site, "operator")
    page.goto(f"{site.url}/account/second-factor")
    reader.look("none yet")
    reader.press("Stel de tweede stap in")
    reader.look("the drawing")
    secret = re.sub(r"\s", "", page.locator("code.copied").inner_text())
    page.get_by_label("Code van 6 cijfers").fill("12")
    reader.press("Bevestig de code")
    reader.look("a wrong first code")
    page.get_by_label("Code van 6 cijfers").fill(reader.code(secret))
    reader.press("Bevestig de code")
    reader.look("recovery codes")
    codes = page.locator("code.copied").all_inner_texts()
    page.goto(f"{site.url}/account/second-factor")
    reader.look("in use")
    page.goto(f"{site.url}/desk/set-up/second-factors")
    reader.look("who has one")
    site.move_clock(timedelta(minutes=15))
    page.goto(f"{site.url}/desk/set-up")
    page.get_by_label("moderator").check()
    page.get_by_label("Naam").fill("Jip van Dam")
    page.get_by_label("E-mailadres").last.fill("jip@waterveen.example")
    reader.press("Geef deze taak")
    reader.look("asked again")
    page.get_by_label("Code", exact=True).fill(codes[0])
    reader.press("Controleer de code")
    reader.look("sending on")
    reader.press("Verstuur het nu")
    assert page.get_by_role("cell", name="jip@waterveen.example").count() == 1
    elsewhere = without_scripts(window, site, secret)

    page.goto(f"{site.url}/account/second-factor")
    page.get_by_label("De tweede stap weghalen").check()
    page.get_by_label("Code", exact=True).fill(codes[1])
    reader.press("Ga verder")
    assert page.get_by_role("button", name="Stel de tweede stap in").count() == 1
    assert [one for one in reader.heard if "status of 422" not in one and "status of 403" not in one] == []
    assert reader.wrong == []
    elsewhere.close()


def without_scripts(window: Window, site: Site, secret: str) -> BrowserContext:
    """Somebody signs in with a code on a phone that runs no scripts."""
    context = window(width=360, javascript=False)
    page = context.new_page()
    reader = Reader(page, site)
    sign_in(page, site, "operator")
    assert page.url.startswith(f"{site.url}/second-factor")
    page.get_by_label("Code", exact=True).fill(reader.code(secret))
    reader.press("Controleer de code")
    assert page.url == f"{site.url}/desk/set-up"
    return context
