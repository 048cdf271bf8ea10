"""In a real browser: two moderators at one queue, single keys, many at once, and undoing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, sign_in, wait_for
from tests.journeys.site import Site


class Patient(Site):
    """A municipality where a decision can be undone for ten minutes."""

    @property
    def environ(self) -> dict[str, str]:
        """The sample's, with time to think again."""
        return super().environ | {"KLANKBORD_UNDO_MINUTES": "10"}


@pytest.fixture(scope="module")
def patient(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the sample municipality as it stands, served."""
    copy = Patient(Path(tmp_path_factory.mktemp("patient")))
    databases = (closing(sqlite3.connect(one.folder / "klankbord.db")) for one in (site, copy))
    with next(databases) as there, next(databases) as here:
        there.backup(here)
    wait_for(copy.start())
    yield copy
    copy.stop()


def rows(page: Page) -> list[str]:
    """The titles in the queue."""
    return page.locator(".queue-row > a").all_inner_texts()


@pytest.mark.timeout(300)
def test_two_moderators_at_one_queue_and_one_of_them_with_keys_alone(window: Window, patient: Site) -> None:
    anna, bram = window(width=1280).new_page(), window(width=1280).new_page()
    for page in (anna, bram):
        patient.links.clear()
        sign_in(page, patient, "moderator")
        page.goto(f"{patient.url}/moderation")
    first, second, *_ = rows(anna)

    anna.keyboard.press("j")
    expect(anna.get_by_role("link", name=first, exact=True)).to_be_focused()
    anna.keyboard.press("j")
    expect(anna.get_by_role("link", name=second, exact=True)).to_be_focused()
    anna.keyboard.press("k")
    anna.keyboard.press("Enter")
    expect(anna.get_by_role("heading", level=1)).to_have_text(first)
    bram.get_by_role("link", name=first, exact=True).click()

    with anna.expect_navigation():
        anna.keyboard.press("p")
    expect(anna.get_by_role("button", name="Ongedaan maken")).to_be_visible()
    expect(bram.get_by_text("Hierover is al beslist")).to_be_visible()  # it appeared by itself
    with bram.expect_navigation():
        bram.get_by_role("button", name="Publiceren").click()
    expect(bram.get_by_text("besloot op")).to_be_visible()

    with anna.expect_navigation():
        anna.keyboard.press("u")
    expect(anna.get_by_text("Het besluit is ongedaan gemaakt.")).to_be_visible()
    anna.goto(f"{patient.url}/moderation")
    assert first in rows(anna)

    anna.keyboard.press("j")
    anna.keyboard.press("x")
    anna.keyboard.press("j")
    anna.keyboard.press("x")
    with anna.expect_navigation():
        anna.keyboard.press("b")
    expect(anna.get_by_text("U koos 2 inzendingen.")).to_be_visible()
    anna.get_by_label("publiceren").check()
    anna.get_by_role("button", name="Kijk na wat er gebeurt").click()
    decide = anna.get_by_role("button", name="Beslis over")
    number = int((decide.inner_text()).split()[2])
    decide.click()
    expect(anna.get_by_role("button", name="Ongedaan maken")).to_be_visible()
    assert first not in rows(anna) or number == 1
    anna.get_by_role("button", name="Ongedaan maken").click()
    expect(anna.get_by_text("Het besluit is ongedaan gemaakt.")).to_be_visible()
    assert first in rows(anna)

    anna.get_by_text("Sneltoetsen", exact=True).click()
    with anna.expect_navigation():
        anna.get_by_role("button", name="Zet de sneltoetsen uit").click()
    anna.keyboard.press("j")
    expect(anna.locator(".queue-row > a").first).not_to_be_focused()


@pytest.mark.timeout(300)
def test_without_scripts_a_moderator_chooses_several_and_undoes(window: Window, patient: Site) -> None:
    page = window(javascript=False).new_page()
    patient.links.clear()
    sign_in(page, patient, "moderator")
    page.goto(f"{patient.url}/moderation?kind=idea")
    first = rows(page)[0]
    page.get_by_role("checkbox", name=f"Kies ‘{first}’").check()
    page.get_by_role("button", name="Beslis over wat is aangevinkt").click()
    page.get_by_label("publiceren").check()
    page.get_by_role("button", name="Kijk na wat er gebeurt").click()
    page.get_by_role("button", name="Beslis over 1 inzending").click()
    expect(page.get_by_text(f"U besloot: ‘{first}’ komt op de site.")).to_be_visible()
    assert "kind=idea" in page.url
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_text("Het besluit is ongedaan gemaakt.")).to_be_visible()
    assert first in rows(page)
