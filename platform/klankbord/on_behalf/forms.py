"""What staff type for somebody else, and what somebody types from paper; parsed and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from consultations import on_behalf
from consultations.forms import IdeaForm
from consultations.models import Consultation
from consultations.on_behalf import Told
from consultations.ways import Ways
from consultations.ways_models import WaysIn
from consultations.ways_states import IntakeWay
from kernel import forms
from kernel.forms import Form
from kernel.i18n import gettext as _

LONGEST_HELP = 2_000


@dataclass(kw_only=True)
class EntryForm(IdeaForm):
    """An idea as it was told on paper, by telephone or at the counter, and by which way."""

    way: IntakeWay | None = None
    reach: str = ""
    handed_in_date: str = ""
    handed_in_time: str = ""
    handed_in_at: datetime | None = None

    @classmethod
    def blank(cls, *, way: str, now: datetime, zone: ZoneInfo) -> Self:
        """An empty form, handed in now."""
        here = now.astimezone(zone)
        return cls(way=_way(way), handed_in_date=f"{here:%Y-%m-%d}", handed_in_time=f"{here:%H:%M}")

    @classmethod
    def read(cls, data: Mapping[str, Any], *, now: datetime, zone: ZoneInfo, consultation: Consultation) -> Self:
        """Read and check the fields. An address may be left out: then the receipt is on paper alone."""
        form = cls.parse(data, is_known=True)
        form.way = _way(forms.line(data, "way"))
        form.reach = forms.line(data, "reach")
        form.handed_in_date = forms.line(data, "handed_in_date")
        form.handed_in_time = forms.line(data, "handed_in_time")
        form.handed_in_at = _at(data, now=now, zone=zone)
        form.require("way", _("Kies hoe dit binnenkwam."))
        form.limit("reach", 300)
        if form.email and not forms.is_email(form.email):
            form.errors["email"] = _("Dit is geen e-mailadres. Heeft de inzender er geen? Laat het veld dan leeg.")
        first = max(consultation.opens_at, now - on_behalf.HANDED_IN_WITHIN)
        if form.handed_in_at is None or not first <= form.handed_in_at <= now:
            form.errors["handed_in"] = on_behalf.NotHandedIn().sentence
        return form

    @property
    def told(self) -> Told:
        """How it was told; ask only of a form without errors."""
        if self.way is None or self.handed_in_at is None:
            raise ValueError("a form with errors tells nothing")
        return Told(way=self.way, handed_in_at=self.handed_in_at, email=self.email, reach=self.reach)


def _way(typed: str) -> IntakeWay | None:
    return next((one for one in IntakeWay if one.value == typed), None)


def _at(data: Mapping[str, Any], *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment that was typed. It has no seconds: the minute in which it is now means now."""
    moment = forms.local_moment(data, "handed_in", zone)
    is_now = moment is not None and moment == now.replace(second=0, microsecond=0)
    return now if is_now else moment


@dataclass(kw_only=True)
class CodeForm(Form):
    """The number and the code that stand on a printed receipt."""

    number: str = ""
    code: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read both, however they were typed."""
        form = cls(number=forms.line(data, "number")[:40], code=forms.line(data, "code")[:60])
        if not on_behalf.read_number(form.number):
            form.errors["number"] = _("Vul het nummer in dat op uw papier staat, bijvoorbeeld 2026-00042.")
        if not on_behalf.read(form.code):
            form.errors["code"] = _("Vul de code in die op uw papier staat. Zij heeft zestien letters en cijfers.")
        return form


@dataclass(kw_only=True)
class WaysForm(Form):
    """What a consultation offers beside typing."""

    offline_help: str = ""
    takes_files: bool = False
    has_map: bool = False
    takes_comments: bool = False

    @classmethod
    def of(cls, ways: WaysIn | None) -> Self:
        """The form as it stands."""
        names = ("offline_help", "takes_files", "has_map", "takes_comments")
        return cls(**{name: getattr(ways, name) for name in names}) if ways else cls()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields."""
        form = cls(
            offline_help=forms.text(data, "offline_help"),
            takes_files=forms.ticked(data, "takes_files"),
            has_map=forms.ticked(data, "has_map"),
            takes_comments=forms.ticked(data, "takes_comments"),
        )
        form.limit("offline_help", LONGEST_HELP)
        return form

    @property
    def chosen(self) -> Ways:
        """What was chosen."""
        return Ways(
            offline_help=self.offline_help,
            takes_files=self.takes_files,
            has_map=self.has_map,
            takes_comments=self.takes_comments,
        )
