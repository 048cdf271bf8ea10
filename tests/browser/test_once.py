"""In a real browser: a double click, and Back and send again, make one idea; with JavaScript and without."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Window
from tests.browser.letters import SLUG
from tests.journeys.site import Site

THEIRS = "Een fontein op het plein bij de markt."
OTHER = "Een fontein met een drinkkraan bij de markt."


def texts_of(site: Site, email: str) -> list[str]:
    """What came in from this address, in its order."""
    wanted = "SELECT body FROM idea JOIN person ON person.id = idea.author_id WHERE person.mailbox = ? ORDER BY idea.id"
    with closing(sqlite3.connect(f"file:{site.folder}/klankbord.db?mode=ro", uri=True)) as database:
        return [body for (body,) in database.execute(wanted, (email,))]


def write(page: Page, site: Site, body: str, email: str) -> None:
    """Fill in the form."""
    page.goto(f"{site.url}/consultations/{SLUG}/ideas/new")
    page.get_by_label("Uw idee").fill(body)
    page.get_by_label("Uw e-mailadres").fill(email)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("javascript", [True, False])
def test_double_clicks_and_back_and_send_again_are_one_idea(window: Window, site: Site, javascript: bool) -> None:
    email = f"eens-{javascript}@waterveen.example".lower()
    page = window(javascript=javascript).new_page()
    write(page, site, THEIRS, email)

    page.get_by_role("button", name="Verstuur uw idee").dblclick()
    page.wait_for_url("**/ideas/sent")
    page.go_back()
    expect(page.get_by_label("Uw idee")).to_have_value(THEIRS)
    page.get_by_role("button", name="Verstuur uw idee").click()
    page.wait_for_url("**/ideas/sent")
    assert texts_of(site, email) == [THEIRS]

    page.go_back()
    page.get_by_label("Uw idee").fill(OTHER)
    page.get_by_role("button", name="Verstuur uw idee").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U hebt al iets ingestuurd")
    expect(page.get_by_label("Uw idee")).to_have_value(OTHER)
    page.get_by_role("button", name="Verander mijn eerdere idee").dblclick()
    page.wait_for_url("**/ideas/sent?corrected=1")
    assert texts_of(site, email) == [OTHER]


@pytest.mark.timeout(300)
def test_a_form_sent_while_the_site_is_away_arrives_once_it_is_back(window: Window, site: Site) -> None:
    email = "later@waterveen.example"
    context = window()
    page = context.new_page()
    write(page, site, THEIRS, email)
    lost: list[int] = []

    def lose(route: Route) -> None:  # the site gets it, the browser gets no answer
        lost.append(route.fetch(max_redirects=0).status)
        route.abort()

    context.route("**/ideas/new?send=1", lose, times=1)
    page.get_by_role("button", name="Verstuur uw idee").click()
    page.wait_for_url("chrome-error://**")
    page.go_back()
    expect(page.get_by_label("Uw idee")).to_have_value(THEIRS)
    page.get_by_role("button", name="Verstuur uw idee").click()
    page.wait_for_url("**/ideas/sent")

    assert (lost, texts_of(site, email)) == ([303], [THEIRS])
