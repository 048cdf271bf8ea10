"""What came in from the workbench. Each form has field names of its own: they stand on one page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kernel import forms
from kernel.i18n import gettext as _
from themes.rules import NAME_LENGTH

REASON_LENGTH = 500
REST = "rest"
"""Where an idea goes that is put in no theme."""


@dataclass(kw_only=True)
class RenameForm(forms.Form):
    """A name by people."""

    theme_id: int = 0
    name: str = ""
    rename_reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(
            theme_id=forms.whole_number(data, "theme_id") or 0,
            name=forms.line(data, "name"),
            rename_reason=forms.text(data, "rename_reason"),
        )
        form.require("name", _("Vul een naam in voor het thema."))
        form.limit("name", NAME_LENGTH)
        form.limit("rename_reason", REASON_LENGTH)
        return form


@dataclass(kw_only=True)
class MergeForm(forms.Form):
    """The theme that another goes into."""

    theme_id: int = 0
    into_id: int = 0
    merge_reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(
            theme_id=forms.whole_number(data, "theme_id") or 0,
            into_id=forms.whole_number(data, "into_id") or 0,
            merge_reason=forms.text(data, "merge_reason"),
        )
        form.require("into_id", _("Kies het thema waar dit thema in opgaat."))
        form.limit("merge_reason", REASON_LENGTH)
        return form


@dataclass(kw_only=True)
class RegroupForm(forms.Form):
    """Ticked ideas of one place (a theme, or the rest), to move or to make a theme of."""

    theme_id: int | None = None
    idea_ids: list[int] = field(default_factory=list)
    to: str = ""
    new_name: str = ""
    regroup_reason: str = ""

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Self:
        typed = forms.several(data, "idea_ids") if data.get("idea_ids") else []
        form = cls(
            theme_id=forms.whole_number(data, "theme_id"),
            idea_ids=[int(one) for one in typed if one.isdecimal() and len(one) < 10],
            to=forms.line(data, "to"),
            new_name=forms.line(data, "new_name"),
            regroup_reason=forms.text(data, "regroup_reason"),
        )
        form.require("idea_ids", _("Vink eerst een of meer ideeën aan."))
        form.limit("regroup_reason", REASON_LENGTH)
        return form

    @classmethod
    def parse_move(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields for putting ideas elsewhere."""
        form = cls._read(data)
        if form.to != REST and form.to_id is None:
            form.errors["to"] = _("Kies waar de ideeën naartoe gaan.")
        return form

    @classmethod
    def parse_split(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields for making a new theme."""
        form = cls._read(data)
        form.require("new_name", _("Vul een naam in voor het nieuwe thema."))
        form.limit("new_name", NAME_LENGTH)
        return form

    @property
    def to_id(self) -> int | None:
        """The chosen theme."""
        return int(self.to) if self.to.isdecimal() and len(self.to) < 10 else None
