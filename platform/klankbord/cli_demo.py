"""`klankbord demo`: the sample municipality, loaded once and served."""

import asyncio
import os
from dataclasses import replace

import click

from kernel.clock import clock_from
from kernel.db import Database
from kernel.settings import Settings
from klankbord import migrate
from klankbord.opened import settings_or_exit


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site afterwards, or only load and print the links.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to serve on; KLANKBORD_PORT otherwise.")
def demo(serve: bool, port: int | None) -> None:
    """Load the sample municipality and serve it on this machine.

    Loading happens once: a second start finds the sample as people left it. Letters are kept in a folder and
    can be read at /demo/mail. Everything in it is made up.
    """
    from klankbord.cli import run_site

    given = settings_or_exit({"KLANKBORD_MODE": "demo", **os.environ})
    settings = replace(given, mode="demo", port=port or given.port)
    if "KLANKBORD_PUBLIC_URL" not in os.environ:
        settings = replace(settings, public_url=f"http://{settings.host}:{settings.port}")
    asyncio.run(_prepare(settings))
    if serve:
        click.echo(f"\nServing {settings.public_url} – stop with Ctrl+C.")
        run_site(settings)


async def _prepare(settings: Settings) -> None:
    from klankbord.demo.story import load
    from klankbord.demo.welcome import welcome

    now = clock_from(settings.clock).now()
    database = Database(settings.database_url)
    try:
        await migrate.migrate(database)
        if await load(database, settings, now=now):
            click.echo("Loaded the sample municipality.")
        click.echo(await welcome(database, settings, now=now))
    finally:
        await database.close()
