"""What came in through the pages on which ideas are put together and split."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from consultations.merge_rules import MOST_PARTS, MOST_REASON
from kernel import forms
from kernel.i18n import gettext as _

ALL = "all"
"""Where a sentence goes that every part needs."""


@dataclass(kw_only=True)
class MergeForm(forms.Form):
    """Which idea this one goes on in, and why; `both_seen` is the mark of both as they were on the screen."""

    into: int | None = None
    reason: str = ""
    both_seen: str = ""
    text_seen: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(
            into=forms.whole_number(data, "into"),
            reason=forms.text(data, "reason"),
            both_seen=forms.line(data, "both_seen"),
            text_seen=forms.line(data, "text_seen"),
        )
        form.require("reason", _("Schrijf op waarom deze ideeën bij elkaar horen. De inzenders lezen dit."))
        form.limit("reason", MOST_REASON)
        return form


@dataclass(kw_only=True)
class SplitForm(forms.Form):
    """To which part each sentence goes (1 to 4, all, or none), and why."""

    choices: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""
    whole_seen: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, pieces: int) -> Self:
        """Read and check the fields."""
        known = {ALL, *(str(number) for number in range(1, MOST_PARTS + 1))}
        chosen = {number: forms.line(data, f"piece-{number}") for number in range(pieces)}
        form = cls(
            choices={number: to for number, to in chosen.items() if to in known},
            reason=forms.text(data, "reason"),
            whole_seen=forms.line(data, "whole_seen"),
        )
        form.require("reason", _("Schrijf op waarom u dit splitst. De inzender leest dit."))
        form.limit("reason", MOST_REASON)
        if len(form.shares) < 2:
            form.errors["piece-0"] = _("Zet minstens één zin bij idee 1 en één bij idee 2.")
        return form

    @property
    def shares(self) -> list[list[int]]:
        """The sentences of each part that has one of its own, with those that all parts need."""
        parts = [str(number) for number in range(1, MOST_PARTS + 1) if str(number) in self.choices.values()]
        return [[one for one, to in sorted(self.choices.items()) if to in {part, ALL}] for part in parts]
