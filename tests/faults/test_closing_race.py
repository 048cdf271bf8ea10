"""Two hundred people send at the moment of closing: the moment of receipt alone decides who was in time.

The oracle is the log of moments of receipt (KLANKBORD_RECEIPTS=log) against the marks in the table. Connections are
open and all but the last line of each head is sent beforehand; part of the body comes after the close.

    ROUNDS=200 SEED=123 python -m pytest tests/faults/test_closing_race.py -s
"""

import asyncio
import json
import os
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from consultations.models import Consultation, Idea
from kernel.clock import SystemClock
from kernel.db import Database
from kernel.events import EventRecord
from panels.models import Meeting, Panel
from tests.builders import a_moderated_consultation
from tests.engines import PostgresServer, postgres_server
from tests.faults.server import Server, dice
from tests.faults.town import Town, found, stranger
from tests.faults.wire import Answer, read_answer

ROUNDS = int(os.environ.get("ROUNDS", "20"))
ROUNDS_ON_POSTGRESQL = int(os.environ.get("ROUNDS_ON_POSTGRESQL", str(max(2, ROUNDS // 10))))
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
CLIENTS = 200
SURE = 8
"""Of them so many send well before the close, and as many well after it."""
SPREAD = 0.05
"""Seconds before or after the close at which all others send."""
MARGIN = timedelta(milliseconds=200)
"""Who sends this long before the close is in time, this long after it is late, whatever the network does; but for
the time that the machine lets the site's process wait for a processor."""
LEAD = 1.0
"""Seconds from when everybody is ready to the close."""

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(300 + 20 * ROUNDS)]


@dataclass
class Sending:
    """One person who sends one idea, and what became of it."""

    mark: str
    cookies: dict[str, str]
    at: float
    """Seconds after the close at which the head is complete."""
    rest_at: float
    """And at which the body is."""
    began: datetime | None = None
    sent: datetime | None = None
    took: float = 0.0
    answer: Answer | None = None


@dataclass
class Tally:
    """What was counted over all rounds."""

    sendings: int = 0
    in_time: int = 0
    late: int = 0
    close_calls: int = 0
    refused: int = 0
    took: list[float] = field(default_factory=list)
    lag: list[float] = field(default_factory=list)
    starved: list[float] = field(default_factory=list)
    sure: int = 0


async def test_the_moment_of_receipt_alone_decides_on_sqlite(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = await _race(f"sqlite+aiosqlite:///{tmp_path}/klankbord.db", tmp_path, ROUNDS)
    with capsys.disabled():
        print(told)


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server that keeps what it says it keeps."""
    with postgres_server(durable=True) as server:
        yield server


async def test_the_moment_of_receipt_alone_decides_on_postgresql(
    postgres: PostgresServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = await _race(postgres.create_database("race"), tmp_path, ROUNDS_ON_POSTGRESQL)
    with capsys.disabled():
        print(told)


async def _race(url: str, folder: Path, rounds: int) -> str:
    began, tally = time.monotonic(), Tally()
    town = await found(url, residents=CLIENTS // 2, followers=1)
    server = Server(folder=folder, database_url=url, mail="memory:")
    server.more = {"KLANKBORD_RECEIPTS": "log", "KLANKBORD_LOG": "json"}
    database = Database(url)
    try:
        await server.start()
        for number in range(rounds):
            await _round(database, server, town, tally, number)
        cpu = _cpu_of(server.pid) / (rounds * CLIENTS)
    finally:
        await database.close()
        await server.close()
    marks = f"{tally.in_time} in time, {tally.late} late ({tally.close_calls} within 10 ms of the close)"
    took = f"p50 {_ms(statistics.median(tally.took))}, p99 {_ms(_p99(tally.took))}, worst {_ms(max(tally.took))}"
    return (
        f"\n{database.url.get_backend_name()}: {rounds} rounds of {CLIENTS}: {marks}, {tally.refused} refused as busy; "
        f"{tally.sure} sent well before or after, without a processor for {_ms(max(tally.starved))} at most; "
        f"0 wrong marks, 0 lost. Answered {took}; sent to received p50 {_ms(statistics.median(tally.lag))}, "
        f"p99 {_ms(_p99(tally.lag))}, worst {_ms(max(tally.lag))}. {time.monotonic() - began:.0f} s, "
        f"{_ms(cpu)} of the site's processor for each. SEED={SEED} ROUNDS={rounds}"
    )


async def _round(database: Database, server: Server, town: Town, tally: Tally, number: int) -> None:
    slug, sendings = f"vraag-{SEED}-{number}", _sendings(town, number)
    ready = [await _begin(one, server.port, f"/consultations/{slug}/ideas/new") for one in sendings]
    consultation_id, closes_at = await _open(database, town, slug)
    waiting = asyncio.create_task(_starved(server.pid, closes_at))
    await asyncio.gather(*(_send(*one, closes_at) for one in zip(sendings, ready, strict=True)))
    starved = await waiting
    tally.starved.append(starved.total_seconds())
    await _reckon(database, server, tally, sendings, consultation_id, closes_at, MARGIN + starved)


async def _open(database: Database, town: Town, slug: str) -> tuple[int, datetime]:
    """A consultation of this round's own, and when it closes."""
    async with database.write() as tx:
        closes_at = SystemClock().now() + timedelta(seconds=LEAD)
        meeting = await tx.get_one(Meeting, town.meeting_id)
        consultation = await a_moderated_consultation(
            tx,
            panel=await tx.get_one(Panel, meeting.panel_id),
            meeting=meeting,
            slug=slug,
            opens_at=closes_at - timedelta(days=7),
            closes_at=closes_at,
            announced_at=closes_at - timedelta(days=8),
        )
        return consultation.id, closes_at


def _sendings(town: Town, number: int) -> list[Sending]:
    """Half of them are signed in; the others give an address of their own."""
    random = dice(SEED, number)
    made: list[Sending] = []
    for n in range(CLIENTS):
        if n < SURE:
            at = -random.uniform(0.3, 0.6)
        elif n < 2 * SURE:
            at = random.uniform(0.25, 0.4)
        else:
            at = random.uniform(-SPREAD, SPREAD)
        cookies = town.residents[n // 2][1] if n % 2 else stranger()
        rest_at = random.uniform(0.1, 0.5) if n < SURE else at + random.choice((0, 0, 0, 0.05, 0.2))
        made.append(Sending(mark=f"{SEED}-{number}-{n}", cookies=cookies, at=at, rest_at=rest_at))
    return made


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A connection on which all but the end of a head was sent, and the body that goes with it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    body: bytes


async def _begin(one: Sending, port: int, path: str) -> Ready:
    fields = {
        "_csrf_token": one.cookies["csrf"],
        "idempotency_key": secrets.token_urlsafe(16),
        "kind": "idea",
        "title": one.mark,
        "body": f"Zet om de honderd meter een bankje. Dit is {one.mark}.",
    }
    if "session" not in one.cookies:
        fields["email"] = f"{one.mark}@waterveen.example"
    body = urlencode(fields).encode()
    head = [
        f"POST {path} HTTP/1.1",
        f"host: 127.0.0.1:{port}",
        f"origin: http://127.0.0.1:{port}",
        "cookie: " + "; ".join(f"{name}={value}" for name, value in one.cookies.items()),
        "content-type: application/x-www-form-urlencoded",
        f"content-length: {len(body)}",
        f"x-request-id: {one.mark}",
        "",
    ]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join(head).encode())
    return Ready(reader=reader, writer=writer, body=body)


async def _send(one: Sending, ready: Ready, closes_at: datetime) -> None:
    await _until(closes_at, one.at)
    one.began, began = SystemClock().now(), time.monotonic()
    ready.writer.write(b"\r\n" + ready.body[:40])
    one.sent = SystemClock().now()
    await _until(closes_at, one.rest_at)
    ready.writer.write(ready.body[40:])
    one.answer = await read_answer(ready.reader)
    one.took = time.monotonic() - began - max(0.0, one.rest_at - one.at)
    ready.writer.close()


async def _starved(pid: int, closes_at: datetime) -> timedelta:
    """How long the site's process stood ready and got no processor, from the first sending to the close."""
    await _until(closes_at, -0.65)
    before = _waited(pid)
    await _until(closes_at, 0.02)
    return timedelta(microseconds=(_waited(pid) - before) / 1000)


def _waited(pid: int) -> int:
    """Nanoseconds that threads of a process were ready and did not run; 0 where the kernel does not tell.

    All its threads: one that was put aside while it holds the interpreter's lock keeps the others waiting.
    """
    told = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[1]) for thread in told)


async def _until(closes_at: datetime, after: float) -> None:
    await asyncio.sleep(max(0.0, (closes_at - SystemClock().now()).total_seconds() + after))


def _receipts(server: Server) -> dict[str, datetime]:
    """The moment of receipt of each request, as the middleware logged it."""
    lines = [line for line in server.log.splitlines() if '"received"' in line]
    found = [json.loads(line) for line in lines]
    assert len(found) == len({line["request_id"] for line in found})
    return {line["request_id"]: datetime.fromisoformat(line["received_at"]) for line in found}


async def _reckon(
    database: Database,
    server: Server,
    tally: Tally,
    sendings: list[Sending],
    consultation_id: int,
    closes_at: datetime,
    margin: timedelta,
) -> None:
    receipts = _receipts(server)
    async with database.read() as db:
        rows = await db.execute(
            select(Idea.title, Idea.received_at, Idea.is_late).where(Idea.consultation_id == consultation_id)
        )
        stored = {str(title): (received_at, bool(is_late)) for title, received_at, is_late in rows}
        kept = await db.get_one(Consultation, consultation_id)
        closed = select(EventRecord.at).where(
            EventRecord.name == "consultation.closed", EventRecord.subject == f"consultation:{consultation_id}"
        )
        closings = list(await db.scalars(closed))
    statuses = Counter(one.answer.status for one in sendings if one.answer)
    answered = [one for one in sendings if one.answer and one.answer.status == 303]
    told = f"SEED={SEED}: {dict(statuses)}"

    assert kept.closes_at == closes_at
    assert statuses.total() == CLIENTS == statuses[303] + statuses[503], told
    assert stored.keys() == {one.mark for one in answered}, told
    assert stored == {one.mark: (receipts[one.mark], receipts[one.mark] >= closes_at) for one in answered}, told
    for one in answered:
        assert one.began is not None
        assert one.sent is not None
        is_late = stored[one.mark][1]
        assert not (one.sent <= closes_at - margin and is_late), f"{told}: {one}, {receipts[one.mark]}, {closes_at}"
        assert not (one.began >= closes_at + MARGIN and not is_late), f"{told}: {one}"
        tally.sure += one.sent <= closes_at - margin or one.began >= closes_at + MARGIN
        tally.lag.append((receipts[one.mark] - one.sent).total_seconds())
    assert closings in ([], [closes_at])  # a busy ticker may still have to write it down; it dates it at the close
    tally.sendings += CLIENTS
    tally.late += sum(is_late for _, is_late in stored.values())
    tally.in_time += sum(not is_late for _, is_late in stored.values())
    tally.close_calls += sum(abs(at - closes_at) < timedelta(milliseconds=10) for at, _ in stored.values())
    tally.refused += statuses[503]
    tally.took += [one.took for one in answered]


def _cpu_of(pid: int) -> float:
    """Seconds of processor that a process has used, letters and all."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
