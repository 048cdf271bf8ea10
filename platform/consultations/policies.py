"""When what is sent in comes on the site: chosen before the consultation opens, and from then on only stricter."""

from datetime import datetime

from sqlalchemy import select

from consultations.events import ConsultationTightened
from consultations.models import Consultation
from consultations.states import ConsultationState, Policy
from kernel.db import ReadSession, WriteSession
from kernel.errors import DomainError, IllegalMove
from kernel.events import EventRecord, record
from kernel.i18n import N_

STRICTER: dict[Policy, tuple[Policy, ...]] = {
    Policy.PUBLISH_AT_ONCE: (Policy.HOLD_FLAGGED, Policy.HOLD_ALL),
    Policy.HOLD_FLAGGED: (Policy.HOLD_ALL,),
    Policy.HOLD_ALL: (),
}
CAN_CHANGE = frozenset({ConsultationState.ANNOUNCED, ConsultationState.SUSPENDED})


class OnlyStricter(DomainError):
    """People wrote counting on how it was: it does not get looser."""

    code = "only_stricter"
    message = N_("Dit kan alleen strenger worden. Kies een strengere manier.")


def stricter_for(consultation: Consultation) -> tuple[Policy, ...]:
    """What can be chosen now."""
    return STRICTER[consultation.policy] if consultation.state in CAN_CHANGE else ()


async def tighten(
    tx: WriteSession, *, consultation: Consultation, policy: Policy, actor_id: int, now: datetime
) -> None:
    """From now on; what is on the site stays there. Raises OnlyStricter."""
    if consultation.state not in CAN_CHANGE:
        raise IllegalMove
    if policy not in STRICTER[consultation.policy]:
        raise OnlyStricter
    consultation.policy = policy
    await tx.flush()
    fact = ConsultationTightened(at=now, actor_id=actor_id, consultation_id=consultation.id, policy=policy.value)
    await record(tx, fact)


async def tightened(db: ReadSession, consultation_id: int) -> list[tuple[datetime, Policy]]:
    """When it became stricter, and how it was from then on; oldest first."""
    told = select(EventRecord).where(EventRecord.subject == f"consultation:{consultation_id}")
    told = told.where(EventRecord.name == ConsultationTightened.name).order_by(EventRecord.seq)
    return [(fact.at, Policy(fact.facts["policy"])) for fact in await db.scalars(told)]
