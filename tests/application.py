"""One application for all tests of a process: registering its routes takes longer than most tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import gettempdir

from litestar import Litestar

from kernel.clock import Clock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.app import create_app, equipment
from notify.transport import Memory, transport_from
from tests.arithmetic import Shared
from themes.shelves import Shelves

PUBLIC_URL = "http://panel.test"


@cache
def registered(
    *, mode: str = "test", public_url: str = PUBLIC_URL, theme: str = "", with_worker: bool = False
) -> Litestar:
    """The application itself, under this address; it serves a test while that test's `running` is open."""
    settings = Settings(
        mode=mode, public_url=public_url, theme=theme, mail="memory:", requests_per_minute=0, undo_minutes=0
    )
    nowhere = Database(f"sqlite+aiosqlite:///{Path(gettempdir())}/never-opened.db")
    return create_app(settings, database=nowhere, transport=Memory(), with_worker=with_worker)


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock, database: Database) -> AsyncIterator[None]:
    """The application with everything that it runs on new: settings, clock, database, worker, live hub, shelves."""
    async with equipped(registered(), settings, clock=clock, database=database).lifespan():
        yield


def equipped(app: Litestar, settings: Settings, *, clock: Clock, database: Database) -> Litestar:
    """The same application on this settings' letters, this clock and this database."""
    fresh = equipment(
        settings,
        clock=clock,
        database=database,
        transport=transport_from(settings.mail),
        environment=app.state.environment,
    )
    machine = Shared()
    app.state.update(fresh | {"machine": machine, "find_similar": Shelves(machine, database)})
    return app
