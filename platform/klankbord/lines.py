"""A visitor's connection, below the application: how long a request may take to arrive, and an answer to leave.

The server itself waits for ever for the first lines of a request, keeps any number of them, and waits for ever for a
reader that does not read. Here whoever takes too long is let go; the others never notice. Forms have their own time
(turnstile.py), sockets theirs (wire.py).
"""

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kernel.settings import Settings
from klankbord.headers import headers_of

HEAD_WITHIN = 10.0
"""Seconds for the first lines of a request, from when the connection is there."""
LONGEST_HEAD = 32_000
"""Bytes of them that are kept while they come; the gate refuses less in a kinder way."""
READ_WITHIN = 30.0
"""Seconds that an answer may stand still in the line, each 64 kB anew."""
HEARD_WITHIN = 2.0
"""Seconds that who is refused has to hear why."""
STANDS_IDLE = 15
"""Seconds that a connection stays open for the next request."""
MOST_LINES = 10_000
"""Connections of all visitors together; of more a proxy hears that it is busy."""


class Line(HttpToolsProtocol):
    """One connection. Litestar and its routes never see what is refused here."""

    def __init__(self, *given: Any, always: dict[str, str], **named: Any) -> None:
        super().__init__(*given, **named)
        self._always = always
        self._head: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._bytes = 0
        self._heads = 0
        self._is_in_head = False
        self._is_in_body = False
        self._is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the server has it
        """The clock runs from here: who says nothing has not asked anything."""
        super().connection_made(transport)
        if len(self.connections) > MOST_LINES:
            self._hang_up(503, more={"retry-after": "30"})
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone, whoever hung up."""
        self._stop("_head")
        self._stop("_unread")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before a request is known; a line of nothing but line ends is counted too."""
        if self._is_refused or self.transport.is_closing():
            return
        heads, was_in_body = self._heads, self._is_in_body
        super().data_received(data)
        if self._is_refused or self.transport.is_closing() or self.parser is None:
            return
        if self._heads == heads and not was_in_body:
            self._bytes += len(data)
            if self._bytes > LONGEST_HEAD:
                self._hang_up(431)
                return
        if self._head is None and (self._is_in_head or (self._heads == heads and not was_in_body)):
            self._await_head()

    def on_message_begin(self) -> None:
        """Its first letter."""
        self._is_in_head, self._bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Known who asks what; from now on the application minds the time."""
        self._stop("_head")
        if not self.flow.write_paused:
            self._stop("_unread")
        self._heads += 1
        self._is_in_head, self._is_in_body = False, True
        if not self.url.startswith(b"/"):
            raise ValueError("not an address of this site")  # answered with 400, as what cannot be read
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes next is another request."""
        self._is_in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is written; it need not be read yet."""
        super().on_response_complete()
        self._await_reader()

    def pause_writing(self) -> None:
        """The other end does not read."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """It does."""
        self._stop("_unread")
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read as a request is told so under the same headers as everything else."""
        self._hang_up(400)

    def handle_websocket_upgrade(self) -> None:
        """From now on it is a socket (wire.py)."""
        self._stop("_head")
        super().handle_websocket_upgrade()

    def _await_head(self) -> None:
        self._stop("_head")
        self._head = self.loop.call_later(HEAD_WITHIN, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head = None
        if self.cycle is not None and not self.cycle.response_complete:
            self._await_head()  # half of a next request, while this one is being answered
        else:
            self._hang_up(408)

    def _await_reader(self) -> None:
        self._stop("_unread")
        self._unread = self.loop.call_later(READ_WITHIN, self._reader_is_late)

    def _reader_is_late(self) -> None:
        self._unread = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def _stop(self, timer: str) -> None:
        running: asyncio.TimerHandle | None = getattr(self, timer)
        if running is not None:
            running.cancel()
            setattr(self, timer, None)

    def _hang_up(self, status: int, *, more: dict[str, str] | None = None) -> None:
        """Say why, and close a moment later: a line closed on somebody who is still sending loses what was said."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        self._stop("_head")
        told = {**self._always, "cache-control": "no-store", "content-length": "0", "connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in (told | (more or {})).items())
        self.transport.write(STATUS_LINE[status] + head.encode() + b"\r\n")
        self.transport.write_eof()
        self.loop.call_later(HEARD_WITHIN, self.transport.abort)


def options(settings: Settings) -> dict[str, Any]:
    """For the server's configuration. It writes no line for each request: that would hold addresses, and links that
    sign people in."""
    return {
        "http": partial(Line, always=headers_of(settings)),
        "timeout_keep_alive": STANDS_IDLE,
        "access_log": False,
        "log_config": None,  # it logs as we do: klankbord/logs.py
        "server_header": False,
        "proxy_headers": False,  # who is believed about whom is decided in kernel/networks.py
    }
