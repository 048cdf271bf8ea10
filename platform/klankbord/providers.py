"""What `kernel.inject`, `accounts.inject` and `themes.inject` promise, provided per request."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import Provide

from accounts.actor import Actor
from kernel.db import Database, ReadSession, WriteSession
from kernel.settings import Settings
from themes.worker import Worker


async def provide_db(state: State) -> AsyncIterator[ReadSession]:
    """A read session for this request."""
    async with state.database.read() as session:
        yield session


async def provide_tx(state: State) -> AsyncIterator[WriteSession]:
    """This request's one transaction: commits after the page is rendered and before it is sent."""
    async with state.database.write() as session:
        yield session


async def provide_now(request: Request[Any, Any, Any]) -> datetime:
    """The moment of receipt."""
    return request.scope["received_at"]  # type: ignore[typeddict-item, no-any-return]  # left there by Reception


async def provide_actor(request: Request[Actor, Any, Any]) -> Actor:
    """Whoever asks."""
    return request.user


async def provide_settings(state: State) -> Settings:
    """What the operator decided."""
    return state.settings  # type: ignore[no-any-return]  # State is untyped


async def provide_database(state: State) -> Database:
    """Both doors, for streams that open their own session."""
    return state.database  # type: ignore[no-any-return]  # State is untyped


async def provide_machine(state: State) -> Worker:
    """The process that reads and groups ideas."""
    return state.machine  # type: ignore[no-any-return]  # State is untyped


PROVIDERS = {
    "db": Provide(provide_db),
    "tx": Provide(provide_tx),
    "now": Provide(provide_now),
    "actor": Provide(provide_actor),
    "settings": Provide(provide_settings),
    "database": Provide(provide_database),
    "machine": Provide(provide_machine),
}
