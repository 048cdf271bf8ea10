"""What is typed about advice and the answer to it, parsed and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from kernel import forms
from kernel.forms import Form
from kernel.i18n import gettext as _
from panels.forms import LONGEST_TEXT
from panels.models import Recommendation, Response
from panels.responses import ANSWERS
from panels.states import NEEDS_OWNER_AND_DATE, ResponseState


@dataclass(kw_only=True)
class AdviceForm(Form):
    """The wording of an advice."""

    title: str = ""
    text: str = ""
    seen: int | None = None  # the version on the page it was typed on

    @classmethod
    def of(cls, recommendation: Recommendation) -> Self:
        """The form filled in with the present wording."""
        return cls(title=recommendation.title, text=recommendation.text, seen=recommendation.version)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields."""
        seen = forms.whole_number(data, "seen")
        form = cls(title=forms.line(data, "title"), text=forms.text(data, "text"), seen=seen)
        form.require("title", _("Geef het advies een titel."))
        form.require("text", _("Schrijf de tekst van het advies."))
        form.limit("title", 160)
        form.limit("text", LONGEST_TEXT)
        return form


@dataclass(kw_only=True)
class VoteForm(Form):
    """How the members voted."""

    votes_for: int | None = None
    votes_against: int | None = None
    seen: int | None = None  # the version on the page it was typed on

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the counts; at least one member voted."""
        form = cls(
            votes_for=forms.whole_number(data, "votes_for"),
            votes_against=forms.whole_number(data, "votes_against"),
            seen=forms.whole_number(data, "seen"),
        )
        for name in ("votes_for", "votes_against"):
            count = getattr(form, name)
            if count is None or count < 0:
                form.errors[name] = _("Vul een aantal in; 0 mag ook.")
        if not form.errors and not (form.votes_for or form.votes_against):
            form.errors["votes_for"] = _("Vul in hoeveel leden stemden. Samen is dat minstens één.")
        return form


@dataclass(kw_only=True)
class ResponseForm(Form):
    """The commissioner's answer."""

    state: ResponseState | None = None
    reasons: str = ""
    owner: str = ""
    done_by: str = ""
    done_by_day: date | None = None
    seen: int | None = None  # the version on the page it was typed on

    @classmethod
    def of(cls, response: Response) -> Self:
        """The form filled in with what was answered before (an answer that was put off)."""
        return cls(reasons=response.reasons, owner=response.owner, seen=response.version)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields; what is taken over has an owner and a date."""
        typed = forms.line(data, "state")
        form = cls(
            state=next((one for one in ANSWERS if one.value == typed), None),
            reasons=forms.text(data, "reasons"),
            owner=forms.line(data, "owner"),
            done_by=forms.line(data, "done_by"),
            seen=forms.whole_number(data, "seen"),
        )
        try:
            form.done_by_day = date.fromisoformat(form.done_by) if form.done_by else None
        except ValueError:
            form.errors["done_by"] = _("Vul een datum in, bijvoorbeeld 01-06-2027.")
        form.require("state", _("Kies wat u met het advies doet."))
        form.require("reasons", _("Schrijf de redenen op. Zonder redenen is een reactie geen antwoord."))
        form.limit("reasons", LONGEST_TEXT)
        form.limit("owner", 120)
        if form.state in NEEDS_OWNER_AND_DATE:
            form.require("owner", _("Noem wie dit uitvoert."))
            form.require("done_by", _("Noem de datum waarop het klaar is."))
        return form


@dataclass(kw_only=True)
class ProgressForm(Form):
    """What was done since."""

    text: str = ""
    ending: ResponseState | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields."""
        endings = (ResponseState.DONE, ResponseState.ABANDONED)
        typed = forms.line(data, "ending")
        form = cls(text=forms.text(data, "text"), ending=next((one for one in endings if one.value == typed), None))
        form.require("text", _("Schrijf op wat er gedaan is."))
        form.limit("text", LONGEST_TEXT)
        return form
