"""The application on a database of its own for each batch, and a loop to run it in."""

import asyncio
import shutil
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from litestar import Litestar
from sqlalchemy import event
from sqlalchemy.engine import make_url

from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from tests import application
from tests.engines import Databases, SqliteDatabases
from tests.fuzz.stock import Stock, fill
from tests.moments import NOON

T = TypeVar("T")
MAY_BE_WRITTEN = ("access_record", "access_idea", "allowance")
"""Tables in which a page that is only read may leave something: who read it, and how often."""


@dataclass
class Site:
    """A running application with its content. `written` holds the tables that were written since it was emptied."""

    app: Litestar
    database: Database
    settings: Settings
    stock: Stock
    runner: asyncio.Runner
    written: set[str]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something asynchronous to its end, in the loop of the application."""
        return self.runner.run(work)


class Sites:
    """Makes one site after another from the same content, which is written once."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases = databases
        self.folder = folder
        self._pattern: tuple[str, Stock] | None = None

    @contextmanager
    def site(self) -> Iterator[Site]:
        """A fresh one; its database goes when it closes."""
        pattern, stock = self._pattern or self._filled()
        settings = replace(_settings(), database_url=self.databases.url(self.folder / "now"))
        self._copy(pattern, settings.database_url)
        with asyncio.Runner() as runner:
            database = Database(settings.database_url)
            written = _writes(database)
            stop = asyncio.Event()
            task = runner.run(_begun(settings, database, stop))
            cast = replace(stock.cast, secrets={})
            yield Site(application.registered(), database, settings, replace(stock, cast=cast), runner, written)
            runner.run(_ended(task, database, stop))
        self.databases.drop(settings.database_url)

    def _filled(self) -> tuple[str, Stock]:
        settings = replace(_settings(), database_url=self.databases.url(self.folder / "pattern"))
        (self.folder / "pattern").mkdir(parents=True)
        (self.folder / "now").mkdir()
        self.databases.make(settings.database_url, migrated=True)
        self._pattern = settings.database_url, asyncio.run(_fill(settings))
        return self._pattern

    def _copy(self, pattern: str, url: str) -> None:
        if isinstance(self.databases, SqliteDatabases):
            for left in (self.folder / "now").iterdir():
                left.unlink()
            shutil.copy(str(make_url(pattern).database), str(make_url(url).database))
        else:
            name, template = make_url(url).database, make_url(pattern).database
            self.databases.server.create_database(str(name), template=template)


def _settings() -> Settings:
    return Settings(mode="test", public_url=application.PUBLIC_URL, mail="memory:")


async def _fill(settings: Settings) -> Stock:
    database = Database(settings.database_url)
    async with database.write() as tx:
        stock = await fill(tx, settings)
    await database.close()
    return stock


async def _begun(settings: Settings, database: Database, stop: asyncio.Event) -> asyncio.Task[None]:
    """A task of its own: a lifespan must end in the task that began it."""
    started = asyncio.Event()

    async def run() -> None:
        async with application.running(settings, clock=StandingClock(NOON), database=database):
            started.set()
            await stop.wait()

    task = asyncio.create_task(run())
    await asyncio.wait({task, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    return task


async def _ended(task: asyncio.Task[None], database: Database, stop: asyncio.Event) -> None:
    stop.set()
    await task
    await database.close()


def _writes(database: Database) -> set[str]:
    """The tables that are written from now on."""
    written: set[str] = set()

    @event.listens_for(database.writer.sync_engine, "before_cursor_execute")
    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        words = statement.replace('"', "").split(maxsplit=3)
        if words[0].upper() in {"INSERT", "DELETE"}:
            written.add(words[2])
        elif words[0].upper() == "UPDATE":
            written.add(words[1])

    return written
