"""Statements of reasons about pictures and documents that are not shown, or were not until an appeal."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consultations.models import Idea
from consultations.ways_models import Attachment
from kernel.db import ReadSession
from moderation import statements
from moderation.answer_models import AnswerAppeal
from moderation.statements import Frame, Statement
from moderation.states import AppealState


async def begun(db: ReadSession, *, since: datetime, until: datetime, as_: Frame) -> list[Statement]:
    """One for each file that is not shown, and for each that an appeal brought back, decided in this time."""
    wanted = (
        select(Attachment, Idea)
        .join(Idea, Idea.id == Attachment.idea_id)
        .where(~Attachment.is_shown, Attachment.decided_at >= since, Attachment.decided_at < until)
        .options(joinedload(Idea.consultation))
        .order_by(Attachment.id)
    )
    found = [
        statements.of_file(file, idea=idea, decided_at=file.decided_at, consultation=idea.consultation, as_=as_)
        for file, idea in await db.execute(wanted)
        if file.decided_at is not None
    ]
    shown_after_all = (
        select(Attachment, Idea, AnswerAppeal)
        .join(AnswerAppeal, AnswerAppeal.file_id == Attachment.id)
        .join(Idea, Idea.id == Attachment.idea_id)
        .where(AnswerAppeal.state == AppealState.REINSTATED, Attachment.is_shown)
        .where(AnswerAppeal.answered_at >= since, AnswerAppeal.answered_at < until)
        .options(joinedload(Idea.consultation))
        .order_by(AnswerAppeal.id)
    )
    for file, idea, appeal in await db.execute(shown_after_all):
        told: dict[str, Any] = {"decided_at": appeal.answered_at, "ended_at": appeal.decided_at}
        found.append(statements.of_file(file, idea=idea, **told, consultation=idea.consultation, as_=as_))
    return found
