"""The sign-in pages."""

from dataclasses import dataclass
from typing import ClassVar

from accounts.forms import SignInForm
from kernel.pages import Page


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """Asks for an address."""

    template: ClassVar[str] = "accounts/sign_in.html"
    form: SignInForm


@dataclass(frozen=True, kw_only=True)
class LinkSentPage(Page):
    """Says that a letter is on its way, whether or not the address is known."""

    template: ClassVar[str] = "accounts/link_sent.html"
    email: str
    minutes_valid: int


@dataclass(frozen=True, kw_only=True)
class UseLinkPage(Page):
    """What a sign-in link opens: a button. Opening it changes nothing."""

    template: ClassVar[str] = "accounts/use_link.html"
    secret: str
    is_same_browser: bool
