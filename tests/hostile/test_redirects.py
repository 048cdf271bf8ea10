"""Wherever somebody asks to be taken afterwards, it is a place on this site."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from httpx import URL
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from accounts.forms import path_here
from accounts.models import SignInRequest
from kernel.db import Database
from tests.hostile.corpus import corpus, redirects
from tests.visitor import Visitor

SITE = "http://panel.test"
NOWHERE = dict.fromkeys(map(ord, "\t\r\n"))


def as_browsers_read(place: str) -> str:
    """Where an address leads from a page of the site, the way browsers read it."""
    bare = place.strip("".join(map(chr, range(33)))).translate(NOWHERE)
    head, mark, rest = bare.partition("?")
    return urljoin(f"{SITE}/sign-in", head.replace("\\", "/") + mark + rest)


def is_here(place: str) -> bool:
    """Whether it is a path on this site, and nothing that any reader could take for a host."""
    there = urlsplit(as_browsers_read(place))
    is_path = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isascii() and place.isprintable()
    return is_path and f"{there.scheme}://{there.netloc}" == SITE


def test_there_are_at_least_as_many_as_were_asked_for() -> None:
    assert len(redirects()) >= 324


@pytest.mark.parametrize(
    "payload", ["//evil.example", "/\\evil.example", "https:evil.example", "/\t/evil.example", " //evil.example"]
)
def test_the_test_knows_what_leads_away(payload: str) -> None:
    assert not is_here(payload)


def test_no_address_is_kept_that_leads_off_the_site() -> None:
    assert [one for one in (*redirects(), *corpus()) if not is_here(path_here(one))] == []


async def test_choosing_a_language_leads_to_a_page_of_ours(visitor: Visitor) -> None:
    await visitor.open("/")
    token = visitor.forms[0].fields["_csrf_token"][0]
    away = []
    for payload in redirects():
        fields = {"_csrf_token": token, "language": "en", "next": payload.encode(errors="ignore").decode()}
        answer = await visitor.http.post(
            "/language", data=fields, headers={"origin": visitor.site}, follow_redirects=False
        )
        assert answer.status_code == 303, payload
        if not is_here(answer.headers["location"]):
            away.append((payload, answer.headers["location"]))
    assert away == []


async def test_signing_in_leads_to_a_page_of_ours(visitor: Visitor, database: Database) -> None:
    away = []
    for payload in redirects():
        page = await visitor.http.get("/sign-in", params={"next": payload.encode(errors="ignore").decode()})
        assert page.status_code in {200, 400, 414}  # what no browser sends is refused at the gate
        fields = LexborHTMLParser(page.text).css("input[name=next]")
        away += [(payload, one.attributes["value"]) for one in fields if not is_here(one.attributes["value"] or "/")]
    assert away == []
    await visitor.open("/sign-in?next=/following")
    await visitor.press("Stuur mij een link", email="jo@waterveen.example", next="//evil.example/x")
    await visitor.open("/sign-in?next=//evil.example")
    await visitor.press("Stuur mij een link", email="an@waterveen.example")
    async with database.read() as db:
        assert set(await db.scalars(select(SignInRequest.next_path))) == {"/"}


async def test_no_page_sends_a_reader_away_for_what_stands_in_its_address(visitor: Visitor) -> None:
    away = []
    for payload in redirects()[::2]:
        address = quote(payload.encode(errors="ignore").decode().lstrip("/")[:300], safe="/@:;")
        for start in ("/", "/desk/", "//"):
            answer = await visitor.http.get(
                URL(visitor.site, raw_path=f"{start}{address}".encode()), follow_redirects=False
            )
            if answer.status_code >= 500 or not is_here(answer.headers.get("location", "/")):
                away.append((payload, answer.status_code, answer.headers.get("location")))
    assert away == []
