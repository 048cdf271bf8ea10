"""A visitor's connection on the real server: who trickles is cut, whoever comes beside it is served."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest
import uvicorn

from kernel.settings import Settings
from klankbord import lines
from klankbord.headers import headers_of

BIG = b"x" * 4_000_000
SECURE = Settings(mode="test", public_url="https://panel.test")


async def site(scope: Any, receive: Any, send: Any) -> None:
    """Answers everything at once: /big with more than any buffer holds."""
    while (await receive()).get("more_body"):
        pass
    body = BIG if scope["path"] == "/big" else scope["path"].encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body[:100_000], "more_body": True})
    await send({"type": "http.response.body", "body": body[100_000:], "more_body": False})


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """The port of a server with our options."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(site, log_level="warning", lifespan="off", **lines.options(SECURE)))
        running = asyncio.create_task(server.serve(sockets=[door]))
        while not server.started:  # noqa: ASYNC110 - it tells nobody when it has
            await asyncio.sleep(0.01)
        yield door.getsockname()[1]
        server.should_exit = True
        await running


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Of a server with little patience."""
    monkeypatch.setattr(lines, "HEAD_WITHIN", 0.4)
    monkeypatch.setattr(lines, "READ_WITHIN", 0.4)
    async with served() as port:
        yield port


async def said(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """All that comes back when these parts are sent with pauses between them, until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(reader.read())
    for part in parts:
        if answer.done():
            break
        writer.write(part)
        await asyncio.sleep(pause)
    told = await asyncio.wait_for(answer, 5)
    writer.close()
    return told


def status(told: bytes) -> int:
    return int(told.split(b" ", 2)[1])


async def test_a_head_that_trickles_is_cut_and_others_go_on(port: int) -> None:
    began = monotonic()
    slow = [
        asyncio.create_task(said(port, b"GET /slow HTTP/1.1\r\n", *[b"x-a: 1\r\n"] * 20, pause=0.1)) for _ in range(100)
    ]
    took = []
    while not all(one.done() for one in slow):
        asked = monotonic()
        assert status(await said(port, b"GET /honest HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")) == 200
        took.append(monotonic() - asked)

    assert {status(await one) for one in slow} == {408}
    assert (monotonic() - began < 5, sorted(took)[len(took) // 2] < 0.3, len(took) > 5) == (True, True, True)


@pytest.mark.parametrize(
    "trickle",
    [
        [b"G", b"E", b"T", b" ", b"/", b" ", b"H", b"T", b"T", b"P"],
        [b"\r\n"] * 20,
        [b"GET / HTTP/1.1\r\n", *[b"x: y\r\n"] * 20],
        [b"GET /first HTTP/1.1\r\nhost: a\r\n\r\n", *[b"\r\n"] * 20],
        [b"GET /first HTTP/1.1\r\nhost: a\r\n\r\n", b"GET /second HTTP/1.1\r\n", *[b"x: y\r\n"] * 20],
        [],
    ],
)
async def test_whatever_trickles_is_cut_in_time(port: int, trickle: list[bytes]) -> None:
    began = monotonic()

    told = await said(port, *trickle, pause=0.08)

    assert told.count(b" 408 ") == 1
    assert 0.3 < monotonic() - began < 1.5


async def test_a_head_without_end_is_not_kept(port: int) -> None:
    assert status(await said(port, b"GET / HTTP/1.1\r\n", *[b"x: " + b"y" * 4000 + b"\r\n"] * 20)) == 431
    assert status(await said(port, b"GET /" + b"y" * 40_000)) == 431


async def test_many_requests_and_long_forms_on_one_line_are_no_endless_head(port: int) -> None:
    form = b"POST /form HTTP/1.1\r\nhost: a\r\ncontent-length: 60000\r\n\r\n" + b"y" * 60_000
    last = b"GET /last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"

    told = await said(port, *[form] * 3, *[b"GET /page HTTP/1.1\r\nhost: a\r\n\r\n"] * 600, last)

    assert (told.count(b"HTTP/1.1 200 OK"), told.endswith(b"/last")) == (604, True)


async def test_a_reader_that_does_not_read_is_let_go(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
    writer.write(b"GET /big HTTP/1.1\r\nhost: a\r\n\r\n")
    await asyncio.sleep(1.5)

    with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
        await reader.readexactly(len(BIG))
    writer.close()


async def test_a_slow_reader_that_does_read_gets_it_all(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=100_000)
    writer.write(b"GET /big HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    got = b""
    while part := await reader.read(200_000):
        got += part
        await asyncio.sleep(0.04)
    writer.close()

    assert len(got.partition(b"\r\n\r\n")[2]) == len(BIG)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost a\r\n\r\n",
        b"GET / HTTP/1.1\r\nho st: a\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: a\r\n\r\n",
        b"CONNECT evil.example:25 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
        b"FROB / HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx: a\x00b\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_no_request_hears_so_under_the_same_headers(port: int, garbage: bytes) -> None:
    told = await said(port, garbage)

    head = told.lower()
    assert status(told) == 400
    for name, value in headers_of(SECURE).items():
        assert f"\r\n{name}: {value}\r\n".lower().encode() in head
    assert b"\r\nserver:" not in head


async def test_too_many_lines_are_told_to_come_later(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", 2)
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    await asyncio.sleep(0.05)

    told = await said(port, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")

    assert (status(told), b"retry-after: 30" in told) == (503, True)
    for _, writer in held:
        writer.close()
