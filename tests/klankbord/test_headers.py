"""Every answer of every kind, from the list of routes itself, against the rules of internet.nl and our own."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from accounts import roles, sessions
from accounts.states import Role
from kernel.clock import StandingClock
from kernel.cookies import cookie_name
from kernel.db import Database
from kernel.errors import Away, TooOften
from kernel.settings import Settings
from klankbord import lines
from klankbord.crowds import Crowds
from klankbord.headers import headers_of
from klankbord.security_page import PATH as SECURITY_TXT
from tests.application import equipped, registered
from tests.builders import a_person
from tests.house.tree import STATIC, TEMPLATES
from tests.klankbord.header_rules import against, against_page
from tests.klankbord.raw import FORM, Answered, ask
from tests.moments import NOON
from tests.notify.stories import a_story
from tests.visitor import Visitor

OF_ALL = (Role.MODERATOR, Role.AUDITOR, Role.OPERATOR)
OF_PANEL = (Role.SECRETARY, Role.CHAIR, Role.COMMISSIONER)
TOKENS = ":root { --utrecht-link-color: #154273; }"


@dataclass
class Site:
    """A whole site, and somebody who may do everything."""

    app: Litestar
    settings: Settings
    staff: bytes = b""
    samples: dict[str, str] = field(default_factory=dict)
    seen: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def host(self) -> bytes:
        """As its Host header has it."""
        return self.settings.public_url.partition("//")[2].encode()

    async def look(
        self, kind: str, raw_path: str, *, method: str = "GET", is_staff: bool = False, **sent: Any
    ) -> Answered:
        """Ask, and note what is wrong with the answer."""
        headers = [(b"origin", self.settings.origin.encode()), *sent.pop("headers", ())]
        if is_staff:
            headers.append((b"cookie", self.staff))
        given = {"host": self.host, **sent}
        answer = await ask(self.app, raw_path.encode(), method=method, headers=tuple(headers), **given)
        is_kept = raw_path.startswith(("/static/", "/theme.css")) and answer.status == 200
        faults = against(answer.headers, is_https=self.settings.is_secure, status=answer.status, is_kept=is_kept)
        if answer.header("content-type").startswith("text/html"):
            is_file = answer.header("content-disposition").startswith("attachment")
            faults += against_page(answer.text, is_file=is_file)
        self.wrong += [f"{kind} {method} {raw_path} {answer.status}: {fault}" for fault in faults]
        self.seen[answer.status] += 1
        self.kinds[kind] += 1
        return answer

    def addresses(self) -> list[str]:
        """Every route that can be read, with real ids and words in it."""
        found = []
        for route in self.app.routes:
            if isinstance(route, HTTPRoute) and "GET" in route.methods and "{file_path" not in route.path:
                path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: self.samples.get(found.group(1), "1"), route.path)
                if "{slug" in route.path and re.match("(/v1)?/consultations|/desk/themes", route.path):
                    path = path.replace(self.samples["slug"], self.samples["consultation"])
                found.append(path)
        return sorted(set(found))


@asynccontextmanager
async def a_site(settings: Settings, database: Database) -> AsyncIterator[Site]:
    """The application under this public address, with a story in it."""
    app = equipped(
        registered(mode=settings.mode, public_url=settings.public_url, theme=settings.theme),
        replace(settings, mail="memory:"),
        clock=StandingClock(NOON),
        database=database,
    )
    started, stop = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    task = asyncio.create_task(run())
    await started.wait()
    site = Site(app, settings)
    async with database.write() as tx:
        story = await a_story(tx)
        person = await a_person(tx)
        for role in (*OF_ALL, *OF_PANEL):
            panel_id = story.panel.id if role in OF_PANEL else None
            await roles.grant(tx, person=person, role=role, panel_id=panel_id, now=NOON)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    site.staff = f"{cookie_name('session', settings)}={secret}".encode()
    site.samples = {
        "slug": story.panel.slug,
        "consultation": story.consultation.slug,
        "consultation_id": str(story.consultation.id),
        "idea_id": str(story.idea.id),
        "meeting_id": str(story.meeting.id),
        "number": str(story.meeting.number),
        "item_id": str(story.point.id),
        "recommendation_id": str(story.advice.id),
        "response_id": str(story.response.id),
        "secret": "no-such-secret-at-all",
        "address": "no/such/page",
    }
    try:
        yield site
    finally:
        stop.set()
        await task


@pytest.fixture(params=["http://panel.test", "https://panel.test"])
async def site(
    request: pytest.FixtureRequest, settings: Settings, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """A site over http and one over https, in a municipality's own colours."""
    theme = tmp_path_factory.getbasetemp() / "theme.css"
    theme.write_text(TOKENS)
    contact = "mailto:veilig@waterveen.example"
    told = replace(settings, public_url=request.param, theme=str(theme), security_contact=contact, mode="demo")
    async with a_site(told, database) as site:
        yield site


async def test_every_answer_of_every_kind_carries_what_it_must(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in site.addresses():
        for method in ("GET", "HEAD", "OPTIONS"):
            await site.look("pages", address, method=method)
        await site.look("staff", address, is_staff=True)
        await site.look("strange", f"{address}?after=x&page=-1", is_staff=True)
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            await site.look("files", f"/static/{path.relative_to(STATIC).as_posix()}")
            await site.look("files", f"/static/{path.relative_to(STATIC).as_posix()}?v=1")
    await _refusals(site)
    await _breakdowns(site, monkeypatch)

    by_status = dict(sorted(site.seen.items()))
    print(f"\n{site.settings.public_url}: {site.seen.total()} answers {dict(site.kinds)}, by status {by_status}")
    assert site.wrong == []
    assert {200, 204, 303, 400, 403, 404, 405, 410, 413, 414, 415, 429, 431, 500, 503} <= set(site.seen)
    assert site.kinds["pages"] > 250


async def _refusals(site: Site) -> None:
    ours = (FORM,)
    for path in ("/sign-in", "/v1/panels", "/static/app.css", "/health", "/no-such-page"):
        await site.look("gate", path, host=b"evil.example")
        await site.look("gate", f"{path}?q=%ff")
        await site.look("gate", path + "/" + "a" * 8_000)
        await site.look("gate", path, headers=((b"cookie", b"a" * 20_000),))
        await site.look("gate", path, headers=((b"content-length", b"7"),))
        for method in ("TRACE", "CONNECT", "PUT", "DELETE", "PATCH"):
            await site.look("gate", path, method=method)
        for kind in (b"application/json", b"multipart/form-data; boundary=x"):
            await site.look("gate", path, method="POST", headers=((b"content-type", kind),), parts=(b"[" * 5_000,))
        await site.look("gate", path, method="POST", headers=ours, parts=(b"a=" + b"b" * 200_000,))
        await site.look("gate", path, method="POST", headers=ours, parts=(b"&a" * 3_000,))
        await site.look("gate", path, method="POST", headers=(*ours, (b"sec-fetch-site", b"cross-site")))
        await site.look("forms", path, method="POST", headers=ours, parts=(b"a=b",))
    page = await site.look("forms", "/sign-in")
    token = re.search(r'name="_csrf_token" value="(\w+)"', page.text)
    assert token
    cookie = (b"cookie", f"{cookie_name('csrf', site.settings)}={token.group(1)}".encode())
    for path, more in (
        ("/language", "language=en&next=/"),
        ("/sign-in", "email=jo@waterveen.example"),
        ("/sign-in", "email="),
    ):
        body = f"_csrf_token={token.group(1)}&{more}".encode()
        await site.look("forms", path, method="POST", headers=(FORM, cookie), parts=(body,))
    crowds = site.app.state.crowds
    site.app.state.update({"crowds": Crowds(1, clock=lambda: 0.0)})
    for _ in range(2):
        for path in ("/", "/sign-in", "/v1/panels", "/static/%00"):
            await site.look("too often", path)
    await site.look("too often", "/sign-in", method="POST", headers=ours, parts=(b"email=jo",))
    site.app.state.update({"crowds": crowds})


async def _breakdowns(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (RuntimeError("ours"), Away(), TooOften()):

        async def break_down(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr("klankbord.home.consultation_queries.open_now", break_down)
        await site.look("broken", "/")
        await site.look("broken", "/", is_staff=True)
    monkeypatch.setattr("klankbord.health.outbox.counts", break_down)
    await site.look("broken", "/health")


def test_what_the_server_itself_says_carries_the_same(settings: Settings) -> None:
    for url in ("http://panel.test", "https://panel.test"):
        told = headers_of(replace(settings, public_url=url)) | {"cache-control": "no-store", "vary": "Cookie"}
        pairs = [(name.encode(), value.encode()) for name, value in told.items()]
        assert against([*pairs, (b"content-length", b"0")], is_https=url.startswith("https"), status=400) == []
        assert lines.options(replace(settings, public_url=url))["server_header"] is False


async def test_cookies_are_these_and_no_others_and_none_before_a_form_is_shown(site: Site) -> None:
    prefix = "__Host-" if site.settings.is_secure else ""
    for path in ("/static/app.css", "/health", "/v1/panels", "/theme.css", SECURITY_TXT, "/v1/openapi.json"):
        answer = await site.look("cookies", path)
        assert (answer.status, answer.header("set-cookie")) == (200, "")
    page = await site.look("cookies", "/")

    told, secure = page.header("set-cookie"), "; Secure" if site.settings.is_secure else ""
    assert re.fullmatch(rf"{prefix}csrf=\w+; HttpOnly; Path=/; SameSite=lax{secure}", told), told
    assert site.wrong == []


async def test_no_page_asks_another_host_for_anything_whatever_colours_it_has(site: Site) -> None:
    page = await site.look("theme", "/")
    tokens = re.search(r'href="(/theme\.css\?v=\w{12})"', page.text)
    assert tokens
    answer = await site.look("theme", tokens.group(1))

    assert (answer.text, answer.header("content-type")) == (TOKENS, "text/css; charset=utf-8")
    assert answer.header("cache-control") == "public, max-age=31536000, immutable"
    assert site.wrong == []


LOADS = re.compile(r"""(?:url\(|@import|fetch\(|import |src=|href=)\s*["'`]?((?:https?:)?//[^\s"'`)]+)""")


def test_no_file_of_ours_names_another_host() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"}]

    assert {f"{path.name}: {found}" for path in files for found in LOADS.findall(path.read_text())} == set()


def test_no_template_brings_a_frame() -> None:
    frame = re.compile(r"<(i?frame|object|embed|portal)\b")

    assert [path.name for path in TEMPLATES.rglob("*.html") if frame.search(path.read_text())] == []


async def test_security_txt_is_as_the_standard_has_it_on_every_day(site: Site) -> None:
    answer = await site.look("security", SECURITY_TXT)

    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.strptime(fields.pop("Expires"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert answer.header("content-type") == "text/plain; charset=utf-8"
    assert timedelta(days=30) < expires - NOON < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:veilig@waterveen.example",
        "Preferred-Languages": "nl, en",
        "Canonical": f"{site.settings.public_url}/.well-known/security.txt",
        "Policy": f"{site.settings.public_url}/security",
    }


async def test_without_a_contact_there_is_no_security_txt_and_the_page_still_helps(visitor: Visitor) -> None:
    assert (await visitor.open(SECURITY_TXT)).status_code == 404
    await visitor.open("/")
    await visitor.follow("Beveiliging")
    assert (visitor.status, "Zwakke plek gevonden?" in visitor.text) == (200, True)


async def test_a_page_can_be_found_from_the_file_and_names_the_contact(site: Site) -> None:
    page = await site.look("security", "/security")

    assert (page.status, 'href="mailto:veilig@waterveen.example"' in page.text) == (200, True)
