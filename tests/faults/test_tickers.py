"""Several tickers on one database, one of them stopped for twice its lease: every planned run takes effect once.

TICKERS=4 OCCURRENCES=10000 SEED=123 python -m pytest tests/faults/test_tickers.py -s
"""

import asyncio
import json
import os
import secrets
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from kernel.clock import SystemClock
from kernel.db import Database, batched
from klankbord.migrate import migrate
from notify.models import Occurrence
from notify.occurrences import LEASE
from notify.states import OccurrenceState
from tests.engines import postgres_server
from tests.faults.server import ROOT
from tests.faults.ticker import EFFECT, KIND

TICKERS = int(os.environ.get("TICKERS", "3"))
OCCURRENCES = int(os.environ.get("OCCURRENCES", "2000"))
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
STOPS = 5
"""Times that the first ticker stops itself between a claim and its work."""
WHILE = 2 * LEASE + timedelta(seconds=1)
"""How far the clock runs while it stands still."""
PATIENCE = 240 + OCCURRENCES // 10

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(2 * PATIENCE)]


@dataclass
class Ticker:
    """A process that only ticks."""

    name: str
    process: asyncio.subprocess.Process
    told: list[dict[str, Any]] = field(default_factory=list)
    reading: "asyncio.Task[None] | None" = None

    async def read(self) -> None:
        """Keep what it says, until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.told.append(json.loads(line))

    @property
    def is_stopped(self) -> bool:
        """Whether it stands still in SIGSTOP."""
        if self.process.returncode is not None:
            return False
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@dataclass
class Tickers:
    """The processes on one database, under one clock that we move."""

    folder: Path
    url: str
    running: list[Ticker] = field(default_factory=list)
    moved: timedelta = timedelta(0)

    async def start(self, number: int) -> None:
        """Start them all; the first one stops itself now and then."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        environ = kept | {
            "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
            "DATABASE_URL": self.url,
            "KLANKBORD_MODE": "test",
            "KLANKBORD_MAIL": f"folder:{self.folder}/mail",
            "KLANKBORD_CLOCK": f"file:{self.folder}/clock",
        }
        with (self.folder / "log").open("ab") as log:
            for n in range(number):
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", "tests.faults.ticker", f"ticker {n}", str(0 if n else STOPS)),
                    env=environ,
                    cwd=ROOT,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                )
                ticker = Ticker(f"ticker {n}", process)
                ticker.reading = asyncio.create_task(ticker.read())
                self.running.append(ticker)

    def move_clock(self, by: timedelta) -> None:
        """Let their clock run ahead by this much more."""
        self.moved += by
        path = self.folder / "clock"
        path.with_suffix(".new").write_text(str(self.moved.total_seconds()))
        path.with_suffix(".new").rename(path)

    @property
    def now(self) -> datetime:
        """What their clock says."""
        return SystemClock().now() + self.moved

    async def end(self) -> None:
        """The way an operator does it."""
        for ticker in self.running:
            if ticker.process.returncode is None:
                ticker.process.send_signal(signal.SIGCONT)
                ticker.process.terminate()
        for ticker in self.running:
            await asyncio.wait_for(ticker.process.wait(), 30)
            assert ticker.reading is not None
            await ticker.reading


async def test_each_run_takes_effect_once_on_sqlite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = await _race(f"sqlite+aiosqlite:///{tmp_path}/klankbord.db", tmp_path)
    with capsys.disabled():
        print(told)


async def test_each_run_takes_effect_once_on_postgresql(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with postgres_server() as server:
        told = await _race(server.create_database("tickers"), tmp_path)
    with capsys.disabled():
        print(told)


async def _race(url: str, folder: Path) -> str:
    database = Database(url)
    tickers = Tickers(folder=folder, url=url)
    try:
        await _plan(database, tickers.now)
        began = time.monotonic()
        await tickers.start(TICKERS)
        await _until_all_is_done(database, tickers)
        took = time.monotonic() - began
        await tickers.end()
        return await _reckon(database, tickers, took)
    finally:
        await tickers.end()
        await database.close()


async def _plan(database: Database, due_at: datetime) -> None:
    """All due at once, as a digest at eight for everybody."""
    await migrate(database)
    async with database.writer.begin() as connection:
        await connection.run_sync(EFFECT.metadata.create_all)
    async with database.write() as tx:
        for some in batched(range(OCCURRENCES), 1_000):
            planned = [
                {"kind": KIND, "subject": f"test:{n}", "local_slot": "once", "due_at": due_at, "state": "due"}
                for n in some
            ]
            await tx.execute(insert(Occurrence), planned)


async def _until_all_is_done(database: Database, tickers: Tickers) -> None:
    """Meanwhile: let the stopped one sleep for twice its lease, and others for a moment, anywhere."""
    random, sleeper = Random(SEED), tickers.running[0]  # noqa: S311 - a race, no secret
    until, next_halt = time.monotonic() + PATIENCE, 0.0
    while await _left(database):
        assert time.monotonic() < until, f"SEED={SEED}: {await _left(database)} not done"
        if sleeper.is_stopped:
            tickers.move_clock(WHILE)
            await _until_it_lost_all(database, tickers)
            sleeper.process.send_signal(signal.SIGCONT)
        elif time.monotonic() > next_halt:  # not so often that nobody gets round to what was claimed
            await _halt(tickers, random)
            next_halt = time.monotonic() + random.uniform(2, 6)
        await asyncio.sleep(0.1)


async def _halt(tickers: Tickers, random: Random) -> None:
    """Stop one of the others wherever it is; on SQLite, where it writes, nobody else can meanwhile."""
    other = random.choice(tickers.running[1:])
    other.process.send_signal(signal.SIGSTOP)
    tickers.move_clock(WHILE)
    await asyncio.sleep(random.uniform(0.05, 0.4))
    other.process.send_signal(signal.SIGCONT)


async def _until_it_lost_all(database: Database, tickers: Tickers) -> None:
    """Until nothing is claimed under a lease that ended: somebody else did what the stopped one had claimed."""
    abandoned = select(func.count()).where(
        Occurrence.state == OccurrenceState.CLAIMED, Occurrence.lease_until < tickers.now
    )
    until = time.monotonic() + 60
    while True:
        async with database.read() as db:
            if not await db.scalar(abandoned):
                return
        assert time.monotonic() < until
        await asyncio.sleep(0.05)


async def _left(database: Database) -> int:
    async with database.read() as db:
        not_done = select(func.count()).where(Occurrence.state != OccurrenceState.DONE)
        return await db.scalar(not_done) or 0


async def _reckon(database: Database, tickers: Tickers, took: float) -> str:
    async with database.read() as db:
        effects = [tuple(row) for row in await db.execute(select(EFFECT.c.occurrence_id, EFFECT.c.fence))]
        fences = [tuple(row) for row in await db.execute(select(Occurrence.id, Occurrence.fence))]
        by_ticker = await db.execute(select(EFFECT.c.ticker, func.count()).group_by(EFFECT.c.ticker))
        shares = {str(name): int(number) for name, number in by_ticker}
    halts = [told for ticker in tickers.running for told in ticker.told if "done" in told]
    lost = sum(told["lost"] for ticker in tickers.running for told in ticker.told if "lost" in told)
    late = sum(told["claimed"] for told in halts)
    through, runs = sum(told["done"] for told in halts), OCCURRENCES
    summary = (
        f"\n{database.url.get_backend_name()}: {runs} runs by {len(shares)} tickers {sorted(shares.values())}, "
        f"{len(halts)} stops of {WHILE}: {late} late writers, {through} let through; {lost} claims lost in all; "
        f"{took:.0f} s ({runs / took:.0f}/s). SEED={SEED} TICKERS={TICKERS} OCCURRENCES={runs}"
    )
    doubled = {one: times for one, times in Counter(one for one, _ in effects).items() if times > 1}
    assert (doubled, len(effects)) == ({}, runs), summary
    assert sorted(effects) == sorted(fences), "an effect was kept under another fence than its run's last"
    assert late > 0, summary
    assert [told["done"] for told in halts] == [0] * len(halts), summary
    return summary
