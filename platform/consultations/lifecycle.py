"""A consultation's own steps: announce, extend, suspend, resume, cancel, process, report, answer, archive.

Open and closed are read from the clock (rules.timing_of); `record_boundaries` only writes them down.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select

from consultations import queries, round_queries, rounds, rules
from consultations.events import (
    ConsultationAnnounced,
    ConsultationAnswered,
    ConsultationArchived,
    ConsultationCancelled,
    ConsultationClosed,
    ConsultationEvent,
    ConsultationExtended,
    ConsultationOpened,
    ConsultationProcessed,
    ConsultationReported,
    ConsultationResumed,
    ConsultationSuspended,
)
from consultations.models import Consultation, Extension, Idea
from consultations.states import ConsultationState, IdeaRoute
from kernel.db import WriteSession
from kernel.errors import DomainError, IllegalMove
from kernel.events import EventRecord, record
from kernel.i18n import N_

OBSERVED = frozenset(
    {
        ConsultationState.ANNOUNCED,
        ConsultationState.PROCESSED,
        ConsultationState.REPORTED,
        ConsultationState.ANSWERED,
    }
)
"""States in which the clock's opening and closing are facts."""

OUTCOMES = frozenset({IdeaRoute.TAKEN_ALONG, IdeaRoute.NOT_TAKEN})
"""Where an idea's way ends without an answer of its own; its author reads the reason."""


class TooLate(DomainError):
    """A closed consultation is not reopened; one that is over is not announced."""

    code = "too_late"
    message = N_("Dat kan niet meer: de sluitingstijd is al voorbij.")


class LaterOnly(DomainError):
    """A close can move later, never earlier."""

    code = "later_only"
    status: ClassVar[int] = 422
    message = N_("De nieuwe sluitingstijd moet later zijn dan de oude.")


class AfterTheDeadline(DomainError):
    """A consultation closes before the agenda of its meeting is fixed."""

    code = "after_the_deadline"
    status: ClassVar[int] = 422
    message = N_("De consultatie moet sluiten voordat de agenda van de bijeenkomst vaststaat.")


class ReasonMissing(DomainError):
    """Everybody may read why."""

    code = "reason_missing"
    status: ClassVar[int] = 422
    message = N_("Schrijf op waarom. Iedereen kan de reden lezen.")


class NotYetClosed(DomainError):
    """An open consultation cannot be processed."""

    code = "not_yet_closed"
    message = N_("Deze consultatie is nog niet gesloten.")


class StillInReview(DomainError):
    """Something still waits for the moderators, or for its author's confirmation."""

    code = "still_in_review"
    message = N_("Er wachten nog %(number)s inzendingen op de moderatoren of op bevestiging.")


class StillUnanswered(DomainError):
    """Published ideas have no outcome yet."""

    code = "still_unanswered"
    message = N_("Er zijn nog %(number)s ideeën zonder antwoord aan de inzender.")


async def announce(tx: WriteSession, *, consultation: Consultation, actor_id: int | None, now: datetime) -> None:
    """Make it public with its dates; it opens by itself."""
    _require(consultation, ConsultationState.DRAFT)  # a suspended one is resumed: its announcement stands
    if consultation.closes_at <= now:
        raise TooLate
    _require_before_deadline(consultation, await round_queries.last_close(tx, consultation))
    consultation.announced_at = now
    await _step(tx, consultation, ConsultationState.ANNOUNCED, ConsultationAnnounced, actor_id=actor_id, now=now)


async def extend(
    tx: WriteSession, *, consultation: Consultation, closes_at: datetime, reason: str, actor_id: int, now: datetime
) -> Extension:
    """Close later, for a reason that stands beside the old date; what comes after moves along. Not once it closed."""
    if not reason.strip():
        raise ReasonMissing
    if consultation.state is not ConsultationState.ANNOUNCED:
        raise rules.NotOpen
    if consultation.closes_at <= now:
        raise TooLate
    if closes_at <= consultation.closes_at:
        raise LaterOnly
    by = closes_at - consultation.closes_at
    _require_before_deadline(consultation, await round_queries.last_close(tx, consultation) + by)
    await rounds.move_phases(tx, consultation=consultation, by=by)
    extension = Extension(
        consultation_id=consultation.id,
        old_closes_at=consultation.closes_at,
        new_closes_at=closes_at,
        reason=reason.strip(),
        decided_at=now,
        decided_by_id=actor_id,
    )
    consultation.closes_at = closes_at  # its version tells when panels moved the deadline meanwhile
    tx.add(extension)
    await tx.flush()
    extended = ConsultationExtended(
        at=now, actor_id=actor_id, consultation_id=consultation.id, extension_id=extension.id
    )
    await record(tx, extended)
    return extension


async def suspend(tx: WriteSession, *, consultation: Consultation, reason: str, actor_id: int, now: datetime) -> None:
    """Take no input for now; everybody can read why."""
    _give_reason(consultation, reason)
    await _step(tx, consultation, ConsultationState.SUSPENDED, ConsultationSuspended, actor_id=actor_id, now=now)


async def resume(tx: WriteSession, *, consultation: Consultation, actor_id: int, now: datetime) -> None:
    """Take input again, within the same period."""
    _require(consultation, ConsultationState.SUSPENDED)  # a draft is announced, with all that this asks
    consultation.state_reason = ""
    await _step(tx, consultation, ConsultationState.ANNOUNCED, ConsultationResumed, actor_id=actor_id, now=now)


async def cancel(tx: WriteSession, *, consultation: Consultation, reason: str, actor_id: int, now: datetime) -> None:
    """It will not go on; everybody can read why."""
    _give_reason(consultation, reason)
    await _step(tx, consultation, ConsultationState.CANCELLED, ConsultationCancelled, actor_id=actor_id, now=now)


async def process(tx: WriteSession, *, consultation: Consultation, actor_id: int | None, now: datetime) -> None:
    """Closed, and nothing left in review, still to be confirmed, or with its author for another text."""
    if now < consultation.closes_at:
        raise NotYetClosed
    unconfirmed = await queries.unconfirmed_since(tx, consultation_id=consultation.id, since=now - rules.CONFIRM_WITHIN)
    waiting = (await queries.ledger(tx, consultation.id)).in_review + unconfirmed
    if waiting:
        raise StillInReview(number=waiting)
    if number := await queries.with_authors(tx, consultation_id=consultation.id, since=now - rules.REVISE_WITHIN):
        raise rules.StillWithAuthors(number=number)
    await _step(tx, consultation, ConsultationState.PROCESSED, ConsultationProcessed, actor_id=actor_id, now=now)


async def report(tx: WriteSession, *, consultation: Consultation, actor_id: int | None, now: datetime) -> None:
    """Its outcome was reported."""
    await _step(tx, consultation, ConsultationState.REPORTED, ConsultationReported, actor_id=actor_id, now=now)


async def answer(tx: WriteSession, *, consultation: Consultation, actor_id: int | None, now: datetime) -> None:
    """Every published idea has an outcome: an answer, or a reason why it went elsewhere or was not taken."""
    without = select(func.count()).where(
        Idea.consultation_id == consultation.id,
        Idea.listed(),
        Idea.answered_at.is_(None),
        Idea.route.not_in(OUTCOMES),
    )
    if number := await tx.scalar(without):
        raise StillUnanswered(number=number)
    await _step(tx, consultation, ConsultationState.ANSWERED, ConsultationAnswered, actor_id=actor_id, now=now)


async def archive(tx: WriteSession, *, consultation: Consultation, actor_id: int | None, now: datetime) -> None:
    """Put it away; it stays readable."""
    await _step(tx, consultation, ConsultationState.ARCHIVED, ConsultationArchived, actor_id=actor_id, now=now)


async def record_boundaries(tx: WriteSession, *, now: datetime) -> int:
    """Write down, once each, that consultations opened and closed, dated at the instant; how many facts there were."""
    facts: list[ConsultationEvent] = []
    for at, kind in ((Consultation.opens_at, ConsultationOpened), (Consultation.closes_at, ConsultationClosed)):
        due = select(Consultation.id, at).where(Consultation.state.in_(OBSERVED), at <= now, ~_is_recorded(kind.name))
        for consultation_id, instant in await tx.execute(due.order_by(at, Consultation.id)):
            facts.append(kind(at=instant, actor_id=None, consultation_id=consultation_id))
    for fact in facts:
        await record(tx, fact)
    return len(facts)


def _is_recorded(name: str) -> ColumnElement[bool]:
    subject = literal("consultation:") + cast(Consultation.id, String)
    return exists().where(EventRecord.subject == subject, EventRecord.name == name)


def _require_before_deadline(consultation: Consultation, closes_at: datetime) -> None:
    if consultation.agenda_deadline_at is not None and closes_at > consultation.agenda_deadline_at:
        raise AfterTheDeadline


def _require(consultation: Consultation, state: ConsultationState) -> None:
    """Two steps of the table may lead to one state; each has its own beginning."""
    if consultation.state is not state:
        raise IllegalMove


def _give_reason(consultation: Consultation, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    consultation.state_reason = reason.strip()


async def _step(
    tx: WriteSession,
    consultation: Consultation,
    to: ConsultationState,
    fact: type[ConsultationEvent],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    consultation.move_to(to)
    await tx.flush()
    await record(tx, fact(at=now, actor_id=actor_id, consultation_id=consultation.id))
