"""`klankbord audit`: whether the recorded facts are still the ones that were recorded."""

import asyncio
import re
import sys
from time import perf_counter

import click

from klankbord.audit import Walk, verify
from klankbord.commands.opened import installation, settings_or_exit

AT_MOST = 20
"""Flaws that are told one by one."""


@click.group()
def audit() -> None:
    """Look whether the trail of facts is whole."""


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
