"""What the secretary and the commissioner type, parsed and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from consultations.states import IdeaRoute
from kernel import forms
from kernel.forms import Form
from kernel.html import MOST, refusal_of
from kernel.i18n import gettext as _
from panels.minutes import OUTCOMES, OWN_OUTCOMES
from panels.models import AgendaItem, Meeting
from panels.states import Closes, ItemState

LONGEST_MEETING = 24 * 60
LONGEST_TEXT = 20_000


@dataclass(kw_only=True)
class MeetingForm(Form):
    """When and where a meeting is. A change also has its reason."""

    title: str = ""
    place: str = ""
    starts_date: str = ""
    starts_time: str = ""
    starts_at: datetime | None = None
    minutes_long: int = 120
    reason: str = ""
    closes: Closes | None = None  # once it was asked
    seen: int | None = None  # the version on the page it was typed on

    @classmethod
    def of(cls, meeting: Meeting, zone: ZoneInfo) -> Self:
        """The form filled in as the meeting stands."""
        local = meeting.starts_at.astimezone(zone)
        return cls(
            title=meeting.title,
            place=meeting.place,
            starts_date=f"{local:%Y-%m-%d}",
            starts_time=f"{local:%H:%M}",
            minutes_long=meeting.minutes_long,
            seen=meeting.version,
        )

    @classmethod
    def parse(cls, data: Mapping[str, Any], zone: ZoneInfo, now: datetime, *, is_change: bool = False) -> Self:
        """Read the fields; the meeting must lie ahead."""
        minutes_long = forms.whole_number(data, "minutes_long")
        form = cls(
            title=forms.line(data, "title"),
            place=forms.line(data, "place"),
            starts_date=forms.line(data, "starts_date"),
            starts_time=forms.line(data, "starts_time"),
            starts_at=forms.local_moment(data, "starts", zone),
            minutes_long=minutes_long or 0,
            reason=forms.text(data, "reason"),
            closes=next((one for one in Closes if one.value == forms.line(data, "closes")), None),
            seen=forms.whole_number(data, "seen"),
        )
        if not is_change:
            form.require("title", _("Geef de bijeenkomst een naam."))
        form.limit("title", 160)
        form.limit("place", 160)
        if form.starts_at is None:
            form.errors["starts"] = _("Vul een datum en een tijd in, bijvoorbeeld 14-12-2026 en 19:30.")
        elif form.starts_at <= now:
            form.errors["starts"] = _("Deze datum is al voorbij. Kies een datum die nog komt.")
        if not 0 < form.minutes_long <= LONGEST_MEETING:
            form.errors["minutes_long"] = _("Vul in hoeveel minuten de bijeenkomst duurt.")
        if is_change:
            form.require("reason", _("Schrijf waarom de bijeenkomst wijzigt. Deelnemers lezen dit."))
        return form


@dataclass(kw_only=True)
class PointForm(Form):
    """One point on the agenda."""

    title: str = ""
    question: str = ""
    minutes: int = 15
    presenter: str = ""
    is_confidential: bool = False
    seen: int | None = None  # the version on the page it was typed on

    @classmethod
    def of(cls, point: AgendaItem) -> Self:
        """The form filled in as the point stands."""
        return cls(
            title=point.title,
            question=point.question,
            minutes=point.minutes,
            presenter=point.presenter,
            is_confidential=point.is_confidential,
            seen=point.version,
        )

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields."""
        form = cls(
            title=forms.line(data, "title"),
            question=forms.text(data, "question"),
            minutes=forms.whole_number(data, "minutes") or 0,
            presenter=forms.line(data, "presenter"),
            is_confidential=forms.ticked(data, "is_confidential"),
            seen=forms.whole_number(data, "seen"),
        )
        form.require("title", _("Geef het punt een titel."))
        form.limit("title", 160)
        form.limit("question", 1000)
        form.limit("presenter", 120)
        if not 0 < form.minutes <= LONGEST_MEETING:
            form.errors["minutes"] = _("Vul in hoeveel minuten dit punt krijgt, bijvoorbeeld 20.")
        return form


@dataclass(kw_only=True)
class ReasonForm(Form):
    """Only a reason, for what disappoints somebody."""

    reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the field."""
        form = cls(reason=forms.text(data, "reason"))
        form.require("reason", _("Schrijf de reden op. Inzenders lezen die."))
        form.limit("reason", 2000)
        return form


@dataclass(kw_only=True)
class NoteForm(Form):
    """What became of a point."""

    outcome: ItemState | None = None
    what_was_said: str = ""
    advice: str = ""
    follow_up: str = ""
    reason: str = ""
    seen: int | None = None  # the version on the page it was typed on

    @classmethod
    def of(cls, point: AgendaItem) -> Self:
        """The form filled in as the minutes stand."""
        return cls(
            outcome=point.state if point.state in OUTCOMES else None,
            what_was_said=point.what_was_said,
            advice=point.advice,
            follow_up=point.follow_up,
            reason=point.reason,
            seen=point.version,
        )

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, has_next: bool, is_rewrite: bool = False) -> Self:
        """Read the fields; without a next meeting a point can only be discussed."""
        typed = forms.line(data, "outcome")
        form = cls(
            outcome=next((one for one in OUTCOMES if one.value == typed), None),
            what_was_said=forms.text(data, "what_was_said"),
            advice=forms.text(data, "advice"),
            follow_up=forms.text(data, "follow_up"),
            reason=forms.text(data, "reason"),
            seen=forms.whole_number(data, "seen"),
        )
        for name in ("what_was_said", "advice", "follow_up", "reason"):
            form.limit(name, LONGEST_TEXT)
        if is_rewrite:
            form.require("what_was_said", _("Schrijf op wat er gezegd is."))
        elif form.outcome is None:
            form.errors["outcome"] = _("Kies wat er met dit punt gebeurde.")
        elif form.outcome is ItemState.DISCUSSED:
            form.require("what_was_said", _("Schrijf op wat er gezegd is."))
        elif not has_next:
            form.errors["outcome"] = _("Er is nog geen volgende bijeenkomst. Plan die eerst; dan kan dit punt erheen.")
        else:
            form.require("reason", _("Schrijf op waarom dit punt later terugkomt. Inzenders lezen dit."))
        return form


@dataclass(kw_only=True)
class ApartForm(Form):
    """Another outcome for one idea."""

    idea_id: int = 0
    route: IdeaRoute | None = None
    own_reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the fields."""
        typed = forms.line(data, "route")
        form = cls(
            idea_id=forms.whole_number(data, "idea_id") or 0,
            route=next((one for one in OWN_OUTCOMES if one.value == typed), None),
            own_reason=forms.text(data, "own_reason"),
        )
        form.require("idea_id", _("Kies een idee."))
        form.require("route", _("Kies wat er met dit idee gebeurt."))
        form.require("own_reason", _("Schrijf de reden op. De inzender leest die."))
        form.limit("own_reason", 2000)
        return form


@dataclass(kw_only=True)
class IntroForm(Form):
    """The opening of the minutes."""

    intro: str = ""
    seen: int | None = None  # the version on the page it was typed on

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the field."""
        form = cls(intro=forms.text(data, "intro"), seen=forms.whole_number(data, "seen"))
        form.limit("intro", MOST)
        if not form.errors and (refusal := refusal_of(form.intro)) is not None:
            form.errors["intro"] = refusal.sentence
        return form
