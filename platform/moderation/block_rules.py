"""Who may be blocked, until when, and what the blocked can still do. Plain functions of values."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from accounts.states import STAFF, Role
from kernel.errors import DomainError, NotAllowed
from kernel.i18n import N_
from kernel.wall_clock import instant_of
from moderation import rules
from moderation.models import Block, BlockAppeal, BlockEnd
from moderation.states import Conduct, Ending

USUAL_MONTHS = 3
LONGEST = timedelta(days=2 * 365)
"""A date further away is a slip of the pen; who means to block for good says so."""
STOPS_REPORTS = frozenset({Conduct.UNFOUNDED_REPORTS})


class ConductNeeded(DomainError):
    """A block without a kind of conduct, without the facts, or with an end that has passed."""

    code = "conduct_needed"
    status: ClassVar[int] = 422
    message = N_("Kies waarom u deze inwoner blokkeert, leg het uit, en kies een einddatum die nog komt.")


class StaffNotBlocked(NotAllowed):
    """Who works here is not blocked by a colleague."""

    code = "staff_not_blocked"
    message = N_("Deze persoon heeft een taak op deze site. Alleen de beheerder kan die taak intrekken.")


class NotYourself(NotAllowed):
    """Nobody blocks himself."""

    code = "not_yourself"
    message = N_("U kunt uzelf niet blokkeren.")


class BlockedBefore(DomainError):
    """A person is blocked once at a time."""

    code = "blocked_before"
    message = N_("Deze inwoner is al geblokkeerd. U kunt de blokkade opheffen en daarna opnieuw beslissen.")


class NobodyToBlock(DomainError):
    """An import, or an address that nobody showed to be theirs: a block could hit somebody else."""

    code = "nobody_to_block"
    message = N_(
        "Wij weten niet zeker wie dit stuurde: het adres is niet bevestigd, of de tekst komt uit een bestand. "
        "Een blokkade zou een ander kunnen treffen."
    )


class ReportsSuspended(NotAllowed):
    """Who reported without ground, again and again, cannot report for a while."""

    code = "reports_suspended"
    message = N_("U kunt nu geen meldingen doen. In onze e-mail leest u waarom, tot wanneer, en hoe u bezwaar maakt.")


def usual_end(now: datetime, zone: ZoneInfo) -> date:
    """The last day of a block for which nobody chose another: three months on."""
    today = now.astimezone(zone).date()
    year, month = divmod(today.year * 12 + today.month - 1 + USUAL_MONTHS, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a block until this day ends: the minute before midnight, where people live."""
    return instant_of(datetime.combine(day, time(23, 59)), zone)


def may_end(until: datetime | None, now: datetime) -> bool:
    """Whether this can be the end of a block: later than now, within two years, or none."""
    return until is None or now < until <= now + LONGEST


def require_somebody_else(*, person_id: int, roles: Iterable[Role], moderator_id: int) -> None:
    """Refuse to block oneself or a colleague."""
    if person_id == moderator_id:
        raise NotYourself
    if STAFF & set(roles):
        raise StaffNotBlocked


def holds(block: Block, end: BlockEnd | None, now: datetime) -> bool:
    """Whether it is in force: nobody lifted it, and its last day has not passed. The clock decides, no job."""
    return end is None and (block.until is None or now < block.until)


def may_appeal(
    block: Block, *, end: BlockEnd | None, appeal: BlockAppeal | None, now: datetime, zone: ZoneInfo
) -> bool:
    """Once, within six months, also when it has lapsed; not when a moderator has taken it back."""
    was_lifted = end is not None and end.how is not Ending.LAPSED
    return appeal is None and not was_lifted and now < rules.appeal_until(block.blocked_at, zone)
