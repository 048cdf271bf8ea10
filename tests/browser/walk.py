"""Finds every page that somebody can reach: follows links from a start, one or a few examples of each route."""

import html
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from litestar import Litestar
from playwright.sync_api import Page

NOT_PAGES = re.compile(
    r"^/(static|v1|live|health|\.well-known)\b|^/theme\.css$|\.(ics|csv|jsonl?|xml)$|/(html|rows|standing)$|/download\.(html|json)$|/files/[^/]+/[^/]+$"
)
"""Addresses that do not answer with a page of the site: files, letters as they are, fragments of a page."""
LINK = re.compile(r"""<a\b[^>]*?\shref="([^"]*)""")
WORK = re.compile(r"^/(desk|moderation)\b")
"""Where pages differ from person to person."""


@dataclass
class Routes:
    """The application's GET routes: which one an address belongs to."""

    patterns: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)

    @classmethod
    def of(cls, app: Litestar) -> "Routes":
        """Every GET route but the catch-all, by path."""
        found = []
        for route in app.routes:
            if "GET" in getattr(route, "methods", ()) and route.path_format != "/{address}":
                shape = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route.path_format))
                found.append((route.path_format, re.compile(f"^{shape}$")))
        return cls(sorted(found, key=lambda one: one[0].count("{")))

    def name(self, address: str) -> str | None:
        """The path of the route that answers this address."""
        path = urlsplit(address).path
        return next((name for name, pattern in self.patterns if pattern.match(path)), None)

    @property
    def pages(self) -> set[str]:
        """The routes that answer with a page of the site."""
        return {name for name, _ in self.patterns if not NOT_PAGES.search(name)}


def walk(page: Page, routes: Routes, *, start: list[str], reached: set[str]) -> Iterator[str]:
    """Go to every start, then along the links; yields the route of a new kind of page while the browser is on it.

    Of each route one page is opened. What others reached before is opened again only behind the counter, where the
    links differ from person to person.
    """
    opened: set[str] = set()
    waiting = deque(start)
    known = set(start)
    while waiting:
        address = waiting.popleft()
        path = urlsplit(address).path
        name = routes.name(address)
        if name is None or NOT_PAGES.search(path):
            continue
        if address not in start and (name in opened or (name in reached and not WORK.match(path))):
            continue
        opened.add(name)
        if name in reached:
            links = _links_at(page, address)
        else:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, f"{address} answered {answer.status}"
            reached.add(name)
            yield name
            links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in links:
            target = urljoin(address, link).partition("#")[0]
            if _is_for(address, target) and target not in known:
                known.add(target)
                waiting.append(target)


def _links_at(page: Page, address: str) -> list[str]:
    """Where the page leads, asked for without showing it."""
    answer = page.request.get(address)
    assert answer.status == 200, f"{address} answered {answer.status}"
    return [html.unescape(link) for link in LINK.findall(answer.text())]


def _is_for(address: str, target: str) -> bool:
    """Whether whoever reads this page may follow that link: on this site, and not out of somebody else's letter."""
    here, there = urlsplit(address), urlsplit(target)
    is_letter = here.path.startswith("/demo/mail/")
    return here.netloc == there.netloc and (not is_letter or there.path.startswith("/demo/mail"))
