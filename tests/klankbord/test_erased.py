"""A backup that is put back brings nobody back who had their account erased since."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from litestar import Litestar
from sqlalchemy import select

from accounts.models import Person
from accounts.states import Role
from kernel.db import Database
from kernel.settings import Settings
from klankbord.commands import site
from klankbord.erased import ErasedBook, place_of
from klankbord.worker import Worker
from notify import departures
from tests.builders import a_person
from tests.moments import NOON
from tests.notify.taint import everything, fill_up, found_in


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """With a file for the erased, on both databases."""
    return replace(settings, erased=f"{tmp_path}/erased")


@pytest.fixture
def worker(app: Litestar) -> Worker:
    """The site's own."""
    found: Worker = app.state.worker
    return found


async def erase(database: Database, person_id: int) -> None:
    async with database.write() as tx:
        await departures.leave(tx, person_id=person_id, by=person_id, now=NOON)


async def erased(database: Database) -> list[int]:
    async with database.read() as db:
        return list(await db.scalars(select(Person.id).where(Person.erased_at.is_not(None)).order_by(Person.id)))


async def test_who_is_erased_is_written_down_once_by_number_alone(
    database: Database,
    worker: Worker,
    settings: Settings,
) -> None:
    async with database.write() as tx:
        first, second = await a_person(tx, email="weg@x.example"), await a_person(tx)
        await a_person(tx)
    await erase(database, first.id)
    await worker.turn(NOON)
    await worker.turn(NOON)
    await erase(database, second.id)
    await worker.turn(NOON)

    book = Path(settings.erased).read_text()  # noqa: ASYNC240 - two lines
    gone = NOON.isoformat(timespec="microseconds")
    assert book == "".join(
        f"{one.id} {one.created_at.isoformat(timespec='microseconds')} {gone}\n" for one in (first, second)
    )


async def test_a_restored_backup_is_erased_again_before_the_site_opens(
    database: Database,
    worker: Worker,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not database.is_sqlite:
        pytest.skip("a backup is put back by its own program; what is done then is tried below")
    async with database.write() as tx:
        story = await everything(tx)
        await fill_up(tx, story)
    with sqlite3.connect(str(database.url.database)) as here, sqlite3.connect(tmp_path / "backup.db") as there:
        here.backup(there)
    await erase(database, story.person.id)
    await worker.turn(NOON)
    restored = replace(settings, database_url=f"sqlite+aiosqlite:///{tmp_path}/back.db")
    shutil.copy(tmp_path / "backup.db", tmp_path / "back.db")

    await site.look(restored)

    assert "1 accounts that were erased after this backup was made are erased again." in capsys.readouterr().err
    again = Database(restored.database_url)
    assert await found_in(again) == {}
    assert await erased(again) == [story.person.id]
    await again.close()
    await site.look(restored)
    assert capsys.readouterr().err == ""


async def test_a_number_that_is_somebody_else_now_is_left_alone(database: Database, settings: Settings) -> None:
    async with database.write() as tx:
        back, other = await a_person(tx), await a_person(tx)
    lines = [f"{back.id} {back.created_at.isoformat(timespec='microseconds')} x"]
    lines += [f"{other.id} {(other.created_at - timedelta(seconds=1)).isoformat(timespec='microseconds')} x"]
    lines += ["9999 2026-01-01T00:00:00.000000+00:00 x", "", "nonsense", f"{other.id} 2026"]
    Path(settings.erased).write_text("\n".join(lines))  # noqa: ASYNC240 - some lines
    book = ErasedBook(database, place_of(settings))

    assert await book.erase_again(now=NOON) == (1, [])
    assert await book.erase_again(now=NOON) == (0, [])
    assert await erased(database) == [back.id]


async def test_who_has_a_task_in_the_backup_is_named_instead(
    database: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.SECRETARY)
    line = f"{person.id} {person.created_at.isoformat(timespec='microseconds')} x\n"
    Path(settings.erased).write_text(line)  # noqa: ASYNC240 - a line

    await site.look(settings)

    assert f"Warning: account {person.id} was erased after this backup was made" in capsys.readouterr().err
    assert await erased(database) == []


async def test_a_line_that_a_crash_cut_off_is_written_again(database: Database, settings: Settings) -> None:
    place = Path(settings.erased)
    async with database.write() as tx:
        person = await a_person(tx)
    await erase(database, person.id)
    await ErasedBook(database, place).keep_up()
    whole = place.read_text()  # noqa: ASYNC240 - a line
    place.write_text(whole[:25])  # noqa: ASYNC240 - a line

    assert await ErasedBook(database, place).keep_up() == 1
    assert place.read_text() == f"{whole[:25]}\n{whole}"  # noqa: ASYNC240 - two lines
    assert await ErasedBook(database, place).keep_up() == 0


async def test_a_file_that_cannot_be_written_keeps_nothing_else_from_being_done(
    database: Database,
    worker: Worker,
    settings: Settings,
) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
    await erase(database, person.id)
    Path(settings.erased).mkdir()  # noqa: ASYNC240 - in its place
    await worker.turn(NOON)
    assert (worker.last_turn_at, worker.last_error.startswith("erased accounts: IsADirectoryError")) == (NOON, True)

    Path(settings.erased).rmdir()  # noqa: ASYNC240 - as above
    await worker.turn(NOON)
    assert Path(settings.erased).read_text().startswith(f"{person.id} ")  # noqa: ASYNC240 - a line


def test_beside_sqlite_there_is_always_a_file_and_elsewhere_where_it_is_set() -> None:
    beside = place_of(Settings(database_url="sqlite+aiosqlite:///var/klankbord.db"))
    nowhere = place_of(Settings(database_url="postgresql+asyncpg://x@y/z"))
    there = place_of(Settings(database_url="postgresql+asyncpg://x@y/z", erased="/srv/erased"))

    assert (beside, nowhere, there) == (Path("var/klankbord.db-erased"), None, Path("/srv/erased"))
