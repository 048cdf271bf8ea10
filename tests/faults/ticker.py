"""A process that only ticks: the real worker on a database, for test_tickers.py.

    DATABASE_URL=… KLANKBORD_CLOCK=file:… python -m tests.faults.ticker NAME STOPS

The kind of run that it knows leaves a row in `effect` each time it is done. STOPS times it stops itself (SIGSTOP)
between its claim and its work, at every third claim, and says how much it had claimed and how much it could still do.
"""

import asyncio
import json
import os
import signal
import sys
from datetime import datetime

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, insert

from klankbord.commands.opened import installation, settings_or_exit
from klankbord.templating import make_environment
from klankbord.worker import Worker
from notify import schedule
from notify.occurrences import Claimed
from notify.transport import transport_from

KIND = "counted"
EVERY = 3
EFFECT = Table(
    "effect",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("ticker", String(16), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Nothing in it is unique: what is done twice stands there twice."""


class Stopping(Worker):
    """The worker, and a debugger that halts it at the worst moment."""

    name = ""
    stops = 0
    claims = 0
    lost = 0

    async def _do(self, claimed: list[Claimed], now: datetime) -> int:
        self.claims += 1
        halts = self.stops > 0 and self.claims % EVERY == 0
        if halts:
            self.stops -= 1
            os.kill(os.getpid(), signal.SIGSTOP)  # here it sleeps until it is told to go on
        done = await super()._do(claimed, now)
        self.lost += len(claimed) - done
        if halts:
            print(json.dumps({"claimed": len(claimed), "done": done}), flush=True)
        return done


class Nobody:
    """Nobody looks at a page."""

    def nudge(self, topic: str) -> None:
        """Nothing to do."""


async def tick(name: str, stops: int) -> None:
    """Until SIGTERM."""

    async def leave_a_row(turn: schedule.Turn, claimed: Claimed) -> None:
        row = {"occurrence_id": claimed.id, "fence": claimed.fence, "ticker": name, "at": turn.now}
        await turn.tx.execute(insert(EFFECT), [row])

    schedule.PLANNED[KIND] = leave_a_row
    settings, ended = settings_or_exit(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with installation(settings) as opened:
        worker = Stopping(
            database=opened.database,
            clock=opened.clock,
            settings=settings,
            environment=make_environment(settings),
            hub=Nobody(),
            transport=transport_from(settings.mail),
        )
        worker.name, worker.stops = name, stops
        await worker.start()
        await ended.wait()
        await worker.stop()
        print(json.dumps({"claims": worker.claims, "lost": worker.lost, "error": worker.last_error}), flush=True)


if __name__ == "__main__":
    asyncio.run(tick(sys.argv[1], int(sys.argv[2])))
