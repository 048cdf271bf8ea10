"""What happens to every request before a room sees it: moment of receipt, who asks, language, safe headers.

Plain ASGI around the whole application, so that error pages and unknown addresses get the same treatment.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders, State
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from accounts import sessions
from accounts.actor import ANONYMOUS, Actor
from kernel.cookies import LANGUAGE, SESSION, cookie_name
from kernel.errors import DomainError
from kernel.i18n import DEFAULT_LANGUAGE, speaking
from kernel.networks import client_address, network_of, proxies_from
from kernel.settings import Settings
from klankbord.shell import Shell, showing


def content_security_policy(theme_url: str) -> str:
    """Only our own files, no inline script or style; a municipality's stylesheet may come from its own host."""
    theme = urlsplit(theme_url)
    theme_origin = f" {theme.scheme}://{theme.netloc}" if theme.netloc else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self'{theme_origin}",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types klankbord",
        )
    )


HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = "max-age=31536000; includeSubDomains"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger()


class Reception:
    """The outermost layer. Leaves `received_at`, `network` and `user` in the scope."""

    def __init__(self, app: ASGIApp, *, state: State, settings: Settings) -> None:
        self.app = app
        self.state = state
        self.settings = settings
        self.proxies = proxies_from(settings.trusted_proxies)
        self.headers = {**HEADERS, "content-security-policy": content_security_policy(settings.theme_url)}
        if settings.is_secure:
            self.headers["strict-transport-security"] = ONE_YEAR

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the clock once; then forms wait for their turn."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope["received_at"] = self.state.clock.now()  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's
        scope["network"] = self._network(scope)  # type: ignore[typeddict-unknown-key]  # as above
        if scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE:
            self._note_receipt(scope)
            await self.state.turnstile.let_in(self._find_out, scope, receive, send)
        else:
            await self._find_out(scope, receive, send)

    async def _find_out(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Who asks, and in which language."""
        if scope["path"].startswith("/static/") or scope["path"] == "/health":
            scope["user"] = ANONYMOUS
            await self.app(scope, receive, self._with_headers(scope, send))
            return
        cookies = _cookies(scope)
        actor = await self._actor(scope, cookies.get(cookie_name(SESSION, self.settings)))
        scope["user"] = actor
        chosen = cookies.get(cookie_name(LANGUAGE, self.settings), DEFAULT_LANGUAGE)
        shell = Shell(settings=self.settings, actor=actor, path=scope["path"])
        with speaking(chosen), showing(shell):
            await self.app(scope, receive, self._with_headers(scope, send))

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
                return await sessions.actor_behind(db, secret=secret, now=scope["received_at"])  # type: ignore[typeddict-item]
        except DomainError as refusal:  # Away or Busy; told inside, where pages are made
            scope["refusal"] = refusal  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's
            return ANONYMOUS

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
                if "came_too_slowly" in scope:
                    headers["connection"] = "close"  # or the server would read on to where the next request begins
            await send(message)

        return send_safely


async def look_before(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of every route: while nobody can say who asks, nothing is done in anybody's name.

    Keeps the form that was sent, so that the page of a refusal can offer to send it again.
    """
    if isinstance(connection, Request) and connection.method == "POST":
        connection.scope["sent"] = await connection.form()  # type: ignore[typeddict-unknown-key]  # ours
    refusal: DomainError | None = connection.scope.get("refusal")  # type: ignore[assignment]  # ours
    if refusal is not None:
        raise refusal


def _request_id(scope: Scope) -> str:
    """What a proxy calls this request, at most 64 characters of it."""
    given = (value for name, value in scope["headers"] if name == b"x-request-id")
    return next(given, b"")[:64].decode("latin-1")


def _cookies(scope: Scope) -> dict[str, str]:
    """The request's cookies; of two with one name the first counts."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, _, text = pair.strip().partition("=")
                found.setdefault(key, text.strip('"'))
    return found
