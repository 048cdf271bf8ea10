"""A page is a frozen dataclass: everything its template is given, and the template's name."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from litestar import Request
from litestar.response import Template
from markupsafe import Markup


class RenderedPage(Template):
    """A template's answer; `csrf_input` is markup in it, as every form needs."""

    def create_template_context(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        """Litestar's context, with the hidden field ready to stand in a form."""
        context = super().create_template_context(request)
        context["csrf_input"] = Markup(context["csrf_input"])  # noqa: S704 - a field of Litestar's own making
        return context


@dataclass(frozen=True, kw_only=True)
class Page:
    """Base of every page. The template sees each field under its own name, and the site's shell beside it."""

    template: ClassVar[str]

    def response(self, status_code: int = 200, headers: dict[str, str] | None = None) -> Template:
        """The page as an answer; it is rendered before the transaction commits, so fields hold loaded rows only."""
        context = {f.name: getattr(self, f.name) for f in fields(self)}
        return RenderedPage(self.template, context=context, status_code=status_code, headers=headers)
