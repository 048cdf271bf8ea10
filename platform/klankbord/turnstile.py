"""Where forms wait for their turn, with their moment of receipt in hand, before anything is looked up for them.

Those that are handled at once keep the process busy for tens of milliseconds each, and a form that arrives meanwhile
is only then noticed. Let in a few at a time, hundreds that arrive together are all noticed at once: their moment of
receipt is that of their arrival. They write one after the other anyway, so nobody is answered later.
"""

import asyncio
from collections import deque

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kernel.errors import Busy, TooSlow

INSIDE = 8
"""Forms that are handled at once."""
WAITS_AT_MOST = 40.0
"""Seconds that a form waits outside; then it is refused as Busy."""
ARRIVES_WITHIN = 30.0
"""Seconds for a form to arrive whole: its moment of receipt is that of its first line."""
LONGEST = 1_000_000
"""Bytes of a form that are waited for; the application refuses longer ones."""


class Turnstile:
    """In the order of arrival, `INSIDE` at a time. A form is whole before it enters: slow lines keep nobody out."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(INSIDE)

    async def let_in(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application handle it when its turn comes; its place is free once the answer begins to leave.

        Nothing is raised here: a refusal is left for the application, which can make a page of it.
        """
        whole = await _whole(scope, receive)
        try:
            async with asyncio.timeout(WAITS_AT_MOST):
                await self._places.acquire()
        except TimeoutError:
            scope["refusal"] = Busy()  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's
            await app(scope, whole, send)
            return
        is_inside = True

        def leave() -> None:
            nonlocal is_inside
            if is_inside:
                is_inside = False
                self._places.release()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                leave()
            await send(message)

        try:
            await app(scope, whole, answer)
        finally:
            leave()


async def _whole(scope: Scope, receive: Receive) -> Receive:
    """The body once all of it is there. What gives it raises TooSlow when that takes too long: nobody begins a form
    before a close and writes it after."""
    arrived: deque[Message] = deque()
    size, is_slow = 0, False
    try:
        async with asyncio.timeout(ARRIVES_WITHIN):
            while True:
                message = await receive()
                arrived.append(message)  # type: ignore[arg-type]  # one type for both ways would have been enough
                if message["type"] != "http.request" or not message["more_body"]:
                    break
                size += len(message["body"])
                if size > LONGEST:
                    break
    except TimeoutError:
        scope["came_too_slowly"] = is_slow = True  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's

    async def give() -> Message:
        if arrived:
            return arrived.popleft()
        if is_slow:
            raise TooSlow
        return await receive()  # type: ignore[return-value]  # as above

    return give  # type: ignore[return-value]  # as above
