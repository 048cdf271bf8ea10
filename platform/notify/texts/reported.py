"""Letters to whoever reported a text: that it came in, and what was decided."""

from datetime import datetime

from consultations.models import Idea
from moderation import answer_appeals, rules
from moderation.models import PageReport, Report
from moderation.states import ReportState
from notify.drafts import Builder, Draft, Words

NO_APPEAL: Words = {"appeal": ""}


async def report_received(draft: Draft) -> Words | None:
    """To whoever reported; nothing of the report itself stands in it, the address may be anybody's."""
    report = await draft.tx.get_one(Report, draft.fact("report_id"))
    if report.state is not ReportState.RECEIVED:
        return None
    idea = await draft.tx.get_one(Idea, report.idea_id)
    url = draft.link(report.address or f"/ideas/{idea.id}")
    return {"number": idea.number, "reported_at": report.reported_at, "idea_url": url}


async def report_decided(draft: Draft) -> Words | None:
    """The moderator's answer."""
    report = await draft.tx.get_one(Report, draft.fact("report_id"))
    if report.state is ReportState.RECEIVED:
        return None
    idea = await draft.tx.get_one(Idea, report.idea_id)
    is_upheld = report.state is ReportState.UPHELD
    appeal = NO_APPEAL if is_upheld else await _how_to_appeal(draft, f"report:{report.id}", report.decided_at)
    return {"number": idea.number, "is_upheld": is_upheld, "answer": report.answer, **appeal}


async def page_report_received(draft: Draft) -> Words | None:
    """The same for a page that no resident sent in."""
    report = await draft.tx.get_one(PageReport, draft.fact("page_report_id"))
    if report.state is not ReportState.RECEIVED:
        return None
    return {"reported_at": report.reported_at, "page_url": draft.link(report.address)}


async def page_report_decided(draft: Draft) -> Words | None:
    """The moderator's answer."""
    report = await draft.tx.get_one(PageReport, draft.fact("page_report_id"))
    if report.state is ReportState.RECEIVED:
        return None
    is_upheld = report.state is ReportState.UPHELD
    appeal = NO_APPEAL if is_upheld else await _how_to_appeal(draft, f"page_report:{report.id}", report.decided_at)
    return {"page_url": draft.link(report.address), "is_upheld": is_upheld, "answer": report.answer, **appeal}


async def _how_to_appeal(draft: Draft, subject: str, answered_at: datetime | None) -> Words:
    """With the link that opens the answer; it stands in letters to the reporter alone."""
    path = await answer_appeals.link(draft.tx, subject=subject, now=draft.now)
    until = rules.appeal_until(answered_at or draft.now, draft.settings.zone)
    return {"appeal": draft.link(path), "appeal_until": until}


LETTERS: dict[str, Builder] = {
    "report_received": report_received,
    "report_decided": report_decided,
    "page_report_received": page_report_received,
    "page_report_decided": page_report_decided,
}
