"""What came in through the pages of conversations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from conversations import rules
from kernel import forms
from kernel.i18n import gettext as _


@dataclass(kw_only=True)
class ContributionForm(forms.Form):
    """What somebody writes. `answers`: the question it answers. `asks`: staff wait for an answer."""

    body: str = ""
    answers: int | None = None
    asks: bool = True

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(
            body=forms.text(data, "body"),
            answers=forms.whole_number(data, "answers"),
            asks=forms.ticked(data, "asks"),
        )
        form.require("body", _("Schrijf eerst iets op."))
        form.limit("body", rules.MOST_BODY)
        return form
