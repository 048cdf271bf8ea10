"""What a route may ask for of accounts: the actor, and guards for whole controllers."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Guard

from accounts import access
from accounts import actor as actors
from accounts.second_factor_rules import require_fresh
from kernel.errors import NotAllowed, SignInFirst

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
