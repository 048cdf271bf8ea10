"""How a trail ends: the panel's advice, the answer, and what was done."""

from collections.abc import Sequence
from datetime import datetime

from consultations.states import IdeaRoute
from kernel.i18n import gettext as _
from panels import chains
from panels.chains import Chain, Stop
from panels.models import Recommendation, Response
from panels.states import RecommendationState, ResponseState
from panels.steps import REASONS, Telling, shortened


def own_outcome(told: Telling, stop: Stop) -> None:
    taken = stop.own_route is IdeaRoute.TAKEN_ALONG
    title = _("Meegenomen") if taken else _("Niet overgenomen")
    told.done("answer", title, stop.point.discussed_at, stop.own_reason)
    told.ends(_("Dit is de uitkomst voor deze inzending. De reden staat hierboven."))


def advice(told: Telling, chain: Chain, stop: Stop, now: datetime) -> None:
    title = _("Advies van het panel")
    voted = [one for one in stop.advice if one.state in _VOTED]
    if voted:
        _voted(told, chain, voted, now)
    elif stop.advice:
        then = _("De leden stemmen over de tekst van het advies.")
        told.now("advice", title, None, text=_("Het panel werkt aan een advies."), then=then)
        told.later(("answer", _("Antwoord")))
    elif chain.idea.answered_at is not None:
        told.passed("advice", title, text=_("Het panel gaf hierover geen apart advies."))
        text = stop.told(stop.point.advice or stop.point.follow_up) or _("Het verslag is het antwoord.")
        told.done("answer", _("Antwoord"), chain.idea.answered_at, text, url=stop.url, link=_("Lees het verslag"))
        told.ends(_("Dit is het antwoord op uw inzending. Bedankt voor het meedenken."))
    else:
        then = _("Het panel beslist of het een advies geeft. U krijgt daarna een antwoord.")
        told.now("advice", title, None, text=stop.public_advice, then=then)
        told.later(("answer", _("Antwoord")))


_VOTED = (RecommendationState.ADOPTED, RecommendationState.NOT_ADOPTED, RecommendationState.SUBMITTED)


def _voted(told: Telling, chain: Chain, voted: Sequence[Recommendation], now: datetime) -> None:
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


def _answer(told: Telling, response: Response, url: str, now: datetime) -> None:
    title = _("Antwoord")
    if response.is_overdue(now):
        text = _("De gemeente is te laat met haar antwoord. Iedereen kan dat zien.")
        then = _("De reactietermijn is overschreden. Het panel vraagt opnieuw om een antwoord.")
        told.now("answer", title, response.due_at, text=text, then=then, url=url, link=_("Bekijk het advies"))
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


def _carried_out(told: Telling, response: Response, url: str) -> None:
    title = _("Uitgevoerd")
    if response.state in {ResponseState.ACCEPTED, ResponseState.PARTLY}:
        text = _("%(owner)s voert dit uit.") % {"owner": response.owner}
        then = _("Het wordt uitgevoerd. Hoe ver het is, leest u bij het advies.")
        told.now("carried_out", _("Uitvoering"), chains.day(response.done_by), text=text, then=then, url=url)
    elif response.state is ResponseState.DONE:
        told.done("carried_out", title, text=_("Wat beloofd is, is gedaan."), url=url, link=_("Lees wat er gedaan is"))
        told.ends(_("Klaar. Bedankt voor het meedenken."))
    elif response.state is ResponseState.ABANDONED:
        told.passed("carried_out", title, text=_("De uitvoering is gestopt."), url=url, link=_("Lees waarom"))
        told.ends(_("De uitvoering is gestopt. De reden staat bij het advies."))
    elif response.state is ResponseState.DEFERRED:
        told.ends(_("De beslissing is uitgesteld. De redenen staan hierboven."))
    else:
        told.ends(_("Dit is het antwoord op uw inzending, met de redenen. Bedankt voor het meedenken."))
