"""What happens to every request before a room sees it: moment of receipt, the gate, who asks, language, headers.

Plain ASGI around the whole application, so that error pages and unknown addresses get the same treatment.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.enums import HttpMethod, ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, HTTPRequestEvent, HTTPScope, Receive, Scope, Send

from accounts import sessions
from accounts.actor import ANONYMOUS, Actor
from accounts.second_factor_rules import mandatory_roles
from consultations.ideas import RECEIPT
from kernel import tokens
from kernel.cookies import LANGUAGE, SESSION, cookie_name, sent_cookies
from kernel.errors import DomainError, TooOften
from kernel.i18n import DEFAULT_LANGUAGE, speaking
from kernel.inject import Asked
from kernel.networks import client_address, network_of, proxies_from
from kernel.settings import Settings
from klankbord.errors import failed
from klankbord.gate import (
    LONGEST_UPLOAD,
    OPEN_TO_PROBES,
    SAFE_METHODS,
    is_for_letters,
    is_form,
    is_upload,
    look_at_body,
    look_at_head,
    look_at_upload,
)
from klankbord.headers import Headed, is_file, without_body
from klankbord.shell import Shell, showing
from klankbord.turned_away import turn_away

log = structlog.get_logger()


class Reception:
    """The outermost layer. Leaves `received_at`, `network` and `user` in the scope."""

    def __init__(self, app: ASGIApp, *, state: State, settings: Settings) -> None:
        self.app = app
        self.state = state
        self.settings = settings
        self.proxies = proxies_from(settings.trusted_proxies)
        self.headed = Headed(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the clock once; then the gate; then forms wait for their turn."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if scope["type"] == ScopeType.HTTP and scope["method"] == HttpMethod.HEAD:  # the server goes by its own scope
            scope, send = {**scope, "method": HttpMethod.GET}, without_body(send)
        scope["received_at"] = self.state.clock.now()  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's
        scope["network"] = self._network(scope)  # type: ignore[typeddict-unknown-key]  # as above
        scope["user"] = ANONYMOUS
        send = self.headed.sending(scope, send)
        try:
            await self._let_in(scope, receive, send)
        except Exception as error:  # the application tells its own mistakes; this is one of ours before it
            if scope["type"] != ScopeType.HTTP or "has_begun" in scope:
                raise
            with showing(Shell(settings=self.settings)):
                request: Asked = Request(scope)
                await failed(request, error).to_asgi_response(None, request)(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._look(scope)
        if refusal is not None:
            scope["turned_away"] = refusal  # type: ignore[typeddict-unknown-key]  # as above
            await self._find_out(scope, receive, send)
        elif scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE_METHODS:
            self._note_receipt(scope)
            if is_upload(scope):
                await self._let_file_in(scope, receive, send)
                return
            if is_for_letters(scope) and not is_form(scope):
                receive = _unread(scope)
            await self.state.turnstile.let_in(self._find_out, scope, receive, send, look=look_at_body)
        else:
            await self._find_out(scope, receive, send)

    async def _let_file_in(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Millions of bytes are read from who holds a receipt, and from nobody else."""
        secret = scope["path"].split("/")[2]
        try:
            async with self.state.database.read() as db:
                await tokens.find(db, purpose=RECEIPT, secret=secret, now=scope["received_at"])  # type: ignore[typeddict-item]  # ours
        except DomainError as refusal:  # LinkSpent, Away or Busy
            scope["turned_away"] = refusal  # type: ignore[typeddict-unknown-key]  # as above
            await self._find_out(scope, receive, send)
            return
        turnstile = self.state.turnstile
        await turnstile.let_file_in(self._find_out, scope, receive, send, look=look_at_upload, longest=LONGEST_UPLOAD)

    def _look(self, scope: Scope) -> DomainError | None:
        """What the gate has against it. Whatever it refuses counts, and what costs nothing to answer does not."""
        is_free = is_file(scope["path"]) or scope["path"] == OPEN_TO_PROBES
        wait = 0.0 if is_free else self.state.crowds.wait_of(scope["network"])  # type: ignore[typeddict-item]
        if not wait:
            refusal = look_at_head(scope, self.state.settings)
            if refusal is not None and is_free:
                wait = self.state.crowds.wait_of(scope["network"])  # type: ignore[typeddict-item]
            if not wait:
                return refusal
        return TooOften(wait=timedelta(seconds=wait))

    async def _find_out(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Who asks, and in which language."""
        if "turned_away" not in scope and (is_file(scope["path"]) or scope["path"] == OPEN_TO_PROBES):
            await self.app(scope, receive, send)
            return
        cookies = sent_cookies(scope["headers"])
        chosen = cookies.get(cookie_name(LANGUAGE, self.settings), DEFAULT_LANGUAGE)
        if "turned_away" in scope:
            with speaking(chosen), showing(Shell(settings=self.settings)):
                await turn_away(self.state, scope, receive, send)
            return
        actor = await self._actor(scope, cookies.get(cookie_name(SESSION, self.settings)))
        scope["user"] = actor
        with speaking(chosen), showing(Shell(settings=self.settings, actor=actor, path=scope["path"])):
            await self.app(scope, receive, send)

    def _network(self, scope: Scope) -> str:
        forwarded_for = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        peer, _port = scope.get("client") or ("", 0)
        return network_of(client_address(peer, forwarded_for, self.proxies))

    def _note_receipt(self, scope: HTTPScope) -> None:
        if self.settings.receipts == "log":
            received_at: datetime = scope["received_at"]  # type: ignore[typeddict-item]  # ours, beside ASGI's
            log.info("received", received_at=received_at.isoformat(), request_id=_request_id(scope))

    async def _actor(self, scope: Scope, secret: str | None) -> Actor:
        if not secret:
            return ANONYMOUS
        try:
            async with self.state.database.read() as db:
                mandatory = mandatory_roles(self.state.settings)
                return await sessions.actor_behind(
                    db,
                    secret=secret,
                    mandatory=mandatory,
                    now=scope["received_at"],  # type: ignore[typeddict-item]  # ours, beside ASGI's
                    is_use=_is_use(scope),
                )
        except DomainError as refusal:  # Away or Busy; told inside, where pages are made
            scope["refusal"] = refusal  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's
            return ANONYMOUS


async def look_before(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of every route: while nobody can say who asks, nothing is done in anybody's name."""
    refusal: DomainError | None = connection.scope.get("refusal")  # type: ignore[assignment]  # ours
    if refusal is not None:
        raise refusal


def _is_use(scope: Scope) -> bool:
    """Whether a person asks: neither a socket nor what a page fetches anew by itself keeps an idle session alive."""
    dest = next((value for name, value in scope["headers"] if name == b"sec-fetch-dest"), b"document")
    return scope["type"] == ScopeType.HTTP and dest != b"empty"


def _unread(scope: Scope) -> Receive:
    """For what a mail program posts: it may have any form and is not looked at, so nothing has to take it apart."""
    scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"content-type"]

    async def give() -> HTTPRequestEvent:
        return {"type": "http.request", "body": b"", "more_body": False}

    return give


def _request_id(scope: Scope) -> str:
    """What a proxy calls this request, at most 64 characters of it."""
    given = (value for name, value in scope["headers"] if name == b"x-request-id")
    return next(given, b"")[:64].decode("latin-1")
