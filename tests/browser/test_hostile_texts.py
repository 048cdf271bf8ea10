"""The worst texts in a real browser: no dialog, no broken rule, no complaint, nothing wider than a small screen."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Route

from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from klankbord import asset_dir
from tests import application
from tests.browser.conftest import Window, wait_for
from tests.browser.test_every_page import complaints_of
from tests.engines import SqliteDatabases
from tests.hostile import packs, showing, town
from tests.hostile.corpus import LANGUAGES
from tests.moments import NOON
from tests.visitor import Visitor

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
KEPT_IN_A_FILE = ("content-type",)
KEPT = ("content-security-policy", "content-type", "x-content-type-options", "referrer-policy")
MOST_PAGES = 60


def _text(number: int, is_line: bool) -> str:
    """Packs of payloads, a word that is far too long, and all languages, in turns."""
    kept = packs.as_kept(packs.pack_for(0, number), is_line)
    return (kept, f"{'x' * 300}\n{kept}", " ".join(LANGUAGES.values()))[number % 3]


async def _shown(folder: Path) -> showing.Shown:
    """The pages of a town in which nothing but that stands, as the application answers them."""
    databases = SqliteDatabases(folder)
    url = databases.url(folder)
    databases.make(url, migrated=True)
    settings = Settings(mode="test", database_url=url, public_url=application.PUBLIC_URL, mail="memory:")
    database = Database(url)
    async with (
        application.running(settings, clock=StandingClock(NOON), database=database),
        Visitor(application.registered()) as visitor,
    ):
        built = await town.build(database, settings)
        await town.rewrite(database, _text)
        visitor.http.cookies.set("session", built.session)
        shown = await showing.walk(visitor, built, of_a_kind=1)
    await database.close()
    return shown


@pytest.mark.timeout(900)
def test_nothing_acts_and_nothing_overflows(window: Window, tmp_path: Path) -> None:
    shown = wait_for(_shown(tmp_path))
    assert shown.failed == []
    context = window(width=320)
    asked_elsewhere: list[str] = []
    dialogs: list[str] = []

    def answer(route: Route) -> None:
        there = urlsplit(route.request.url)
        address = there.path + (f"?{there.query}" if there.query else "")
        if there.netloc != "panel.test":
            asked_elsewhere.append(route.request.url)
            route.abort()
        elif there.path.startswith("/static/"):
            file = asset_dir("static") / there.path.removeprefix("/static/")
            route.fulfill(status=200, body=file.read_bytes(), content_type=TYPES.get(file.suffix, "text/plain"))
        elif address in shown.pages:
            kept = KEPT_IN_A_FILE if "content-disposition" in shown.headers[address] else KEPT
            headers = {name: value for name, value in shown.headers[address].items() if name in kept}
            route.fulfill(status=200, body=shown.pages[address].partition("</i>")[2], headers=headers)
        else:
            route.fulfill(status=204)

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    context.route("**/*", answer)
    page = context.new_page()
    heard = complaints_of(page)
    page.on("dialog", dismiss)
    wide: list[str] = []
    pages = [
        address
        for address, headers in shown.headers.items()
        if address in shown.pages and "text/html" in headers.get("content-type", "")
    ]
    for address in pages[:MOST_PAGES]:
        page.goto(f"http://panel.test{address}", wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(address)
    print(f"{len(pages[:MOST_PAGES])} pages, {len(wide)} too wide")
    complaints = [one for one in heard if "WebSocket" not in one]  # no socket stands behind these pages
    assert (dialogs, complaints, asked_elsewhere, wide) == ([], [], [], [])
