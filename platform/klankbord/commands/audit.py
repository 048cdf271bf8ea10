"""`klankbord audit`: whether the recorded facts are still the ones that were recorded, and who read what."""

import asyncio
import re
import sys
from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import click

from kernel.wall_clock import instant_of
from klankbord.audit import Walk, verify
from klankbord.commands.opened import installation, settings_or_exit
from klankbord.trace import question as questions
from klankbord.trace.question import Question
from klankbord.trace.witness import on_command

AT_MOST = 20
"""Flaws that are told one by one."""


@click.group()
def audit() -> None:
    """Look whether the trail of facts is whole, and who read what."""


@audit.command("verify")
@click.option("--head", "kept", help="An older head, as this command printed it: those facts must still be the same.")
def verify_facts(kept: str | None) -> None:
    """Compute the hash of every fact again and follow every chain; say which facts do not fit.

    Also looks whether every row stands where its facts left it. Prints the head at the end: keep it elsewhere, and
    give it back with --head the next time. Without it nobody can see that the newest facts of a chain are gone.

    Changes nothing, also while the site runs. Exits with 1 when something does not fit.
    """
    walk = Walk(kept=_head(kept) if kept else None)
    began = perf_counter()
    asyncio.run(_verify(walk))
    seconds = perf_counter() - began
    for flaw in walk.flaws[:AT_MOST]:
        click.echo(f"!! {flaw.subject} {f'fact {flaw.seq}' if flaw.seq else 'now'}: {flaw.what}")
    if len(walk.flaws) > AT_MOST:
        click.echo(f"!! and {len(walk.flaws) - AT_MOST} more")
    click.echo(f"{walk.count:,} facts about {walk.subjects:,} subjects in {seconds:.1f} s")
    click.echo(f"head {walk.head}")
    if walk.flaws:
        sys.exit(1)
    click.echo("ok")


def _head(typed: str) -> tuple[int, str]:
    if not (parts := re.fullmatch(r"([0-9]{1,12}):([0-9a-f]{64})", typed)):
        raise click.ClickException("A head looks like 1200:9f86…, with 64 figures after the colon.")
    return int(parts[1]), parts[2]


async def _verify(walk: Walk) -> None:
    async with installation(settings_or_exit()) as opened:
        async for count in verify(opened.database, walk):
            if sys.stderr.isatty() and count % 100_000 == 0:
                click.echo(f"\r{count:,} facts", nl=False, err=True)
        if sys.stderr.isatty():
            click.echo("\r", nl=False, err=True)


@audit.command("readers")
@click.argument("subject")
@click.option(
    "--from", "since", help="A day or a moment there, as 2026-11-22 or 2026-11-22T14:30; a week ago otherwise."
)
@click.option("--to", "until", help="The same; a day counts whole. Now, otherwise.")
def show_readers(subject: str, since: str | None, until: str | None) -> None:
    """List who read or exported SUBJECT, and when, the newest first. Asking is put on record as well.

    \b
    SUBJECT is one of
      idea:2026-00012              an idea, by its number
      person:ANNA@EXAMPLE.NL       all that somebody sent in, and what is about them
      reader:ANNA@EXAMPLE.NL       all that somebody read
      consultation:SLUG            the work at a consultation
      queue, people, blocks, trace
    or a kind and its number here, as meeting:4. What everybody may read is not on record.
    """
    for line in asyncio.run(_readers(subject, since, until)):
        click.echo(line)


async def _readers(subject: str, since: str | None, until: str | None) -> list[str]:
    async with installation(settings_or_exit()) as opened, opened.database.read() as db:
        now, zone = opened.clock.now(), opened.settings.zone
        kind, _, which = subject.partition(":")
        about = await questions.subject_named(db, kind, which)
        if about is None:
            raise click.ClickException(f"There is no {subject!r} here. See klankbord audit readers --help.")
        first = _moment(since, zone) if since else now - timedelta(days=7)
        last = _moment(until, zone, is_end=True) if until else now
        await on_command(opened.database, "trace", command="audit readers", now=now)
        asked = Question(about=about, since=first, until=last)
        people = [
            f"{one.times:>6}x  {one.person.email if one.person else one.roles}"
            for one in await questions.readers(db, asked)
        ]
        each = [
            f"{one.record.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {one.record.act.value:<8}  {one.record.subject:<20}"
            f"  {one.record.roles:<12}  {one.person.email if one.person else '-'}"
            async for one in questions.all_readings(db, asked)
        ]
        heading = f"{about}, {first.astimezone(zone):%Y-%m-%d %H:%M} to {last.astimezone(zone):%Y-%m-%d %H:%M}"
        return [heading, *(people or ["nobody"]), "", *each]


def _moment(typed: str, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    try:
        wall = datetime.fromisoformat(typed)
    except ValueError:
        raise click.ClickException(f"{typed!r} is not a day or a moment, as 2026-11-22 or 2026-11-22T14:30.") from None
    if wall.tzinfo is not None:
        return wall
    is_day = len(typed) <= 10
    return instant_of(wall + timedelta(days=1) if is_day and is_end else wall, zone)
