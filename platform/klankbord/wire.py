"""The server's end of a socket, below the application: what a client may send, and that nobody holds on to a line.

The server's own protocol takes any number of pings and fragments, writes a traceback for a text that is no UTF-8, and
waits for ever: after a handshake that it cannot read, and for a reader that does not read. Here a client that says
more than it may is told so and let go.
"""

import asyncio
from time import monotonic
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

LONGEST = 16_384
"""Bytes of one message; a longer one is not read."""
A_SECOND, AT_ONCE = 20, 40
"""Frames of any kind, fragments and pings too: so many in a second, and so many on top when none came for a while."""
PINGED_EVERY = 20.0
ANSWERS_WITHIN = 20.0
GONE_WITHIN = 3.0
"""Seconds after a goodbye; then the line is cut, whether the other end reads or not."""

UNREADABLE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Wire(WebSocketsSansIOProtocol):
    """One socket's connection. Litestar and its routes never see what is refused here."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.close_timeout = GONE_WITHIN
        self._left = float(AT_ONCE)
        self._counted_at = monotonic()

    def data_received(self, data: bytes) -> None:
        """A handshake that cannot be read is answered and hung up on, and does not wait for ever."""
        self.conn.receive_data(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()) or UNREADABLE)
            self.transport.close()
        elif self.conn.parser_exc is None:
            self.handle_events()
        elif not self.close_sent:
            self.handle_parser_exception()
        if self.transport.is_closing():
            self._cut_soon()

    def handle_cont(self, event: Frame) -> None:
        """A fragment counts like a message."""
        if self._may_say_more():
            super().handle_cont(event)

    def handle_text(self, event: Frame) -> None:
        """Counted."""
        if self._may_say_more():
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        """Counted."""
        if self._may_say_more():
            super().handle_bytes(event)

    def handle_ping(self) -> None:
        """Answered, unless there were too many or the answers are not read."""
        if self._may_say_more() and self.writable.is_set():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Counted."""
        if self._may_say_more():
            super().handle_pong(event)

    def send_receive_event_to_app(self) -> None:
        """A text must be UTF-8 over all its fragments."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self._refuse(CloseCode.INVALID_DATA)
                return
        super().send_receive_event_to_app()

    def keepalive_timeout(self) -> None:
        """Who does not answer a ping is gone; what was still to be written goes with them."""
        super().keepalive_timeout()
        self._cut_soon()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application has said all it wanted."""
        super().on_task_complete(task)
        self._cut_soon()

    def _may_say_more(self) -> bool:
        if self.close_sent:
            return False
        now = monotonic()
        self._left = min(AT_ONCE, self._left + (now - self._counted_at) * A_SECOND) - 1
        self._counted_at = now
        if self._left < 0:
            self._refuse(CloseCode.POLICY_VIOLATION)
            return False
        return True

    def _refuse(self, code: CloseCode) -> None:
        self.conn.send_close(code)
        self.handle_parser_exception()
        self._cut_soon()

    def _cut_soon(self) -> None:
        self.loop.call_later(GONE_WITHIN, self.transport.abort)


OPTIONS: dict[str, Any] = {
    "ws": Wire,
    "ws_max_size": LONGEST,
    "ws_ping_interval": PINGED_EVERY,
    "ws_ping_timeout": ANSWERS_WITHIN,
    "ws_per_message_deflate": False,
}
"""For the server's configuration."""
