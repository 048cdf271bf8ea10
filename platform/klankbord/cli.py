"""The `klankbord` command. `klankbord --help` reads like a manual page; mistakes end in one sentence."""

import asyncio

import click

from kernel.db import Database
from kernel.settings import Settings
from klankbord import migrate as migrations
from klankbord.cli_demo import demo
from klankbord.cli_doctor import doctor
from klankbord.cli_ideas import ideas
from klankbord.cli_panels import agenda, briefing, digests
from klankbord.cli_themes import themes
from klankbord.opened import settings_or_exit

__all__ = ["main", "run_site", "settings_or_exit"]


def run_site(settings: Settings) -> None:
    """Serve until stopped by a signal."""
    import uvicorn

    from klankbord.app import create_app

    uvicorn.run(
        create_app(settings, with_worker=True),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="klankbord")
def main() -> None:
    """Klankbord: the online front door of a running citizens' panel.

    Settings come from the environment (DATABASE_URL, KLANKBORD_…); docs/operations.md lists them all.
    """


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema. Safe to run again."""

    async def run() -> None:
        database = Database(settings_or_exit().database_url)
        try:
            await migrations.migrate(database)
        finally:
            await database.close()

    asyncio.run(run())
    click.echo("The database is up to date.")


@main.command()
def serve() -> None:
    """Run the site until it is stopped."""
    run_site(settings_or_exit())


for command in (demo, ideas, themes, agenda, briefing, digests, doctor):
    main.add_command(command)
