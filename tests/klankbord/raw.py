"""Requests as no client library would send them, straight to the application."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from litestar import Litestar

FORM = (b"content-type", b"application/x-www-form-urlencoded")
OURS = (b"origin", b"http://panel.test")
HOST = (b"host", b"panel.test")


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def text(self) -> str:
        """The page's source."""
        return self.body.decode()

    @property
    def problem(self) -> Any:
        """The JSON."""
        return json.loads(self.body)

    def header(self, name: str) -> str:
        """The first of that name, or nothing."""
        return next((value.decode() for key, value in self.headers if key.lower() == name.encode()), "")


async def ask(
    app: Litestar,
    raw_path: bytes = b"/sign-in",
    *,
    method: str = "GET",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    host: bytes | None = b"panel.test",
    parts: tuple[bytes, ...] = (b"",),
    client: tuple[str, int] | None = ("192.0.2.7", 4711),
) -> Answered:
    """Send this request, its body in these parts."""
    from urllib.parse import unquote

    target, _, query = raw_path.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(target.decode("latin-1")),
        "raw_path": target,
        "query_string": query,
        "root_path": "",
        "headers": [*([(b"host", host)] if host is not None else []), *headers],
        "client": client,
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    left, sent, answered = list(parts), list[dict[str, Any]](), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not left:
            await answered.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    await app(scope, receive, send)  # type: ignore[arg-type]  # as a server does
    body = b"".join(message.get("body", b"") for message in sent)
    return Answered(sent[0]["status"], list(sent[0]["headers"]), body)
