"""What surrounds every page: the municipality's name, the navigation, the reader's language.

Templates see it as `shell`, in macros as well; it is the shell of the request being answered.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import quote

from accounts.access import Permission, may
from accounts.actor import ANONYMOUS, Actor
from kernel.i18n import LANGUAGES, N_, gettext, language
from kernel.settings import Settings
from klankbord.theme import theme_url

NAV = (
    (N_("Meedoen"), "/"),
    (N_("Panel en bijeenkomsten"), "/panels"),
    (N_("Adviezen en reacties"), "/recommendations"),
)
STAFF_NAV = (
    (N_("Overzicht"), "/desk", Permission.OPEN_DESK),
    (N_("Wachtrij"), "/moderation", Permission.READ_QUEUE),
    (N_("Namens anderen"), "/desk/on-behalf", Permission.READ_ON_BEHALF),
    (N_("Consultaties"), "/desk/consultations", Permission.READ_CONSULTATION_WORK),
    (N_("Thema's"), "/desk/themes", Permission.READ_THEME_WORK),
    (N_("Gesprekken"), "/desk/conversations", Permission.OPEN_CONVERSATIONS),
    (N_("Bijeenkomsten"), "/desk/meetings", Permission.READ_MEETING_WORK),
    (N_("Te beantwoorden"), "/desk/responses", Permission.READ_RESPONSE_WORK),
    (N_("Inrichting"), "/desk/set-up", Permission.READ_SET_UP),
    (N_("Wie las wat"), "/desk/trace", Permission.READ_TRACE),
)
FOOTER = (
    (N_("Uw ontvangstbevestiging"), "/receipts"),
    (N_("Wat u volgt"), "/following"),
    (N_("Open gegevens (API)"), "/v1/openapi.json"),
    (N_("Beveiliging"), "/security"),
    (N_("Wat wij bewaren"), "/kept"),
)
REPORT = N_("Meld iets op deze pagina")
_REPORTABLE = re.compile(r"/(?:(?:consultations|ideas|themes|panels|recommendations)(?:/[\w.~%/-]*)?)?")
DEMO_FOOTER = ((N_("E-mails van deze proefopstelling"), "/demo/mail"),)


def is_reportable(path: str) -> bool:
    """Whether this is the address of something that everybody can read here."""
    return len(path) <= 300 and _REPORTABLE.fullmatch(path) is not None


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The surroundings of one request's page."""

    settings: Settings
    actor: Actor = ANONYMOUS
    path: str = "/"

    @property
    def municipality(self) -> str:
        """Whose site this is."""
        return self.settings.municipality

    @property
    def language(self) -> str:
        """The reader's language."""
        return language()

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """The languages a reader can choose, each under its own name."""
        return LANGUAGES

    @property
    def theme_url(self) -> str | None:
        """A municipality's own design tokens; their address changes with the file."""
        return theme_url(self.settings)

    @property
    def is_demo(self) -> bool:
        """Whether everything here is sample content."""
        return self.settings.mode == "demo"

    @property
    def signed_in_as(self) -> str | None:
        """The reader's own name, or a word for somebody without one."""
        return (self.actor.name or gettext("inwoner")) if self.actor.is_signed_in else None

    @property
    def code_url(self) -> str | None:
        """Where the reader gives the second factor that is still owed, to come back here."""
        return f"/second-factor?next={quote(self.path)}" if self.actor.owes_second_factor else None

    @property
    def nav(self) -> list[tuple[str, str, bool]]:
        """Label, address, and whether the reader is there."""
        return [(gettext(label), url, self._is_here(url)) for label, url in NAV]

    @property
    def staff_nav(self) -> list[tuple[str, str, bool]]:
        """The same for the work behind the counter; empty for residents."""
        return [(gettext(label), url, self._is_here(url)) for label, url, needs in STAFF_NAV if may(self.actor, needs)]

    def may_ask_authors(self, panel_id: int) -> bool:
        """Whether the reader may ask authors of this panel's ideas something for the panel."""
        return may(self.actor, Permission.ASK_AUTHORS, panel_id=panel_id)

    @property
    def footer(self) -> list[tuple[str, str]]:
        """Label and address of what stands under every page."""
        links = (*FOOTER, *(DEMO_FOOTER if self.is_demo else ()))
        about_here = [(REPORT, f"/report?next={quote(self.path)}")] if is_reportable(self.path) else []
        return [(gettext(label), url) for label, url in (*about_here, *links)]

    def _is_here(self, url: str) -> bool:
        return self.path == url or (url not in {"/", "/desk"} and self.path.startswith(url + "/"))


_OUTSIDE = Shell(settings=Settings())  # letters and errors rendered outside a request
_shell: ContextVar[Shell] = ContextVar("shell")


@contextmanager
def showing(shell: Shell) -> Iterator[None]:
    """Surround the pages rendered meanwhile with this shell."""
    token = _shell.set(shell)
    try:
        yield
    finally:
        _shell.reset(token)


class CurrentShell:
    """Stands in templates for the shell of the request being answered."""

    def __getattr__(self, name: str) -> object:
        return getattr(_shell.get(_OUTSIDE), name)
