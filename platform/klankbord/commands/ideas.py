"""`klankbord ideas`: a consultation's ideas from a file and to a file."""

import asyncio
import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

import click

from accounts import people
from consultations import exports, imports, queries
from consultations.import_files import BadRow, NotReadable
from consultations.imports import Row
from consultations.states import IdeaState
from kernel.db import batched
from kernel.errors import NotFound
from kernel.forms import is_email
from klankbord.commands.opened import installation, settings_or_exit

FORMS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
MOST_TOLD = 50


@click.group()
def ideas() -> None:
    """Read a consultation's ideas from a file, or write them to one."""


@ideas.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consultation", "slug", required=True, help="The consultation, as in its address.")
@click.option(
    "--state",
    type=click.Choice([state.value for state in imports.STATES]),
    default=IdeaState.RECEIVED.value,
    show_default=True,
    help="Received: moderators read them first. Published: they stand on the site at once.",
)
@click.option("--by", help="The e-mail address of who imports; it goes on record. Otherwise the import person.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), help="Otherwise by the file's name.")
def import_ideas(file: Path, slug: str, state: str, by: str | None, form: str | None) -> None:
    """Read ideas from FILE: CSV or JSON Lines, in UTF-8.

    It needs a column `text`, or `title` and `body`. It knows `id`, `author` (a name or an e-mail address),
    `created_at`, `lang`, `kind` (idea or experience), `place`, `service` and `stuck`; other columns, such as `label`,
    are kept as they came.

    Lines that cannot be an idea are named with the reason and passed over; the others are kept. What is there
    already, by id or else by text, is passed over too: reading a file twice adds nothing. Authors get no letter.
    """
    form = form or FORMS.get(file.suffix.lower())
    if form is None:
        raise click.ClickException(f"{file.name} ends in neither .csv nor .jsonl; say which with --format.")
    if by is not None and not is_email(by):
        raise click.ClickException(f"{by!r} is not one e-mail address.")
    bar = click.progressbar(length=file.stat().st_size, label=file.name, file=sys.stderr)
    try:
        with file.open(encoding="utf-8", newline="") as lines, bar:
            told = _told(lines, bar.update)
            added, known, bad = asyncio.run(_import(told, form, slug=slug, state=IdeaState(state), by=by))
    except (NotReadable, NotFound, UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(_sentence(error, file, slug)) from None
    click.echo(f"{added} ideas added, {known} were known, {len(bad)} lines could not be used.")
    for one in bad[:MOST_TOLD]:
        click.echo(f"  line {one.line}: {one.reason}", err=True)
    if len(bad) > MOST_TOLD:
        click.echo(f"  and {len(bad) - MOST_TOLD} more", err=True)
    if bad and not added and not known:
        sys.exit(1)


@ideas.command("export")
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--to", "file", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Otherwise printed.")
def export_ideas(slug: str, form: str, file: Path | None) -> None:
    """Write the published ideas of the consultation SLUG, one a row.

    In the CSV a cell that a spreadsheet would take for a formula gets an apostrophe before it; JSON Lines are as
    people wrote. Ideas that were rejected, removed or withdrawn are not in it.
    """
    try:
        if file is None:
            number = asyncio.run(_export(slug, form, sys.stdout))
        else:
            with file.open("w", encoding="utf-8", newline="") as to:
                number = asyncio.run(_export(slug, form, to))
    except NotFound as error:
        raise click.ClickException(_sentence(error, file, slug)) from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"{number} ideas written.", err=True)


def _sentence(error: Exception, file: Path | None, slug: str) -> str:
    if isinstance(error, NotFound):
        return f"There is no consultation {slug!r}."
    if isinstance(error, UnicodeDecodeError):
        return f"{file} is not UTF-8; save it as UTF-8 and try again."
    return f"{file} cannot be used: {error}"


async def _import(
    lines: Iterable[str], form: str, *, slug: str, state: IdeaState, by: str | None
) -> tuple[int, int, list[BadRow]]:
    """A transaction for each batch, so that the site goes on; what was read before a stop is known the next time."""
    added = known = 0
    bad: list[BadRow] = []
    async with installation(settings_or_exit()) as opened:
        database, now = opened.database, opened.clock.now()
        async with database.write() as tx:
            consultation = await queries.consultation_by_slug(tx, slug)
            person = await (people.meet(tx, email=by, now=now) if by else imports.import_person(tx, now=now))
        for some in batched(imports.read(lines, form=form, zone=opened.settings.zone), imports.BATCH):
            rows = [row for row in some if isinstance(row, Row)]
            bad += [row for row in some if isinstance(row, BadRow)]
            async with database.write() as tx:
                new = await imports.add(tx, consultation=consultation, rows=rows, state=state, by=person.id, now=now)
            added, known = added + new, known + len(rows) - new
    return added, known, bad


def _told(lines: TextIO, advance: Callable[[int], None]) -> Iterator[str]:
    """The lines, telling how many bytes of the file they were."""
    for line in lines:
        advance(len(line.encode()))
        yield line


async def _export(slug: str, form: str, to: TextIO) -> int:
    number = 0
    async with installation(settings_or_exit()) as opened, opened.database.read() as db:
        consultation = await queries.consultation_by_slug(db, slug)
        async for line in exports.lines(db, consultation.id, form=form):
            to.write(line)
            number += 1
    return number - (form == "csv")
