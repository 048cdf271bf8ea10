"""What came in about the second factor: a code, and beside it what somebody was in the middle of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from accounts.forms import path_here
from kernel import forms, idempotency
from kernel.i18n import gettext as _

_LONGEST = 64
_PRINTED_ANEW = {"_csrf_token", idempotency.FIELD}


@dataclass(kw_only=True)
class CodeForm(forms.Form):
    """A code. `address` and `sent` are the form that has to wait for it, as it was typed."""

    code: str = ""
    next_path: str = "/"
    address: str = ""
    sent: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(
            code=forms.line(data, "code")[:_LONGEST],
            next_path=path_here(forms.line(data, "next")),
            address=path_here(forms.line(data, "address")) if forms.line(data, "address") else "",
            sent=forms.line(data, "sent"),
        )
        form.require("code", _("Vul de code in."))
        return form

    @classmethod
    def waiting(cls, *, address: str, fields: Sequence[tuple[str, str]]) -> Self:
        """The empty form, with what was sent to an address kept beside it."""
        return cls(address=path_here(address), sent=urlencode([one for one in fields if one[0] not in _PRINTED_ANEW]))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What was typed, to be sent to its address after all."""
        return parse_qsl(self.sent, keep_blank_values=True)

    @property
    def texts(self) -> list[str]:
        """What somebody recognises of it."""
        return [value for _name, value in self.fields if len(value.split()) > 1]


class Deed(StrEnum):
    """What can change about one's own second factor."""

    REPLACE = "replace"
    CODES = "codes"
    REMOVE = "remove"


@dataclass(kw_only=True)
class ChangeForm(forms.Form):
    """What to change, and a code that shows that it is theirs."""

    deed: Deed | None = None
    code: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        typed = forms.line(data, "deed")
        form = cls(
            deed=next((one for one in Deed if one.value == typed), None),
            code=forms.line(data, "code")[:_LONGEST],
        )
        form.require("deed", _("Kies wat u wilt doen."))
        form.require("code", _("Vul de code in."))
        return form
