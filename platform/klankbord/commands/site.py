"""`klankbord serve` and `klankbord migrate`: the site itself."""

import asyncio
import fcntl
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from kernel.settings import Settings
from klankbord import migrate as migrations
from klankbord.commands.opened import installation, settings_or_exit
from klankbord.erased import ErasedBook, place_of


@click.command()
def serve() -> None:
    """Run the site until it is stopped.

    Letters, digests, briefings and all else that time brings are done by the same process: there is no crontab to
    write and no queue to start. It listens on KLANKBORD_HOST and KLANKBORD_PORT; in production a proxy before it
    does https. Stop it with Ctrl+C or SIGTERM: what it was asked is answered first.

    The database must be up to date: run `klankbord migrate` before it.
    """
    settings = settings_or_exit()
    with open_door(settings) as door:
        asyncio.run(look(settings))
        with alone(settings):
            run_site(settings, door)


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    All missing steps are done in one transaction: after a failure the database is as it was. Safe to run again; a
    database that is not there yet is made. Make a backup first (docs/operations.md).
    """
    click.echo("The database is up to date." if asyncio.run(_migrate()) else "The database was up to date.")


async def _migrate() -> bool:
    async with installation(settings_or_exit(), at_any_step=True) as opened:
        return await migrations.migrate(opened.database)


async def look(settings: Settings) -> None:
    """Before the site opens: is the database there and up to date, and is nobody back who was erased?"""
    async with installation(settings) as opened:
        book = ErasedBook(opened.database, place_of(settings))
        again, with_task = await book.erase_again(now=opened.clock.now())
    if again:
        click.echo(f"{again} accounts that were erased after this backup was made are erased again.", err=True)
    for number in with_task:
        told = "was erased after this backup was made, and has a task in it: take the task back and start once more."
        click.echo(f"Warning: account {number} {told}", err=True)


def open_door(settings: Settings) -> socket.socket:
    """Take the port at once: whoever cannot have it should hear so before anything else is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    door = socket.socket(family=family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
    except OSError as error:
        door.close()
        raise click.ClickException(
            f"Port {settings.port} of {settings.host} cannot be used: {error.strerror or error}. "
            "Choose another with KLANKBORD_PORT."
        ) from None
    return door


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Warn when another process serves the same SQLite file: nothing is lost, but neither hears live of the other.

    The mark is a lock on a file beside the database; it goes with the process, however that ends.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        yield
        return
    with Path(f"{url.database}-serving").open("ab") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            click.echo(
                "Warning: another process serves this database already. Pages that are open on one do not hear what "
                "happens on the other; for several processes use PostgreSQL (docs/operations.md).",
                err=True,
            )
        yield


def run_site(settings: Settings, door: socket.socket) -> None:
    """Serve until stopped by a signal."""
    import uvicorn

    from klankbord import lines
    from klankbord.app import create_app
    from klankbord.wire import OPTIONS

    config = uvicorn.Config(
        create_app(settings, with_worker=True),
        log_level="warning",
        **OPTIONS,
        **lines.options(settings),
        timeout_graceful_shutdown=5,
    )
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each visitor's line is one; shells give us 1,024
    server = uvicorn.Server(config)
    try:
        server.run(sockets=[door])
    except KeyboardInterrupt:  # raised again by the server once it has stopped
        return
    if not server.started:
        sys.exit(3)
