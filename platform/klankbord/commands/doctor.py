"""`klankbord doctor`: looks at an installation and says in sentences what is not in order."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import click
from sqlalchemy import func, select, text

from accounts import second_factor
from accounts.models import SecondFactor
from kernel.db import ReadSession
from kernel.sealing import Unreadable
from kernel.settings import Settings
from klankbord.commands import letterbox_check
from klankbord.commands.opened import Opened, installation, settings_or_exit
from klankbord.erased import place_of
from klankbord.migrate import newest
from notify.models import Message
from notify.states import MessageState

SOUND_SQLITE = (3, 51, 3)
"""Older versions can damage a database in WAL mode when several connections write; we have one that does."""

SYNCED_BY = ("fsync", "synchronous_commit", "full_page_writes")
"""What makes PostgreSQL keep what it says it keeps."""

MOST_FACTORS = 1_000
"""The newest so many are opened."""

OLDEST_LETTER = timedelta(minutes=15)


@click.command()
def doctor() -> None:
    """Look at the settings, the database, the letters that leave and come in, and the model.

    Says what is not in order, also when KLANKBORD_SECRET is not the one that second factors were sealed with.
    Exits with 1 when something keeps the site from working; warnings alone exit with 0.
    """
    settings = settings_or_exit()
    is_sick = False
    for is_serious, sentence in asyncio.run(_findings(settings)):
        is_sick = is_sick or is_serious
        click.echo(f"{'!!' if is_serious else ' -'} {sentence}")
    if is_sick:
        sys.exit(1)
    click.echo("ok")


async def _findings(settings: Settings) -> list[tuple[bool, str]]:
    found: list[tuple[bool, str]] = [(False, sentence) for sentence in _about_settings(settings)]
    try:
        async with installation(settings, at_any_step=True) as opened:
            found += [one async for one in _about_database(opened)]
            found += letterbox_check.findings(settings, now=opened.clock.now())
    except click.ClickException as error:
        found.append((True, error.message))
    try:
        from themes.features import default_embedder

        default_embedder()
    except ImportError as error:
        found.append((True, f"Themes cannot be made: {error}. Install from requirements.lock again."))
    return found


def _about_settings(settings: Settings) -> list[str]:
    found = []
    if settings.mode != "production":
        found.append(f"KLANKBORD_MODE is {settings.mode}: this is not a site for the public.")
    if settings.mail_folder is not None:
        found.append(f"Letters are kept in {settings.mail_folder} and reach nobody (KLANKBORD_MAIL).")
    if not settings.security_contact:
        found.append("Nobody can be told of a weakness in the site: KLANKBORD_SECURITY_CONTACT is empty.")
    if place_of(settings) is None:
        found.append("A backup that is put back brings erased accounts back: KLANKBORD_ERASED is empty.")
    if settings.database_url.startswith("sqlite") and sqlite3.sqlite_version_info < SOUND_SQLITE:
        found.append(f"SQLite is {sqlite3.sqlite_version}; 3.51.3 or newer is better.")
    return found


async def _about_database(opened: Opened) -> AsyncIterator[tuple[bool, str]]:
    if opened.step != newest():
        yield True, f"The schema is at {opened.step or 'nothing'} and should be at {newest()}: run klankbord migrate."
        return
    if opened.database.is_sqlite:
        async with opened.database.writer.connect() as connection:
            verdict = (await connection.execute(text("PRAGMA quick_check"))).scalar()
        if verdict != "ok":
            yield True, f"SQLite finds damage: {verdict}. Restore a backup."
    async with opened.database.read() as db:
        if not opened.database.is_sqlite:
            for name in SYNCED_BY:
                if await db.scalar(text(f"SHOW {name}")) == "off":
                    yield False, f"PostgreSQL has {name} off: a power failure can take back what was answered with yes."
        waiting = select(func.count(), func.min(Message.due_at)).where(
            Message.state.in_((MessageState.QUEUED, MessageState.SENDING, MessageState.DEFERRED))
        )
        count, oldest = (await db.execute(waiting)).one()
        if count and oldest < opened.clock.now() - OLDEST_LETTER:
            yield True, f"{count} letters wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC: is the site running?"
        async for one in _about_second_factors(db, opened.settings):
            yield one
        bounced = await db.scalar(select(func.count()).where(Message.state == MessageState.BOUNCED))
        if bounced:
            yield False, f"{bounced} letters could not be delivered (bounced)."


async def _about_second_factors(db: ReadSession, settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    key, shut = second_factor.key_of(settings), 0
    factors = (await db.scalars(select(SecondFactor).order_by(SecondFactor.id.desc()).limit(MOST_FACTORS))).all()
    for factor in factors:
        try:
            second_factor.secret_of(factor, key=key)
        except Unreadable:
            shut += 1
    if shut:
        sentence = f"{shut} of {len(factors)} second factors do not open with this KLANKBORD_SECRET"
        yield True, f"{sentence}: whoever has one needs a recovery code. Set the secret that it was before."
