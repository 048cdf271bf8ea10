"""What `kernel.inject`, `accounts.inject` and `themes.inject` promise, provided per request."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import Provide

from accounts.actor import Actor
from consultations.similar import FindSimilar
from consultations.translating import Translate
from kernel.db import Database, ReadSession, WriteSession
from kernel.errors import Busy
from kernel.idempotency import Sending, StillSending
from kernel.settings import Settings
from klankbord import sendings
from themes.worker import Worker


async def provide_db(state: State) -> AsyncIterator[ReadSession]:
    """A read session for this request."""
    async with state.database.read() as session:
        yield session


async def provide_tx(request: Request[Actor, Any, Any], state: State) -> AsyncIterator[WriteSession]:
    """This request's one transaction: commits after the page is rendered and before it is sent.

    The same under the same key raises SentAgain, and gets the first answer; it waits for a first that is on its way.
    """
    sending = await sendings.read(request)
    has_turn = False
    with sendings.being_taken(sending) as is_second:
        try:
            async with state.database.write() as session:
                has_turn = True
                await sendings.begin(session, request, sending)
                yield session
                await sendings.end(session, request, sending, state.settings)
        except Busy:
            if is_second and not has_turn:
                raise StillSending from None
            raise


async def provide_sending(request: Request[Actor, Any, Any]) -> Sending | None:
    """The key of this request and what it sends; None when it carries no key."""
    return await sendings.read(request)


async def provide_now(request: Request[Any, Any, Any]) -> datetime:
    """The moment of receipt."""
    return request.scope["received_at"]  # type: ignore[typeddict-item, no-any-return]  # left there by Reception


async def provide_network(request: Request[Any, Any, Any]) -> str:
    """Where the request came from."""
    return request.scope["network"]  # type: ignore[typeddict-item, no-any-return]  # left there by Reception


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


async def provide_find_similar(state: State) -> FindSimilar:
    """Ideas like some words."""
    return state.find_similar  # type: ignore[no-any-return]  # State is untyped


async def provide_translator(state: State) -> Translate | None:
    """The operator's service, if there is one."""
    return state.translator  # type: ignore[no-any-return]  # State is untyped


PROVIDERS = {
    "db": Provide(provide_db),
    "tx": Provide(provide_tx),
    "sending": Provide(provide_sending),
    "now": Provide(provide_now),
    "network": Provide(provide_network),
    "actor": Provide(provide_actor),
    "settings": Provide(provide_settings),
    "database": Provide(provide_database),
    "machine": Provide(provide_machine),
    "find_similar": Provide(provide_find_similar),
    "translator": Provide(provide_translator),
}
