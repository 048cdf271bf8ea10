"""Refusals and failures, told so that a person understands them and knows what to do."""

from typing import Any
from urllib.parse import quote

import structlog
from litestar.enums import MediaType
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Response
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.exc import StaleDataError

from kernel.errors import ChangedMeanwhile, DomainError, NotFound, SignInFirst
from kernel.i18n import gettext as _
from kernel.inject import Asked
from kernel.pages import RenderedPage

log = structlog.get_logger()


def refused(request: Asked, error: Exception) -> Response[Any]:
    """A DomainError under its own code; who must sign in first is taken to the sign-in page."""
    if not isinstance(error, DomainError):
        error = ChangedMeanwhile() if isinstance(error, StaleDataError) else NotFound()
    if isinstance(error, SignInFirst) and request.method == "GET" and not _wants_json(request):
        return Redirect(f"/sign-in?next={quote(request.url.path)}", status_code=303)
    sentence = _(error.message) % error.values if error.values else _(error.message)
    answer = _told(request, status=error.status, title=_title(error.status), sentence=sentence, code=error.code)
    if error.status == 503:
        answer.headers["retry-after"] = "30"
    return answer


def answered_by_framework(request: Asked, error: HTTPException) -> Response[Any]:
    """What the framework refuses before a room sees it: unknown addresses, wrong methods, forged forms."""
    sentences = {
        403: _(
            "Dit formulier is verlopen of niet van deze site. Ga terug, laad de pagina opnieuw en probeer het nog eens."
        ),
        404: _("Deze pagina bestaat niet, of is niet voor u te zien."),
        405: _("Deze pagina kan dit niet."),
        413: _("Dit bericht is te groot."),
        429: _("U hebt dit te vaak achter elkaar gedaan. Wacht een paar minuten."),
    }
    sentence = sentences.get(error.status_code, _("De site begrijpt deze aanvraag niet."))
    return _told(
        request,
        status=error.status_code,
        title=_title(error.status_code),
        sentence=sentence,
        code=f"http_{error.status_code}",
    )


def failed(request: Asked, error: Exception) -> Response[Any]:
    """Our own mistake: logged in full, told in one sentence."""
    log.error("request failed", path=request.url.path, method=request.method, exc_info=error)
    return _told(
        request,
        status=500,
        title=_title(500),
        sentence=_(
            "Er ging iets mis bij ons. Wat u net deed, is niet opgeslagen. Probeer het over een paar minuten opnieuw."
        ),
        code="failed",
    )


def _title(status: int) -> str:
    titles = {
        403: _("Dat mag hier niet"),
        404: _("Niet gevonden"),
        409: _("Dat kan nu niet"),
        410: _("Deze link werkt niet meer"),
        500: _("Er ging iets mis"),
        503: _("Het is druk"),
    }
    return titles.get(status, _("Dat lukte niet"))


def _wants_json(request: Asked) -> bool:
    return request.url.path.startswith("/v1/")


def _told(request: Asked, *, status: int, title: str, sentence: str, code: str) -> Response[Any]:
    if _wants_json(request):
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": sentence,
            "instance": request.url.path,
        }
        return Response(body, status_code=status, media_type="application/problem+json")
    context = {
        "title": title,
        "what_happened": sentence,
        "what_you_can_do": _("Ga terug met de knop van uw browser, of begin opnieuw op de voorpagina."),
        "code": code,
    }
    return RenderedPage("errors/error.html", context=context, status_code=status, media_type=MediaType.HTML)


HANDLERS: ExceptionHandlersMap = {
    DomainError: refused,
    StaleDataError: refused,
    NoResultFound: refused,
    HTTPException: answered_by_framework,
    Exception: failed,
}
