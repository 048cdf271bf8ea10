"""Letters to whoever reported a text: that it came in, and what was decided."""

from consultations.models import Idea
from moderation.models import PageReport, Report
from moderation.states import ReportState
from notify.drafts import Builder, Draft, Words


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
    return {"number": idea.number, "is_upheld": report.state is ReportState.UPHELD, "answer": report.answer}


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
    return {"page_url": draft.link(report.address), "is_upheld": is_upheld, "answer": report.answer}


LETTERS: dict[str, Builder] = {
    "report_received": report_received,
    "report_decided": report_decided,
    "page_report_received": page_report_received,
    "page_report_decided": page_report_decided,
}
