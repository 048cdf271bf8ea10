"""What a route may ask for of accounts: the actor, guards for whole controllers, a session for who used a link."""

from datetime import datetime
from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler
from litestar.response import Redirect
from litestar.types import Guard

from accounts import access, sessions
from accounts import actor as actors
from accounts.models import Person
from accounts.second_factor_rules import require_fresh
from kernel.cookies import SESSION, cookie, cookie_name
from kernel.db import WriteSession
from kernel.errors import NotAllowed, SignInFirst
from kernel.inject import Asked
from kernel.settings import Settings

Actor = NamedDependency[actors.Actor]


def signed_in(connection: ASGIConnection[Any, actors.Actor, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: somebody, whoever it is. It answers before anything is looked up, so that nobody learns what exists."""
    if not connection.user.is_signed_in:
        raise SignInFirst


def recent_second_factor(connection: ASGIConnection[Any, actors.Actor, Any, Any], _: BaseRouteHandler) -> None:
    """A guard for the heaviest deeds: who has a second factor gave it a short while ago; else it is asked once more."""
    require_fresh(connection.user, now=connection.scope["received_at"])  # type: ignore[typeddict-item]  # Reception


def requires(permission: access.Permission) -> Guard:
    """A guard for a whole desk: who may do this for some panel. For which one is asked by the room's rules."""

    def guard(connection: ASGIConnection[Any, actors.Actor, Any, Any], handler: BaseRouteHandler) -> None:
        signed_in(connection, handler)
        if not access.may(connection.user, permission):
            raise NotAllowed

    return guard


def signed_out(path: str, settings: Settings) -> Redirect:
    """On to a page, without the session's cookie."""
    answer = Redirect(path, status_code=303)
    answer.set_cookie(cookie(SESSION, "", settings, max_age=0))
    return answer


async def let_in(
    tx: WriteSession, answer: Redirect, request: Asked, *, person_id: int, settings: Settings, now: datetime
) -> None:
    """Sign in whoever used a link in a letter that was about something else: as a resident, without staff's grants.

    Who is signed in as this person stays so; a session of somebody else in this browser ends.
    """
    if request.user.person_id == person_id:
        return
    secret, lasts = await sessions.begin(
        tx,
        person=await tx.get_one(Person, person_id),
        carries_grants=False,
        instead_of=request.cookies.get(cookie_name(SESSION, settings)),
        user_agent=request.headers.get("user-agent", ""),
        now=now,
    )
    answer.set_cookie(cookie(SESSION, secret, settings, max_age=int(lasts.total_seconds())))
