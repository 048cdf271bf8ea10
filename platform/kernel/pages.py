"""A page is a frozen dataclass: everything its template is given, and the template's name."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from litestar import Request
from litestar.response import Template
from markupsafe import Markup

from kernel import idempotency
from kernel.idempotency import Sending

HIDDEN = {"x-robots-tag": "noindex, nofollow"}
"""For pages whose address is a secret: no search engine gets to know it, and by the site's own `referrer-policy:
same-origin` no other site. With no-referrer a browser would send the forms on them from the origin `null`, which is
refused."""

_KEY_INPUT = Markup('<input type="hidden" name="{}" value="{}">')


class FormInputs:
    """The hidden fields that every form posts: `{{ csrf_input(action) }}`. Each form printed gets a key of its own.

    A form that comes back because nothing was kept yet carries on the key it was sent with: `key`, at `path`.
    """

    def __init__(self, csrf: Markup, *, key: str | None, path: str) -> None:
        self.csrf = csrf
        self.key = key
        self.path = path

    def __call__(self, action: str = "") -> Markup:
        """The fields for a form with this address."""
        key = None
        if action.partition("?")[0] == self.path:
            key, self.key = self.key, None  # one form was sent, so one carries it on
        return self.csrf + _KEY_INPUT.format(idempotency.FIELD, key or idempotency.new_key())

    def __html__(self) -> str:
        return self()

    def __bool__(self) -> bool:
        """Whether forms can be posted from this page: one that is made for everybody has no token."""
        return 'value=""' not in self.csrf


class RenderedPage(Template):
    """A template's answer. `is_question`: the sender is asked something more, and nothing was done yet.

    `ideas_shown`: those on it that may not be public, beside what the page is about.
    """

    is_question = False
    ideas_shown: tuple[int, ...] = ()

    def create_template_context(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        """Litestar's context, with the hidden fields ready to stand in a form."""
        context = super().create_template_context(request)
        csrf = Markup(context["csrf_input"])  # noqa: S704 - a field of Litestar's own making
        sending: Sending | None = request.scope.get("sending")  # type: ignore[assignment]  # left there by providers
        is_free = (
            sending is not None and sending.first is None and (self.is_question or (self.status_code or 200) >= 400)
        )
        context["csrf_input"] = FormInputs(
            csrf, key=sending.key if sending and is_free else None, path=request.url.path
        )
        return context


@dataclass(frozen=True, kw_only=True)
class Page:
    """Base of every page. The template sees each field under its own name, and the site's shell beside it."""

    template: ClassVar[str]

    def response(
        self, status_code: int = 200, headers: dict[str, str] | None = None, *, is_question: bool = False
    ) -> Template:
        """The page as an answer; it is rendered before the transaction commits, so fields hold loaded rows only.

        `is_question`: it asks the sender something more and did nothing yet, so the form goes on under its key.
        """
        context = {f.name: getattr(self, f.name) for f in fields(self)}
        page = RenderedPage(self.template, context=context, status_code=status_code, headers=headers)
        page.is_question = is_question
        page.ideas_shown = tuple(self.ideas_shown())
        return page

    def ideas_shown(self) -> Iterable[int]:
        """Ideas that may not be public and stand on it, for the record of who read what."""
        return ()
