"""Reports: a citizen says that a published idea should not stand there; a moderator answers each in writing."""

from datetime import datetime

from sqlalchemy import delete, select

from accounts import people
from accounts.actor import Actor
from consultations.models import Consultation, Idea
from kernel.db import ReadSession, WriteSession
from kernel.errors import IllegalMove
from kernel.events import record
from moderation import block_queries, block_rules, decisions, rules
from moderation.events import ReportDecided, ReportReceived
from moderation.models import Claim, Report
from moderation.states import Outcome, ReportState


async def require_may_report(db: ReadSession, *, person_id: int | None, now: datetime) -> None:
    """Raises ReportsSuspended for who reported without ground again and again."""
    if await block_queries.stops_reports(db, person_id, now=now):
        raise block_rules.ReportsSuspended


async def receive(
    tx: WriteSession,
    *,
    idea: Idea,
    reason: str,
    email: str = "",
    name: str = "",
    part: str = "",
    signed_in_as: int | None = None,
    language: str = "nl",
    now: datetime,
) -> Report:
    """Take a report in; without a signed-in sender or an e-mail address it is nobody's, and no letter follows.

    `part` is the end of the exact address when it is about a picture or document alone, as `#file-3`.

    The same words about the same idea, sent twice, are one report. Who is signed in and reported without ground again
    and again is refused for a while; an address that is only typed may be anybody's, so it is never held against it.
    """
    if not idea.is_public:
        raise rules.NotToReport
    await require_may_report(tx, person_id=signed_in_as, now=now)
    address = f"/ideas/{idea.id}{part}"
    again = select(Report).where(Report.idea_id == idea.id, Report.address == address, Report.reason == reason)
    known = await tx.scalar(again.where(Report.state == ReportState.RECEIVED).limit(1))
    if known is not None:
        return known
    reporter_id = signed_in_as
    if email and reporter_id is None:
        reporter_id = (await people.meet(tx, email=email, language=language, now=now)).id
    report = Report(
        idea_id=idea.id,
        reporter_id=reporter_id,
        is_signed_in=signed_in_as is not None,
        address=address,
        name=name,
        reason=reason,
        reported_at=now,
        decided_at=None,
    )
    tx.add(report)
    await tx.flush()
    await record(tx, ReportReceived(at=now, actor_id=report.reporter_id, report_id=report.id, idea_id=idea.id))
    return report


async def dismiss(tx: WriteSession, *, report: Report, actor: Actor, answer: str, now: datetime) -> None:
    """The idea stays where it is; the reporter reads why."""
    await _close(tx, report=report, actor=actor, state=ReportState.DISMISSED, answer=answer, now=now)


async def uphold(
    tx: WriteSession,
    *,
    report: Report,
    actor: Actor,
    answer: str,
    ground_code: str,
    explanation: str,
    seen: str | None = None,
    now: datetime,
) -> None:
    """The reporter was right: the idea is removed on a ground, and its author can appeal."""
    await _close(tx, report=report, actor=actor, state=ReportState.UPHELD, answer=answer, now=now)
    idea = await tx.get_one(Idea, report.idea_id)
    if idea.is_public:  # it may have gone since, on another report
        await decisions.decide(
            tx,
            idea=idea,
            actor=actor,
            outcome=Outcome.REMOVE,
            ground_code=ground_code,
            explanation=explanation,
            seen=seen,
            report=report,
            now=now,
        )


async def _close(
    tx: WriteSession, *, report: Report, actor: Actor, state: ReportState, answer: str, now: datetime
) -> None:
    idea = await tx.get_one(Idea, report.idea_id)
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    if not answer.strip():
        raise IllegalMove
    report.move_to(state)
    report.answer = answer
    report.decided_at, report.decided_by_id = now, moderator_id
    await tx.flush()
    await tx.execute(delete(Claim).where(Claim.idea_id == idea.id))
    await record(tx, ReportDecided(at=now, actor_id=moderator_id, report_id=report.id, idea_id=idea.id))
