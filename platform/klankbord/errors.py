"""Refusals and failures, told so that a person understands them and knows what to do."""

from collections.abc import Sequence
from errno import ENAMETOOLONG, ENOTDIR
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, quote

import structlog
from litestar.enums import MediaType
from litestar.exceptions import HTTPException, InternalServerException
from litestar.response import Redirect, Response
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import NoResultFound
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError

from kernel.errors import Away, Busy, ChangedMeanwhile, DomainError, NotFound, SignInFirst, TooOften
from kernel.i18n import gettext as _
from kernel.i18n import ngettext
from kernel.idempotency import SentAgain, SentBefore, StillSending
from kernel.inject import Asked
from kernel.pages import RenderedPage
from klankbord.gate import MOST_FIELDS, is_api, is_form, is_from_here, methods_of
from klankbord.headers import ensure_token, has_token
from klankbord.refusals import WrongMethod
from klankbord.sendings import address_of, replayed, sent_before

TOKEN = "_csrf_token"  # noqa: S105 - the name of a field

log = structlog.get_logger()


def refused(request: Asked, error: Exception) -> Response[Any]:
    """A DomainError under its own code; who must sign in first is taken to the sign-in page."""
    if not isinstance(error, DomainError):
        error = next(meaning() for kind, meaning in MEANINGS.items() if isinstance(error, kind))
    if isinstance(error, Away | Busy | StillSending | TooOften):
        return wait_a_little(request, error)
    if isinstance(error, SignInFirst) and request.method == "GET" and not is_api(request.url.path):
        return Redirect(f"/sign-in?next={quote(request.url.path)}", status_code=303)
    answer = _told(request, status=error.status, title=_title(error.status), sentence=error.sentence, code=error.code)
    if isinstance(error, WrongMethod):
        answer.headers["allow"] = ", ".join(sorted(methods_of(request.url.path)))
    return answer


def wait_a_little(request: Asked, refusal: Away | Busy | StillSending | TooOften) -> Response[Any]:
    """Nothing can be promised just now. The page offers to send what was typed once more, under the same key."""
    is_away = isinstance(refusal, Away)
    if is_away:
        log.error("database away", path=route_of(request), method=request.method, said=repr(refusal.__cause__))
    seconds = refusal.seconds if isinstance(refusal, TooOften) else 5 if is_away else 30
    sent = [] if is_api(request.url.path) else typed(request)
    ways = [_how_long(seconds)]
    if sent:
        ways.append(_("Verstuur daarna met de knop hieronder wat u typte. Het komt dan één keer binnen."))
    else:
        ways.append(_("Laad daarna deze pagina opnieuw."))
    answer = _told(
        request,
        status=refusal.status,
        title=_("Even niet bereikbaar") if is_away else _title(refusal.status),
        sentence=refusal.sentence,
        code=refusal.code,
        ways=ways,
        again=sent,
    )
    answer.headers["retry-after"] = str(seconds)
    return answer


def _how_long(seconds: int) -> str:
    if seconds <= 5:
        return _("Wacht een paar tellen.")
    if seconds <= 30:
        return _("Wacht een halve minuut.")
    minutes = ceil(seconds / 60)
    return ngettext("Wacht %(num)s minuut.", "Wacht %(num)s minuten.", minutes) % {"num": minutes}


def failed_at_the_end(request: Asked, error: ExceptionGroup[Exception]) -> Response[Any]:
    """Something failed while a request was being closed; when the database went away meanwhile, that is why."""
    return wait_a_little(request, Away()) if error.subgroup(Away) is not None else failed(request, error)


def answered_by_framework(request: Asked, error: HTTPException) -> Response[Any]:
    """What the framework refuses before a room sees it: unknown addresses, wrong methods, forged forms."""
    sentences = {
        403: _(
            "Dit formulier is verlopen of niet van deze site. Ga terug, laad de pagina opnieuw en probeer het nog eens."
        ),
        404: _("Deze pagina bestaat niet, of is niet voor u te zien."),
        405: _("Deze pagina kan dit niet."),
    }
    again = typed(request) if error.status_code == 403 else []
    if again:
        sentences[403] = _("Wat u typte, is nog niet opgeslagen. Het staat nog klaar.")
    answer = _told(
        request,
        status=error.status_code,
        title=_("Dit formulier was verlopen") if again else _title(error.status_code),
        sentence=sentences.get(error.status_code, _("De site begrijpt deze aanvraag niet.")),
        code=f"http_{error.status_code}",
        ways=[_("Verstuur met de knop hieronder nog een keer wat u typte.")] if again else "",
        again=again,
    )
    if allowed := (error.headers or {}).get("allow"):
        answer.headers["allow"] = allowed
    return answer


def failed(request: Asked, error: Exception) -> Response[Any]:
    """Our own mistake: logged in full, told in one sentence."""
    log.error("request failed", path=route_of(request), method=request.method, exc_info=error)
    return _told(
        request,
        status=500,
        title=_title(500),
        sentence=_(
            "Er ging iets mis bij ons. Wat u net deed, is niet opgeslagen. Probeer het over een paar minuten opnieuw."
        ),
        code="failed",
    )


def route_of(request: Asked) -> str:
    """Where it was sent, as logs may know it: without what stands in the address, which may be a secret."""
    return str(request.scope.get("path_template", "?"))


def no_such_file(request: Asked, error: InternalServerException) -> Response[Any]:
    """For our own files: a name longer than any, or one inside a file, is the name of nothing."""
    is_no_name = getattr(error.__cause__, "errno", None) in {ENAMETOOLONG, ENOTDIR}
    return refused(request, NotFound()) if is_no_name else failed(request, error)


def _title(status: int) -> str:
    titles = {
        400: _("Dat begrijpt de site niet"),
        403: _("Dat mag hier niet"),
        404: _("Niet gevonden"),
        409: _("Dat kan nu niet"),
        410: _("Deze link werkt niet meer"),
        413: _("Dat is te veel"),
        414: _("Dit webadres is te lang"),
        415: _("Dit kan de site niet aannemen"),
        429: _("Dat was te vaak"),
        431: _("Uw browser stuurt te veel mee"),
        500: _("Er ging iets mis"),
        503: _("Het is druk"),
    }
    return titles.get(status, _("Dat lukte niet"))


def typed(request: Asked) -> list[tuple[str, str]]:
    """Every field of the form that was sent from a page of ours, when it came so far.

    Of what may come from elsewhere nothing: a forged form would get a button that sends it after all.
    """
    body: bytes = request.scope.get("typed", b"")  # type: ignore[assignment]  # left there by the turnstile
    is_ours = has_token(request) or is_from_here(request.scope, request.app.state.settings)
    if not body or not is_ours or not is_form(request.scope):
        return []
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # no UTF-8, or more fields than any form has
        return []


def _told(
    request: Asked,
    *,
    status: int,
    title: str,
    sentence: str,
    code: str,
    ways: str | list[str] = "",
    again: Sequence[tuple[str, str]] = (),
) -> Response[Any]:
    if is_api(request.url.path):
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": sentence,
            "instance": request.url.path,
        }
        return Response(body, status_code=status, media_type="application/problem+json")
    if "is_for_all" not in request.scope:
        token = ensure_token(request, request.app.state.settings)
        again = [(name, token if name == TOKEN else value) for name, value in again]
    context = {
        "title": title,
        "what_happened": sentence,
        "what_you_can_do": ways or _("Ga terug met de knop van uw browser, of begin opnieuw op de voorpagina."),
        "code": code,
        "again": again,
        "again_url": address_of(request),
    }
    return RenderedPage("errors/error.html", context=context, status_code=status, media_type=MediaType.HTML)


MEANINGS: dict[type[Exception], type[DomainError]] = {
    StaleDataError: ChangedMeanwhile,
    NoResultFound: NotFound,
    NoConnectionFree: Busy,
}
HANDLERS: ExceptionHandlersMap = {
    SentAgain: replayed,
    SentBefore: sent_before,
    DomainError: refused,
    **dict.fromkeys(MEANINGS, refused),
    ExceptionGroup: failed_at_the_end,
    HTTPException: answered_by_framework,
    Exception: failed,
}
