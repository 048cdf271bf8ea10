"""What came in through the page about the support from one network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from consultations.states import QuarantineState
from kernel import forms
from kernel.i18n import gettext as _
from moderation.forms import MOST


@dataclass(kw_only=True)
class SupportVerdictForm(forms.Form):
    """Whether it counts, and why."""

    verdict: QuarantineState | None = None
    reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        chosen = forms.line(data, "verdict")
        known = {QuarantineState.RELEASED, QuarantineState.KEPT}
        form = cls(verdict=QuarantineState(chosen) if chosen in known else None, reason=forms.text(data, "reason"))
        if form.verdict is None:
            form.errors["form"] = _("Kies of deze steun meetelt.")
        form.require("reason", _("Schrijf op waarom. Uw collega’s lezen dit."))
        form.limit("reason", MOST)
        return form
