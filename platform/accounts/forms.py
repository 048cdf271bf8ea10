"""What came in through the sign-in pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from accounts import typed_codes
from accounts.names import sounds_official
from kernel import forms
from kernel.i18n import gettext as _

_PATH_HERE = re.compile(r"(?:/|(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?)(?:\?[A-Za-z0-9._~=&%/-]*)?")
_LONGEST_PATH = 190


def path_here(path: str) -> str:
    """The path when it can lead to a page of this site, else the front page.

    Plain segments with one slash between them, nothing encoded, none that begins with a dot: browsers, proxies and
    we ourselves read it the same.
    """
    return path if len(path) <= _LONGEST_PATH and _PATH_HERE.fullmatch(path) else "/"


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


@dataclass(kw_only=True)
class NameForm(forms.Form):
    """The name under which somebody takes part; empty for none."""

    name: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the field."""
        form = cls(name=forms.name(data, "name"))
        form.limit("name", 80)
        if sounds_official(form.name):
            form.errors["name"] = _(
                "Met deze naam denken lezers dat u namens het panel of de gemeente schrijft. Kies een andere naam, of "
                "laat dit veld leeg."
            )
        return form


@dataclass(kw_only=True)
class LetterCodeForm(forms.Form):
    """The code from a letter. `typed` is what stood in the field."""

    typed: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the field, however the code was grouped."""
        form = cls(typed=forms.line(data, "code")[:40])
        if not form.code:
            form.errors["code"] = _("Vul de code uit de e-mail in: zes letters en cijfers, bijvoorbeeld KTR4MX.")
        return form

    def refuse(self) -> None:
        """It is not the code; which part of it is wrong, is not told."""
        self.errors["code"] = _(
            "Deze code klopt niet, of werkt niet meer. Kijk in de nieuwste e-mail, of vraag een nieuwe code aan."
        )

    @property
    def code(self) -> str:
        """The code, or nothing when it cannot be one."""
        return typed_codes.read(self.typed)


@dataclass(kw_only=True)
class AddressForm(forms.Form):
    """Where somebody wants to have their letters from now on."""

    email: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the field."""
        form = cls(email=forms.email(data, "email"))
        if not forms.is_email(form.email):
            form.errors["email"] = _("Vul uw nieuwe e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return form
