"""`klankbord themes`: have the machine group a consultation's ideas, from the command line."""

import asyncio
import sys

import click

from kernel.clock import clock_from
from kernel.db import Database
from kernel.errors import DomainError
from kernel.settings import Settings


@click.group()
def themes() -> None:
    """Group the ideas of a consultation into themes."""


@themes.command()
@click.argument("slug")
def build(slug: str) -> None:
    """Make the themes of the consultation SLUG anew; what people decided stays as it is."""
    from klankbord.cli import settings_or_exit

    try:
        click.echo(asyncio.run(_build(settings_or_exit(), slug)))
    except DomainError as refusal:
        click.echo(f"klankbord: {slug}: {refusal.message}", err=True)
        sys.exit(1)


async def _build(settings: Settings, slug: str) -> str:
    from consultations.queries import consultation_by_slug
    from themes.gazetteer import names_in
    from themes.themes import make

    database = Database(settings.database_url)
    try:
        async with database.read() as db:
            consultation = await consultation_by_slug(db, slug)
        made = await make(
            database,
            consultation_id=consultation.id,
            actor_id=None,
            now=clock_from(settings.clock).now(),
            places=names_in(settings.places),
        )
    finally:
        await database.close()
    run = made.run
    return (
        f"{slug}: {run.idea_count} ideas, {run.theme_count} themes, {run.rest_count} in the rest; "
        f"{made.embedded} read anew by {run.model}; {run.seconds:.1f} s."
    )
