import asyncio
import dataclasses
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from klankbord.templating import static_url
from tests.visitor import Visitor


async def test_personal_pages_are_not_kept_and_static_files_are(visitor: Visitor) -> None:
    assert (await visitor.open("/sign-in")).headers["cache-control"] == "no-store"
    assert (await visitor.open("/static/app.css")).headers["cache-control"] == "public, max-age=300"
    kept = await visitor.open(static_url("app.css"))
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_an_unknown_page_is_told_in_the_readers_language(visitor: Visitor) -> None:
    await visitor.open("/no-such-page")
    assert (visitor.status, '<html lang="nl">' in visitor.text) == (404, True)

    await visitor.press("English")
    await visitor.open("/no-such-page")

    assert (visitor.status, '<html lang="en">' in visitor.text) == (404, True)


async def test_a_form_from_another_site_is_refused(visitor: Visitor) -> None:
    await visitor.open("/sign-in")

    page = await visitor.http.post("/sign-in", data={"email": "jo@waterveen.example"})

    assert page.status_code == 403


async def test_a_form_that_does_not_arrive_whole_in_time_is_refused(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def half_a_form() -> AsyncIterator[bytes]:
        yield b"email=jo%40water"
        await asyncio.sleep(10)

    monkeypatch.setattr("klankbord.turnstile.ARRIVES_WITHIN", 0.1)
    await visitor.open("/sign-in")
    headers = {"origin": visitor.site, "content-type": "application/x-www-form-urlencoded", "content-length": "40"}

    page = await visitor.http.post("/sign-in", content=half_a_form(), headers=headers)

    assert (page.status_code, "too_slow" in page.text) == (408, True)
    assert page.headers["connection"] == "close"


async def test_moments_of_receipt_are_logged_only_when_asked_for_and_tell_nothing_else(
    app: Litestar, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"origin": visitor.site, "x-request-id": "abc-1"}
    with capture_logs() as before:
        await visitor.http.post("/sign-in", data={"email": "jo@waterveen.example"}, headers=headers)
    reception = app.asgi_handler
    monkeypatch.setattr(reception, "settings", dataclasses.replace(reception.settings, receipts="log"))  # type: ignore[attr-defined]
    with capture_logs() as after:
        await visitor.open("/sign-in")
        await visitor.http.post("/sign-in", data={"email": "jo@waterveen.example"}, headers=headers)

    assert [line for line in before if line["event"] == "received"] == []
    assert [line for line in after if line["event"] == "received"] == [
        {
            "event": "received",
            "log_level": "info",
            "received_at": "2026-11-23T11:00:00+00:00",
            "request_id": "abc-1",
        }
    ]


@pytest.mark.parametrize(
    "next_path", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_the_way_back_after_signing_in_stays_on_this_site(visitor: Visitor, next_path: str) -> None:
    await visitor.open(f"/sign-in?next={next_path}")

    assert [form.fields["next"] for form in visitor.forms if "email" in form.fields] == [["/"]]


@pytest.mark.parametrize("address", ["/", "/sign-in", "/no-such-page", "/v1/panels", "/desk", "/static/app.css"])
async def test_head_is_answered_like_get_without_a_body(visitor: Visitor, address: str) -> None:
    visitor.http.follow_redirects = False
    read = await visitor.http.get(address)
    asked = await visitor.http.head(address)

    assert (asked.status_code, asked.content) == (read.status_code, b"")
    assert asked.headers["content-length"] == read.headers["content-length"]


@pytest.mark.parametrize("where", ["_csrf_token", "%5Fcsrf_token", "x-csrftoken", "cookie"])
async def test_a_token_in_letters_that_ours_never_has_is_one_of_another_site(visitor: Visitor, where: str) -> None:
    await visitor.open("/sign-in")
    strange = "é" * 80
    headers = {b"origin": visitor.site.encode(), b"content-type": b"application/x-www-form-urlencoded"}
    if where in {"x-csrftoken", "cookie"}:
        headers[where.encode()] = f"csrf={strange}".encode()
    body = f"email=jo%40waterveen.example&{where}={quote(strange)}"

    page = await visitor.http.post("/sign-in", content=body, headers=headers)

    assert (page.status_code, "from_elsewhere" in page.text) == (403, True)


@pytest.mark.parametrize("name", ["app.css/x", "app.css/..", "a" * 300, "a/" * 2_100, "icons", ""])
async def test_what_is_no_file_of_ours_is_not_there(visitor: Visitor, name: str) -> None:
    page = await visitor.open(f"/static/{name}")

    assert (page.status_code, "<h1>Niet gevonden</h1>" in page.text) == (404, True)


@pytest.mark.parametrize("address", ["/sign-in", "/v1/panels", "/static/app.css"])
async def test_a_mistake_of_ours_before_the_application_is_told_like_any_other(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr("klankbord.reception.look_at_head", break_down)

    page = await visitor.open(address)

    assert (page.status_code, page.headers["cache-control"]) == (500, "no-store")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "ours" not in page.text
