"""A real Chromium on a real site with the sample municipality; both start once for all browser tests."""

import asyncio
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.site import Site

T = TypeVar("T")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 15_000
"""Milliseconds to wait for what should take less than one second: the machine has other work too."""
expect.set_options(timeout=PATIENCE)
LOADED_WITHIN = 300.0
"""Seconds for a worker to load the sample while the others wait."""
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


LONGEST_FIRST = ("test_every_page.py", "test_rounds.py", "test_live.py", "test_similar.py", "test_writing.py")
"""Files, so that two workers, who take them in turn, are ready at about the same time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser, and what takes longest begins first."""
    ours = [one for one in items if Path(__file__).parent in one.path.parents]
    for one in ours:
        one.add_marker(pytest.mark.browser)
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    if len(ours) == len(items):
        items.sort(key=lambda one: place.get(one.path.name, len(place)))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one these tests are skipped here and fail in CI."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        sentence = "No Chromium found: install Debian's chromium, or name one in the variable CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the sample municipality: one worker loads it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sample.db"
    try:
        shared.with_suffix(".claimed").touch(exist_ok=False)
    except FileExistsError:
        until = time.monotonic() + LOADED_WITHIN
        while not shared.exists():
            assert time.monotonic() < until, "the other worker never loaded the sample"
            time.sleep(0.2)
    else:
        loaded = Site(tmp_path_factory.mktemp("loaded"))
        loaded.load()
        copy_of(loaded, shared)
    return shared


@pytest.fixture(scope="session")
def site(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample municipality, served."""
    site = Site(tmp_path_factory.mktemp("site"))
    shutil.copyfile(sample, site.folder / "klankbord.db")
    wait_for(site.serve())
    yield site
    site.stop()


def copy_of(site: Site, place: Path) -> None:
    """A copy of a site's database, there at once and whole."""
    unfinished = place.with_suffix(".unfinished")
    with closing(sqlite3.connect(site.folder / "klankbord.db")) as there, closing(sqlite3.connect(unfinished)) as here:
        there.backup(here)
    unfinished.rename(place)


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Run something asynchronous to its end, beside the browser's own event loop."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


Window = Callable[..., BrowserContext]


@pytest.fixture
def window(chromium: Browser) -> Iterator[Window]:
    """Opens browser windows with cookies of their own: `window(width=360, scheme="dark", javascript=False)`."""
    opened: list[BrowserContext] = []

    def open_one(
        *,
        width: int = 360,
        scheme: str = "light",
        javascript: bool = True,
        forced: str = "none",
        touch: bool = False,
    ) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            forced_colors="active" if forced == "active" else "none",
            java_script_enabled=javascript,
            has_touch=touch,
            reduced_motion="reduce",
            locale="nl-NL",
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


Seat = Callable[..., Page]


@pytest.fixture(scope="session")
def kept_windows(chromium: Browser) -> Iterator[dict[tuple[bool, int], Page]]:
    """Windows that stay open from test to test: opening one costs as much as six pages in it."""
    kept: dict[tuple[bool, int], Page] = {}
    yield kept
    for page in kept.values():
        page.context.close()


@pytest.fixture
def seat(chromium: Browser, kept_windows: dict[tuple[bool, int], Page]) -> Iterator[Seat]:
    """A window in which nobody is signed in: `seat(javascript=False)`, or `seat(number=1)` beside the first."""

    def sit_down(*, javascript: bool = True, number: int = 0, width: int = 360) -> Page:
        page = kept_windows.get((javascript, number))
        if page is None:
            context = chromium.new_context(java_script_enabled=javascript, reduced_motion="reduce", locale="nl-NL")
            context.set_default_timeout(PATIENCE)
            page = kept_windows[javascript, number] = context.new_page()
        page.context.clear_cookies()
        page.set_viewport_size({"width": width, "height": 800})
        return page

    yield sit_down
    for page in kept_windows.values():
        page.goto("about:blank")  # it would go on asking a site that stops


def become(page: Page, site: Site, role: str | None = None, *, another: bool = False) -> None:
    """Somebody sits down at this window: nobody we know, or whoever holds a role, already signed in."""
    page.context.clear_cookies()
    for name, value in wait_for(_session_of(site, role, another=another)) if role else ():
        page.context.add_cookies([{"name": name, "value": value, "url": site.url}])


async def _session_of(site: Site, role: str, *, another: bool) -> list[tuple[str, str]]:
    visitor = await site.signed_in(role, another=another)
    await visitor.close()
    return [(one.name, one.value or "") for one in visitor.http.cookies.jar]


def sign_in(page: Page, site: Site, role: str) -> None:
    """Sign this window in as the holder of a role, by a link of its own."""
    page.goto(site.fresh_link(role))
    with page.expect_navigation():  # on a busy machine the next page would be asked for before the session came
        page.get_by_role("main").get_by_role("button", name="Aanmelden").click()
