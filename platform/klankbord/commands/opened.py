"""What commands share: the settings, the database, and a worker without a site around it.

Whatever is wrong with these ends the command with one sentence on standard error.
"""

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from accounts.second_factor_rules import mandatory_roles
from kernel.clock import Clock, clock_from
from kernel.db import Database
from kernel.errors import Away, Busy
from kernel.i18n import load_catalogues
from kernel.settings import Settings, SettingsError, read_settings
from klankbord import asset_dir
from klankbord.logs import set_up_logs
from klankbord.migrate import newest, present

if TYPE_CHECKING:
    from klankbord.worker import Worker


def settings_or_exit(environ: Mapping[str, str] = os.environ) -> Settings:
    """The environment's settings; every mistake in them as a sentence on standard error, then exit 2."""
    try:
        settings = read_settings(environ)
        mandatory_roles(settings)  # kernel.settings knows no roles
        return settings
    except SettingsError as error:
        for problem in error.problems:
            click.echo(f"Error: {problem}", err=True)
        sys.exit(2)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An opened installation; `step` is where its schema stands."""

    settings: Settings
    database: Database
    clock: Clock
    step: str | None

    def worker(self) -> "Worker":
        """A worker that tells facts and sends letters; nobody listens to its nudges."""
        from klankbord.templating import make_environment
        from klankbord.worker import Worker
        from notify.live import Hub
        from notify.transport import transport_from

        return Worker(
            database=self.database,
            clock=self.clock,
            settings=self.settings,
            environment=make_environment(self.settings),
            hub=Hub(self.settings.database_url),
            transport=transport_from(self.settings.mail),
        )


@asynccontextmanager
async def installation(settings: Settings, *, at_any_step: bool = False) -> AsyncIterator[Opened]:
    """Open what the settings name, and let go of it at the end.

    The schema must be the newest, unless the caller copes with any step that this program knows.
    """
    set_up_logs(settings.log)
    load_catalogues(asset_dir("locale"))
    database, step = await _reached(settings)
    try:
        _require_known(step)
        if not at_any_step:
            _require_newest(step)
        yield Opened(settings=settings, database=database, clock=clock_from(settings.clock), step=step)
    except (OperationalError, Away, Busy) as error:  # locked for too long, a full disk, a server that went away
        raise _unusable(settings, error) from None
    finally:
        await database.close()


async def _reached(settings: Settings) -> tuple[Database, str | None]:
    database = None
    try:
        database = Database(settings.database_url)
        async with database.writer.connect() as connection:
            return database, await present(connection)
    except Exception as error:  # drivers raise all kinds; whatever they say is the diagnosis
        if database is not None:
            await database.close()
        raise _unusable(settings, error) from None


def _unusable(settings: Settings, error: BaseException) -> click.ClickException:
    """What a driver says in one sentence, with the database's address but without its password."""
    if isinstance(error, ModuleNotFoundError) and error.name == "asyncpg":
        return click.ClickException("PostgreSQL needs asyncpg: pip install 'klankbord[postgres]'.")
    error = getattr(error, "orig", None) or error.__cause__ or error
    said = (str(error) or type(error).__name__).strip().partition("\n")[0].rstrip(".")
    return click.ClickException(f"The database {make_url(settings.database_url)!r} cannot be used: {said}.")


def _require_known(step: str | None) -> None:
    if step is not None and step > newest():
        raise click.ClickException(f"The database is at step {step}, which only a newer Klankbord knows.")


def _require_newest(step: str | None) -> None:
    if step != newest():
        raise click.ClickException("The database is not up to date: run klankbord migrate.")
