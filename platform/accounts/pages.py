"""The pages of signing in, and of one's own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from accounts.forms import AddressForm, LetterCodeForm, NameForm, SignInForm
from accounts.models import Person, SessionRecord
from kernel.pages import Page


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """Asks for an address."""

    template: ClassVar[str] = "accounts/sign_in.html"
    form: SignInForm


@dataclass(frozen=True, kw_only=True)
class LinkSentPage(Page):
    """Says that a letter is on its way, whether or not the address is known, and takes the code from it."""

    template: ClassVar[str] = "accounts/link_sent.html"
    email: str
    minutes_valid: int
    form: LetterCodeForm


@dataclass(frozen=True, kw_only=True)
class TypeCodePage(Page):
    """Takes the code from a letter."""

    template: ClassVar[str] = "accounts/type_code.html"
    form: LetterCodeForm


@dataclass(frozen=True, kw_only=True)
class UseLinkPage(Page):
    """What a sign-in link opens: a button. Opening it changes nothing."""

    template: ClassVar[str] = "accounts/use_link.html"
    secret: str
    is_same_browser: bool


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    """Somebody's own account. `here` is the hash of the session that looks at it."""

    template: ClassVar[str] = "accounts/account.html"
    person: Person
    form: AddressForm
    named: NameForm
    has_task: bool
    sessions: Sequence[SessionRecord]
    here: str
    is_changing: bool


@dataclass(frozen=True, kw_only=True)
class AddressAskedPage(Page):
    """Takes the code from the letter to the new address."""

    template: ClassVar[str] = "accounts/address_asked.html"
    email: str
    form: LetterCodeForm


@dataclass(frozen=True, kw_only=True)
class UseAddressLinkPage(Page):
    """What the link to a new address opens: a button, for the person themself."""

    template: ClassVar[str] = "accounts/use_address_link.html"
    secret: str
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class AddressChangedPage(Page):
    """The new address counts; all sessions ended."""

    template: ClassVar[str] = "accounts/address_changed.html"


@dataclass(frozen=True, kw_only=True)
class NotMePage(Page):
    """What the link to an old address opens: a button that puts it back."""

    template: ClassVar[str] = "accounts/not_me.html"
    secret: str
    email: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class NotMeDonePage(Page):
    """The old address counts again."""

    template: ClassVar[str] = "accounts/not_me_done.html"
