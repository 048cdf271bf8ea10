"""Setting what a consultation is made of, while it is a draft: the panel's questions, and its phases."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete

from consultations import phase_rules, round_queries
from consultations.models import Consultation
from consultations.round_models import Phase, Prompt
from consultations.states import PhaseKind
from kernel.db import WriteSession


async def set_prompts(tx: WriteSession, *, consultation: Consultation, texts: Sequence[str]) -> None:
    """These questions in this order, in place of the ones before. The database refuses it once it is announced."""
    before = list(await round_queries.prompts_of(tx, consultation.id))
    if [one.text for one in before] == list(texts):
        return
    await tx.execute(delete(Prompt).where(Prompt.consultation_id == consultation.id))
    tx.add_all(
        Prompt(consultation_id=consultation.id, position=position, text=text)
        for position, text in enumerate(texts, start=1)
    )
    await tx.flush()


async def clear_phases(tx: WriteSession, *, consultation: Consultation) -> None:
    """Without phases, so that the period of a draft can move freely."""
    await tx.execute(delete(Phase).where(Phase.consultation_id == consultation.id))
    await tx.flush()


async def set_phases(tx: WriteSession, *, consultation: Consultation, ends: Mapping[PhaseKind, datetime]) -> None:
    """These phases after the collecting, each until its end; the caller cleared what was there."""
    tx.add_all(
        Phase(consultation_id=consultation.id, kind=kind, closes_at=ends[kind])
        for kind in phase_rules.FOLLOWING
        if kind in ends
    )
    await tx.flush()


async def move_phases(tx: WriteSession, *, consultation: Consultation, by: timedelta) -> None:
    """Every phase ends so much later, the last one first: each stays after the one before it."""
    phases = await round_queries.phases_of(tx, consultation.id)
    for phase in sorted(phases, key=lambda one: one.closes_at, reverse=True):
        phase.closes_at += by
        await tx.flush()
