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
def registered() -> Litestar:
    """The application itself; it serves a test while that test's `running` is open."""
    settings = Settings(mode="test", public_url=PUBLIC_URL, mail="memory:", requests_per_minute=0, undo_minutes=0)
    nowhere = Database(f"sqlite+aiosqlite:///{Path(gettempdir())}/never-opened.db")
    return create_app(settings, database=nowhere, transport=Memory())


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock, database: Database) -> AsyncIterator[None]:
    """The application with everything that it runs on new: settings, clock, database, worker, live hub, shelves.

    For settings that change routes or headers (a public https address, another mode) make an application of its own.
    """
    app = registered()
    fresh = equipment(
        settings,
        clock=clock,
        database=database,
        transport=transport_from(settings.mail),
        environment=app.state.environment,
    )
    machine = Shared()
    app.state.update(fresh | {"machine": machine, "find_similar": Shelves(machine, database)})
    async with app.lifespan():
        yield
