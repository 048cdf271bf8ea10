"""A mail server of our own that notes every letter it said yes to, and can be told to misbehave.

It stands outside the processes that are killed: what it noted, a real mail server would have delivered.
"""

import asyncio
import email
import email.policy
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

Hook = Callable[["Handed"], Awaitable[bytes | None]]
"""Gives another reply instead of the yes, or None. Raises Slammed to say nothing any more."""


class Slammed(Exception):
    """The connection is cut without a word."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A letter as it was handed over."""

    message_id: str
    to: str
    letter: EmailMessage
    at: float


@dataclass
class PostOffice:
    """Listens on a port of its own; `taken` holds what was answered with 250, in that order."""

    taken: list[Handed] = field(default_factory=list)
    greeting: bytes = b"220 post office\r\n"
    on_connect: Callable[[], Awaitable[bytes | None]] | None = None
    on_receiver: Callable[[str], Awaitable[bytes | None]] | None = None
    before_data: Callable[[], Awaitable[bytes | None]] | None = None
    before_yes: Hook | None = None
    after_yes: Hook | None = None
    port: int = 0
    connections: int = 0
    _server: asyncio.Server | None = None
    _served: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def open(self) -> None:
        """Begin to listen; after `close` on the same port again."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections, and cut those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._served):
            task.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)

    @property
    def url(self) -> str:
        """What KLANKBORD_MAIL is set to."""
        return f"smtp://127.0.0.1:{self.port}"

    def times(self) -> Counter[str]:
        """How often each letter was taken, by Message-ID."""
        return Counter(one.message_id for one in self.taken)

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._converse(reader, writer))
        self._served.add(task)
        task.add_done_callback(self._served.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            refusal = await self.on_connect() if self.on_connect else None
            writer.write(refusal or self.greeting)
            if refusal is None:
                await self._talk(reader, writer)
            await writer.drain()
        except (Slammed, OSError, EOFError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if verb == b"RCPT":
                receiver = line.decode().partition("<")[2].partition(">")[0]
                refusal = await self.on_receiver(receiver) if self.on_receiver else None
                writer.write(refusal or b"250 ok\r\n")
            elif verb == b"DATA":
                await self._take(reader, writer, receiver)
            else:
                writer.write(b"250 post office\r\n")

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: str) -> None:
        refusal = await self.before_data() if self.before_data else None
        if refusal is not None:
            writer.write(refusal)
            return
        writer.write(b"354 go on\r\n")
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line:
                raise Slammed
            lines.append(line.removeprefix(b"."))
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        handed = Handed(message_id=str(letter["Message-ID"]), to=receiver, letter=letter, at=time.monotonic())
        refusal = await self.before_yes(handed) if self.before_yes else None
        if refusal is not None:
            writer.write(refusal)
            return
        self.taken.append(handed)
        writer.write(b"250 taken\r\n")
        if self.after_yes is not None:
            await writer.drain()
            await self.after_yes(handed)
