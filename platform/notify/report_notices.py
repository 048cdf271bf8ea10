"""Notices about reports: who reported hears that it came in, and what was decided. See `notices`."""

from datetime import datetime

from kernel.db import WriteSession
from kernel.events import EventRecord
from moderation.models import PageReport, Report
from notify import outbox


async def reporter(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Who reported an idea; nobody when they did not say who they are."""
    report = await tx.get_one(Report, event.facts["report_id"])
    if report.reporter_id is not None:
        facts = {"report_id": report.id}
        await outbox.put_up(tx, [report.reporter_id], letter=letter, about=str(report.id), facts=facts, now=now)


async def page_reporter(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Who reported something else that is public."""
    report = await tx.get_one(PageReport, event.facts["page_report_id"])
    if report.reporter_id is not None:
        facts = {"page_report_id": report.id}
        await outbox.put_up(tx, [report.reporter_id], letter=letter, about=str(report.id), facts=facts, now=now)
