"""Asking the application as somebody, and undoing what it did: the database stays as it was built."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Litestar
from litestar.routes import HTTPRoute
from sqlalchemy import event, func, select

from kernel import db as kernel_db
from kernel.db import Database, WriteSession
from kernel.errors import Away
from tests.access.people import Somebody
from tests.application import PUBLIC_URL

BESIDE = {"allowance", "access_record", "access_idea", "idempotency"}
"""Tables about asking itself; what stands there changes nothing for anybody."""
_CHANGES = re.compile(r'\s*(?:WITH .*?\)\s*)?(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE | re.DOTALL)
HOST = PUBLIC_URL.partition("://")[2]


class Undone(Database):
    """The real database; a transaction that would have been kept is noted and undone. `kept`: the tables it wrote."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.kept: set[str] = set()
        self._written: set[str] = set()
        event.listen(self.writer.sync_engine, "after_cursor_execute", self._note)

    def _note(self, _c: object, cursor: Any, statement: str, *_rest: object) -> None:
        found = _CHANGES.match(statement)
        if found and cursor.rowcount:
            self._written.add(found[2])

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[WriteSession]:
        self._written.clear()
        async with WriteSession(self.writer, expire_on_commit=False) as tx:
            try:
                if not self.is_sqlite:
                    await tx.execute(select(func.pg_advisory_xact_lock(kernel_db._WRITING)))
                yield tx
                await tx.flush()
                self.kept |= self._written
            finally:
                with suppress(Away):
                    await tx.rollback()


@dataclass
class Answer:
    """What came back, and which tables would have been written."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    written: frozenset[str] = frozenset()

    def header(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((value for found, value in self.headers if found == name), "")

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()

    def in_a_word(self, method: str) -> str:
        """What became of the request, as the table of permissions says it."""
        refused = {401: "sign-in", 403: "refused", 404: "hidden", 409: "asked", 410: "gone", 422: "asked"}
        if self.status in refused:
            return refused[self.status]
        if self.header("location").startswith("/sign-in?next="):
            return "sign-in"
        if self.status >= 400 or self.status < 200:
            return str(self.status)
        if method == "POST":
            return "done" if self.written - BESIDE else "nothing"
        return "moved" if self.status >= 300 else "shown"


class Asker:
    """Asks one application in this process: no browser, no network, only the request itself."""

    def __init__(self, app: Litestar, database: Undone) -> None:
        self.app: Any = app
        self.database = database
        self.token = ""

    async def ask(
        self,
        method: str,
        address: str,
        *,
        who: Somebody = Somebody(),  # noqa: B008 - a frozen value
        form: dict[str, Any] | None = None,
        token: str | None = None,
        csrf_cookie: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request. A POST carries the token of its own forms unless told otherwise."""
        cookies = {"session": who.session} if who.session else {}
        fields = dict(form or {})
        if method != "GET" and method != "HEAD":
            cookie = self.token if csrf_cookie is None else csrf_cookie
            cookies |= {"csrf": cookie} if cookie else {}
            sent = self.token if token is None else token
            fields |= {"_csrf_token": sent} if sent else {}
        body = urlencode(fields, doseq=True).encode() if method == "POST" else b""
        given = {"host": HOST, **({"cookie": "; ".join(f"{a}={b}" for a, b in cookies.items())} if cookies else {})}
        if method == "POST":
            given |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
            given |= {"origin": PUBLIC_URL}
        return await self._send(method, address, {**given, **(headers or {})}, body)

    async def _send(self, method: str, address: str, headers: dict[str, str], body: bytes) -> Answer:
        path, _, query = address.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": (HOST, 80),
        }
        is_whole = asyncio.Event()
        answer, waiting = Answer(), [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop()
            await is_whole.wait()  # who asks stays until the end
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = [(name.decode().lower(), value.decode()) for name, value in message["headers"]]
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")
                if not message.get("more_body"):
                    is_whole.set()

        self.database.kept.clear()
        await self.app(scope, receive, send)
        answer.written = frozenset(self.database.kept)
        return answer

    async def take_token(self) -> str:
        """A fresh browser's token against forged forms, as its cookie holds it."""
        cookie = (await self.ask("GET", "/sign-in")).header("set-cookie")
        return cookie.partition(";")[0].partition("=")[2]


def routes_of(app: Litestar) -> dict[str, tuple[str, str]]:
    """Every HTTP route by its name: method and address, as the application itself lists them.

    OPTIONS is answered by the framework alone; HEAD is asked wherever GET is.
    """
    found: dict[str, tuple[str, str]] = {}
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            for method in sorted(set(handler.http_methods) - {"OPTIONS", "HEAD"}):
                name = handler.name or f"{method} {route.path}"
                name = re.sub(r"^[0-9a-f]{32}_", "", name)
                while name in found:
                    name += "'"
                found[name] = (method, route.path)
    return found
