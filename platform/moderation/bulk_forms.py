"""What came in when many were decided about at once."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kernel import forms
from kernel.i18n import gettext as _
from moderation.candidates import MOST
from moderation.forms import MOST as MOST_WORDS
from moderation.states import IN_BULK, NEEDS_GROUND, Outcome

_ENTRY = re.compile(r"([0-9]{1,9}):([0-9]{1,9}-[0-9a-f]{16})")


@dataclass(kw_only=True)
class BulkForm(forms.Form):
    """The same decision about many: `chosen` is each idea with the mark of what was read. `is_sure`: carry it out."""

    chosen: Mapping[int, str] = field(default_factory=dict)
    outcome: Outcome | None = None
    ground: str = ""
    explanation: str = ""
    is_sure: bool = False

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, grounds: Collection[str]) -> Self:
        """Read and check the fields; a restriction needs one of these grounds and an explanation."""
        found = [_ENTRY.fullmatch(part) for part in forms.line(data, "chosen").split(",")[:MOST]]
        typed = forms.line(data, "outcome")
        form = cls(
            chosen={int(one[1]): one[2] for one in found if one},
            outcome=Outcome(typed) if typed in set(IN_BULK) else None,
            ground=forms.line(data, "ground"),
            explanation=forms.text(data, "explanation"),
            is_sure=forms.line(data, "step") == "carry_out",
        )
        if not form.chosen:
            form.errors["form"] = _("U hebt niets gekozen. Ga terug naar de wachtrij en zet vinkjes.")
        if form.outcome is None:
            form.errors["outcome"] = _("Kies wat er met deze inzendingen moet gebeuren.")
        if form.outcome in NEEDS_GROUND:
            if form.ground not in grounds:
                form.errors["ground"] = _("Kies de reden die hierbij past.")
            form.require("explanation", _("Leg aan de inzenders uit waarom. Ieder leest dit letterlijk."))
            form.limit("explanation", MOST_WORDS)
        return form


def ticked(values: Collection[str]) -> list[int]:
    """The ideas that were ticked in the queue."""
    return [int(one) for one in values if re.fullmatch(r"[0-9]{1,9}", one)][:MOST]
