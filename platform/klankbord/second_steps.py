"""Whoever owes the second factor is led to it, from wherever they asked; what they typed goes with them.

A session that owes it carries no grants, so what the rooms refuse it may well be theirs: a refusal becomes the way to
the code. A page is opened again afterwards, a form is shown to be sent once more.
"""

from typing import Any
from urllib.parse import quote

from litestar.response import Redirect, Response
from litestar.types import ExceptionHandlersMap

from accounts.second_factor_forms import CodeForm
from accounts.second_factor_pages import AskCodePage, SendOnPage
from accounts.second_factor_rules import SecondFactorAgain, SecondFactorFirst
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.inject import Asked
from klankbord.errors import refused, typed
from klankbord.gate import is_api
from klankbord.sendings import address_of


def asked(request: Asked, error: DomainError) -> Response[Any]:
    """The way to the code. Programs hear the refusal itself."""
    if is_api(request.url.path):
        return refused(request, error)
    if request.method != "POST":
        return Redirect(f"/second-factor?next={quote(address_of(request))}", status_code=303)
    form = CodeForm.waiting(address=address_of(request), fields=typed(request))
    if request.user.has_second_factor:
        return AskCodePage(form=form, is_again=isinstance(error, SecondFactorAgain)).response(error.status)
    return SendOnPage(form=form, is_set_up=False).response(error.status)


def asked_if_owed(request: Asked, error: DomainError) -> Response[Any]:
    """The same where the refusal may come of the second factor that is owed; else the refusal."""
    if getattr(request.user, "owes_second_factor", False):
        return asked(request, SecondFactorFirst())
    return refused(request, error)


HANDLERS: ExceptionHandlersMap = {
    SecondFactorFirst: asked,
    SecondFactorAgain: asked,
    NotAllowed: asked_if_owed,
    NotFound: asked_if_owed,
}
