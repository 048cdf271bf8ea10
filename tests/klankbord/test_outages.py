"""The database is away, or another process keeps it: everybody hears so soon, and nothing typed is lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, select

from accounts import sessions
from accounts.states import Role
from consultations.models import Idea
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.errors import Away, Busy
from kernel.settings import Settings
from klankbord.commands.site import alone
from klankbord.migrate import migrate
from tests import application
from tests.builders import a_moderated_consultation, a_person
from tests.engines import PostgresServer, postgres_server
from tests.moments import NOON
from tests.visitor import Visitor

NEW = "/consultations/kade/ideas/new"
BODY = "Zet bankjes langs de kade. Dan kan mijn moeder weer wandelen."


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this module's own: its tests stop and start it."""
    with postgres_server() as server:
        yield server


@dataclass
class Place:
    """A site on that server, and a moderator who is signed in."""

    server: PostgresServer
    database: Database
    moderator: Visitor

    @asynccontextmanager
    async def without_database(self) -> AsyncIterator[None]:
        """The server is down while the block runs."""
        await asyncio.to_thread(self.server.stop)
        try:
            yield
        finally:
            await asyncio.to_thread(self.server.start)


@pytest.fixture
async def place(server: PostgresServer, tmp_path: Path) -> AsyncIterator[Place]:
    """With an open consultation, /consultations/kade."""
    url = server.create_database(tmp_path.name)
    settings = Settings(mode="test", database_url=url, public_url=application.PUBLIC_URL, mail="memory:")
    database = Database(url)
    await migrate(database)
    async with database.write() as tx:
        await a_moderated_consultation(tx, slug="kade")
        person = await a_person(tx, role=Role.MODERATOR)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    async with a_running_site(settings, database), Visitor(application.registered()) as moderator:
        moderator.http.cookies.set("session", secret)
        yield Place(server, database, moderator)
    await database.close()


@asynccontextmanager
async def a_running_site(settings: Settings, database: Database) -> AsyncIterator[None]:
    """The application, with a lifespan that begins and ends in one task."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        async with application.running(settings, clock=StandingClock(NOON), database=database):
            started.set()
            await stop.wait()

    task = asyncio.create_task(run())
    await asyncio.wait({task, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    yield
    stop.set()
    await task


async def test_a_page_says_so_and_when_to_come_back(place: Place) -> None:
    async with Visitor(application.registered()) as visitor:
        async with place.without_database():
            began = monotonic()
            page = await visitor.open("/consultations/kade")

            assert (page.status_code, page.headers["retry-after"]) == (503, "5")
            assert "Even niet bereikbaar" in page.text
            assert monotonic() - began < 5

        assert (await visitor.open("/consultations/kade")).status_code == 200


async def test_who_is_signed_in_stays_so_and_is_not_shown_as_somebody_else(place: Place) -> None:
    async with place.without_database():
        await place.moderator.open("/moderation")
        assert (place.moderator.status, place.moderator.path) == (503, "/moderation")

    await place.moderator.open("/moderation")
    assert place.moderator.status == 200


async def test_what_was_typed_is_sent_again_with_one_button_and_comes_in_once(place: Place) -> None:
    resident = place.moderator
    await resident.open(NEW)
    async with place.without_database():
        await resident.press("Verstuur uw idee", body=BODY, title="Bankjes langs de kade")

        assert resident.status == 503
        assert [form.fields["body"] for form in resident.forms if "body" in form.fields] == [[BODY]]

    await resident.press("Verstuur het nog een keer")
    assert resident.status == 200
    async with place.database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Idea).where(Idea.body == BODY)) == 1


async def test_whoever_watches_over_the_site_hears_it_soon(place: Place) -> None:
    async with place.without_database():
        began = monotonic()
        answer = await place.moderator.http.get("/health")

    told = answer.json()
    assert (answer.status_code, told["database"], told["letters"]) == (503, "unreachable", None)
    assert monotonic() - began < 5
    assert (await place.moderator.http.get("/health")).json()["database"] == "ok"


async def test_a_program_gets_a_problem_and_when_to_come_back(place: Place) -> None:
    async with place.without_database():
        answer = await place.moderator.http.get("/v1/consultations")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 503


async def test_a_commit_that_was_never_answered_is_not_a_yes(place: Place) -> None:
    with pytest.raises(Away):
        async with place.database.write() as tx:
            await a_person(tx)
            await asyncio.to_thread(place.server.restart)

    async with place.database.write() as tx:
        await a_person(tx)


async def test_another_process_that_keeps_the_file_makes_busy(settings: Settings, database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("about files")
    async with database.writer.connect() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(settings.database_url.partition(":///")[2])) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Busy):
            async with database.write() as tx:
                await a_person(tx)

        other.execute("ROLLBACK")
        async with database.write() as tx:
            await a_person(tx)


def test_a_second_process_on_one_file_says_what_it_does_not_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/klankbord.db")
    with alone(settings):
        assert capsys.readouterr().err == ""
        with alone(settings):
            assert capsys.readouterr().err.startswith("Warning: another process serves this database already.")
    with alone(settings):
        assert capsys.readouterr().err == ""
