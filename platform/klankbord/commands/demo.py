"""`klankbord demo`: the sample municipality, loaded once and served."""

import asyncio
import os
from dataclasses import replace

import click

from kernel.settings import Settings
from klankbord import migrate
from klankbord.commands.opened import installation, settings_or_exit
from klankbord.commands.site import open_door, run_site
from klankbord.demo.sample import NEIGHBOURHOODS, PLACES


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site afterwards, or only load and print the links.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to serve on; KLANKBORD_PORT otherwise.")
def demo(serve: bool, port: int | None) -> None:
    """Load the sample municipality and serve it on this machine.

    Loading happens once and takes half a minute: a second start finds the sample as people left it. To begin anew,
    remove the database. Each start prints fresh sign-in links, one for each role. Letters are kept in a folder and
    can be read at /demo/mail. Everything in it is made up, and it listens to no other machine.
    """
    given = settings_or_exit({"KLANKBORD_MODE": "demo", **os.environ})
    if given.mode != "demo":
        raise click.ClickException(f"KLANKBORD_MODE is {given.mode}: the sample belongs in a database of its own.")
    settings = replace(given, port=port or given.port, places=given.places or str(PLACES))
    settings = replace(settings, neighbourhoods=given.neighbourhoods or str(NEIGHBOURHOODS))
    if "KLANKBORD_PUBLIC_URL" not in os.environ:
        settings = replace(settings, public_url=f"http://{_in_an_address(settings.host)}:{settings.port}")
    if not serve:
        asyncio.run(_prepare(settings))
        return
    with open_door(settings) as door:
        asyncio.run(_prepare(settings))
        click.echo(f"\nServing {settings.public_url} – stop with Ctrl+C.")
        run_site(settings, door)


def _in_an_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _prepare(settings: Settings) -> None:
    from klankbord.demo.story import load
    from klankbord.demo.welcome import welcome

    async with installation(settings, at_any_step=True) as opened:
        now = opened.clock.now()
        await migrate.migrate(opened.database)
        if await load(opened.database, settings, now=now):
            click.echo("Loaded the sample municipality.")
        click.echo(await welcome(opened.database, settings, now=now))
