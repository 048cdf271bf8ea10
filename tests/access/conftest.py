"""One town for all of a module's questions: nothing that is asked stays."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from litestar import Litestar

from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from tests import application
from tests.access.asking import Asker, Undone, routes_of
from tests.access.town import Town, build
from tests.moments import NOON


@dataclass
class Site:
    """The application, who lives in its town, and its routes by name."""

    app: Litestar
    asker: Asker
    town: Town
    database: Undone
    settings: Settings
    routes: dict[str, tuple[str, str]]


@pytest.fixture
async def site(settings: Settings, migrated_database: str) -> AsyncIterator[Site]:
    """The whole application on a town of its own; what is asked of it is undone."""
    real = Database(migrated_database)
    async with real.write() as tx:
        town = await build(tx, settings=settings)
    await real.close()
    database = Undone(migrated_database)
    started, stop = asyncio.Event(), asyncio.Event()

    async def run() -> None:  # a task of its own: a lifespan must end in the task that began it
        async with application.running(settings, clock=StandingClock(NOON), database=database):
            started.set()
            await stop.wait()

    task = asyncio.create_task(run())
    await asyncio.wait({task, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    app = application.registered()
    asker = Asker(app, database)
    asker.token = await asker.take_token()
    yield Site(app, asker, town, database, settings, routes_of(app))
    stop.set()
    await task
    await database.close()
