"""What a route may ask for of accounts: the actor, and guards for whole controllers."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Guard

from accounts import actor as actors
from accounts.states import Role
from kernel.errors import NotAllowed, SignInFirst

Actor = NamedDependency[actors.Actor]


def requires(*roles: Role) -> Guard:
    """A guard: one of the roles, held anywhere. Which panel it must be held for is a rule of the room."""

    def guard(connection: ASGIConnection[Any, actors.Actor, Any, Any], _: BaseRouteHandler) -> None:
        if not connection.user.is_signed_in:
            raise SignInFirst
        if not connection.user.has(*roles):
            raise NotAllowed

    return guard
