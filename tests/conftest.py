"""What every test may ask for: a real database, a transaction, a visitor, a clock that stands at NOON."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from sqlalchemy import event

from kernel.clock import StandingClock
from kernel.db import Database, ReadSession, WriteSession
from kernel.settings import Settings
from tests import application, compiled, witness  # noqa: F401 - the witness only has to be there
from tests.engines import Databases, NoPostgres, PostgresDatabases, SqliteDatabases, leave_out
from tests.moments import NOON
from tests.visitor import Visitor

ENGINE = "postgresql" if os.environ.get("TEST_DATABASE_URL") else os.environ.get("TEST_ENGINE", "sqlite")
NEEDS_A_DATABASE = {"migrated_database", "empty_database"}
THE_SAME_ON_BOTH = (
    "tests/access/",
    "tests/accounts/test_same_answer.py",
    "tests/accounts/test_second_factor.py",
    "tests/conversations/test_replies.py",
    "tests/drill/",
    "tests/hostile/",
    "tests/klankbord/own_data/test_full_account.py",
    "tests/klankbord/test_gate.py",
    "tests/klankbord/set_up/test_rounds.py",
    "tests/klankbord/test_headers.py",
    "tests/klankbord/test_letterbox.py",
    "tests/klankbord/test_wire.py",
    "tests/notify/test_demo_mail.py",
    "tests/notify/test_letters.py",
    "tests/notify/test_second_factor_letters.py",
    "tests/panels/test_closes.py",
    "tests/stuffing/",
    "tests/themes/test_themes_cli.py",
)
"""Walks over every page, what comes before one, arithmetic, texts: what they try lies before or behind the database."""


ON_POSTGRESQL = ("tests/journeys/",)
"""A whole story over HTTP, once; the browser's stories are told on SQLite."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what uses a database runs, the rest is the same on both; long walks only when asked for."""
    asked = " ".join(config.args)
    walks = ON_POSTGRESQL if ENGINE == "sqlite" else THE_SAME_ON_BOTH
    elsewhere = tuple(walk for walk in walks if walk.rstrip("/") not in asked)
    passed_over = {
        item
        for item in items
        if item.nodeid.startswith(elsewhere)
        or (ENGINE == "postgresql" and NEEDS_A_DATABASE.isdisjoint(getattr(item, "fixturenames", ())))
    }
    config.hook.pytest_deselected(items=list(passed_over))
    items[:] = [item for item in items if item not in passed_over]


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where the databases of this run come from: TEST_ENGINE=sqlite or postgresql."""
    made = SqliteDatabases(tmp_path_factory.mktemp("schema")) if ENGINE == "sqlite" else PostgresDatabases()
    yield made
    made.close()


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Settings:
    """Test mode, the name of a database of this test's own, letters in a folder."""
    try:
        database_url = databases.url(tmp_path)
    except NoPostgres as none:
        leave_out(none)
    return Settings(
        mode="test",
        database_url=database_url,
        public_url=application.PUBLIC_URL,
        mail=f"folder:{tmp_path}/mail",
        requests_per_minute=0,
        undo_minutes=0,
    )


@pytest.fixture
def migrated_database(settings: Settings, databases: Databases) -> Iterator[str]:
    """The URL of the settings' database, with every table and no row."""
    databases.make(settings.database_url, migrated=True)
    yield settings.database_url
    databases.drop(settings.database_url)


@pytest.fixture
def empty_database(settings: Settings, databases: Databases) -> Iterator[str]:
    """The URL of the settings' database, without anything in it."""
    databases.make(settings.database_url, migrated=False)
    yield settings.database_url
    databases.drop(settings.database_url)


@pytest.fixture
async def database(migrated_database: str) -> AsyncIterator[Database]:
    """A real database with every table and no row."""
    database = Database(migrated_database)
    compiled.share(database)
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
    """Every SQL statement from now on, in order, but for writers taking turns; clear it before the step that counts."""
    seen: list[str] = []
    for engine in database.engines:

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            if "pg_advisory_xact_lock" not in statement:
                seen.append(statement)

    return seen
