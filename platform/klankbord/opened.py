"""What commands share: the settings, the database, and a worker without a site around it."""

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from kernel.clock import Clock, clock_from
from kernel.db import Database
from kernel.i18n import load_catalogues
from kernel.settings import Settings, SettingsError, read_settings
from klankbord import asset_dir
from klankbord.logs import set_up_logs

if TYPE_CHECKING:
    from klankbord.worker import Worker


def settings_or_exit(environ: Mapping[str, str] = os.environ) -> Settings:
    """The environment's settings; every mistake in them as a sentence on standard error, then exit 2."""
    try:
        return read_settings(environ)
    except SettingsError as error:
        for problem in error.problems:
            click.echo(f"klankbord: {problem}", err=True)
        sys.exit(2)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An opened installation."""

    settings: Settings
    database: Database
    clock: Clock

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
            hub=Hub(),
            transport=transport_from(self.settings.mail),
        )


@asynccontextmanager
async def installation(settings: Settings) -> AsyncIterator[Opened]:
    """Open what the settings name, and let go of it at the end."""
    set_up_logs(settings.log)
    load_catalogues(asset_dir("locale"))
    database = Database(settings.database_url)
    try:
        yield Opened(settings=settings, database=database, clock=clock_from(settings.clock))
    finally:
        await database.close()
