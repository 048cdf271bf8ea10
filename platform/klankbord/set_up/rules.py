"""What setting up refuses or warns about. Plain functions of values; who may is a rule of the rooms."""

from datetime import datetime, timedelta
from typing import ClassVar

from consultations.models import Consultation
from consultations.states import ConsultationState
from kernel.errors import DomainError, IllegalMove
from kernel.i18n import N_
from panels.models import Meeting
from panels.rules import STILL_TO_COME

ANNOUNCED_BEFORE = timedelta(days=7)
"""How long people should know of a consultation before it opens; less is warned about, not refused."""

STOPPABLE = frozenset({ConsultationState.ANNOUNCED, ConsultationState.SUSPENDED})


class OpensInThePast(DomainError):
    """Nobody could have known of a consultation that is announced after it opened."""

    code: ClassVar[str] = "opens_in_the_past"
    message: ClassVar[str] = N_("De openingstijd van dit concept is al voorbij. Kies eerst een latere openingstijd.")


class MeetingOff(DomainError):
    """Ideas are asked for a meeting that will be held."""

    code: ClassVar[str] = "meeting_off"
    message: ClassVar[str] = N_("De bijeenkomst van dit concept gaat niet door. Kies eerst een andere bijeenkomst.")


def is_on(meeting: Meeting | None) -> bool:
    """Whether a meeting can still be fed."""
    return meeting is not None and meeting.state in STILL_TO_COME


def require_on(meeting: Meeting | None) -> None:
    """Let through what has a meeting to feed."""
    if not is_on(meeting):
        raise MeetingOff


def is_short_notice(consultation: Consultation, now: datetime) -> bool:
    """Whether it opens sooner after its announcement than is usual."""
    return consultation.opens_at - now < ANNOUNCED_BEFORE


def require_ahead(consultation: Consultation, now: datetime) -> None:
    """Let through what has yet to open."""
    if consultation.opens_at <= now:
        raise OpensInThePast


def may_extend(consultation: Consultation, now: datetime) -> bool:
    """Whether its close can still move."""
    return consultation.state is ConsultationState.ANNOUNCED and now < consultation.closes_at


def may_stop(consultation: Consultation) -> bool:
    """Whether it can be suspended, resumed or cancelled: it is announced, and nothing was concluded from it."""
    return consultation.state in STOPPABLE


def require_stoppable(consultation: Consultation) -> None:
    """Let through what can be called off. A draft cannot: nobody was told of it."""
    if not may_stop(consultation):
        raise IllegalMove
