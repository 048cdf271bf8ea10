"""Writes down who sees something that is not public, before the answer leaves. No record, no answer.

The row has a short transaction of its own, after the page was made and before its first byte is sent. Who looks at
the very same again within a minute (a live page does) is not written down again, nor who sees an idea in a list that
they saw in one less than an hour ago.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy import select

from accounts.actor import Actor
from consultations.models import Consultation
from consultations.states import ConsultationState
from kernel import trace
from kernel.db import Database, ReadSession
from kernel.errors import DomainError
from kernel.inject import Asked
from kernel.tokens import Token, digest_of
from kernel.trace import AGAIN, COMMAND, LINK, LISTED_AGAIN, Act, NotTraced, Seeing
from klankbord.sendings import note
from klankbord.trace import shown
from panels.models import Panel

_REMEMBERED = 20_000

log = structlog.get_logger()


class Witness:
    """One for each process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lately: dict[Seeing, datetime] = {}
        self._listed: dict[tuple[int | None, int], datetime] = {}

    async def write(self, seeing: Seeing, *, now: datetime) -> None:
        """Put it on record. Raises a refusal with status 503 when that cannot be done."""
        whose = seeing.person_id
        fresh = [one for one in seeing.ideas if not _is_lately(self._listed.get((whose, one)), now, LISTED_AGAIN)]
        page = replace(seeing, ideas=())
        if not fresh and seeing.act is Act.READ and _is_lately(self._lately.get(page), now, AGAIN):
            return
        try:
            async with self._database.write() as tx:
                await trace.write(tx, replace(seeing, ideas=tuple(fresh)), now=now)
        except DomainError:
            raise
        except Exception as error:
            log.error("not traced", subject=seeing.subject, exc_info=error)
            raise NotTraced from error
        for memory in (self._lately, self._listed):
            if len(memory) > _REMEMBERED:
                memory.clear()
        self._lately[page] = now
        self._listed.update(((whose, one), now) for one in fresh)

    async def seeing(self, request: Asked, *, ideas: tuple[int, ...], is_refusal: bool = False) -> Seeing | None:
        """What whoever asks is about to see; None when that is public. Raises NotTraced when it has no name.

        A page that says no about a link that we never gave out shows nothing of anything: None.
        """
        template, params = request.scope["path_template"], request.path_params
        actor: Actor = request.user
        named = shown.subject_of(template)
        if named is not None:
            found = await self._named(named.format(**params))
            if found is None and is_refusal:
                return None
            if found is None:
                raise NotTraced
            subject = found
        elif actor.is_staff and f"{template}/".startswith(f"{shown.DRAFTS}/"):
            draft = await self._draft(params["slug"])
            if draft is None:
                return None
            subject = draft
        else:
            return None
        return Seeing(
            act=Act.EXPORTED if shown.is_export(template) else Act.READ,
            subject=subject,
            ideas=tuple(sorted(set(ideas))),
            person_id=actor.person_id,
            roles=tuple(sorted(actor.roles)) or (("resident",) if actor.is_signed_in else (LINK,)),
            route=str(request.route_handler.name),
        )

    async def _named(self, asked: str) -> str | None:
        """The subject by its number: addresses hold names and secrets, and no secret is kept."""
        kind, _, key = asked.partition(":")
        if not key or (key.isdecimal() and kind not in {"letter", "panel"}):
            return asked
        async with self._database.read() as db:
            return await _looked_up(db, kind, key)

    async def _draft(self, slug: str) -> str | None:
        async with self._database.read() as db:
            wanted = select(Consultation.id).where(Consultation.slug == slug)
            id_ = await db.scalar(wanted.where(Consultation.state == ConsultationState.DRAFT))
        return f"consultation:{id_}" if id_ is not None else None


def _is_lately(before: datetime | None, now: datetime, within: timedelta) -> bool:
    return before is not None and before <= now < before + within


async def _looked_up(db: ReadSession, kind: str, key: str) -> str | None:
    if kind == "letter":
        subject = await db.scalar(select(Token.subject).where(Token.hash == digest_of(key)))
        return subject.replace("idea:", "receipt:") if subject else None
    wanted = select(Panel.id).where(Panel.slug == key)
    if kind == "consultation":
        wanted = select(Consultation.id).where(Consultation.slug == key)
    id_ = await db.scalar(wanted)
    return f"{kind}:{id_}" if id_ is not None else None


async def on_command(database: Database, subject: str, *, command: str, act: Act = Act.READ, now: datetime) -> None:
    """The same for a command on the server: who typed it is known to the server alone."""
    seeing = Seeing(act=act, subject=subject, person_id=None, roles=(COMMAND,), route=command)
    await Witness(database).write(seeing, now=now)


class Witnessed:
    """A response that leaves once it is on record who gets it."""

    def __init__(self, response: Any, ideas: tuple[int, ...]) -> None:
        self.response = response
        self.ideas = ideas

    def to_asgi_response(self, app: Any = None, *, request: Asked, **given: Any) -> ASGIApp:
        """What the response itself would give, behind a record; not what only sends somebody on, or answers OPTIONS."""
        answered: Any = self.response.to_asgi_response(app, request=request, **given)
        if 300 <= answered.status_code < 400 or request.method == "OPTIONS":
            return answered  # type: ignore[no-any-return]  # an ASGIResponse is an application
        witness: Witness = request.app.state.witness

        async def leave(scope: Scope, receive: Receive, send: Send) -> None:
            seeing = await witness.seeing(request, ideas=self.ideas, is_refusal=answered.status_code >= 400)
            if seeing is not None:
                await witness.write(seeing, now=request.scope["received_at"])  # type: ignore[typeddict-item]  # Reception
            await answered(scope, receive, send)

        return leave


async def note_and_witness(response: Any) -> Any:
    """For every route: note what it answers, and let it leave when it may."""
    ideas: tuple[int, ...] = getattr(response, "ideas_shown", ())
    noted = await note(response)
    return Witnessed(noted, ideas) if hasattr(noted, "to_asgi_response") else noted
