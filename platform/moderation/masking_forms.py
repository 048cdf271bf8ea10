"""What a moderator wants to leave out of a text, parsed and checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from consultations.masking import Cut, cuts_for, joined
from consultations.signals import Omission
from kernel import forms
from kernel.i18n import gettext as _
from moderation.forms import MOST

ROWS = 4
"""Fields for words that were not pointed out."""
LONGEST = 200


@dataclass(kw_only=True)
class MaskForm(forms.Form):
    """The places that were ticked, and the words that were typed; `seen` is the mark of what was on the screen."""

    places: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=lambda: [""] * ROWS)
    kinds: list[str] = field(default_factory=lambda: [Omission.NAME.value] * ROWS)
    ground: str = ""
    explanation: str = ""
    seen: str = ""
    cuts: list[Cut] = field(default_factory=list)

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, texts: Mapping[str, str], grounds: Collection[str]) -> Self:
        """Read the fields. What was ticked must lie within the text, what was typed must stand in it."""
        form = cls(
            places=forms.several(data, "place"),
            words=[forms.line(data, f"words_{at}") for at in range(ROWS)],
            kinds=[forms.line(data, f"kind_{at}") for at in range(ROWS)],
            ground=forms.line(data, "ground"),
            explanation=forms.text(data, "explanation"),
            seen=forms.line(data, "seen"),
        )
        form.cuts = [cut for place in form.places if (cut := _cut(place, texts)) is not None]
        for at, (words, kind) in enumerate(zip(form.words, form.kinds, strict=True)):
            form._take_words(at, words, kind, texts)
        form.cuts = joined(form.cuts)
        if not form.cuts and not form.errors:
            form.errors["form"] = _("Kies welke woorden u wilt weglaten: zet een vinkje, of typ ze hieronder.")
        if form.ground not in grounds:
            form.errors["ground"] = _("Kies de reden die hierbij past.")
        form.require("explanation", _("Leg aan de inzender uit waarom. Noem de woorden zelf niet."))
        form.limit("explanation", MOST)
        for cut in form.cuts:
            if cut.kind is Omission.BSN and cut.of(texts) in form.explanation:
                form.errors["explanation"] = _("Schrijf het burgerservicenummer niet in uw uitleg.")
        return form

    def _take_words(self, at: int, words: str, kind: str, texts: Mapping[str, str]) -> None:
        if not words:
            return
        omission = Omission(kind) if kind in set(Omission) else Omission.OTHER
        found = cuts_for(texts, words, omission) if len(words) <= LONGEST else []
        if not found:
            self.errors[f"words_{at}"] = _("Deze woorden staan niet zo in de tekst. Neem ze precies over.")
        self.cuts += found


def _cut(place: str, texts: Mapping[str, str]) -> Cut | None:
    """A place as `body:12:21:phone`; None when there is no such place."""
    name, *rest = place.split(":")
    if len(rest) != 3 or name not in texts or rest[2] not in set(Omission) or not all(map(str.isdecimal, rest[:2])):
        return None
    if max(map(len, rest[:2])) > 6:
        return None
    start, end = int(rest[0]), int(rest[1])
    return Cut(name, start, end, Omission(rest[2])) if start < end <= len(texts[name]) else None
