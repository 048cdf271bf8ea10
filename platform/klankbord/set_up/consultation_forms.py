"""What a secretary types about a consultation, parsed and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from consultations.drafts import Draft
from consultations.models import Consultation
from consultations.states import Policy
from kernel import forms, local_time
from kernel.forms import Form
from kernel.i18n import N_
from kernel.i18n import gettext as _
from klankbord.set_up.forms import LONGEST_TEXT, check_slug
from klankbord.set_up.reading import Feeds
from klankbord.set_up.round_forms import RoundFields
from moderation.grounds import GroundText

EXPECTATIONS = ("asked", "can_change", "is_fixed", "how_used", "who_decides", "effort", "results_when")
POLICIES = {
    Policy.HOLD_ALL: N_("Een moderator leest eerst, daarna komt het op de site"),
    Policy.HOLD_FLAGGED: N_("Het komt meteen op de site, maar als er iets in opvalt, leest een moderator het eerst"),
    Policy.PUBLISH_AT_ONCE: N_("Het komt meteen op de site, een moderator leest daarna"),
}
"""What a secretary can choose from."""


@dataclass(kw_only=True)
class ConsultationForm(RoundFields):
    """The question, what people may expect, when, and for which meeting."""

    title: str = ""
    slug: str = ""
    summary: str = ""
    question: str = ""
    asked: str = ""
    can_change: str = ""
    is_fixed: str = ""
    how_used: str = ""
    who_decides: str = ""
    effort: str = ""
    results_when: str = ""
    policy: Policy | None = Policy.HOLD_ALL
    meeting_id: int | None = None
    opens_date: str = ""
    opens_time: str = ""
    opens_at: datetime | None = None
    closes_date: str = ""
    closes_time: str = ""
    closes_at: datetime | None = None

    @classmethod
    def of(cls, consultation: Consultation, zone: ZoneInfo) -> Self:
        """The form filled in as the draft stands."""
        names = ("title", "slug", "summary", "question", "policy", "meeting_id", *EXPECTATIONS)
        opens, closes = consultation.opens_at.astimezone(zone), consultation.closes_at.astimezone(zone)
        return cls(
            **{name: getattr(consultation, name) for name in names},
            opens_date=f"{opens:%Y-%m-%d}",
            opens_time=f"{opens:%H:%M}",
            closes_date=f"{closes:%Y-%m-%d}",
            closes_time=f"{closes:%H:%M}",
        )

    @classmethod
    def parse(cls, data: Mapping[str, Any], zone: ZoneInfo, now: datetime, *, choices: Sequence[Feeds]) -> Self:
        """Read the fields. It opens in the future, and closes before the agenda of its meeting is settled."""
        lines = ("title", "slug", "question", "opens_date", "opens_time", "closes_date", "closes_time")
        typed: dict[str, Any] = {name: forms.line(data, name) for name in lines}
        typed |= {name: forms.text(data, name) for name in ("summary", *EXPECTATIONS)}
        policy = forms.line(data, "policy")
        form = cls(
            **typed,
            policy=next((one for one in POLICIES if one.value == policy), None),
            meeting_id=forms.whole_number(data, "meeting_id"),
            opens_at=forms.local_moment(data, "opens", zone),
            closes_at=forms.local_moment(data, "closes", zone),
        )
        form._check_texts()
        feeds = next((one for one in choices if one.meeting.id == form.meeting_id), None)
        form._check_period(feeds, zone, now)
        form.take_round(data, closes_at=form.closes_at, deadline=feeds.deadline if feeds else None, zone=zone)
        return form

    def _check_texts(self) -> None:
        self.require("title", _("Geef de consultatie een titel."))
        self.limit("title", 120)
        check_slug(self, self.title)
        self.require("summary", _("Schrijf in een paar zinnen waar het over gaat."))
        self.require("question", _("Schrijf de vraag op die u aan inwoners stelt."))
        self.limit("question", 300)
        for name in EXPECTATIONS:
            self.require(name, _("Schrijf hier iets op. Inwoners lezen dit voor zij iets insturen."))
        for name in ("summary", *EXPECTATIONS):
            self.limit(name, LONGEST_TEXT)
        self.require("policy", _("Kies wanneer een inzending op de site komt."))

    def _check_period(self, feeds: Feeds | None, zone: ZoneInfo, now: datetime) -> None:
        if feeds is None:
            self.errors["meeting_id"] = _("Kies de bijeenkomst waarvoor de ideeën zijn.")
        if self.opens_at is None:
            self.errors["opens"] = _("Vul een datum en een tijd in, bijvoorbeeld 14-12-2026 en 09:00.")
        elif self.opens_at <= now:
            self.errors["opens"] = _("Deze datum is al voorbij. Kies een datum die nog komt.")
        if self.closes_at is None:
            self.errors["closes"] = _("Vul een datum en een tijd in, bijvoorbeeld 14-12-2026 en 12:00.")
        elif self.opens_at is not None and self.closes_at <= self.opens_at:
            self.errors["closes"] = _("De consultatie moet sluiten nadat zij is opengegaan. Kies een latere datum.")
        elif feeds is not None and self.closes_at > feeds.deadline:
            self.errors["closes"] = _(
                "Dat is te laat voor deze bijeenkomst. De agenda staat vast op %(moment)s. "
                "Kies een eerdere sluiting of een latere bijeenkomst."
            ) % {"moment": local_time.moment(feeds.deadline, zone)}

    @property
    def written(self) -> Draft:
        """The draft; ask only of a form without errors."""
        if self.policy is None or self.opens_at is None or self.closes_at is None:
            raise ValueError("a form with errors holds no draft")
        names = ("slug", "title", "summary", "question", *EXPECTATIONS)
        return Draft(
            **{name: getattr(self, name) for name in names},
            policy=self.policy,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
        )


@dataclass(kw_only=True)
class GroundsForm(Form):
    """The texts of the grounds; their codes and order stay. An error is noted at title_CODE or wording_CODE."""

    grounds: list[GroundText] = field(default_factory=list)

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, codes: Sequence[str]) -> Self:
        """Read a title and a wording for each code."""
        form = cls(
            grounds=[
                GroundText(code, forms.line(data, f"title_{code}"), forms.text(data, f"wording_{code}"))
                for code in codes
            ]
        )
        for one in form.grounds:
            if not one.title or len(one.title) > 80:
                form.errors[f"title_{one.code}"] = _("Geef deze reden een naam van ten hoogste 80 tekens.")
            if not one.wording or len(one.wording) > LONGEST_TEXT:
                form.errors[f"wording_{one.code}"] = _("Leg deze reden uit. De inzender leest deze tekst.")
        return form


@dataclass(kw_only=True)
class ExtendForm(Form):
    """A later close, and why."""

    closes_date: str = ""
    closes_time: str = ""
    closes_at: datetime | None = None
    reason: str = ""

    @classmethod
    def of(cls, consultation: Consultation, zone: ZoneInfo) -> Self:
        """The form filled in with the close as it stands."""
        closes = consultation.closes_at.astimezone(zone)
        return cls(closes_date=f"{closes:%Y-%m-%d}", closes_time=f"{closes:%H:%M}")

    @classmethod
    def parse(cls, data: Mapping[str, Any], zone: ZoneInfo) -> Self:
        """Read the fields; whether it is later, and early enough, is for the verb."""
        form = cls(
            closes_date=forms.line(data, "closes_date"),
            closes_time=forms.line(data, "closes_time"),
            closes_at=forms.local_moment(data, "closes", zone),
            reason=forms.text(data, "reason"),
        )
        if form.closes_at is None:
            form.errors["closes"] = _("Vul een datum en een tijd in, bijvoorbeeld 14-12-2026 en 12:00.")
        form.require("reason", _("Schrijf op waarom. Iedereen kan de reden lezen."))
        form.limit("reason", 2000)
        return form


@dataclass(kw_only=True)
class StopForm(Form):
    """Why a consultation is suspended or cancelled: the two stand on one page, so each field has its own name."""

    suspend_reason: str = ""
    cancel_reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any], name: str) -> Self:
        """Read one of the two."""
        typed: dict[str, Any] = {name: forms.text(data, name)}
        form = cls(**typed)
        form.require(name, _("Schrijf op waarom. Iedereen kan de reden lezen."))
        form.limit(name, 2000)
        return form


@dataclass(kw_only=True)
class TightenForm(Form):
    """How much moderators read beforehand from now on: stricter than it is."""

    policy: Policy | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, choices: Sequence[Policy]) -> Self:
        """Read the choice; it has to be one of these."""
        chosen = forms.line(data, "policy")
        form = cls(policy=next((one for one in choices if one.value == chosen), None))
        form.require("policy", _("Dit kan alleen strenger worden. Kies een strengere manier."))
        return form
