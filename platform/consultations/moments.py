"""What the clock brings in a consultation, besides opening and closing: its last days, and its phases."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select
from sqlalchemy.orm import aliased

from consultations import round_queries
from consultations.events import ConsultationEvent, ConsultationExtended
from consultations.lifecycle import OBSERVED
from consultations.models import Consultation
from consultations.round_events import ConsultationClosingSoon, ConsultationSupportOpened, ConsultationTalkOpened
from consultations.round_models import Phase
from consultations.states import ConsultationState, PhaseKind
from kernel.db import WriteSession
from kernel.events import EventRecord, record

LAST_DAYS = timedelta(days=3)
OPENED_BY: dict[PhaseKind, type[ConsultationEvent]] = {
    PhaseKind.ENDORSE: ConsultationSupportOpened,
    PhaseKind.DELIBERATE: ConsultationTalkOpened,
}


def last_days_from(consultation: Consultation) -> datetime:
    """When people are reminded: three days before the close, or halfway through a period that is shorter than six."""
    half = (consultation.closes_at - consultation.opens_at) / 2
    return consultation.closes_at - min(LAST_DAYS, half)


async def record_last_days(tx: WriteSession, *, now: datetime) -> int:
    """Write down, once for each close, that the last days of an open consultation began; how many facts there were."""
    extended = select(func.coalesce(func.max(EventRecord.id), 0)).where(_is_about(), _is(ConsultationExtended))
    told = aliased(EventRecord)
    since = extended.correlate(Consultation).scalar_subquery()
    is_told = exists().where(told.subject == _subject(), told.name == ConsultationClosingSoon.name, told.id > since)
    soon = select(Consultation).where(
        Consultation.state == ConsultationState.ANNOUNCED,
        Consultation.opens_at <= now,
        Consultation.closes_at > now,
        Consultation.closes_at <= now + LAST_DAYS,
        ~is_told,
    )
    found = [one for one in await tx.scalars(soon.order_by(Consultation.id)) if last_days_from(one) <= now]
    for one in found:
        await record(tx, ConsultationClosingSoon(at=now, actor_id=None, consultation_id=one.id))
    return len(found)


async def record_phases(tx: WriteSession, *, now: datetime) -> int:
    """Write down, once each, that phases began, dated at the instant; how many facts there were."""
    facts: list[ConsultationEvent] = []
    for kind, fact in OPENED_BY.items():
        is_told = exists().where(EventRecord.subject == _subject(), _is(fact))
        begun = (
            select(Consultation)
            .join(Phase, Phase.consultation_id == Consultation.id)
            .where(Phase.kind == kind, Consultation.state.in_(OBSERVED), Consultation.closes_at <= now, ~is_told)
        )
        for one in await tx.scalars(begun.order_by(Consultation.id)):
            [span] = [span for span in await round_queries.spans_of(tx, one) if span.kind is kind]
            if span.opens_at <= now:
                facts.append(fact(at=span.opens_at, actor_id=None, consultation_id=one.id))
    for one_fact in facts:
        await record(tx, one_fact)
    return len(facts)


def _subject() -> ColumnElement[str]:
    return literal("consultation:") + cast(Consultation.id, String)


def _is_about() -> ColumnElement[bool]:
    return EventRecord.subject == _subject()


def _is(fact: type[ConsultationEvent]) -> ColumnElement[bool]:
    return EventRecord.name == fact.name
