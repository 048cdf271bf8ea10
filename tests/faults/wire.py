"""A plain HTTP client for crowds: one kept connection, cookies that stay as given, and a clear word when it breaks."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlencode

PATIENCE = 40.0
"""Seconds for an answer; a writer that waits in vain for its turn hears so after ten."""


class Dropped(Exception):
    """No whole answer came: whether anything was done over there, nobody here can know."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def location(self) -> str:
        """Where it sends us on to."""
        return self.headers.get("location", "")


@dataclass
class Line:
    """One browser's connection to the site. It does not follow redirects and keeps no cookies of its own."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Ask for a page."""
        return await self._ask(f"GET {path} HTTP/1.1", b"")

    async def post(self, path: str, fields: dict[str, str], *, mark: str = "") -> Answer:
        """Send a form, as the page that it stands on would. A recording process notes its answer by the mark."""
        filled = {"_csrf_token": self.cookies.get("csrf", ""), **fields}
        first = f"POST {path} HTTP/1.1" + (f"\r\nx-mark: {mark}" if mark else "")
        return await self._ask(first, urlencode(filled).encode())

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None

    async def _ask(self, first: str, body: bytes) -> Answer:
        site = f"127.0.0.1:{self.port}"
        lines = [first, f"host: {site}", f"origin: http://{site}", "accept-encoding: identity"]
        if self.cookies:
            lines.append("cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if first.startswith("POST"):
            lines += ["content-type: application/x-www-form-urlencoded", f"content-length: {len(body)}"]
        try:
            async with asyncio.timeout(PATIENCE):
                if self._ends is None:
                    self._ends = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self._ends
                writer.write("\r\n".join((*lines, "", "")).encode() + body)
                return await read_answer(reader)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.hang_up()
            raise Dropped(repr(error)) from error
        except asyncio.CancelledError:
            self.hang_up()
            raise


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """The next whole answer on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(status=int(head[0].split()[1]), headers=headers, body=body.decode())
