"""One request as a server would hand it to the application, whatever stands in it, and what came back."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from litestar import Litestar

LONGEST = 2.0
"""Seconds of this process in which every answer must be made, however busy the machine is."""
GIVES_UP = 30.0


@dataclass
class Sent:
    """A request, byte for byte; `target` is what stands in its first line."""

    method: str
    target: str
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    pieces: int = 1  # in how many parts the body arrives

    def __str__(self) -> str:
        told = b"; ".join(name + b": " + value for name, value in self.headers)
        return f"{self.method} {self.target[:300]} [{told[:600]!r}] {self.body[:600]!r}"


@dataclass
class Answer:
    """What came back, and how many seconds of work it took."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    seconds: float = 0.0
    raised: BaseException | None = None

    def header(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name.encode()), "")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def scope_of(sent: Sent) -> dict[str, Any]:
    """As uvicorn makes it."""
    raw_path, _, query = sent.target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50_000),
        "scheme": "http",
        "root_path": "",
        "method": sent.method,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"),
        "headers": [(name.lower(), value) for name, value in sent.headers],
        "state": {},
        "extensions": {},
    }


async def ask(app: Litestar, sent: Sent) -> Answer:
    """Send it, and wait for the whole answer."""
    answer = Answer()
    size = max(1, -(-len(sent.body) // sent.pieces))
    parts = deque(sent.body[at : at + size] for at in range(0, len(sent.body), size)) or deque([b""])

    is_over = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not parts:
            await is_over.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.popleft(), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")
            if not message.get("more_body"):
                is_over.set()

    began = time.process_time()
    try:
        async with asyncio.timeout(GIVES_UP):
            await app(scope_of(sent), receive, send)  # type: ignore[arg-type]  # one dictionary for all its kinds
    except Exception as error:  # a server would answer 500 to it
        answer.raised = error
    answer.seconds = time.process_time() - began
    return answer
