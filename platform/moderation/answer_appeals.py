"""Appeals against answers: a report that was dismissed, a file that is not shown. Another moderator decides, once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.access import Permission, known, may
from accounts.actor import Actor
from consultations import attachments
from consultations.models import Idea
from consultations.ways_models import Attachment
from kernel import tokens
from kernel.db import WriteSession
from kernel.errors import IllegalMove, NotFound
from kernel.events import record
from moderation import decisions, rules
from moderation.answer_models import AnswerAppeal
from moderation.answer_queries import Answer
from moderation.events import AnswerAppealDecided, AnswerAppealLodged
from moderation.models import Report
from moderation.states import AppealState, Outcome

LETTER = "answer"
"""The purpose of the link in a letter with an answer to a report."""


async def link(tx: WriteSession, *, subject: str, now: datetime) -> str:
    """The path of the page where who reported reads the answer and appeals; `subject` as `report:12`."""
    return f"/answers/{await tokens.mint(tx, purpose=LETTER, subject=subject, expires_at=None, now=now)}"


async def lodge(tx: WriteSession, *, answer: Answer, reason: str, zone: ZoneInfo, now: datetime) -> AnswerAppeal:
    """Appeal against an answer. The caller has made sure that the one it was given to asks."""
    if not reason.strip() or not may_lodge(answer, zone=zone, now=now):
        raise rules.NoAppealNow
    appeal = AnswerAppeal(
        **answer.about,
        idea_id=answer.idea.id if answer.idea else None,
        answered_at=answer.answered_at,
        answered_by_id=answer.answered_by_id,
        reason=reason,
        lodged_at=now,
        due_at=rules.appeal_due_at(now, zone),
        decided_at=None,
        decided_by_id=None,
    )
    tx.add(appeal)
    await tx.flush()
    await record(tx, AnswerAppealLodged(at=now, actor_id=answer.whose, answer_appeal_id=appeal.id))
    return appeal


def may_lodge(answer: Answer, *, zone: ZoneInfo, now: datetime) -> bool:
    """Whether an appeal is possible now."""
    has_appeal = answer.appeal is not None
    return rules.may_contest(answer.answered_at, holds=answer.holds, has_appeal=has_appeal, now=now, zone=zone)


def moderates(actor: Actor, answer: Answer, *, permission: Permission = Permission.MODERATE) -> bool:
    """Whether this is theirs to decide, or with READ_QUEUE to read; a page of the whole site is every moderator's."""
    panel_id = answer.idea.consultation.panel_id if answer.idea else answer.panel_id
    return may(actor, permission, panel_id=panel_id)


async def decide(
    tx: WriteSession,
    *,
    appeal: AnswerAppeal,
    answer: Answer,
    actor: Actor,
    verdict: AppealState,
    words: str,
    ground_code: str = "",
    explanation: str = "",
    now: datetime,
) -> None:
    """Let the answer stand, or do what was asked: remove the idea, on a ground, or show the file. What a page says is
    mended by who wrote it.

    Never by who answered first; this answer is final.
    """
    moderator_id = known(actor)
    if not moderates(actor, answer):
        raise NotFound
    rules.require_another(moderator_id, first_decider_id=appeal.answered_by_id)
    if not words.strip():
        raise IllegalMove
    appeal.move_to(verdict)
    appeal.answer = words
    appeal.decided_at, appeal.decided_by_id = now, moderator_id
    await tx.flush()
    if verdict is AppealState.REINSTATED and appeal.report_id is not None:
        idea = await tx.get_one(Idea, appeal.idea_id)
        if idea.is_public:
            await decisions.decide(
                tx,
                idea=idea,
                actor=actor,
                outcome=Outcome.REMOVE,
                ground_code=ground_code,
                explanation=explanation,
                report=await tx.get_one(Report, appeal.report_id),
                now=now,
            )
    elif verdict is AppealState.REINSTATED and appeal.file_id is not None:
        await _show(tx, appeal, moderator_id=moderator_id, now=now)
    await record(tx, AnswerAppealDecided(at=now, actor_id=moderator_id, answer_appeal_id=appeal.id))


async def _show(tx: WriteSession, appeal: AnswerAppeal, *, moderator_id: int, now: datetime) -> None:
    """The file that was refused; not one that was looked at again since."""
    file = await tx.get_one(Attachment, appeal.file_id)
    if file.is_shown:
        return
    if file.decided_at != appeal.answered_at:
        raise IllegalMove
    idea = await tx.get_one(Idea, file.idea_id)
    await attachments.decide(tx, file=file, idea=idea, is_shown=True, reason="", actor_id=moderator_id, now=now)
