"""What came in through the pages about following."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from kernel import forms
from kernel.i18n import gettext as _
from notify.states import CADENCE_NAMES, WEEKDAY_NAMES, Cadence, Topic


def cadence_options(*, with_nothing: bool = False) -> list[tuple[str, str]]:
    """How often somebody can hear."""
    return [
        (kind.value, _(name)) for kind, name in CADENCE_NAMES.items() if with_nothing or kind is not Cadence.NOTHING
    ]


def hour_options() -> list[tuple[str, str]]:
    """The hours of a day."""
    return [(str(hour), _("%(hour)s.00 uur") % {"hour": hour}) for hour in range(24)]


def weekday_options() -> list[tuple[str, str]]:
    """The days of a week."""
    return [(str(day), _(name)) for day, name in enumerate(WEEKDAY_NAMES)]


@dataclass(kw_only=True)
class RhythmForm(forms.Form):
    """How often, at which hour, on which day."""

    cadence: Cadence = Cadence.WEEKLY
    hour: int = 8
    weekday: int = 0

    def take_rhythm(self, data: Mapping[str, Any]) -> None:
        """Read the three fields; what was not sent keeps its default."""
        cadence = forms.line(data, "cadence") or self.cadence.value
        if cadence in set(Cadence):
            self.cadence = Cadence(cadence)
        else:
            self.errors["cadence"] = _("Kies hoe vaak u bericht wilt krijgen.")
        self.hour = self._number(data, "hour", most=23, sentence=_("Kies een heel uur, van 0 tot en met 23."))
        self.weekday = self._number(data, "weekday", most=6, sentence=_("Kies een dag van de week."))

    def _number(self, data: Mapping[str, Any], name: str, *, most: int, sentence: str) -> int:
        before = int(getattr(self, name))
        if not forms.line(data, name):
            return before
        number = forms.whole_number(data, name)
        if number is None or not 0 <= number <= most:
            self.errors[name] = sentence
            return before
        return number

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls()
        form.take_rhythm(data)
        return form


@dataclass(kw_only=True)
class FollowForm(RhythmForm):
    """What to follow, and the address of somebody who is not signed in."""

    topic: str = ""
    topic_id: int = 0
    email: str = ""

    @classmethod
    def parse_for(cls, data: Mapping[str, Any], *, needs_email: bool) -> Self:
        """Read and check the fields; whether the topic exists is for the verb to say."""
        form = cls(
            topic=forms.line(data, "topic"),
            topic_id=forms.whole_number(data, "topic_id") or 0,
            email=forms.email(data, "email"),
        )
        form.take_rhythm(data)
        if needs_email and not forms.is_email(form.email):
            form.errors["email"] = _("Vul uw e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return form

    @property
    def kind(self) -> Topic | None:
        """The kind of thing, or None when there is no such kind."""
        return Topic(self.topic) if self.topic in set(Topic) else None
