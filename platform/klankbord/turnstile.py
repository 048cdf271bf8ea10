"""Where forms wait for their turn, with their moment of receipt in hand, before anything is looked up for them.

Those that are handled at once keep the process busy for tens of milliseconds each, and a form that arrives meanwhile
is only then noticed. Let in a few at a time, hundreds that arrive together are all noticed at once: their moment of
receipt is that of their arrival. They write one after the other anyway, so nobody is answered later.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kernel.errors import Busy, DomainError, TooSlow
from klankbord.gate import LONGEST_BODY

INSIDE = 8
"""Forms that are handled at once."""
WAITS_AT_MOST = 40.0
"""Seconds that a form waits outside; then it is refused as Busy."""
UPLOADS_AT_ONCE = 4
"""Files that are read at once: each lies in memory whole."""
ARRIVES_WITHIN = 30.0
"""Seconds for a form to arrive whole: its moment of receipt is that of its first line."""
UPLOAD_ARRIVES_WITHIN = 120.0
"""The same for a file, over a poor connection; nothing is in time or late by it."""


class Turnstile:
    """In the order of arrival, `INSIDE` at a time. A form is whole before it enters: slow lines keep nobody out."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(INSIDE)
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def let_file_in(
        self,
        app: ASGIApp,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        look: Callable[[bytes], DomainError | None],
        longest: int,
    ) -> None:
        """The same for a form with a file: few of them at once, and more time to arrive."""
        try:
            async with asyncio.timeout(WAITS_AT_MOST):
                await self._uploads.acquire()
        except TimeoutError:
            scope["turned_away"] = Busy()  # type: ignore[typeddict-unknown-key]  # ours, beside ASGI's
            await app(scope, receive, send)
            return
        try:
            whole = await whole_of(scope, receive, longest=longest, within=UPLOAD_ARRIVES_WITHIN)
            body: bytes = scope.pop("typed", b"")  # type: ignore[typeddict-item]  # ours; not to be given back in a page
            refusal = look(body) if body else None
            if refusal is not None:
                scope["turned_away"] = refusal  # type: ignore[typeddict-unknown-key]  # as above
            await app(scope, whole, send)
        finally:
            self._uploads.release()

    async def let_in(
        self,
        app: ASGIApp,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        look: Callable[[bytes], DomainError | None] = lambda _: None,
    ) -> None:
        """Have the application handle it when its turn comes; its place is free once the answer begins to leave.

        Nothing is raised here: a refusal is left for the application, which can make a page of it. What `look` has
        against the body is left as `turned_away`, and takes no place.
        """
        whole = await whole_of(scope, receive)
        refusal = look(scope.get("typed", b""))  # type: ignore[arg-type]  # ours, beside ASGI's
        if refusal is not None:
            scope["turned_away"] = refusal  # type: ignore[typeddict-unknown-key]  # as above
            await app(scope, whole, send)
            return
        try:
            async with asyncio.timeout(WAITS_AT_MOST):
                await self._places.acquire()
        except TimeoutError:
            scope["refusal"] = Busy()  # type: ignore[typeddict-unknown-key]  # as above
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


async def whole_of(
    scope: Scope, receive: Receive, *, longest: int = LONGEST_BODY, within: float | None = None
) -> Receive:
    """The body once all of it is there, or as much of it as fits; left as `typed` when it arrived in time.

    What gives it raises TooSlow when it did not: nobody begins a form before a close and writes it after.
    """
    arrived: deque[Message] = deque()
    size, is_slow = 0, False
    try:
        async with asyncio.timeout(within or ARRIVES_WITHIN):
            while True:
                message = await receive()
                arrived.append(message)  # type: ignore[arg-type]  # one type for both ways would have been enough
                if message["type"] != "http.request":
                    break
                size += len(message["body"])
                if not message["more_body"] or size > longest:
                    break
        scope["typed"] = b"".join(one.get("body", b"") for one in arrived)  # type: ignore[typeddict-unknown-key, misc]  # ours, beside ASGI's
    except TimeoutError:
        scope["came_too_slowly"] = is_slow = True  # type: ignore[typeddict-unknown-key]  # as above

    async def give() -> Message:
        if arrived:
            return arrived.popleft()
        if is_slow:
            raise TooSlow
        return await receive()  # type: ignore[return-value]  # as above

    return give  # type: ignore[return-value]  # as above
