"""What an idea says in another language. The operator plugs a service in; without one nothing is ever translated.

A translation is made when a reader asks for it, of a text that is public, and kept beside that text alone: a changed
text has none, and with the text it goes.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from sqlalchemy import select

from consultations import queries
from consultations.models import Idea
from consultations.writing_models import Translation
from kernel.db import Database, ReadSession
from kernel.errors import DomainError, NotFound
from kernel.i18n import N_
from kernel.once import insert_once
from kernel.plain_text import cleaned

PATIENCE = 15.0
"""Seconds that a reader waits for the service."""
MOST_GROWTH = 4
"""So many times as long as its text a translation can be, and 500 characters more."""


class Translate(Protocol):
    """A service that translates: as many texts as it was given, in their order. May raise anything."""

    async def __call__(self, texts: Sequence[str], *, source: str, target: str) -> Sequence[str]:
        """Languages are codes of two letters."""


class NotTranslated(DomainError):
    """The service is away, too slow, or answered something else."""

    code = "not_translated"
    status: ClassVar[int] = 503
    message = N_("De vertaaldienst antwoordt nu niet. De tekst zelf kunt u gewoon lezen. Probeer het later opnieuw.")


async def stored(db: ReadSession, *, idea: Idea, language: str) -> Translation | None:
    """What the text as it stands now says in a language, when somebody asked for it before."""
    version = await queries.current_version(db, idea.id)
    wanted = select(Translation).where(
        Translation.idea_id == idea.id, Translation.sha256 == version.sha256, Translation.language == language
    )
    return await db.scalar(wanted)


async def translate(
    database: Database, service: Translate | None, *, idea_id: int, language: str, now: datetime
) -> None:
    """Have it made, and keep it. Opens its own sessions, none while it waits. Raises NotTranslated, NotFound."""
    async with database.read() as db:
        idea = await queries.idea_by_id(db, idea_id)
        if service is None or not idea.is_public or idea.language == language:
            raise NotFound
        if await stored(db, idea=idea, language=language) is not None:
            return
        version = await queries.current_version(db, idea.id)
    texts = [version.title, version.body, version.stuck]
    title, body, stuck = await _asked(service, texts, source=idea.language, target=language)
    async with database.write() as tx:
        idea = await queries.idea_by_id(tx, idea_id)
        if not idea.is_public or (await queries.current_version(tx, idea.id)).sha256 != version.sha256:
            raise NotFound  # withdrawn, removed or changed while the service was at it
        told = {"title": title, "body": body, "stuck": stuck, "made_at": now}
        await insert_once(tx, Translation, idea_id=idea.id, sha256=version.sha256, language=language, **told)


async def _asked(service: Translate, texts: list[str], *, source: str, target: str) -> list[str]:
    wanted = [text for text in texts if text]
    try:
        async with asyncio.timeout(PATIENCE):
            given = [cleaned(str(one)) for one in await service(wanted, source=source, target=target)]
    except Exception as error:  # whatever the operator's service is, the site goes on
        raise NotTranslated from error
    fits = all(0 < len(one) <= MOST_GROWTH * len(text) + 500 for one, text in zip(given, wanted, strict=False))
    if len(given) != len(wanted) or not fits:
        raise NotTranslated
    rest = iter(given)
    return [next(rest) if text else "" for text in texts]
