"""What became of an idea: one chain, read back for its author and for anybody.

`of_idea` loads the chain in a fixed number of questions; `read` turns it into steps and knows no database.
Text that is not public yet (draft minutes, an unpublished answer, a closed point's title) never enters a step.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import ReadSession
from kernel.i18n import gettext as _
from panels import chains, endings, rules
from panels.chains import Chain, Stop
from panels.models import Meeting
from panels.states import ItemState, MeetingState
from panels.steps import SAID, Telling, Trail, shortened

TO_COME = ("agenda", "discussed")
"""Steps ahead of which the date is known before the idea gets there."""


async def of_idea(db: ReadSession, *, idea: Idea, now: datetime, zone: ZoneInfo = rules.DUTCH_TIME) -> Trail:
    """The trail of one idea."""
    return read(await chains.of_idea(db, idea, zone), now=now)


def read(chain: Chain, *, now: datetime) -> Trail:
    """The steps of a chain."""
    told = Telling(moment=now, expected={kind: chain.due[kind] for kind in TO_COME if kind in chain.due})
    _received(told, chain)
    if chain.idea.is_comment:
        return _under_its_idea(told, chain)
    if not told.is_waiting and chain.idea.state is IdeaState.PUBLISHED:
        _with_the_panel(told, chain, now)
    return told.trail()


def _under_its_idea(told: Telling, chain: Chain) -> Trail:
    """Of a comment: it goes with the idea it stands under, so its own way ends where all can read it."""
    with_panel = {kind for kind, _title in _after("published")}
    told.steps = [step for step in told.steps if step.kind not in with_panel]
    if chain.idea.state is IdeaState.PUBLISHED:
        told.ends(_("Uw aanvulling staat onder het idee. Iedereen kan die daar lezen, ook het panel."))
    return told.trail()


def _after(step: str) -> tuple[tuple[str, str], ...]:
    order = (
        ("published", _("Gepubliceerd")),
        ("theme", _("In een thema")),
        ("agenda", _("Op de agenda")),
        ("discussed", _("Besproken door het panel")),
        ("advice", _("Advies van het panel")),
        ("answer", _("Antwoord")),
    )
    kinds = [kind for kind, _title in order]
    return order[kinds.index(step) + 1 :] if step in kinds else order


# moderation


def _received(told: Telling, chain: Chain) -> None:
    idea = chain.idea
    if idea.state in {IdeaState.DRAFT, IdeaState.SUBMITTED}:
        then = _("Kies de knop in de e-mail die wij u stuurden. Dat kan tot 48 uur na het insturen.")
        at = chain.due.get("confirmed")
        told.now("received", _("Ontvangen"), at, text=_("Wij wachten tot u uw e-mailadres bevestigt."), then=then)
        told.later(*_after(""))
        return
    late = _("Dit kwam binnen na de sluiting. Het telt mee en gaat naar de volgende bijeenkomst.")
    told.done("received", _("Ontvangen"), idea.received_at, text=late if idea.is_late else "")
    _moderated(told, chain)


def _moderated(told: Telling, chain: Chain) -> None:
    idea, at = chain.idea, chain.dates.get
    publish = ("published", _("Gepubliceerd"))
    if idea.state in {IdeaState.RECEIVED, IdeaState.IN_REVIEW}:
        then = _("Een moderator leest uw inzending, meestal binnen twee werkdagen. U krijgt bericht.")
        if chain.due.get("published", told.moment) < told.moment:
            then = _("Dit duurt langer dan wij beloven. Uw inzending is niet vergeten. U krijgt bericht.")
        text = _("Een moderator kijkt of dit op de site kan staan.")
        told.now("published", _("Wordt gelezen"), chain.due.get("published"), text=text, then=then)
        told.later(*_after("published"))
    elif idea.state is IdeaState.RETURNED:
        then = _("Pas uw tekst aan en stuur hem opnieuw in. Daarna leest een moderator hem weer.")
        if chain.revise_until is not None and chain.revise_until <= told.moment:
            then = _("U kunt deze tekst niet meer aanpassen. Wilt u nog iets zeggen? Stuur dan iets nieuws in.")
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
        told.passed("rejected", _("Afgewezen"), at("idea.rejected"), _("Een moderator besloot dit met een reden."))
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


def _with_the_panel(told: Telling, chain: Chain, now: datetime) -> None:
    if chain.idea.merged_into_id is not None:
        text = _("Dit is samengevoegd met een ander idee. Vanaf hier volgt u wat daarmee gebeurt.")
        url = f"/ideas/{chain.idea.merged_into_id}"
        at = chain.dates.get("idea.split_up", chain.dates.get("idea.merged"))
        told.done("merged", _("Samengevoegd"), at, text, url=url, link=_("Bekijk dat idee"))
    _themed(told, chain, now)
    for earlier in chain.stops[:-1]:
        _left_agenda(told, earlier)
    if told.is_waiting:
        return
    if not chain.stops:
        _waits_for_agenda(told, chain)
    else:
        _last_stop(told, chain, chain.stops[-1], now)


def _themed(told: Telling, chain: Chain, now: datetime) -> None:
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
        at = closes if now < closes else chain.due.get("settled")
        url = f"{chain.meeting_url}#na-de-sluiting" if chain.idea.is_late and chain.meeting_url else ""
        told.now("theme", title, at, text=text, then=then, url=url, link=_("Bekijk die bijeenkomst"))
        if chain.idea.is_late and chain.meeting is not None and now >= closes:
            told.next_at = chain.meeting.starts_at
        told.later(*_after("theme"))


def _waits_for_agenda(told: Telling, chain: Chain) -> None:
    meeting = chain.meeting
    if meeting is None:
        then = _("De datum van de volgende bijeenkomst is nog niet bekend.")
        told.now("agenda", _("Op de agenda"), None, text=_("Het panel bespreekt dit op een bijeenkomst."), then=then)
    else:
        text = _("De secretaris maakt de agenda van ‘%(title)s’.") % {"title": meeting.title}
        if chain.idea.is_late:
            text = _("Dit kwam na de sluiting en gaat mee naar ‘%(title)s’.") % {"title": meeting.title}
        then, at = _("Het panel komt bijeen."), chain.due.get("agenda")
        if at is not None and at > told.moment:
            then = _("Dan staat de agenda op de site. Daarna komt het panel bijeen.")
        url, link = chain.meeting_url, _("Bekijk die bijeenkomst")
        told.now("agenda", _("Op de agenda"), at or meeting.starts_at, text=text, then=then, url=url, link=link)
    told.later(*_after("agenda"))


def _left_agenda(told: Telling, stop: Stop) -> None:
    """A stop before the last: it came back, or left the agenda."""
    names = {
        ItemState.KEPT: _("Aangehouden"),
        ItemState.POSTPONED: _("Uitgesteld"),
        ItemState.WITHDRAWN: _("Van de agenda gehaald"),
        ItemState.DECLINED: _("Niet op de agenda"),
    }
    title = names.get(stop.point.state, _("Besproken door het panel"))
    is_off = stop.meeting.state is MeetingState.CANCELLED
    reason = stop.meeting.reason if is_off else stop.told(stop.point.reason)
    text = _("%(meeting)s. %(reason)s") % {"meeting": stop.meeting.title, "reason": reason}
    at = stop.point.discussed_at or stop.meeting.starts_at
    told.done("postponed", title, at, text.strip(), url=stop.url, link=_("Bekijk de bijeenkomst"))


def _last_stop(told: Telling, chain: Chain, stop: Stop, now: datetime) -> None:
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
        endings.own_outcome(told, stop)
        return
    endings.advice(told, chain, stop, now)


def _waits_again(told: Telling, chain: Chain, state: ItemState) -> None:
    if state is ItemState.DECLINED and chain.idea.route is IdeaRoute.NOT_TAKEN:
        told.ends(_("Het panel neemt dit nu niet verder. De reden staat hierboven."))
        return
    _waits_for_agenda(told, chain)


def _to_be_discussed(told: Telling, meeting: Meeting, stop: Stop, now: datetime) -> None:
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
        at = meeting.starts_at + rules.MINUTES_WITHIN
        told.now("discussed", title, at, text=_("De bijeenkomst is geweest."), then=then)
    told.later(*_after("discussed"))


def _discussed(told: Telling, stop: Stop) -> None:
    if stop.has_public_minutes:
        text = shortened(stop.told(stop.point.what_was_said), SAID)
        link = _("Lees het verslag")
    else:
        text, link = _("Het verslag van de bijeenkomst is nog niet klaar."), _("Bekijk de bijeenkomst")
    at = stop.meeting.starts_at
    told.done("discussed", _("Besproken door het panel"), at, text, url=stop.url, link=link)
