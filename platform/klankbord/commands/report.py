"""`klankbord report`: what the law asks of a platform about a year of moderation."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from kernel.settings import Settings
from klankbord.commands.opened import installation, settings_or_exit
from moderation import statements, yearly
from moderation.statements import Frame, Statement
from moderation.yearly import YearReport

YEARS = click.IntRange(2020, 2100)


@click.group()
def report() -> None:
    """Tell what was kept from the public in a year, and why."""


@report.command("statements")
@click.option("--year", type=YEARS, help="The calendar year in which the restrictions began.")
@click.option(
    "--to",
    "folder",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    help="A folder: a file for each batch. Otherwise a batch a line is printed.",
)
@click.option("--schema", "is_schema", is_flag=True, help="Print the JSON Schema of a batch instead.")
def write_statements(year: int | None, folder: Path | None, is_schema: bool) -> None:
    """Write the statements of reasons of a year as JSON, in batches of at most 100.

    The fields are those of the European database of statements of reasons. What moderators and authors wrote is not in
    it: the facts are told by the ground, as it was published before the consultation opened.
    """
    if is_schema:
        click.echo(json.dumps(statements.schema(), indent=2))
        return
    if year is None:
        raise click.ClickException("Say of which year, as --year 2026.")
    found = asyncio.run(_statements(year))
    for number, batch in enumerate(statements.in_batches(found), start=1):
        written = json.dumps({"statements": batch}, ensure_ascii=False)
        if folder is None:
            click.echo(written)
        else:
            (folder / f"statements-{year}-{number:04}.json").write_text(written + "\n", encoding="utf-8")
    click.echo(f"{len(found)} statements.", err=True)


@report.command("dsa")
@click.option("--year", type=YEARS, required=True, help="The calendar year.")
@click.option("--json", "is_json", is_flag=True, help="As JSON, for another program.")
def tell_year(year: int, is_json: bool) -> None:
    """Count a year of moderation: by category, ground and source, with complaints and the time it all took.

    At the end stands what these decisions keep from the public now, beside the ledger of all consultations.
    """
    told, ledger = asyncio.run(_report(year))
    numbers = _numbers(told, ledger)
    if is_json:
        click.echo(json.dumps(numbers, indent=2))
        return
    for heading, rows in numbers.items():
        if not isinstance(rows, dict):
            click.echo(f"{heading}: {rows}")
            continue
        click.echo(f"\n{heading}")
        for name, number in rows.items():
            click.echo(f"  {name:<58} {number if number is not None else '-'}")


async def _statements(year: int) -> list[Statement]:
    settings = settings_or_exit()
    async with installation(settings) as opened, opened.database.read() as db:
        frame = frame_of(settings)
        return await yearly.of_year(db, yearly.Year.of(year, frame), as_=frame)


async def _report(year: int) -> tuple[YearReport, dict[str, int]]:
    settings = settings_or_exit()
    async with installation(settings) as opened, opened.database.read() as db:
        frame = frame_of(settings)
        return await yearly.report(db, yearly.Year.of(year, frame), as_=frame), await yearly.in_ledger(db)


def frame_of(settings: Settings) -> Frame:
    """What every statement of this installation shares."""
    return Frame(zone=settings.zone, public_url=settings.public_url)


def _hours(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds() / 3600, 1)


def _numbers(told: YearReport, ledger: dict[str, int]) -> dict[str, Any]:
    """One table a heading, in the order in which they are read."""
    return {
        "year": told.year,
        "statements of reasons": told.statements,
        "by outcome": {outcome.value: number for outcome, number in told.outcomes.items() if number},
        "by ground": dict(sorted(told.grounds.items())),
        **{f"by {name}": dict(sorted(found.items())) for name, found in told.by.items()},
        "accounts suspended": told.blocks,
        "notices": {state.value: number for state, number in told.reports.items()},
        "complaints about decisions": {state.value: number for state, number in told.appeals.items()},
        "complaints about answers": {state.value: number for state, number in told.answer_appeals.items()},
        "complaints about blocks": {state.value: number for state, number in told.block_appeals.items()},
        "reversals": told.reversals,
        "median hours": {
            "to a first decision": _hours(told.median_decision),
            "to answer a notice": _hours(told.median_answer),
            "to decide a complaint": _hours(told.median_appeal),
        },
        "kept from the public now, by decisions of this year": {
            outcome.value: number for outcome, number in told.standing.items() if number
        },
        "kept from the public now, in the ledger": ledger,
    }
