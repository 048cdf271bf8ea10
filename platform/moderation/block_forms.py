"""What came in through the pages about blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from kernel import forms
from kernel.i18n import gettext as _
from moderation import block_rules
from moderation.forms import MOST
from moderation.states import Conduct


@dataclass(kw_only=True)
class BlockForm(forms.Form):
    """For what somebody is blocked, the facts, and until which day; without one until somebody lifts it."""

    ground: Conduct | None = None
    explanation: str = ""
    last_day: str = ""  # as 2027-02-22
    is_endless: bool = False
    sure: bool = False
    until: datetime | None = None

    @classmethod
    def blank(cls, *, now: datetime, zone: ZoneInfo) -> Self:
        """Three months, unless somebody chooses otherwise."""
        return cls(last_day=block_rules.usual_end(now, zone).isoformat())

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, now: datetime, zone: ZoneInfo) -> Self:
        """Read and check the fields."""
        chosen = forms.line(data, "ground")
        form = cls(
            ground=Conduct(chosen) if chosen in set(Conduct) else None,
            explanation=forms.text(data, "explanation"),
            last_day=forms.line(data, "last_day")[:10],
            is_endless=forms.ticked(data, "is_endless"),
            sure=forms.ticked(data, "sure"),
        )
        form.require("ground", _("Kies waarom u deze inwoner blokkeert."))
        form.require("explanation", _("Leg aan de inwoner uit wat er gebeurd is. Noem de feiten."))
        form.limit("explanation", MOST)
        if not form.is_endless:
            form.until = _end(form.last_day, zone)
            if form.until is None or not block_rules.may_end(form.until, now):
                form.errors["last_day"] = _(
                    "Kies een dag vanaf morgen, tot twee jaar verder, of kies: zonder einddatum."
                )
        form.require("sure", _("Zet een vinkje: u hebt gelezen wat deze inwoner stuurde."))
        return form


def _end(day: str, zone: ZoneInfo) -> datetime | None:
    try:
        return block_rules.end_of(date.fromisoformat(day), zone)
    except (ValueError, OverflowError):
        return None


@dataclass(kw_only=True)
class LiftForm(forms.Form):
    """Why a block is taken back."""

    lift_reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the field."""
        form = cls(lift_reason=forms.text(data, "lift_reason"))
        form.require("lift_reason", _("Schrijf op waarom u de blokkade opheft. De inwoner leest dit."))
        form.limit("lift_reason", MOST)
        return form
