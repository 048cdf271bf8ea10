"""What comes with a picture or a document, parsed and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from consultations.attachments import LONGEST_ALTERNATIVE
from kernel import forms
from kernel.forms import Form
from kernel.i18n import gettext as _


@dataclass(kw_only=True)
class FileForm(Form):
    """What is on it, for who does not see it."""

    alternative: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the words; the file itself is looked at apart."""
        form = cls(alternative=forms.line(data, "alternative"))
        form.require("alternative", _("Schrijf op wat er te zien is. Niet iedereen kan een foto zien."))
        form.limit("alternative", LONGEST_ALTERNATIVE)
        return form

    def require_file(self, raw: bytes) -> None:
        """Note that nothing was chosen."""
        if not raw:
            self.errors["file"] = _("Kies een foto of een PDF.")
