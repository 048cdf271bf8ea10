"""The pages of the second factor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from accounts.qr import QrCode
from accounts.second_factor_forms import ChangeForm, CodeForm
from kernel.pages import Page


@dataclass(frozen=True, kw_only=True)
class AskCodePage(Page):
    """Asks for a code, to sign in or (`is_again`) for a heavy deed."""

    template: ClassVar[str] = "accounts/ask_code.html"
    form: CodeForm
    is_again: bool


@dataclass(frozen=True, kw_only=True)
class SendOnPage(Page):
    """What had to wait for the second factor, to be sent now; or once it is set up."""

    template: ClassVar[str] = "accounts/send_on.html"
    form: CodeForm
    is_set_up: bool


@dataclass(frozen=True, kw_only=True)
class NoSecondFactorPage(Page):
    """What it is, and how to begin."""

    template: ClassVar[str] = "accounts/second_factor_none.html"
    is_mandatory: bool
    next_path: str


@dataclass(frozen=True, kw_only=True)
class NewSecondFactorPage(Page):
    """The secret, as a QR code and in words, and the field for the first code."""

    template: ClassVar[str] = "accounts/second_factor_new.html"
    form: CodeForm
    qr: QrCode
    secret: str
    is_another: bool


@dataclass(frozen=True, kw_only=True)
class SecondFactorPage(Page):
    """What somebody has, and what can change about it."""

    template: ClassVar[str] = "accounts/second_factor.html"
    since: datetime
    codes_left: int
    is_mandatory: bool
    form: ChangeForm


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesPage(Page):
    """The codes for when the phone is lost, this once."""

    template: ClassVar[str] = "accounts/recovery_codes.html"
    codes: Sequence[str]
    next_path: str
