"""Letters about an appeal against an answer: to a report, or about a picture or document that is not shown."""

from consultations import ideas
from moderation import answer_appeals
from moderation.answer_models import AnswerAppeal
from moderation.states import AppealState
from notify.drafts import Builder, Draft, Words


async def _appeal(draft: Draft) -> tuple[AnswerAppeal, Words] | None:
    """None when the file it was about has gone, and the appeal with it."""
    appeal = await draft.tx.get(AnswerAppeal, draft.fact("answer_appeal_id"))
    if appeal is None:
        return None
    is_file, is_page = appeal.file_id is not None, appeal.page_report_id is not None
    return appeal, {"is_file": is_file, "is_page": is_page, "due_at": appeal.due_at}


async def _page(draft: Draft, appeal: AnswerAppeal) -> Words:
    """The page where who appealed follows it; the link stands in letters to them alone."""
    if appeal.file_id is not None:
        receipt = await ideas.receipt_link(draft.tx, idea_id=appeal.idea_id or 0, now=draft.now)
        return {"url": draft.link(f"{receipt}/files/{appeal.file_id}/decision")}
    about = f"report:{appeal.report_id}" if appeal.report_id else f"page_report:{appeal.page_report_id}"
    return {"url": draft.link(await answer_appeals.link(draft.tx, subject=about, now=draft.now))}


async def answer_appeal_lodged(draft: Draft) -> Words | None:
    """To who appealed, while nobody has decided."""
    found = await _appeal(draft)
    if found is None or found[0].state is not AppealState.RECEIVED:
        return None
    return found[1] | await _page(draft, found[0])


async def answer_appeal_decided(draft: Draft) -> Words | None:
    """To who appealed, with the answer."""
    found = await _appeal(draft)
    if found is None or found[0].state is AppealState.RECEIVED:
        return None
    told = {"is_reinstated": found[0].state is AppealState.REINSTATED, "answer": found[0].answer}
    return found[1] | told | await _page(draft, found[0])


async def answer_appeal_waiting(draft: Draft) -> Words | None:
    """To the moderators who may decide, while nobody has."""
    found = await _appeal(draft)
    if found is None or found[0].state is not AppealState.RECEIVED or found[0].answered_by_id == draft.receiver.id:
        return None
    return found[1] | {"appeal_url": draft.link(f"/moderation/answers/{found[0].id}")}


LETTERS: dict[str, Builder] = {
    "answer_appeal_lodged": answer_appeal_lodged,
    "answer_appeal_decided": answer_appeal_decided,
    "answer_appeal_waiting": answer_appeal_waiting,
}
