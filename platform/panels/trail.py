"""What became of an idea: one chain, read back for its author and for anybody.

`of_idea` loads the chain in a fixed number of questions; `read` turns it into steps and knows no database.
Text that is not public yet (draft minutes, an unpublished answer, a closed point's title) never enters a step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import ReadSession
from kernel.i18n import gettext as _
from panels import chains
from panels.chains import Chain, Stop
from panels.models import Meeting, Recommendation, Response
from panels.states import ItemState, MeetingState, RecommendationState, ResponseState

SAID, REASONS = 280, 700
"""Characters of the minutes and of an answer that a step shows; the whole of it is a link away."""


class StepState(StrEnum):
    """Where a step stands; the names are those of the trail macro."""

    DONE = "done"
    CURRENT = "current"
    FUTURE = "future"
    PASSED = "passed"  # skipped, or the trail ended here


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: what, when, in a sentence or two, and where it can be read."""

    kind: str
    title: str
    state: StepState
    at: datetime | None = None
    expected: bool = False
    text: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Trail:
    """The steps in order, and what happens next in a sentence; `next_at` when it has a date."""

    steps: Sequence[Step]
    what_next: str
    next_at: datetime | None = None

    @property
    def is_day(self) -> bool:
        """Whether `next_at` names a day, without an hour that matters."""
        return self.current is not None and self.current.kind == "carried_out"

    @property
    def current(self) -> Step | None:
        """The step it is at, if it is still under way."""
        return next((step for step in self.steps if step.state is StepState.CURRENT), None)


@dataclass
class _Telling:
    """A trail being written: once something is current, all that follows is still to come."""

    steps: list[Step] = field(default_factory=list)
    what_next: str = ""
    next_at: datetime | None = None
    is_waiting: bool = False

    def done(
        self, kind: str, title: str, at: datetime | None = None, text: str = "", *, url: str = "", link: str = ""
    ) -> None:
        self.steps.append(Step(kind=kind, title=title, state=StepState.DONE, at=at, text=text, url=url, link=link))

    def passed(
        self, kind: str, title: str, at: datetime | None = None, text: str = "", *, url: str = "", link: str = ""
    ) -> None:
        self.steps.append(Step(kind=kind, title=title, state=StepState.PASSED, at=at, text=text, url=url, link=link))

    def now(
        self, kind: str, title: str, at: datetime | None, *, text: str, then: str, url: str = "", link: str = ""
    ) -> None:
        """The step it waits at; `then` says what happens next, `at` when."""
        self.steps.append(
            Step(
                kind=kind,
                title=title,
                state=StepState.CURRENT,
                at=at,
                expected=at is not None,
                text=text,
                url=url,
                link=link,
            )
        )
        self.what_next, self.next_at, self.is_waiting = then, at, True

    def later(self, *steps: tuple[str, str]) -> None:
        for kind, title in steps:
            self.steps.append(Step(kind=kind, title=title, state=StepState.FUTURE))

    def ends(self, words: str) -> None:
        self.what_next = words

    def trail(self) -> Trail:
        return Trail(steps=tuple(self.steps), what_next=self.what_next, next_at=self.next_at)


def shortened(text: str, most: int) -> str:
    """The beginning of a text, cut at a word."""
    whole = " ".join(text.split())
    return whole if len(whole) <= most else whole[: most - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"


async def of_idea(db: ReadSession, *, idea: Idea, now: datetime) -> Trail:
    """The trail of one idea."""
    return read(await chains.of_idea(db, idea), now=now)


def read(chain: Chain, *, now: datetime) -> Trail:
    """The steps of a chain."""
    told = _Telling()
    _received(told, chain)
    if not told.is_waiting and chain.idea.state is IdeaState.PUBLISHED:
        _with_the_panel(told, chain, now)
    return told.trail()


def _after(step: str) -> tuple[tuple[str, str], ...]:
    order = (
        ("published", _("Geplaatst")),
        ("theme", _("In een thema")),
        ("agenda", _("Op de agenda")),
        ("discussed", _("Besproken door het panel")),
        ("advice", _("Advies van het panel")),
        ("answer", _("Antwoord")),
    )
    kinds = [kind for kind, _title in order]
    return order[kinds.index(step) + 1 :] if step in kinds else order


# moderation


def _received(told: _Telling, chain: Chain) -> None:
    idea = chain.idea
    if idea.state in {IdeaState.DRAFT, IdeaState.SUBMITTED}:
        then = _("Kies de knop in de brief die wij u stuurden. Dat kan tot 48 uur na het insturen.")
        told.now("received", _("Ontvangen"), None, text=_("Wij wachten tot u uw e-mailadres bevestigt."), then=then)
        told.later(*_after(""))
        return
    late = _("Dit kwam binnen na de sluiting. Het telt mee en gaat naar de volgende bijeenkomst.")
    told.done("received", _("Ontvangen"), idea.received_at, text=late if idea.is_late else "")
    _moderated(told, chain)


def _moderated(told: _Telling, chain: Chain) -> None:
    idea, at = chain.idea, chain.dates.get
    publish = ("published", _("Geplaatst"))
    if idea.state in {IdeaState.RECEIVED, IdeaState.IN_REVIEW}:
        then = _("Een moderator leest uw bijdrage, meestal binnen twee werkdagen. U krijgt bericht.")
        told.now(*publish, None, text=_("Een moderator leest of dit op de site kan staan."), then=then)
        told.later(*_after("published"))
    elif idea.state is IdeaState.RETURNED:
        then = _("Pas uw tekst aan en stuur hem opnieuw in. Daarna leest een moderator hem weer.")
        text = _("De moderator vraagt u de tekst aan te passen. Dat kan één keer.")
        told.now("returned", _("Terug naar u"), None, text=text, then=then)
        told.next_at = chain.revise_until
        told.later(publish, *_after("published"))
    elif idea.state is IdeaState.HELD:
        then = _("Een moderator kijkt hoe dit zonder persoonsgegevens op de site kan. U krijgt bericht.")
        text = _("In de tekst staan misschien persoonsgegevens. Daarom is hij nog niet te zien.")
        told.now("held", _("Vastgehouden"), None, text=text, then=then)
        told.later(publish, *_after("published"))
    elif idea.state is IdeaState.REJECTED:
        told.passed("rejected", _("Niet geplaatst"), at("idea.rejected"), _("Een moderator besloot dit met een reden."))
        told.ends(_("Lees waarom. Bent u het er niet mee eens? Dan kunt u binnen zes maanden bezwaar maken."))
    elif idea.state is IdeaState.WITHDRAWN:
        if idea.published_at:
            told.done(*publish, idea.published_at)
        told.passed("withdrawn", _("Ingetrokken"), at("idea.withdrawn"), _("De inzender nam dit terug."))
        told.ends(_("Er gebeurt niets meer mee. De tekst is weg; het blijft meetellen in de aantallen."))
    else:
        told.done(*publish, idea.published_at, url=f"/ideas/{idea.id}", link=_("Bekijk op de site"))
        if idea.state is IdeaState.REMOVED:
            told.passed("removed", _("Verwijderd"), at("idea.removed"), _("Een moderator besloot dit met een reden."))
            told.ends(_("Lees waarom. Bent u het er niet mee eens? Dan kunt u binnen zes maanden bezwaar maken."))


# with the panel


def _with_the_panel(told: _Telling, chain: Chain, now: datetime) -> None:
    if chain.idea.merged_into_id is not None:
        text = _("Dit is samengevoegd met een ander idee. Vanaf hier volgt u wat daarmee gebeurt.")
        url = f"/ideas/{chain.idea.merged_into_id}"
        told.done("merged", _("Samengevoegd"), chain.dates.get("merged"), text, url=url, link=_("Bekijk dat idee"))
    _themed(told, chain, now)
    for earlier in chain.stops[:-1]:
        _left_agenda(told, earlier)
    if told.is_waiting:
        return
    if not chain.stops:
        _waits_for_agenda(told, chain)
    else:
        _last_stop(told, chain, chain.stops[-1], now)


def _themed(told: _Telling, chain: Chain, now: datetime) -> None:
    title = _("In een thema")
    if chain.theme is not None:
        text = _("Thema: %(name)s") % {"name": chain.theme.name}
        url = f"/themes/{chain.theme.id}"
        told.done("theme", title, chain.themed_at, text, url=url, link=_("Bekijk het thema"))
    elif chain.stops or chain.placed_at is not None:
        told.passed("theme", title, text=_("Dit lijkt op geen ander idee. Het staat bij ‘Overig’."))
    else:
        closes = chain.consultation.closes_at
        if now < closes:
            then = _("Na de sluiting van de consultatie worden alle ideeën in thema's gegroepeerd.")
        else:
            then = _("De secretaris groepeert de ideeën in thema's.")
        if chain.idea.is_late and chain.meeting is not None:
            then = _("Dit gaat mee naar de volgende bijeenkomst, ‘%(title)s’.") % {"title": chain.meeting.title}
        text = _("Ideeën die bij elkaar horen, komen samen in één thema.")
        told.now("theme", title, closes if now < closes else None, text=text, then=then)
        if chain.idea.is_late and chain.meeting is not None and now >= closes:
            told.next_at = chain.meeting.starts_at
        told.later(*_after("theme"))


def _waits_for_agenda(told: _Telling, chain: Chain) -> None:
    meeting = chain.meeting
    if meeting is None:
        then = _("De datum van de volgende bijeenkomst is nog niet bekend.")
        told.now("agenda", _("Op de agenda"), None, text=_("Het panel bespreekt dit op een bijeenkomst."), then=then)
    else:
        text = _("De secretaris maakt de agenda van ‘%(title)s’.") % {"title": meeting.title}
        if chain.idea.is_late:
            text = _("Dit kwam na de sluiting en gaat mee naar ‘%(title)s’.") % {"title": meeting.title}
        told.now("agenda", _("Op de agenda"), meeting.starts_at, text=text, then=_("Het panel komt bijeen."))
    told.later(*_after("agenda"))


def _left_agenda(told: _Telling, stop: Stop) -> None:
    """A stop before the last: it came back, or left the agenda."""
    names = {
        ItemState.KEPT: _("Aangehouden"),
        ItemState.POSTPONED: _("Uitgesteld"),
        ItemState.WITHDRAWN: _("Van de agenda gehaald"),
        ItemState.DECLINED: _("Niet op de agenda"),
    }
    title = names.get(stop.point.state, _("Besproken door het panel"))
    text = _("%(meeting)s. %(reason)s") % {"meeting": stop.meeting.title, "reason": stop.told(stop.point.reason)}
    at = stop.point.discussed_at or stop.meeting.starts_at
    told.done("postponed", title, at, text.strip(), url=stop.url, link=_("Bekijk de bijeenkomst"))


def _last_stop(told: _Telling, chain: Chain, stop: Stop, now: datetime) -> None:
    point, meeting = stop.point, stop.meeting
    if point.state in {ItemState.WITHDRAWN, ItemState.DECLINED}:
        _left_agenda(told, stop)
        _waits_again(told, chain, point.state)
        return
    if point.state in {ItemState.KEPT, ItemState.POSTPONED}:
        _left_agenda(told, stop)
        _waits_again(told, chain, point.state)
        return
    url = stop.url if stop.has_public_agenda else ""
    text = stop.agenda_text()
    told.done("agenda", _("Op de agenda"), stop.scheduled_at, text, url=url, link=_("Bekijk de agenda"))
    if point.state is not ItemState.DISCUSSED:
        _to_be_discussed(told, meeting, stop, now)
        return
    _discussed(told, stop)
    if stop.own_route is not None:
        _own_outcome(told, stop)
        return
    _advice(told, chain, stop, now)


def _waits_again(told: _Telling, chain: Chain, state: ItemState) -> None:
    if state is ItemState.DECLINED and chain.idea.route is IdeaRoute.NOT_TAKEN:
        told.ends(_("Het panel neemt dit nu niet verder. De reden staat hierboven."))
        return
    _waits_for_agenda(told, chain)


def _to_be_discussed(told: _Telling, meeting: Meeting, stop: Stop, now: datetime) -> None:
    title = _("Besproken door het panel")
    if meeting.state is MeetingState.CANCELLED:
        then = _("De secretaris kiest een andere bijeenkomst.")
        text = _("De bijeenkomst gaat niet door. %(reason)s") % {"reason": meeting.reason}
        told.now("discussed", title, None, text=text.strip(), then=then)
    elif meeting.starts_at > now:
        text = _("‘%(title)s’, %(place)s.") % {"title": meeting.title, "place": meeting.place or _("plaats volgt")}
        told.now("discussed", title, meeting.starts_at, text=text, then=_("Het panel bespreekt dit."))
    else:
        then = _("De secretaris schrijft het verslag. Daarin leest u wat het panel ervan vond.")
        told.now("discussed", title, None, text=_("De bijeenkomst is geweest."), then=then)
    told.later(*_after("discussed"))


def _discussed(told: _Telling, stop: Stop) -> None:
    if stop.has_public_minutes:
        text = shortened(stop.told(stop.point.what_was_said), SAID)
        link = _("Lees het verslag")
    else:
        text, link = _("Het verslag van de bijeenkomst is nog niet klaar."), _("Bekijk de bijeenkomst")
    at = stop.meeting.starts_at
    told.done("discussed", _("Besproken door het panel"), at, text, url=stop.url, link=link)


def _own_outcome(told: _Telling, stop: Stop) -> None:
    taken = stop.own_route is IdeaRoute.TAKEN_ALONG
    title = _("Meegenomen") if taken else _("Niet overgenomen")
    told.done("answer", title, stop.point.discussed_at, stop.own_reason)
    told.ends(_("Dit is de uitkomst voor deze bijdrage. De reden staat hierboven."))


# advice and answer


def _advice(told: _Telling, chain: Chain, stop: Stop, now: datetime) -> None:
    title = _("Advies van het panel")
    voted = [one for one in stop.advice if one.state in _VOTED]
    if voted:
        _voted(told, chain, voted, now)
    elif stop.advice:
        then = _("De leden stemmen over de tekst van het advies.")
        told.now("advice", title, None, text=_("Het panel werkt aan een advies."), then=then)
        told.later(*_after("advice"))
    elif chain.idea.answered_at is not None:
        told.passed("advice", title, text=_("Het panel gaf hierover geen apart advies."))
        text = stop.told(stop.point.advice or stop.point.follow_up) or _("Het verslag is het antwoord.")
        told.done("answer", _("Antwoord"), chain.idea.answered_at, text, url=stop.url, link=_("Lees het verslag"))
        told.ends(_("Dit is het antwoord op uw bijdrage. Bedankt voor het meedenken."))
    else:
        then = _("Het panel beslist of het een advies geeft. U krijgt daarna een antwoord.")
        told.now("advice", title, None, text=stop.public_advice, then=then)
        told.later(*_after("advice"))


_VOTED = (RecommendationState.ADOPTED, RecommendationState.NOT_ADOPTED, RecommendationState.SUBMITTED)


def _voted(told: _Telling, chain: Chain, voted: Sequence[Recommendation], now: datetime) -> None:
    carried = [one for one in voted if one.state is not RecommendationState.NOT_ADOPTED]
    chosen = (carried or list(voted))[-1]
    text = _("Advies %(number)s: %(title)s") % {"number": chosen.number, "title": chosen.title}
    url = f"/recommendations/{chosen.id}"
    if not carried:
        text = _("%(text)s. De leden namen dit advies niet aan.") % {"text": text}
        told.passed("advice", _("Advies van het panel"), text=text, url=url, link=_("Lees het advies"))
        told.ends(_("Er volgt geen antwoord op dit advies. Hoe er gestemd is, staat bij het advies."))
        return
    told.done("advice", _("Advies van het panel"), chosen.adopted_at, text, url=url, link=_("Lees het advies"))
    if chosen.response is None:
        then = _("Het panel biedt het advies aan. Daarna loopt de termijn voor een antwoord.")
        told.now("answer", _("Antwoord"), None, text="", then=then)
    else:
        _answer(told, chosen.response, url, now)


def _answer(told: _Telling, response: Response, url: str, now: datetime) -> None:
    title = _("Antwoord")
    if response.is_overdue(now):
        text = _("De gemeente is te laat met haar antwoord. Iedereen kan dat zien.")
        then = _("De reactietermijn is overschreden. Het panel vraagt opnieuw om een antwoord.")
        told.now("answer", title, None, text=text, then=then, url=url, link=_("Bekijk het advies"))
        return
    if response.state is ResponseState.AWAITED:
        text, then = _("De gemeente heeft het advies."), _("Er komt een antwoord met redenen, uiterlijk op deze datum.")
        told.now("answer", title, response.due_at, text=text, then=then, url=url)
        return
    names = {
        ResponseState.PARTLY: _("Antwoord: deels overgenomen"),
        ResponseState.REJECTED: _("Antwoord: niet overgenomen"),
        ResponseState.DEFERRED: _("Antwoord: later beslissen"),
        ResponseState.EVALUATED: _("Antwoord: geëvalueerd"),
    }
    title = names.get(response.state, _("Antwoord: overgenomen"))
    told.done(
        "answer",
        title,
        response.answered_at,
        shortened(response.reasons, REASONS),
        url=url,
        link=_("Lees het hele antwoord"),
    )
    _carried_out(told, response, url)


def _carried_out(told: _Telling, response: Response, url: str) -> None:
    title = _("Uitgevoerd")
    if response.state in {ResponseState.ACCEPTED, ResponseState.PARTLY}:
        text = _("%(owner)s voert dit uit.") % {"owner": response.owner}
        then = _("Het wordt uitgevoerd. Hoe ver het is, leest u bij het advies.")
        told.now("carried_out", title, chains.day(response.done_by), text=text, then=then, url=url)
    elif response.state is ResponseState.DONE:
        told.done("carried_out", title, text=_("Wat beloofd is, is gedaan."), url=url, link=_("Lees wat er gedaan is"))
        told.ends(_("Klaar. Bedankt voor het meedenken."))
    elif response.state is ResponseState.ABANDONED:
        told.passed("carried_out", title, text=_("De uitvoering is gestopt."), url=url, link=_("Lees waarom"))
        told.ends(_("De uitvoering is gestopt. De reden staat bij het advies."))
    elif response.state is ResponseState.DEFERRED:
        told.ends(_("De beslissing is uitgesteld. De redenen staan hierboven."))
    else:
        told.ends(_("Dit is het antwoord op uw bijdrage, met de redenen. Bedankt voor het meedenken."))
