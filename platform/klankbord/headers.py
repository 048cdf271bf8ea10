"""The headers of every answer: what browsers may do with our pages, which is little."""

from hmac import compare_digest
from typing import Any, cast

from litestar import Request
from litestar.datastructures import Cookie
from litestar.middleware.csrf import CSRF_SECRET_LENGTH, generate_csrf_hash, generate_csrf_token
from litestar.types import HTTPResponseStartEvent, Message, Scope, Send
from litestar.utils.scope.state import ScopeState

from kernel.cookies import CSRF, cookie_name, sent_cookies
from kernel.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types klankbord",
    )
)
"""Only our own files, no inline script or style, no frames in either direction, nothing from another host."""

FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "compute-pressure", "cross-origin-isolated"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone"),
    *("midi", "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "unload", "usb"),
    *("window-management", "xr-spatial-tracking"),
)
"""What browsers can be asked for and we ask for nothing of; only what they know, or they complain."""

SAFE = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "origin-agent-cluster": "?1",
    "x-permitted-cross-domain-policies": "none",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in FEATURES),
}
TWO_YEARS = "max-age=63072000; includeSubDomains"
NOT_KEPT = "no-store"
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


def headers_of(settings: Settings) -> dict[str, str]:
    """What every answer carries; over https also that it must stay so."""
    return {**SAFE, "strict-transport-security": TWO_YEARS} if settings.is_secure else SAFE


def is_file(path: str) -> bool:
    """Whether it is the same for everybody: style sheets, scripts, drawings."""
    return path.startswith("/static/") or path == "/theme.css"


def caching(path: str, query: bytes, status: int) -> str:
    """How long an answer may be kept: our own files by their version, everything else not at all."""
    if not is_file(path) or status not in {200, 206, 304}:
        return NOT_KEPT
    return FOR_EVER if query.startswith(b"v=") else A_WHILE


def without_body(send: Send) -> Send:
    """HEAD is answered like GET, and only the headers leave."""

    async def send_the_head(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_the_head


class Headed:
    """Sends answers on with these headers, whoever made the answer."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.always = [(name.encode(), value.encode()) for name, value in headers_of(settings).items()]
        self.csrf = cookie_name(CSRF, settings)

    def sending(self, scope: Scope, send: Send) -> Send:
        """The same `send`, which adds what is missing."""

        async def send_safely(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                scope["has_begun"] = True  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's
                self._complete(scope, cast("HTTPResponseStartEvent", message))
            await send(message)

        return send_safely

    def _complete(self, scope: Scope, message: HTTPResponseStartEvent) -> None:
        path = scope["path"]
        kept = caching(path, scope["query_string"], message["status"])
        more = [*self.always, (b"cache-control", kept.encode())]
        if kept == NOT_KEPT and not self._is_for_back(message):
            more.append((b"vary", b"Cookie"))
        if "came_too_slowly" in scope or "is_cut" in scope:
            more.append((b"connection", b"close"))  # or the server would read on to where the next request begins
        told = [one for one in message["headers"] if not self._is_token(one)]
        known = {name.lower() for name, _ in told}
        message["headers"] = [*told, *(one for one in more if one[0] not in known), *self._token(scope, told)]

    def _is_for_back(self, message: HTTPResponseStartEvent) -> bool:
        """A form that one browser keeps, so that Back shows it with what was typed: also after a cookie changed."""
        return any(name.lower() == b"cache-control" and b"private" in value for name, value in message["headers"])

    def _is_token(self, header: tuple[bytes, bytes]) -> bool:
        return header[0].lower() == b"set-cookie" and header[1].startswith(f"{self.csrf}=".encode())

    def _token(self, scope: Scope, told: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Pages with forms bring the cookie that their token is compared with; nothing else brings it."""
        token = ScopeState.from_scope(scope).csrf_token
        has_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in told)
        if not has_page or not isinstance(token, str) or token == sent_cookies(scope["headers"]).get(self.csrf):
            return []
        cookie = Cookie(
            key=self.csrf, value=token, path="/", secure=self.settings.is_secure, httponly=True, samesite="lax"
        )
        return [(b"set-cookie", cookie.to_header(header="").encode("latin-1"))]


def has_token(request: Request[Any, Any, Any]) -> bool:
    """Whether the framework accepted the token of this form, or made one for this page."""
    return isinstance(ScopeState.from_scope(request.scope).csrf_token, str)


def ensure_token(request: Request[Any, Any, Any], settings: Settings) -> str:
    """The token of this page's forms; made here for pages that come before the framework made or accepted one."""
    state = ScopeState.from_scope(request.scope)
    if not isinstance(state.csrf_token, str):
        sent = sent_cookies(request.scope["headers"]).get(cookie_name(CSRF, settings), "")
        random, signed = sent[:CSRF_SECRET_LENGTH], sent[CSRF_SECRET_LENGTH:]
        is_ours = compare_digest(signed.encode(), generate_csrf_hash(random, secret=settings.secret).encode())
        state.csrf_token = sent if is_ours else generate_csrf_token(secret=settings.secret)
    return state.csrf_token
