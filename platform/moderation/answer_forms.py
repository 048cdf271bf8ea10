"""What a moderator decides about an appeal against an answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from kernel import forms
from kernel.i18n import gettext as _
from moderation.forms import MOST
from moderation.states import AppealState


@dataclass(kw_only=True)
class AnswerVerdictForm(forms.Form):
    """Another moderator's answer; one that removes an idea needs a ground and an explanation to its author as well."""

    verdict: AppealState | None = None
    answer: str = ""
    ground: str = ""
    explanation: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, grounds: Collection[str], removes: bool) -> Self:
        """Read and check the fields; `removes`: who is right about a report that has an idea removed."""
        chosen = forms.line(data, "verdict")
        known = {AppealState.UPHELD, AppealState.REINSTATED}
        form = cls(
            verdict=AppealState(chosen) if chosen in known else None,
            answer=forms.text(data, "answer"),
            ground=forms.line(data, "ground"),
            explanation=forms.text(data, "explanation"),
        )
        if form.verdict is None:
            form.errors["form"] = _("Kies of het eerste antwoord blijft staan.")
        if form.verdict is AppealState.REINSTATED and removes:
            if form.ground not in grounds:
                form.errors["ground"] = _("Kies de reden die hierbij past.")
            form.require("explanation", _("Leg aan de inzender uit waarom. Noem wat er in de tekst staat."))
            form.limit("explanation", MOST)
        form.require("answer", _("Leg uit waarom u zo beslist. Wie bezwaar maakte, leest dit."))
        form.limit("answer", MOST)
        return form
