"""What an operator types about panels and people, parsed and checked. Numbers and dates stay as they were typed."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from accounts.states import Role
from kernel import forms
from kernel.forms import Form
from kernel.i18n import N_
from kernel.i18n import gettext as _
from panels.mandates import Agreed, Terms
from panels.models import Agreement
from panels.states import SeatEntry, SeatKind

FOR_PANEL = (Role.SECRETARY, Role.CHAIR, Role.COMMISSIONER)
FOR_ALL = (Role.MODERATOR, Role.AUDITOR)
OPERATORS = (Role.OPERATOR,)
"""Given by a command on the machine itself, never by a page."""
SEAT_KINDS = {
    SeatKind.CITIZEN: N_("inwoner"),
    SeatKind.PARTNER: N_("lid van de partner"),
    SeatKind.ADVISER: N_("deskundige"),
    SeatKind.FACILITATOR: N_("gespreksleider"),
    SeatKind.OBSERVER: N_("waarnemer"),
}
SEAT_ENTRIES = {
    SeatEntry.LOT: N_("geloot"),
    SeatEntry.SELF_SELECTED: N_("zelf aangemeld"),
    SeatEntry.APPOINTED: N_("aangewezen"),
}
TERMS = tuple(one.name for one in fields(Terms))
AGREED_TEXTS = ("size", "duration", "set_up", "funding", "how_treated", "council_role", "draw_method")
LONGEST_TEXT = 20_000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slug_from(name: str) -> str:
    """An address made from a name: small letters, figures and hyphens, at most 60 of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def check_slug(form: Any, name: str) -> None:
    """Fill an empty address in from a name, and note an error when it cannot be one."""
    form.slug = form.slug or slug_from(name)
    if name and (len(form.slug) > 80 or not _SLUG.fullmatch(form.slug)):
        form.errors["slug"] = _("Gebruik alleen kleine letters, cijfers en streepjes, bijvoorbeeld: klankbord-centrum.")


def check_number(form: Form, name: str, least: int, most: int) -> None:
    """Note an error unless the field holds a whole number within these bounds."""
    number = forms.whole_number(vars(form), name)
    if number is None or not least <= number <= most:
        form.errors[name] = _("Vul een heel getal in van %(least)s tot en met %(most)s.") % {
            "least": least,
            "most": most,
        }


def check_person(form: Any, email: str, name: str) -> None:
    """Note errors beside an address that is none, and beside a missing name."""
    if not forms.is_email(getattr(form, email)):
        form.errors[email] = _("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
    form.require(name, _("Vul een naam in."))
    form.limit(name, 80)


@dataclass(kw_only=True)
class PanelForm(Form):
    """A new panel: its terms of reference, whom to ask, and its deadlines."""

    name: str = ""
    slug: str = ""
    aim: str = ""
    tasks: str = ""
    term: str = ""
    meeting_cycle: str = ""
    reporting: str = ""
    confidentiality: str = ""
    is_permanent: bool = False
    contact_name: str = ""
    contact_email: str = ""
    freeze_days: str = "8"
    publish_days: str = "7"
    briefing_days: str = "5"
    response_months: str = "6"

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields. An agenda is settled before it is public."""
        lines = ("name", "slug", "contact_name", "freeze_days", "publish_days", "briefing_days", "response_months")
        typed: dict[str, Any] = {name: forms.line(data, name) for name in lines}
        typed |= {name: forms.text(data, name) for name in TERMS}
        form = cls(
            **typed,
            is_permanent=forms.ticked(data, "is_permanent"),
            contact_email=forms.email(data, "contact_email"),
        )
        form.require("name", _("Geef het panel een naam."))
        form.limit("name", 120)
        check_slug(form, form.name)
        for name in TERMS:
            form.require(name, _("Schrijf hier iets op. Iedereen kan het lezen op de pagina van het panel."))
            form.limit(name, LONGEST_TEXT)
        check_person(form, "contact_email", "contact_name")
        for name in ("freeze_days", "publish_days", "briefing_days"):
            check_number(form, name, 1, 60)
        check_number(form, "response_months", 1, 60)
        if not form.errors.keys() & {"freeze_days", "publish_days"} and int(form.freeze_days) < int(form.publish_days):
            form.errors["freeze_days"] = _("De agenda staat vast voordat hij openbaar wordt. Kies hier meer dagen.")
        return form

    @property
    def terms(self) -> Terms:
        """The terms of reference."""
        return Terms(**{name: getattr(self, name) for name in TERMS})


@dataclass(kw_only=True)
class AgreementForm(Form):
    """A version of the cooperation agreement."""

    partner: str = ""
    size: str = ""
    duration: str = ""
    set_up: str = ""
    funding: str = ""
    how_treated: str = ""
    threshold_percent: str = "75"
    council_role: str = ""
    draw_method: str = ""
    draw_seed: str = ""
    agreed_on: str = ""

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """The form filled in as the agreement stands, without its date: a new version has its own."""
        names = (*AGREED_TEXTS, "partner", "draw_seed")
        kept = {name: getattr(agreement, name) for name in names}
        return cls(**kept, threshold_percent=str(agreement.threshold_percent))

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields."""
        lines = ("partner", "threshold_percent", "draw_seed", "agreed_on")
        typed: dict[str, Any] = {name: forms.line(data, name) for name in lines}
        form = cls(**typed | {name: forms.text(data, name) for name in AGREED_TEXTS})
        form.require("partner", _("Vul in met wie de afspraak is gemaakt, bijvoorbeeld de gemeente."))
        form.limit("partner", 160)
        for name in AGREED_TEXTS:
            form.require(name, _("Schrijf hier iets op. Iedereen kan de afspraak lezen."))
            form.limit(name, LONGEST_TEXT)
        check_number(form, "threshold_percent", 1, 100)
        form.require("draw_seed", _("Vul het startgetal van de loting in, of: niet geloot."))
        form.limit("draw_seed", 64)
        try:
            date.fromisoformat(form.agreed_on)
        except ValueError:
            form.errors["agreed_on"] = _("Vul de datum van de afspraak in, bijvoorbeeld 14-12-2026.")
        return form

    @property
    def agreed(self) -> Agreed:
        """What was agreed on; ask only of a form without errors."""
        names = (*AGREED_TEXTS, "partner", "draw_seed")
        return Agreed(
            **{name: getattr(self, name) for name in names},
            threshold_percent=int(self.threshold_percent),
            agreed_on=date.fromisoformat(self.agreed_on),
        )


@dataclass(kw_only=True)
class GrantForm(Form):
    """Somebody's task."""

    email: str = ""
    name: str = ""
    role: Role | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, among: tuple[Role, ...]) -> Self:
        """Read the fields; only these roles can be given here."""
        typed = forms.line(data, "role")
        form = cls(
            email=forms.email(data, "email"),
            name=forms.name(data, "name"),
            role=next((one for one in among if one.value == typed), None),
        )
        form.require("role", _("Kies een taak."))
        check_person(form, "email", "name")
        return form


@dataclass(kw_only=True)
class SeatForm(Form):
    """Somebody's place in a panel."""

    email: str = ""
    name: str = ""
    kind: SeatKind | None = None
    entry: SeatEntry | None = None
    organisation: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields."""
        kind, entry = forms.line(data, "kind"), forms.line(data, "entry")
        form = cls(
            email=forms.email(data, "email"),
            name=forms.name(data, "name"),
            kind=next((one for one in SEAT_KINDS if one.value == kind), None),
            entry=next((one for one in SEAT_ENTRIES if one.value == entry), None),
            organisation=forms.line(data, "organisation"),
        )
        form.require("kind", _("Kies als wat deze persoon in het panel zit."))
        form.require("entry", _("Kies hoe deze persoon in het panel kwam."))
        check_person(form, "email", "name")
        form.limit("organisation", 120)
        return form
