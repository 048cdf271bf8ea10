"""Requests that carry a key: read before the writer is taken, answered as the first was, kept with their effect.

A POST without a key works as well, without that promise: mail programs unsubscribe people, and know of no keys.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar.enums import RequestEncodingType
from litestar.response import Response
from litestar.response.base import ASGIResponse

from kernel import idempotency
from kernel.cookies import SESSION, cookie_name
from kernel.db import WriteSession
from kernel.idempotency import Answer, Sending, SentAgain, SentBefore
from kernel.inject import Asked
from kernel.pages import RenderedPage
from kernel.settings import Settings

_FORMS = {RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART}
_OURS = {"_csrf_token", idempotency.FIELD}
SECOND_CLICK = timedelta(minutes=1)
_being_taken: Counter[tuple[str, str]] = Counter()


def address_of(request: Asked) -> str:
    """Where it was sent, without the host: what a form is posted to once more."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def read(request: Asked) -> Sending | None:
    """The key of a request with all that it sends, read to its end; None when it carries no key or needs none."""
    form = await request.form()
    key = idempotency.key_from(request.headers.get(idempotency.HEADER), form.get(idempotency.FIELD))
    if key is None or request.route_handler.opt.get(idempotency.EACH_TIME):
        return None
    sending = Sending(
        scope=request.scope["path_template"],
        key=key,
        address=address_of(request),
        fields=[(name, str(value)) for name, value in form.multi_items() if name not in _OURS],
        rest=b"" if request.content_type[0] in _FORMS else await request.body(),
        person_id=request.user.person_id,
        shares=request.route_handler.opt.get(idempotency.SHARES_FORM, ()),
    )
    request.scope["sending"] = sending  # type: ignore[typeddict-unknown-key]  # ours: pages print its key again
    return sending


@contextmanager
def being_taken(sending: Sending | None) -> Iterator[bool]:
    """Whether the same key is being taken in this process already; meanwhile it is, by this one."""
    if sending is None:
        yield False
        return
    mark = (sending.scope, sending.key)
    _being_taken[mark] += 1
    try:
        yield _being_taken[mark] > 1
    finally:
        _being_taken[mark] -= 1
        if not _being_taken[mark]:
            del _being_taken[mark]


async def begin(tx: WriteSession, request: Asked, sending: Sending | None) -> None:
    """Raises SentAgain for the same under the same key, SentBefore for something else unless the route compares."""
    if sending is None:
        return
    idempotency.under(tx, sending)
    await idempotency.look_up(tx, sending, compares=request.route_handler.opt.get(idempotency.COMPARES, False))


async def end(tx: WriteSession, request: Asked, sending: Sending | None, settings: Settings) -> None:
    """Keep the answer with its effect; a refusal, a mistake in a field and a question have none and keep no key."""
    answered: ASGIResponse | None = request.scope.get("answered")  # type: ignore[assignment]  # left there by Noted
    if sending is None or sending.first is not None or answered is None or answered.status_code >= 400:
        return
    session = f"{cookie_name(SESSION, settings)}=".encode()
    headers = answered.encode_headers()
    answer = Answer(status_code=answered.status_code, headers=headers, body=answered.body)
    # who signs in or out is somebody else afterwards, and must still get the answer
    turns = any(name == b"set-cookie" and value.startswith(session) for name, value in headers)
    whose = None if turns else sending.person_id
    await idempotency.keep(tx, sending, answer, person_id=whose, now=request.scope["received_at"])  # type: ignore[typeddict-item]  # Reception


class Noted:
    """A response that leaves what it becomes in the request's scope, so that it can be kept before it is sent."""

    def __init__(self, response: Response[Any]) -> None:
        self.response = response

    def to_asgi_response(self, app: Any = None, *, request: Asked, **given: Any) -> Any:
        """What the response itself would give."""
        answered = self.response.to_asgi_response(app, request=request, **given)
        if isinstance(answered, ASGIResponse) and not getattr(self.response, "is_question", False):
            request.scope["answered"] = answered  # type: ignore[typeddict-unknown-key]  # ours
        return answered


async def note(response: Any) -> Any:
    """For every route: note what it answers."""
    return Noted(response) if isinstance(response, Response) else response


def replayed(request: Asked, again: SentAgain) -> Response[Any]:
    """The same under the same key: what was answered the first time.

    The cookie of a session that began then comes along for as long as a second click is one: a browser that cancels
    the first click for the second never saw it. Later, it is not given to whoever goes back through the pages.
    """
    received_at: datetime = request.scope["received_at"]  # type: ignore[typeddict-item]  # Reception
    is_second_click = received_at - again.at <= SECOND_CLICK
    session = f"{cookie_name(SESSION, request.app.state.settings)}=".encode()
    headers = [
        (name, value)
        for name, value in again.answer.headers
        if is_second_click or name != b"set-cookie" or not value.startswith(session) or _is_sign_out(value, session)
    ]
    return FirstAnswer(msgspec.structs.replace(again.answer, headers=headers))


def _is_sign_out(set_cookie: bytes, session: bytes) -> bool:
    return not set_cookie.removeprefix(session).partition(b";")[0].strip(b'"')


def sent_before(_request: Asked, refusal: SentBefore) -> Response[Any]:
    """Something else under the same key: nothing is done, nothing is lost, and it can still be sent as well."""
    context = {
        "what_happened": refusal.sentence,
        "place": refusal.place,
        "address": refusal.address,
        "fields": refusal.fields,
        "texts": [value for _name, value in refusal.fields if len(value.split()) > 1],
        "code": refusal.code,
    }
    return RenderedPage("errors/sent_before.html", context=context, status_code=refusal.status, media_type="text/html")


class FirstAnswer(Response[bytes]):
    """The first answer once more, with a header that says so."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.body, status_code=answer.status_code)

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        """As it left the first time."""
        told = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.answer.headers]
        return ASGIResponse(
            body=self.answer.body,
            headers=[*told, ("idempotent-replayed", "true")],
            status_code=self.answer.status_code,
        )
