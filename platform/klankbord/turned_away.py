"""How the gate says no: a page in the reader's language, a problem under /v1, a closed door for sockets.

Nobody is looked up for it. Who asks too often gets one and the same page, made once for each language; only a form
from a page of ours is read first, a few times a minute, so that what was typed is not lost.
"""

import asyncio
from contextlib import suppress

from litestar import Request
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.response.base import ASGIResponse
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Receive, Scope, Send

from kernel.errors import DomainError, TooOften
from kernel.i18n import language
from kernel.inject import Asked
from klankbord.errors import refused
from klankbord.gate import is_api, is_form, is_from_here, look_at_body
from klankbord.shell import Shell, showing
from klankbord.turnstile import whole_of

LETS_FINISH = 10_000_000
LETS_FINISH_WITHIN = 10.0
"""Bytes and seconds of a form that is refused; then the line is closed on whoever is still sending."""
_POLICY_VIOLATION = 1008


async def turn_away(state: State, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the refusal that was left in the scope."""
    refusal: DomainError = scope["turned_away"]  # type: ignore[typeddict-item]  # left there by Reception
    if scope["type"] != ScopeType.HTTP:
        await receive()  # its connect
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": refusal.code})
        return
    if not scope["query_string"].isascii():
        scope["query_string"] = b""  # nothing that could stand in a page
    is_read = scope["method"] != "POST" or await _read(state, refusal, scope, receive)
    if not is_read:
        scope["is_cut"] = True  # type: ignore[typeddict-unknown-key]  # what was not read is not waited for
    if isinstance(refusal, TooOften) and "typed" not in scope and not is_api(scope["path"]):
        await _say_again(state, refusal, scope, send)
        return
    request: Asked = Request(scope, receive, send)
    answer = refused(request, refusal).to_asgi_response(None, request, is_head_response=scope["method"] == "HEAD")
    await answer(scope, receive, send)


async def _read(state: State, refusal: DomainError, scope: HTTPScope, receive: Receive) -> bool:
    """Whether all of a form was read: to give it back, or because a browser hears an answer only after it."""
    if not isinstance(refusal, TooOften):
        scope.pop("typed", None)  # type: ignore[typeddict-item]  # ours; there is something against it
        return await _has_finished(receive)
    is_ours = is_form(scope) and is_from_here(scope, state.settings)
    if not is_ours or state.courtesy.wait_of(scope["network"]):  # type: ignore[typeddict-item]  # Reception
        return False
    await whole_of(scope, receive)
    if look_at_body(scope.get("typed", b"")) is not None:  # type: ignore[arg-type]  # ours
        scope.pop("typed", None)  # type: ignore[typeddict-item]  # as above
    return "typed" in scope


async def _has_finished(receive: Receive) -> bool:
    """Let go of what is still being sent, within reason."""
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(LETS_FINISH_WITHIN):
            while size < LETS_FINISH:
                message = await receive()
                if message["type"] != "http.request" or not message["more_body"]:
                    return True
                size += len(message["body"])
    return False


async def _say_again(state: State, refusal: TooOften, scope: HTTPScope, send: Send) -> None:
    """The page that everybody gets who asks too often: it holds nothing of anybody."""
    known: dict[tuple[str, int], ASGIResponse] = state.said
    which = (language(), refusal.seconds)
    if which not in known:
        scope["is_for_all"] = True  # type: ignore[typeddict-unknown-key]  # ours: no token in it
        request: Asked = Request(scope)
        with showing(Shell(settings=state.settings)):
            known[which] = refused(request, refusal).to_asgi_response(None, request)
    said = known[which]
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": said.status_code,
        "headers": said.encode_headers(),
    }
    body: HTTPResponseBodyEvent = {
        "type": "http.response.body",
        "body": b"" if scope["method"] == "HEAD" else said.body,
        "more_body": False,
    }
    await send(start)
    await send(body)
