"""Reports of pages that no resident sent in: a moderator answers each in writing, and has the text mended.

What staff, the panel or the municipality wrote is not removed on a ground: whoever wrote it changes it.
"""

from datetime import datetime

from sqlalchemy import select

from accounts import people
from accounts.access import Permission, known, may
from accounts.actor import Actor
from kernel.db import WriteSession
from kernel.errors import IllegalMove, NotFound
from kernel.events import record
from moderation import reports
from moderation.events import PageReportDecided, PageReportReceived
from moderation.models import PageReport
from moderation.states import ReportState


async def receive(
    tx: WriteSession,
    *,
    address: str,
    panel_id: int | None,
    reason: str,
    email: str = "",
    name: str = "",
    signed_in_as: int | None = None,
    language: str = "nl",
    now: datetime,
) -> PageReport:
    """Take a report in; the same words about the same page, sent twice, are one report. See reports.receive."""
    await reports.require_may_report(tx, person_id=signed_in_as, now=now)
    again = select(PageReport).where(PageReport.address == address, PageReport.reason == reason)
    there = await tx.scalar(again.where(PageReport.state == ReportState.RECEIVED).limit(1))
    if there is not None:
        return there
    reporter_id = signed_in_as
    if email and reporter_id is None:
        reporter_id = (await people.meet(tx, email=email, language=language, now=now)).id
    report = PageReport(
        address=address,
        panel_id=panel_id,
        reporter_id=reporter_id,
        name=name,
        reason=reason,
        reported_at=now,
        decided_at=None,
        decided_by_id=None,
    )
    tx.add(report)
    await tx.flush()
    await record(tx, PageReportReceived(at=now, actor_id=reporter_id, page_report_id=report.id))
    return report


async def answer(
    tx: WriteSession, *, report: PageReport, actor: Actor, verdict: ReportState, answer: str, now: datetime
) -> None:
    """The text stays, or it will be mended; the reporter reads why. Decided once."""
    moderator_id = known(actor)
    if not may(actor, Permission.MODERATE, panel_id=report.panel_id):
        raise NotFound
    if not answer.strip():
        raise IllegalMove
    report.move_to(verdict)
    report.answer = answer
    report.decided_at, report.decided_by_id = now, moderator_id
    await tx.flush()
    await record(tx, PageReportDecided(at=now, actor_id=moderator_id, page_report_id=report.id))
