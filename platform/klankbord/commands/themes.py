"""`klankbord themes`: have the machine group a consultation's ideas, from the command line."""

import asyncio

import click

from kernel.errors import ChangedMeanwhile, NotFound
from klankbord.commands.opened import installation, settings_or_exit


@click.group()
def themes() -> None:
    """Group the ideas of a consultation into themes."""


@themes.command()
@click.argument("slug")
def build(slug: str) -> None:
    """Make the themes of the consultation SLUG anew, of all its published ideas.

    What people renamed, moved, merged, split or locked stays as it is. Reading a thousand ideas for the first time
    takes about ten seconds; ideas that were read before are not read again. The site goes on meanwhile.
    """
    try:
        click.echo(asyncio.run(_build(slug)))
    except NotFound:
        raise click.ClickException(f"There is no consultation {slug!r}.") from None
    except ChangedMeanwhile:
        raise click.ClickException(f"People are changing the themes of {slug!r} just now; try again later.") from None


async def _build(slug: str) -> str:
    from consultations.queries import consultation_by_slug
    from themes.gazetteer import names_in
    from themes.themes import make

    async with installation(settings_or_exit()) as opened:
        async with opened.database.read() as db:
            consultation = await consultation_by_slug(db, slug)
        made = await make(
            opened.database,
            consultation_id=consultation.id,
            actor_id=None,
            now=opened.clock.now(),
            places=names_in(opened.settings.places),
        )
    run = made.run
    return (
        f"{slug}: {run.idea_count} ideas, {run.theme_count} themes, {run.rest_count} in the rest; "
        f"{made.embedded} read anew by {run.model}; {run.seconds:.1f} s."
    )
