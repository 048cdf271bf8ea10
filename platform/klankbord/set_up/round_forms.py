"""What a secretary types about a consultation's questions and phases: a part of the form for a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from consultations.phase_rules import FOLLOWING
from consultations.round_models import Phase, Prompt
from consultations.states import PhaseKind
from kernel import forms, local_time
from kernel.forms import Form
from kernel.i18n import gettext as _

MOST_PROMPTS = 10
LONGEST_PROMPT = 300


@dataclass(kw_only=True)
class RoundFields(Form):
    """Questions, one on a line; and until when people support ideas, and talk about them, where that comes after."""

    prompts: str = ""
    endorse_date: str = ""
    endorse_time: str = ""
    deliberate_date: str = ""
    deliberate_time: str = ""
    ends: dict[PhaseKind, datetime] = field(default_factory=dict)

    @property
    def questions(self) -> list[str]:
        """The questions, each once."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.prompts.splitlines()))))

    def fill_round(self, prompts: Sequence[Prompt], phases: Sequence[Phase], zone: ZoneInfo) -> None:
        """As the draft stands."""
        self.prompts = "\n".join(one.text for one in prompts)
        for phase in phases:
            local = phase.closes_at.astimezone(zone)
            setattr(self, f"{phase.kind}_date", f"{local:%Y-%m-%d}")
            setattr(self, f"{phase.kind}_time", f"{local:%H:%M}")

    def take_round(
        self,
        data: Mapping[str, Any],
        *,
        closes_at: datetime | None,
        deadline: datetime | None,
        zone: ZoneInfo,
    ) -> None:
        """Read the fields. Each phase ends after the one before it, and before the agenda is settled."""
        self.prompts = forms.text(data, "prompts")
        if len(self.questions) > MOST_PROMPTS:
            self.errors["prompts"] = _("Stel ten hoogste %(most)s vragen.") % {"most": MOST_PROMPTS}
        elif any(len(one) > LONGEST_PROMPT for one in self.questions):
            self.errors["prompts"] = _("Een vraag is ten hoogste %(most)s tekens lang.") % {"most": LONGEST_PROMPT}
        before = closes_at
        for kind in FOLLOWING:
            for part in ("date", "time"):
                setattr(self, f"{kind}_{part}", forms.line(data, f"{kind}_{part}"))
            if not getattr(self, f"{kind}_date"):
                setattr(self, f"{kind}_time", "")
                continue
            end = forms.local_moment(data, kind, zone)
            if end is None:
                self.errors[kind] = _("Vul een datum en een tijd in, bijvoorbeeld 14-12-2026 en 12:00.")
            elif before is not None and end <= before:
                self.errors[kind] = _("Deze fase begint als de vorige eindigt. Kies een latere datum.")
            elif deadline is not None and end > deadline:
                self.errors[kind] = _(
                    "Dat is te laat voor deze bijeenkomst. De agenda staat vast op %(moment)s. Kies een eerdere datum."
                ) % {"moment": local_time.moment(deadline, zone)}
            else:
                self.ends[kind] = before = end
