"""Who may decide what, until when. Plain functions of values."""

from calendar import monthrange
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts import access
from accounts.access import Permission
from accounts.actor import Actor
from consultations import rules as consultation_rules
from consultations.models import Consultation, Idea
from consultations.states import IDEA_MOVES, IdeaState
from kernel import working_days
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.i18n import N_
from moderation.states import APPEALABLE, BECOMES, Outcome

APPEAL_WORKING_DAYS = 10
APPEAL_MONTHS = 6
CLAIM_LASTS = timedelta(minutes=10)
WAITING = (IdeaState.RECEIVED, IdeaState.IN_REVIEW)
NOT_YET_OURS = (IdeaState.DRAFT, IdeaState.SUBMITTED)
"""Not confirmed by its author: it may be thrown away any moment, and nobody has to look at it."""
SET_ASIDE = (IdeaState.HELD, IdeaState.RETURNED)
ONLY_ON_APPEAL = (IdeaState.REJECTED, IdeaState.REMOVED)


class GroundNeeded(DomainError):
    """A restriction without a ground of this consultation, or without an explanation."""

    code = "ground_needed"
    status = 422
    message = N_("Kies een reden van deze consultatie en leg uit waarom. De inzender krijgt uw uitleg te lezen.")


class NumberStands(DomainError):
    """A citizen service number is not published: it is left out first, or somebody says that it is none."""

    code = "number_stands"
    status = 422
    message = N_("In de tekst staat een burgerservicenummer. Laat het weg, of zet een vinkje als het er geen is.")


class GroundsFixed(DomainError):
    """The grounds of a consultation that has opened do not change."""

    code = "grounds_fixed"
    message = N_("De redenen van deze consultatie staan vast. Zij veranderen niet meer.")


class DecidedBefore(NotAllowed):
    """Who took the decision does not judge the appeal against it."""

    code = "decided_before"
    message = N_("U nam het besluit waartegen dit bezwaar gaat. Een andere moderator beslist hierover.")


class NoAppealNow(DomainError):
    """No appeal is possible against this decision, or not any more."""

    code = "no_appeal_now"
    message = N_("Tegen dit besluit kunt u (nu) geen bezwaar maken. Op de pagina van het besluit leest u hoe dat zit.")


class NotToReport(DomainError):
    """Only what stands in public can be reported, and a report is decided once."""

    code = "not_to_report"
    message = N_("Dit idee staat niet meer op de site. U hoeft het niet te melden.")


def may_moderate(actor: Actor, *, panel_id: int) -> bool:
    """Moderators for the whole installation, or for this panel."""
    return access.may(actor, Permission.MODERATE, panel_id=panel_id)


def may_read(actor: Actor, *, panel_id: int) -> bool:
    """Moderators, and auditors, who read along."""
    return access.may(actor, Permission.READ_QUEUE, panel_id=panel_id)


def require_moderator(actor: Actor, *, panel_id: int) -> int:
    """The moderator's person id; who reads along is refused, to others it is not there."""
    return access.require(actor, Permission.MODERATE, panel_id=panel_id)


def require_reader(actor: Actor, *, panel_id: int, state: IdeaState | None = None) -> None:
    """Let moderators through, and auditors, who read along. What its author has not confirmed is nobody's to read."""
    access.require(actor, Permission.READ_QUEUE, panel_id=panel_id)
    if state in NOT_YET_OURS:
        raise NotFound


def offered(state: IdeaState, *, may_return: bool = True, on_appeal: bool = False) -> tuple[Outcome, ...]:
    """What can be decided about an idea in this state. What was rejected or removed returns on appeal alone.

    `may_return`: a text goes back to its author once, and never when nobody could take the new one in (sends_back).
    """
    if state in ONLY_ON_APPEAL and not on_appeal:
        return ()
    left_out = frozenset() if may_return else frozenset({Outcome.RETURN})
    return tuple(one for one, becomes in BECOMES.items() if becomes in IDEA_MOVES[state] and one not in left_out)


def sends_back(idea: Idea, consultation: Consultation) -> bool:
    """Whether its author can still be asked for another text: once, while the consultation takes texts in."""
    return idea.returned_at is None and consultation.state in consultation_rules.REVISABLE


def may_mask(state: IdeaState) -> bool:
    """Words can be left out of what waits, is held or is on the site."""
    return state in {*WAITING, IdeaState.HELD, IdeaState.PUBLISHED}


def mark_of(sha256: str, last_decision_id: int | None) -> str:
    """What a moderator had before them: this text, after this decision. A form sends it back."""
    return f"{last_decision_id or 0}-{sha256[:16]}"


def promised_at(waiting_since: datetime, zone: ZoneInfo) -> datetime:
    """When a moderator will have read it at the latest."""
    return working_days.after(waiting_since, consultation_rules.REVIEW_WORKING_DAYS, zone)


def overdue_before(now: datetime, zone: ZoneInfo) -> datetime:
    """What waits since before this instant should have been read by now: its promise has passed."""
    day = now.astimezone(zone).date()
    midnight = datetime.combine(day, time(), tzinfo=zone)
    while promised_at(midnight, zone) > now:
        midnight = datetime.combine(midnight.date() - timedelta(days=1), time(), tzinfo=zone)
    return datetime.combine(midnight.date() + timedelta(days=1), time(), tzinfo=zone)


def appeal_due_at(lodged_at: datetime, zone: ZoneInfo) -> datetime:
    """When an appeal will have been decided at the latest."""
    return working_days.after(lodged_at, APPEAL_WORKING_DAYS, zone)


def appeal_until(decided_at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant that is too late: the end of the local day six months after the decision."""
    local = decided_at.astimezone(zone)
    year, month = divmod(local.year * 12 + local.month - 1 + APPEAL_MONTHS, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return datetime.combine(local.replace(year=year, month=month + 1, day=day).date(), time(23, 59), tzinfo=zone)


def stands(outcome: Outcome, state: IdeaState) -> bool:
    """Whether the idea still is where the last decision put it; its author may have withdrawn it since."""
    return BECOMES[outcome] is state


def may_appeal(
    outcome: Outcome,
    *,
    stands: bool,
    decided_at: datetime,
    has_appeal: bool,
    now: datetime,
    zone: ZoneInfo,
    is_masking: bool = False,
) -> bool:
    """Once, within six months, against what keeps an idea, or words of it, from the public."""
    restricts = outcome in APPEALABLE or is_masking
    return restricts and stands and not has_appeal and now < appeal_until(decided_at, zone)


def may_contest(answered_at: datetime, *, holds: bool, has_appeal: bool, now: datetime, zone: ZoneInfo) -> bool:
    """Once, within six months, against an answer to a report or about a file, while it holds."""
    return holds and not has_appeal and now < appeal_until(answered_at, zone)


def require_another(actor_id: int | None, *, first_decider_id: int) -> None:
    """Refuse whoever took the first decision."""
    if actor_id == first_decider_id:
        raise DecidedBefore
