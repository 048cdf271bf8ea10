"""Whom to tell of a weakness in the site: for people a page, for programs a file (RFC 9116)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from litestar import Controller, get
from litestar.response import Response, Template

from kernel.errors import NotFound
from kernel.i18n import LANGUAGES
from kernel.inject import Config, Now
from kernel.pages import Page
from kernel.settings import Settings

PATH = "/.well-known/security.txt"
GOOD_FOR = timedelta(days=180)
"""A reader may trust the file for so long. Shorter than the year that the standard allows, and never nearly over."""


@dataclass(frozen=True, kw_only=True)
class SecurityPage(Page):
    """How to tell, and what is done with it. `contact` is an address (mailto: or https:), or empty."""

    template: ClassVar[str] = "klankbord/security.html"
    contact: str


def security_txt(settings: Settings, *, now: datetime) -> str:
    """The file, good for half a year from today."""
    expires = (now + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    fields = {
        "Contact": settings.security_contact,
        "Expires": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": ", ".join(code for code, _ in LANGUAGES),
        "Canonical": settings.absolute(PATH),
        "Policy": settings.absolute("/security"),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


class Security(Controller):
    """Both, without signing in."""

    @get("/security", name="security")
    async def page(self, settings: Config) -> Template:
        """For people."""
        return SecurityPage(contact=settings.security_contact).response()

    @get(PATH, name="security.txt")
    async def file(self, settings: Config, now: Now) -> Response[str]:
        """For programs and those who search; there when the operator named a contact."""
        if not settings.security_contact:
            raise NotFound
        return Response(security_txt(settings, now=now), media_type="text/plain")
