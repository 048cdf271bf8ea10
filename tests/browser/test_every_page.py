"""Every page that anybody can reach, as the person it is for: accessible, within its width, without a broken rule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kernel.settings import Settings
from klankbord.app import create_app
from tests.browser.conftest import Window, sign_in, wait_for
from tests.browser.drafts import a_draft
from tests.browser.letters import provoke
from tests.browser.walk import Routes, walk
from tests.browser.writing import write
from tests.journeys.site import Site

ROLES = ("anonymous", "resident", "moderator", "secretary", "commissioner", "member", "chair", "auditor", "operator")
STANDARD = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    """The routes of the application as it is wired."""
    path = tmp_path_factory.mktemp("routes")
    settings = Settings(mode="demo", database_url=f"sqlite+aiosqlite:///{path}/none.db", mail=f"folder:{path}")
    return Routes.of(create_app(settings))


@pytest.fixture(scope="module")
def letters(site: Site) -> list[str]:
    """Somebody posts, supports, follows and asks for a link, so that the letters' own pages are there to be seen."""
    found = wait_for(provoke(site)) + wait_for(write(site))
    wait_for(a_draft(site))
    return found


STARTS = {
    "resident": ("/", "/following", "/blocked", "/account", "/account/data", "/account/data/erase", "/erased"),
    "moderator": (
        *("/desk", "/moderation?show=reports", "/moderation?show=appeals"),
        *("/moderation/bulk?all=1", "/moderation/ideas/233/together"),
    ),
    "secretary": (
        "/desk",
        "/desk/meetings/1/minutes",
        "/desk/meetings/2/minutes",
        "/desk/consultations/2",
        "/desk/consultations/4",
    ),
    "operator": ("/desk", "/second-factor"),
}
"""Where somebody's walk begins, beside the links in the letters; one page of each kind is not enough for these."""


def starts(site: Site, letters: list[str], role: str) -> list[str]:
    """For a stranger the front page and the links in the letters, for everybody else the own work."""
    if role == "anonymous":
        return [site.url + "/", *letters]
    return [site.url + path for path in STARTS.get(role, ("/desk",))]


def complaints_of(page: Page) -> list[str]:
    """What the browser will complain about from now on: scripts that fail, rules for content that are broken."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: heard.append(said.text) if said.type in {"error", "warning"} else None)
    return heard


def visits(
    window: Window, site: Site, letters: list[str], routes: Routes, reached: set[str], *, anew: bool = False, **how: Any
) -> Iterator[tuple[str, str, Page]]:
    """Each route once, as the first role that reaches it; `anew`: once for every role. `reached` grows on the way."""
    for role in ROLES:
        seen: set[str] = set() if anew else reached
        context = window(**how)
        page = context.new_page()
        heard = complaints_of(page)
        if role != "anonymous":
            sign_in(page, site, role)
        for name in walk(page, routes, start=starts(site, letters, role), reached=seen):
            reached.add(name)
            yield role, name, page
            assert heard == [], f"{name} as {role}"
        context.close()


@pytest.mark.timeout(600)
def test_every_page_is_accessible_and_fits_a_phone(
    window: Window, site: Site, letters: list[str], routes: Routes
) -> None:
    found: list[str] = []
    reached: set[str] = set()
    for role, name, page in visits(window, site, letters, routes, reached, width=360):
        outcome = Axe().run(page, options=STANDARD)
        found += [
            f"{name} as {role}: {one['id']} – {one['help']}: {one['nodes'][0]['html'][:160]}"
            for one in outcome.response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{name} as {role}: wider than the screen")
    found += [f"{name}: no link leads there" for name in sorted(routes.pages - reached)]
    assert "\n".join(found) == ""


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_everybody_is_on_the_contact_sheet(
    window: Window, site: Site, letters: list[str], routes: Routes, width: int, scheme: str
) -> None:
    folder = Path("var/pages") / f"{width}-{scheme}"
    folder.mkdir(parents=True, exist_ok=True)
    pictures: list[tuple[str, str]] = []
    reached: set[str] = set()
    for role, name, page in visits(window, site, letters, routes, reached, anew=True, width=width, scheme=scheme):
        file = f"{role}{name.replace('/', '_').replace('{', '').replace('}', '')}.png"
        page.screenshot(path=folder / file, full_page=True)
        pictures.append((f"{role}: {name}", file))
    cells = "".join(f'<a href="{file}"><img src="{file}" width="240" alt=""><br>{what}</a>' for what, file in pictures)
    (folder / "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>{folder.name}</title>{cells}")
    assert reached >= routes.pages
