"""What came in through the sign-in pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from kernel import forms
from kernel.i18n import gettext as _

_PATH_HERE = re.compile(r"/(?![/\\])[A-Za-z0-9/_.~%?=&-]{0,190}")


def path_here(path: str) -> str:
    """The path when it leads to a page of this site, else the front page."""
    return path if _PATH_HERE.fullmatch(path) else "/"


@dataclass(kw_only=True)
class SignInForm(forms.Form):
    """An address to send a link to."""

    email: str = ""
    next_path: str = "/"

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(email=forms.email(data, "email"), next_path=path_here(forms.line(data, "next")))
        if not forms.is_email(form.email):
            form.errors["email"] = _("Vul uw e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return form
