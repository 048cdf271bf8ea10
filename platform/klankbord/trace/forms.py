"""What an auditor asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from kernel import forms
from kernel.i18n import N_, gettext
from kernel.wall_clock import instant_of
from klankbord.trace.question import KINDS, WITHOUT_NAME, Question

OFFERED: tuple[tuple[str, str], ...] = (
    ("idea", N_("een idee of ervaring")),
    ("person", N_("een persoon: alles wat die instuurde, en wat over die persoon gaat")),
    ("consultation", N_("een consultatie: het werk eraan")),
    ("queue", N_("de wachtrij van de moderatoren")),
    ("people", N_("de lijst met mensen en hun taken")),
    ("blocks", N_("de lijst met blokkades")),
    ("trace", N_("dit overzicht zelf")),
    ("reader", N_("andersom: alles wat één persoon las")),
)
LAST = timedelta(days=7)


@dataclass(kw_only=True)
class QuestionForm(forms.Form):
    """About what, and when: dates and times as typed, in the municipality's time."""

    about: str = "idea"
    which: str = ""
    since_date: str = ""
    since_time: str = ""
    until_date: str = ""
    until_time: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def fresh(cls, now: datetime, zone: ZoneInfo) -> Self:
        """The last week."""
        return cls()._showing(now - LAST, now + timedelta(minutes=1), zone)

    @classmethod
    def of(cls, question: Question, zone: ZoneInfo, *, which: str) -> Self:
        """As it was asked, to be asked about another time."""
        is_offered = question.kind in dict(OFFERED)
        form = cls(about=question.kind, which=which) if is_offered else cls()
        return form._showing(question.since, question.until, zone)

    @classmethod
    def parse(cls, data: Mapping[str, Any], zone: ZoneInfo) -> Self:
        """Check what was filled in."""
        form = cls(
            about=forms.line(data, "about"),
            which=forms.line(data, "which")[:254],
            since_date=forms.line(data, "since_date"),
            since_time=forms.line(data, "since_time"),
            until_date=forms.line(data, "until_date"),
            until_time=forms.line(data, "until_time"),
            since=forms.local_moment(data, "since", zone),
            until=forms.local_moment(data, "until", zone),
        )
        if form.about not in dict(OFFERED):
            form.errors["about"] = gettext("Kies waarover uw vraag gaat.")
        elif form.about not in WITHOUT_NAME and not form.which:
            form.errors["which"] = gettext("Vul in om welk idee, welke persoon of welke consultatie het gaat.")
        if form.since is None:
            form.errors["since"] = gettext("Vul een datum en een tijd in.")
        if form.until is None:
            form.errors["until"] = gettext("Vul een datum en een tijd in.")
        elif form.since is not None and form.until <= form.since:
            form.errors["until"] = gettext("Het einde ligt voor het begin. Kies een later einde.")
        return form

    def _showing(self, since: datetime, until: datetime, zone: ZoneInfo) -> Self:
        self.since_date, self.since_time = _typed(since, zone)
        self.until_date, self.until_time = _typed(until, zone)
        return self


def _typed(instant: datetime, zone: ZoneInfo) -> tuple[str, str]:
    local = instant.astimezone(zone)
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"


def wall(instant: datetime, zone: ZoneInfo) -> str:
    """A moment as it stands in an address: local, to the minute."""
    return "T".join(_typed(instant, zone))


def question_from(asked: Mapping[str, str], zone: ZoneInfo) -> Question | None:
    """The question that stands in an address; None when there is none, or when it cannot be read."""
    about = asked.get("about", "")
    kind, _, key = about.partition(":")
    is_one = kind in WITHOUT_NAME and not key
    is_numbered = kind in KINDS and key.isascii() and key.isdecimal() and len(key) < 10
    since, until = _instant(asked.get("since", ""), zone), _instant(asked.get("until", ""), zone)
    if not (is_one or is_numbered) or since is None or until is None:
        return None
    return Question(about=about, since=since, until=until)


def _instant(typed: str, zone: ZoneInfo) -> datetime | None:
    try:
        return instant_of(datetime.fromisoformat(typed[:16]).replace(tzinfo=None), zone)
    except (ValueError, OverflowError):
        return None
