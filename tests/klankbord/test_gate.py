"""What no page of this site would send is turned away before it is read, in the reader's language, and never breaks."""

from urllib.parse import urlencode

import pytest
from litestar import Litestar

from kernel.db import Database
from kernel.settings import Settings
from klankbord.crowds import FORMS_GIVEN_BACK, MOST_NETWORKS, Crowds
from klankbord.gate import LETTERS_ONLY, hosts_of
from notify import signing
from tests.builders import a_person
from tests.klankbord.raw import FORM, OURS, Answered, ask
from tests.visitor import Visitor

PROBLEM = {"type", "title", "status", "detail", "instance"}
FORGED = ((b"sec-fetch-site", b"cross-site"), (b"sec-fetch-site", b"same-site"), (b"origin", b"https://evil.example"))


def code_of(answer: Answered) -> str:
    """The code that the page or the problem tells."""
    return answer.text.partition("Noem dan deze code: ")[2].partition("<")[0]


# whose site it is


@pytest.mark.parametrize("host", [b"panel.test", b"PANEL.test", b"panel.test:80", b"localhost:8000", b"[::1]:8000"])
async def test_the_site_answers_under_its_own_names(app: Litestar, host: bytes) -> None:
    assert (await ask(app, host=host)).status == 200


@pytest.mark.parametrize(
    "host",
    [None, b"", b"evil.example", b"panel.test.evil.example", b"panel.test:81", b"localhost", b"panel.test,evil", b"."],
)
async def test_under_no_other_name_whatever_a_proxy_may_have_forwarded(app: Litestar, host: bytes | None) -> None:
    forwarded = ((b"x-forwarded-host", b"panel.test"), (b"forwarded", b"host=panel.test"), (b"x-host", b"panel.test"))

    answer = await ask(app, host=host, headers=forwarded)

    assert (answer.status, code_of(answer)) == (400, "unknown_host")
    assert "http://panel.test/" in answer.text
    assert "evil" not in answer.text


async def test_two_names_are_none(app: Litestar) -> None:
    assert (await ask(app, headers=((b"host", b"panel.test"),))).status == 400


async def test_no_link_follows_the_name_that_was_asked_for(app: Litestar) -> None:
    answer = await ask(app, b"/", host=b"localhost:8000", headers=((b"x-forwarded-host", b"evil.example"),))

    assert (answer.status, "evil.example" in answer.text, "localhost" in answer.text) == (200, False, False)


def test_in_production_only_the_public_name_counts_and_the_machines_own_for_probes() -> None:
    settings = Settings(public_url="https://panel.example.nl")

    assert hosts_of(settings) == {b"panel.example.nl", b"panel.example.nl:443"}
    assert hosts_of(settings, is_probe=True) - hosts_of(settings) == {
        b"localhost:8000",
        b"127.0.0.1:8000",
        b"[::1]:8000",
    }


# what cannot be read


@pytest.mark.parametrize(
    "raw_path",
    [
        b"/%00",
        b"/a%00b",
        b"/%ff",
        b"/%c3%28",
        b"/%ed%a0%80",
        b"/\xff",
        b"/?q=%00",
        b"/?q=%ff",
        b"/?%00=a",
        b"/?q=\xfe",
        b"/v1/consultations?cursor=%00",
        b"/static/%00",
        b"/health?%ff",
        b"/?" + b"&".join([b"a=1"] * 101),
    ],
)
async def test_an_address_is_utf8_without_nul(app: Litestar, raw_path: bytes) -> None:
    answer = await ask(app, raw_path)

    assert answer.status == 400
    if raw_path.startswith(b"/v1"):
        assert (set(answer.problem), answer.header("content-type")) == (PROBLEM, "application/problem+json")
    else:
        assert code_of(answer) == "unreadable"


@pytest.mark.parametrize(
    ("raw_path", "headers", "status"),
    [
        (b"/" + b"a" * 8_000, (), 414),
        (b"/?" + b"a" * 8_000, (), 414),
        (b"/v1/" + b"a" * 8_000, (), 414),
        (b"/", ((b"x", b"y"),) * 80, 431),
        (b"/", ((b"cookie", b"a=" + b"b" * 16_000),), 431),
        (b"/v1/panels", ((b"cookie", b"a=" + b"b" * 16_000),), 431),
        (b"/", ((b"content-length", b"5"),), 400),
        (b"/", ((b"transfer-encoding", b"chunked"),), 400),
        (b"/", ((b"content-length", b"0"), (b"content-length", b"0")), 400),
        (b"/", ((b"content-length", b"-1"),), 400),
        (b"/", ((b"content-length", b"1e3"),), 400),
        (b"/", ((b"content-length", "٣".encode()),), 400),
    ],
)
async def test_a_head_that_no_browser_sends_is_refused(
    app: Litestar, raw_path: bytes, headers: tuple[tuple[bytes, bytes], ...], status: int
) -> None:
    assert (await ask(app, raw_path, headers=headers)).status == status


@pytest.mark.parametrize(
    "cookie",
    [
        b"\xff\xfe=\x00",
        b";;;===;",
        b"session",
        b'session="',
        b"session=" + b"\xe9" * 500,
        b"language=../../x",
        b"a" * 9000,
        b"session=x; session=y",
        b"csrf=\xc3\xa9",
        b"csrf=" + b"a" * 128,
        b"language=",
        b"browser=%00",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_cookies_may_hold_any_garbage(app: Litestar, cookie: bytes, method: str) -> None:
    answer = await ask(app, method=method, headers=((b"cookie", cookie), FORM, OURS), parts=(b"email=a",))

    assert answer.status == (200 if method == "GET" else 403)


# what can be done at all


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BREW", "get"])
@pytest.mark.parametrize(
    "raw_path", [b"/", b"/sign-in", b"/no-such-page", b"/v1/panels", b"/static/app.css", b"/health"]
)
async def test_other_methods_are_answered_with_those_there_are(app: Litestar, method: str, raw_path: bytes) -> None:
    answer = await ask(app, raw_path, method=method)

    expected = "GET, HEAD, OPTIONS" + ("" if raw_path.startswith(b"/v1") else ", POST")
    assert (answer.status, answer.header("allow")) == (405, expected)


async def test_a_page_that_takes_no_form_says_what_it_takes(app: Litestar) -> None:
    answer = await ask(app, b"/panels", method="POST", headers=(FORM, OURS))

    assert (answer.status, "GET" in answer.header("allow"), "POST" in answer.header("allow")) == (405, True, False)


@pytest.mark.parametrize("raw_path", [b"/", b"/sign-in", b"/v1/panels", b"/no-such-page", b"/static/app.css"])
async def test_head_answers_like_get(app: Litestar, raw_path: bytes) -> None:
    page, head = await ask(app, raw_path), await ask(app, raw_path, method="HEAD")

    assert (head.status, head.body) == (page.status, b"")
    assert head.header("content-type") == page.header("content-type")


@pytest.mark.parametrize("raw_path", [b"/", b"/sign-in", b"/v1/panels"])
async def test_options_tells_what_can_be_done(app: Litestar, raw_path: bytes) -> None:
    answer = await ask(app, raw_path, method="OPTIONS")

    assert (answer.status, "OPTIONS" in answer.header("allow").split(", ")) == (204, True)
    assert answer.header("access-control-allow-origin") == ""


# forms


def fields(count: int, *, names: int = 1) -> bytes:
    return b"&".join(b"a%d=b" % (n % names) for n in range(count))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (fields(2_001), 413, "too_many_fields"),
        (fields(101, names=101), 413, "too_many_fields"),
        (fields(200_000, names=200_000)[:900_000], 413, "too_many_fields"),
        (b"a=" + b"b" * 100_001, 413, "too_large"),
        (b"a=" + b"%62" * 100_001, 413, "too_large"),
        (b"a=" + b"b" * 1_000_001, 413, "too_large"),
        (b"a=%ff", 400, "unreadable"),
        (b"%c3%28=a", 400, "unreadable"),
        (b"a=\xff", 400, "unreadable"),
        (fields(2_000), 403, "http_403"),
        (fields(100, names=100), 403, "http_403"),
        (b"a=" + b"%C3%A9" * 50_000, 403, "http_403"),
        (b"a=%00", 403, "http_403"),
        (b"&&&=&=&%=%&%zz=%1", 403, "http_403"),
        (b"", 403, "http_403"),
    ],
)
async def test_a_form_is_looked_at_before_it_is_taken_apart(app: Litestar, body: bytes, status: int, code: str) -> None:
    length = (b"content-length", b"%d" % len(body))
    for headers, parts in (((FORM, OURS, length), (body,)), ((FORM, OURS), (body[:7], body[7:], b""))):
        answer = await ask(app, method="POST", headers=headers, parts=parts)
        assert (answer.status, code_of(answer)) == (status, code)


async def test_a_form_without_end_is_not_kept(app: Litestar) -> None:
    answer = await ask(app, method="POST", headers=(FORM, OURS), parts=(b"a=" + b"b" * 99_998,) * 150)

    assert (answer.status, code_of(answer), answer.header("connection")) == (413, "too_large", "close")


async def test_a_form_that_says_it_is_too_long_is_not_read(app: Litestar) -> None:
    answer = await ask(app, method="POST", headers=(FORM, OURS, (b"content-length", b"1000001")))

    assert (answer.status, code_of(answer)) == (413, "too_large")


@pytest.mark.parametrize(
    "kind",
    [
        b"application/json",
        b"multipart/form-data; boundary=x",
        b"text/plain",
        b"application/xml",
        b"garbage",
        b"",
        b"application/x-www-form-urlencoded; charset=utf-16",
        b"application/x-www-form-urlencodedx",
    ],
)
@pytest.mark.parametrize("raw_path", [b"/sign-in", b"/language", b"/no-such-page"])
async def test_only_forms_of_text_are_taken(app: Litestar, kind: bytes, raw_path: bytes) -> None:
    deep = b"[" * 5_000 + b"]" * 5_000

    answer = await ask(app, raw_path, method="POST", headers=((b"content-type", kind), OURS), parts=(deep,))

    assert (answer.status, code_of(answer)) == (415, "not_a_form")


@pytest.mark.parametrize("raw_path", [b"/v1/panels", b"/v1/consultations?limit=1", b"/v1", b"/v1/no-such-thing"])
async def test_json_to_the_api_is_a_problem_and_nothing_more(app: Litestar, raw_path: bytes) -> None:
    kind = (b"content-type", b"application/json")

    answer = await ask(app, raw_path, method="POST", headers=(kind, OURS), parts=(b"[" * 5_000,))

    assert (answer.status, answer.header("content-type")) == (405, "application/problem+json")
    assert (set(answer.problem), answer.problem["status"]) == (PROBLEM, 405)


# from another site


@pytest.mark.parametrize("forged", [*FORGED, (b"origin", b"null"), (b"origin", b"http://panel.test.evil.example")])
async def test_a_form_of_another_site_is_refused_whatever_token_it_has(
    app: Litestar, visitor: Visitor, forged: tuple[bytes, bytes]
) -> None:
    await visitor.open("/sign-in")
    token = visitor.forms[-1].fields["_csrf_token"][0]
    body = urlencode({"_csrf_token": token, "email": "jo@waterveen.example"}).encode()
    headers = (FORM, (b"cookie", f"csrf={token}".encode()))
    ours = () if forged[0] == b"origin" else (OURS,)

    honest = await ask(app, method="POST", headers=(*headers, OURS, (b"sec-fetch-site", b"same-origin")), parts=(body,))
    answer = await ask(app, method="POST", headers=(*headers, *ours, forged), parts=(body,))

    assert honest.status in {200, 303}
    assert (answer.status, code_of(answer)) == (403, "from_elsewhere")
    assert "jo@waterveen.example" not in answer.text


async def test_only_what_mail_programs_post_may_come_from_elsewhere_and_that_is_the_route_without_a_token(
    app: Litestar,
) -> None:
    without_token = {
        route.path
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if getattr(handler, "opt", {}).get("exclude_from_csrf")
    }

    assert {path.partition("{")[0] for path in without_token} == {LETTERS_ONLY}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM[1], b"List-Unsubscribe=One-Click"),
        (
            b"multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click',
        ),
        (b"application/json", b"[" * 5_000),
        (b"multipart/form-data; boundary=", b"\xff\x00"),
    ],
)
async def test_a_mail_program_may_post_any_body_from_anywhere_and_none_is_looked_at(
    app: Litestar, database: Database, kind: bytes, body: bytes
) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
    path = signing.unsubscribe_path(app.state.settings, person_id=person.id, scope=signing.OWN_IDEAS).encode()
    headers = ((b"content-type", kind), FORGED[0], FORGED[2])

    done = await ask(app, path, method="POST", headers=headers, parts=(body,))
    forged = await ask(app, path[:-3] + b"xyz", method="POST", headers=headers, parts=(body,))

    assert (done.status, forged.status) == (200, 410)


async def test_a_browser_that_hides_where_it_comes_from_can_send_forms(app: Litestar, visitor: Visitor) -> None:
    await visitor.open("/sign-in")
    token = visitor.forms[-1].fields["_csrf_token"][0]
    body = urlencode({"_csrf_token": token, "email": "jo@waterveen.example"}).encode()
    hidden = ((b"origin", b"null"), (b"sec-fetch-site", b"same-origin"))

    answer = await ask(
        app, method="POST", headers=(FORM, (b"cookie", f"csrf={token}".encode()), *hidden), parts=(body,)
    )

    assert answer.status in {200, 303}


async def test_after_the_sites_secret_changed_a_form_works_the_second_time(visitor: Visitor) -> None:
    visitor.http.cookies.set("csrf", "0" * 128, domain="panel.test", path="/")
    await visitor.open("/sign-in")

    await visitor.press("Stuur mij", email="jo@waterveen.example")
    assert visitor.status == 403
    await visitor.press("Verstuur het nog een keer")

    assert visitor.status == 200


# what was typed


async def test_an_expired_form_is_given_back_to_whoever_typed_it_here_and_comes_in_once(visitor: Visitor) -> None:
    await visitor.open("/sign-in")
    visitor.http.cookies.delete("csrf")

    await visitor.press("Stuur mij", email="jo@waterveen.example")
    assert visitor.status == 403
    await visitor.press("Verstuur het nog een keer")

    assert visitor.status == 200


async def test_the_page_of_an_expired_form_can_be_read_in_another_language(visitor: Visitor) -> None:
    await visitor.http.post("/sign-in", data={"email": "jo@waterveen.example"}, headers={"origin": visitor.site})
    page = await visitor.http.post("/sign-in", data={"email": "x"}, headers={"origin": visitor.site})
    visitor.page = page
    assert (page.status_code, '<html lang="nl">' in page.text) == (403, True)

    await visitor.press("English")

    assert (visitor.status, '<html lang="en">' in visitor.text) == (200, True)


async def test_refusals_speak_the_readers_language(app: Litestar) -> None:
    for raw_path, headers in ((b"/%00", ()), (b"/" + b"a" * 9_000, ()), (b"/", ((b"content-length", b"7"),))):
        answer = await ask(app, raw_path, headers=(*headers, (b"cookie", b"language=en")))
        assert '<html lang="en">' in answer.text


# too often


@pytest.fixture
def narrow(app: Litestar) -> Litestar:
    """The application, letting a network in three times a minute."""
    app.state.update({"crowds": Crowds(3, clock=lambda: 0.0), "courtesy": Crowds(FORMS_GIVEN_BACK), "said": {}})
    return app


async def test_who_asks_too_often_hears_when_to_come_back(narrow: Litestar) -> None:
    answers = [await ask(narrow) for _ in range(5)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert (answers[3].header("retry-after"), code_of(answers[3])) == ("20", "too_often")
    assert (answers[3].body, answers[3].header("set-cookie")) == (answers[4].body, "")
    assert "<form" not in answers[3].text


async def test_others_and_files_and_probes_are_not_kept_out(narrow: Litestar) -> None:
    for _ in range(9):
        await ask(narrow)

    assert (await ask(narrow, client=("192.0.2.8", 1))).status == 200
    assert (await ask(narrow, b"/static/app.css")).status == 200
    assert (await ask(narrow, b"/health")).status == 200
    assert (await ask(narrow, b"/v1/panels")).problem["status"] == 429


async def test_a_home_with_many_addresses_is_one_network(narrow: Litestar) -> None:
    answers = [await ask(narrow, client=(f"2001:db8:1:2::{n}", 1)) for n in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]


async def test_refusals_count_also_where_good_requests_are_free(narrow: Litestar) -> None:
    answers = [await ask(narrow, b"/static/%00") for _ in range(4)]

    assert [answer.status for answer in answers] == [400, 400, 400, 429]


async def test_a_form_that_comes_too_often_is_given_back(narrow: Litestar) -> None:
    for _ in range(3):
        await ask(narrow)
    body = urlencode({"body": "Bankjes langs de kade", "_csrf_token": "x"}).encode()

    ours = await ask(narrow, method="POST", headers=(FORM, OURS), parts=(body,))
    forged = await ask(narrow, method="POST", headers=(FORM, FORGED[0], OURS), parts=(body,))

    assert (ours.status, 'value="Bankjes langs de kade"' in ours.text) == (429, True)
    assert (forged.status, "Bankjes" in forged.text) == (429, False)


async def test_only_so_many_forms_are_given_back(narrow: Litestar) -> None:
    for _ in range(3):
        await ask(narrow)

    pages = [
        await ask(narrow, method="POST", headers=(FORM, OURS), parts=(b"body=Bankjes",))
        for _ in range(FORMS_GIVEN_BACK + 5)
    ]

    assert sum("Bankjes" in page.text for page in pages) == FORMS_GIVEN_BACK


def test_a_bucket_fills_again_and_the_longest_unseen_is_forgotten() -> None:
    now = [0.0]
    crowds = Crowds(60, clock=lambda: now[0])

    assert [crowds.wait_of("a") for _ in range(61)] == [0.0] * 60 + [1.0]
    now[0] = 1.5
    assert [crowds.wait_of("a"), crowds.wait_of("a")] == [0.0, 0.5]
    now[0] = -100.0  # no clock goes back, but none may lock anybody out either
    assert crowds.wait_of("a") == 0.5

    for number in range(MOST_NETWORKS + 5):
        crowds.wait_of(str(number))
    assert len(crowds) == MOST_NETWORKS
    assert crowds.wait_of("a") == 0.0


def test_no_limit_remembers_nobody() -> None:
    crowds = Crowds(0)

    assert [crowds.wait_of("a") for _ in range(9)] == [0.0] * 9
    assert len(crowds) == 0


# sockets


async def test_a_socket_under_another_name_is_closed_before_it_opens(app: Litestar) -> None:
    for host in (b"evil.example", b"", b"panel.test.evil.example"):
        sent = await knock(app, host)
        assert [message["type"] for message in sent] == ["websocket.close"]


async def knock(app: Litestar, host: bytes) -> list[dict[str, str]]:
    """Ask for a socket."""
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/live",
        "raw_path": b"/live",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", host), OURS],
        "client": ("192.0.2.7", 4711),
        "server": ("127.0.0.1", 8000),
        "subprotocols": [],
        "state": {},
    }
    sent: list[dict[str, str]] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, str]) -> None:
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]  # as a server does
    return sent
