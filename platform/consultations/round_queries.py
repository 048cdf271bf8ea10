"""What a consultation is made of: the panel's questions and how often each was answered, and its phases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from consultations import phase_rules
from consultations.models import Consultation, Idea
from consultations.phase_rules import Span, Turn
from consultations.round_models import Phase, Prompt
from consultations.states import Act, IdeaState
from kernel.db import ReadSession


async def prompts_of(db: ReadSession, consultation_id: int) -> Sequence[Prompt]:
    """The questions of a consultation, in their order."""
    wanted = select(Prompt).where(Prompt.consultation_id == consultation_id)
    return (await db.scalars(wanted.order_by(Prompt.position))).all()


async def prompt_of(db: ReadSession, idea: Idea) -> Prompt | None:
    """The question that an idea answers, if it answers one."""
    return await db.get(Prompt, idea.prompt_id) if idea.prompt_id is not None else None


async def answers_to(db: ReadSession, consultation_id: int) -> dict[int, int]:
    """How many published ideas answer each question; a question without an answer is not in it."""
    counted = (
        select(Idea.prompt_id, func.count())
        .where(Idea.consultation_id == consultation_id, Idea.state == IdeaState.PUBLISHED, Idea.prompt_id.is_not(None))
        .group_by(Idea.prompt_id)
    )
    return {prompt_id: number for prompt_id, number in await db.execute(counted) if prompt_id is not None}


async def phases_of(db: ReadSession, consultation_id: int) -> Sequence[Phase]:
    """What comes after collecting, as it was set; nothing for a consultation without phases."""
    return (await db.scalars(select(Phase).where(Phase.consultation_id == consultation_id))).all()


async def spans_of(db: ReadSession, consultation: Consultation) -> list[Span]:
    """The phases of a consultation with both their ends, in their order."""
    return phase_rules.spans(consultation, await phases_of(db, consultation.id))


async def allows(db: ReadSession, *, consultation: Consultation, act: Act, received_at: datetime) -> bool:
    """Whether the phase of this moment takes the act. Threads ask the same of `Act.DISCUSS`."""
    return phase_rules.allows(consultation, await phases_of(db, consultation.id), act, received_at)


async def turn_of(db: ReadSession, *, consultation: Consultation, act: Act, moment: datetime) -> Turn:
    """Whether the act can be done at this moment, and in which phase it can."""
    return phase_rules.turn_of(consultation, await phases_of(db, consultation.id), act, moment)


async def last_close(db: ReadSession, consultation: Consultation) -> datetime:
    """When its last phase ends; without phases, when it closes."""
    return max([consultation.closes_at, *(phase.closes_at for phase in await phases_of(db, consultation.id))])
