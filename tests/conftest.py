"""What every test may ask for: a real database in a file, a transaction, a visitor, a clock that stands at NOON."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from litestar import Litestar
from sqlalchemy import event

from kernel.clock import StandingClock
from kernel.db import Database, ReadSession, WriteSession
from kernel.settings import Settings
from klankbord.migrate import migrate
from tests import application
from tests.moments import NOON
from tests.visitor import Visitor


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema, made once; each test gets its own copy."""
    path = tmp_path_factory.mktemp("schema") / "migrated.db"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Test mode, a database file of this test's own, letters in a folder."""
    return Settings(
        mode="test",
        database_url=f"sqlite+aiosqlite:///{tmp_path}/klankbord.db",
        public_url=application.PUBLIC_URL,
        mail=f"folder:{tmp_path}/mail",
    )


@pytest.fixture
async def database(settings: Settings, migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A real database with every table and no row."""
    shutil.copy(migrated_file, tmp_path / "klankbord.db")
    database = Database(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[WriteSession]:
    """One transaction for tests of verbs."""
    async with database.write() as session:
        yield session


@pytest.fixture
async def db(database: Database) -> AsyncIterator[ReadSession]:
    """A read session for tests of queries."""
    async with database.read() as session:
        yield session


@pytest.fixture
def clock() -> StandingClock:
    """Stands at NOON until a test moves it."""
    return StandingClock(NOON)


@pytest.fixture
async def app(settings: Settings, clock: StandingClock, database: Database) -> AsyncIterator[Litestar]:
    """The whole application on this test's database."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def run() -> None:  # a task of its own: a lifespan must end in the task that began it
        async with application.running(settings, clock=clock, database=database):
            started.set()
            await stop.wait()

    task = asyncio.create_task(run())
    await asyncio.wait({task, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    yield application.registered()
    stop.set()
    await task


@pytest.fixture
async def visitor(app: Litestar) -> AsyncIterator[Visitor]:
    """A browser without JavaScript, with its own cookies."""
    async with Visitor(app) as visitor:
        yield visitor


@pytest.fixture
async def another(app: Litestar) -> AsyncIterator[Callable[[], Visitor]]:
    """More browsers, each with cookies of its own."""
    opened: list[Visitor] = []

    def open_one() -> Visitor:
        opened.append(Visitor(app))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


@pytest.fixture
def statements(database: Database) -> list[str]:
    """Every SQL statement from now on, in order; clear it before the step that counts."""
    seen: list[str] = []
    for engine in database.engines:

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

    return seen
