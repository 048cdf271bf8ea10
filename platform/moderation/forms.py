"""What came in through the pages of moderation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from kernel import forms
from kernel.i18n import gettext as _
from moderation.states import NEEDS_GROUND, AppealState, Outcome, ReportState

MOST = 2000
"""Characters of an explanation, an answer or a reason."""


@dataclass(kw_only=True)
class DecisionForm(forms.Form):
    """A moderator's decision; `seen` is the mark of what was on the screen."""

    outcome: Outcome | None = None
    ground: str = ""
    explanation: str = ""
    seen: str = ""
    has_no_number: bool = False

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, grounds: Collection[str]) -> Self:
        """Read and check the fields; a restriction needs one of these grounds and an explanation."""
        chosen = forms.line(data, "outcome")
        form = cls(
            outcome=Outcome(chosen) if chosen in set(Outcome) else None,
            ground=forms.line(data, "ground"),
            explanation=forms.text(data, "explanation"),
            seen=forms.line(data, "seen"),
            has_no_number=forms.ticked(data, "has_no_number"),
        )
        if form.outcome is None:
            form.errors["form"] = _("Kies wat er met dit idee moet gebeuren.")
        if form.outcome in NEEDS_GROUND:
            _require_ground(form, form.ground, grounds)
            form.require("explanation", _("Leg aan de inzender uit waarom. Noem wat er in de tekst staat."))
            form.limit("explanation", MOST)
        return form


def _require_ground(form: forms.Form, ground: str, grounds: Collection[str]) -> None:
    if ground not in grounds:
        form.errors["ground"] = _("Kies de reden die hierbij past.")


@dataclass(kw_only=True)
class ReportForm(forms.Form):
    """What a citizen says is wrong with a public text. Who reports the abuse of a child need not say who they are."""

    reason: str = ""
    name: str = ""
    email: str = ""
    is_abuse: bool = False
    good_faith: bool = False

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, is_known: bool) -> Self:
        """Read and check the fields; `is_known`: signed in, so we know whom to answer."""
        form = cls(
            reason=forms.text(data, "reason"),
            name=forms.name(data, "name"),
            email=forms.email(data, "email"),
            is_abuse=forms.ticked(data, "is_abuse"),
            good_faith=forms.ticked(data, "good_faith"),
        )
        form.require("reason", _("Schrijf op wat er volgens u mis is met deze tekst."))
        form.limit("reason", MOST)
        if not is_known and not form.is_abuse:
            form.require("name", _("Vul uw naam in. De inzender ziet die niet."))
            form.require("email", _("Vul uw e-mailadres in. Daarop krijgt u ons antwoord."))
        form.limit("name", 80)
        if form.email and not forms.is_email(form.email):
            form.errors["email"] = _("Dit e-mailadres klopt niet. Vul het opnieuw in.")
        form.require("good_faith", _("Zet een vinkje om te bevestigen dat u dit naar waarheid invult."))
        return form


@dataclass(kw_only=True)
class ReportVerdictForm(forms.Form):
    """A moderator's answer to a report; upholding it removes the idea, so that needs a ground as well."""

    verdict: ReportState | None = None
    answer: str = ""
    ground: str = ""
    explanation: str = ""
    seen: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, grounds: Collection[str], is_public: bool) -> Self:
        """Read and check the fields. When the idea has gone already, upholding needs the answer alone."""
        chosen = forms.line(data, "verdict")
        form = cls(
            verdict=ReportState(chosen) if chosen in {ReportState.DISMISSED, ReportState.UPHELD} else None,
            answer=forms.text(data, "answer"),
            ground=forms.line(data, "ground"),
            explanation=forms.text(data, "explanation"),
            seen=forms.line(data, "seen"),
        )
        if form.verdict is None:
            form.errors["form"] = _("Kies of het idee blijft staan.")
        if form.verdict is ReportState.UPHELD and is_public:
            _require_ground(form, form.ground, grounds)
            form.require("explanation", _("Leg aan de inzender uit waarom. Noem wat er in de tekst staat."))
            form.limit("explanation", MOST)
        form.require("answer", _("Schrijf een antwoord aan de melder."))
        form.limit("answer", MOST)
        return form


@dataclass(kw_only=True)
class AppealForm(forms.Form):
    """Why an author does not agree."""

    reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the field."""
        form = cls(reason=forms.text(data, "reason"))
        form.require("reason", _("Schrijf op waarom u het niet eens bent met het besluit."))
        form.limit("reason", MOST)
        return form


@dataclass(kw_only=True)
class AppealVerdictForm(forms.Form):
    """Another moderator's answer to an appeal."""

    verdict: AppealState | None = None
    answer: str = ""
    seen: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        chosen = forms.line(data, "verdict")
        known = {AppealState.UPHELD, AppealState.REINSTATED}
        form = cls(
            verdict=AppealState(chosen) if chosen in known else None,
            answer=forms.text(data, "answer"),
            seen=forms.line(data, "seen"),
        )
        if form.verdict is None:
            form.errors["form"] = _("Kies of het besluit blijft staan.")
        form.require("answer", _("Leg aan de inzender uit waarom u zo beslist."))
        form.limit("answer", MOST)
        return form


@dataclass(kw_only=True)
class PageAnswerForm(forms.Form):
    """A moderator's answer to a report of a page."""

    verdict: ReportState | None = None
    answer: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        chosen = forms.line(data, "verdict")
        known = {ReportState.DISMISSED, ReportState.UPHELD}
        form = cls(verdict=ReportState(chosen) if chosen in known else None, answer=forms.text(data, "answer"))
        if form.verdict is None:
            form.errors["form"] = _("Kies of de tekst zo blijft staan.")
        form.require("answer", _("Schrijf een antwoord aan de melder."))
        form.limit("answer", MOST)
        return form
