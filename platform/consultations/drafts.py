"""A consultation in the making: written down and rewritten until it is announced. Only who prepares it reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consultations.events import ConsultationDrafted
from consultations.models import Consultation
from consultations.states import ConsultationState, Policy
from kernel.db import WriteSession
from kernel.errors import DomainError
from kernel.events import record
from kernel.i18n import N_


class NoLongerDraft(DomainError):
    """What was announced is a promise."""

    code: ClassVar[str] = "no_longer_draft"
    message: ClassVar[str] = N_(
        "Deze consultatie is al aangekondigd. De vraag, de teksten en de redenen staan vast. "
        "De sluitingstijd kan nog wel later worden."
    )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Everything that is asked and promised."""

    slug: str
    title: str
    summary: str
    question: str
    asked: str
    can_change: str
    is_fixed: str
    how_used: str
    who_decides: str
    effort: str
    results_when: str
    policy: Policy
    opens_at: datetime
    closes_at: datetime


async def draft(
    tx: WriteSession, *, panel_id: int, written: Draft, actor_id: int | None, now: datetime
) -> Consultation:
    """Begin a consultation of a panel. It takes nothing and nobody else sees it until it is announced."""
    consultation = Consultation(panel_id=panel_id, **vars(written))
    tx.add(consultation)
    await tx.flush()
    await record(tx, ConsultationDrafted(at=now, actor_id=actor_id, consultation_id=consultation.id))
    return consultation


async def rewrite(tx: WriteSession, *, consultation: Consultation, panel_id: int, written: Draft) -> None:
    """Replace all of a draft; its meeting is bound anew by panels. Refused once it is announced."""
    require_draft(consultation)
    consultation.panel_id = panel_id
    consultation.agenda_deadline_at = None  # that of the meeting it was bound to until now
    for name, value in vars(written).items():
        setattr(consultation, name, value)
    await tx.flush()


def require_draft(consultation: Consultation) -> None:
    """Let drafts through; raises NoLongerDraft for the others."""
    if consultation.state is not ConsultationState.DRAFT:
        raise NoLongerDraft
