"""In a real browser: two moderators at one queue, single keys, many at once, and undoing.

With a keyboard alone, and without scripts.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Seat, become, wait_for
from tests.browser.hands import Hands
from tests.browser.moderating import seen_to
from tests.journeys.site import Site

UNDONE = "Het besluit is ongedaan gemaakt."


class Patient(Site):
    """A municipality where a decision can be undone for ten minutes."""

    @property
    def environ(self) -> dict[str, str]:
        """The sample's, with time to think again."""
        return super().environ | {"KLANKBORD_UNDO_MINUTES": "10"}


@pytest.fixture(scope="module")
def patient(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample municipality, served with that setting."""
    site = Patient(Path(tmp_path_factory.mktemp("patient")))
    shutil.copyfile(sample, site.folder / "klankbord.db")
    wait_for(site.serve())
    yield site
    site.stop()


def rows(page: Page) -> list[str]:
    """The titles in the queue."""
    return page.locator(".queue-row > a").all_inner_texts()


def key(page: Page, letter: str) -> None:
    """One key that brings another page."""
    with page.expect_navigation():
        page.keyboard.press(letter)


@pytest.mark.timeout(300)
def test_two_moderators_at_one_queue_with_keys_alone(seat: Seat, patient: Site) -> None:
    anna, bram = seat(width=1280), seat(number=1, width=1280)
    become(anna, patient, "moderator")
    become(bram, patient, "moderator", another=True)
    for page in (anna, bram):
        page.goto(f"{patient.url}/moderation")
    first, second, *_ = rows(anna)
    for letter, title in (("j", first), ("j", second), ("k", first)):
        anna.keyboard.press(letter)
        expect(anna.get_by_role("link", name=title, exact=True)).to_be_focused()
    key(anna, "Enter")
    expect(anna.get_by_role("heading", level=1)).to_have_text(first)
    key(anna, "c")
    expect(anna.get_by_text("U leest deze inzending.")).to_be_visible()
    expect(bram.locator(".queue-row", has_text=first).locator(".claimed")).to_be_visible()  # it appeared by itself
    other = Hands(bram, keys=True)
    other.follow(first)
    expect(bram.get_by_text("leest deze inzending nu")).to_be_visible()

    key(anna, "p")
    expect(bram.get_by_text("Hierover is al beslist")).to_be_visible()
    other.press("Publiceren")
    expect(bram.get_by_text("besloot op").first).to_be_visible()
    assert seen_to(bram) == []
    key(anna, "u")
    expect(anna.get_by_text(UNDONE)).to_be_visible()


@pytest.mark.timeout(300)
def test_many_are_decided_at_once_and_undone_with_keys_alone(seat: Seat, patient: Site) -> None:
    anna = seat(width=360)
    hands = Hands(anna, keys=True)
    become(anna, patient, "moderator")
    anna.goto(f"{patient.url}/moderation")
    first, second, *_ = rows(anna)
    for letter in "jxjx":
        anna.keyboard.press(letter)
    key(anna, "b")
    expect(anna.get_by_text("U koos 2 inzendingen.")).to_be_visible()
    hands.choose("publiceren")
    hands.press("Kijk na wat er gebeurt")
    expect(anna.get_by_role("main")).to_contain_text(second)
    assert seen_to(anna) == []
    hands.press("Beslis over 2 inzendingen")
    expect(anna.get_by_text("U besloot over 2 inzendingen")).to_be_visible()
    assert not {first, second} & set(rows(anna))
    key(anna, "u")
    expect(anna.get_by_text(UNDONE)).to_be_visible()
    assert rows(anna)[:2] == [first, second]

    hands.unfold("Sneltoetsen")
    hands.press("Zet de sneltoetsen uit")
    anna.keyboard.press("j")
    expect(anna.locator(".queue-row > a").first).not_to_be_focused()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_without_scripts_a_second_moderator_reads_who_decided_and_many_are_undone(seat: Seat, patient: Site) -> None:
    page = seat(javascript=False)
    hands = Hands(page)
    become(page, patient, "moderator")
    page.goto(f"{patient.url}/moderation?kind=idea")
    first, second, *_ = rows(page)
    hands.follow(first)
    hands.press("Ik lees deze")
    expect(page.get_by_text("U leest deze inzending.")).to_be_visible()
    mine = page.url
    become(page, patient, "moderator", another=True)
    page.goto(mine)
    expect(page.get_by_text("leest deze inzending nu")).to_be_visible()
    wait_for(decided(patient, mine))
    hands.press("Publiceren")
    expect(page.get_by_text("besloot op").first).to_be_visible()
    hands.press("Ongedaan maken")
    expect(page.get_by_text(UNDONE)).to_be_visible()

    page.goto(f"{patient.url}/moderation?kind=idea")
    for title in (first, second):
        hands.tick(f"Kies ‘{title}’")
    hands.press("Beslis over wat is aangevinkt")
    hands.choose("publiceren")
    hands.press("Kijk na wat er gebeurt")
    hands.press(re.compile("Beslis over 2"))
    expect(page.get_by_text("U besloot over 2 inzendingen")).to_be_visible()
    assert "kind=idea" in page.url
    hands.press("Ongedaan maken")
    expect(page.get_by_text(UNDONE)).to_be_visible()
    assert {first, second} <= set(rows(page))


async def decided(site: Site, address: str) -> None:
    """The first moderator publishes it meanwhile."""
    moderator = await site.signed_in("moderator")
    await moderator.open(address)
    await moderator.press("Publiceren")
    await moderator.close()
