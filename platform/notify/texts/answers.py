"""Letters about advice and its answer: to the authors, the commissioner and the chair."""

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consultations import ideas
from consultations.models import Idea
from kernel.i18n import language
from notify.drafts import Draft, Words
from panels.models import AgendaIdea, AgendaItem, Meeting, Recommendation, Response
from panels.states import RESPONSE_STATE_NAMES, ResponseState


async def idea_answered(draft: Draft) -> Words | None:
    """The answer with its reasons: of the commissioner where there is one, else of the panel."""
    idea = await draft.tx.get_one(Idea, draft.fact("idea_id"))
    if not idea.is_public or idea.answered_at is None:
        return None
    path = await ideas.receipt_link(draft.tx, idea_id=idea.id, now=draft.now)
    followed = idea.merged_into_id or idea.id  # where it is carried on in another, that one was answered
    answer = await _of_commissioner(draft, followed) or await _of_panel(draft, followed)
    return {"title": idea.title, "receipt": draft.link(path), **answer}


async def _of_commissioner(draft: Draft, idea_id: int) -> Words | None:
    answered = (
        select(Response)
        .join(Response.recommendation)
        .join(AgendaIdea, AgendaIdea.agenda_item_id == Recommendation.agenda_item_id)
        .where(AgendaIdea.idea_id == idea_id, AgendaIdea.own_route.is_(None), Response.state != ResponseState.AWAITED)
        .order_by(Response.answered_at.desc(), Response.id.desc())
        .limit(1)
        .options(joinedload(Response.recommendation))
    )
    response = await draft.tx.scalar(answered)
    if response is None:
        return None
    return {
        "advice": response.recommendation.title,
        "advice_url": draft.link(f"/recommendations/{response.recommendation_id}"),
        "answer": RESPONSE_STATE_NAMES[response.state],
        "reasons": response.reasons,
        "owner": response.owner,
        "done_by": format_date(response.done_by, "d MMMM y", locale=language()) if response.done_by else "",
    }


async def _of_panel(draft: Draft, idea_id: int) -> Words:
    discussed = (
        select(AgendaItem, AgendaIdea.own_reason)
        .join(AgendaIdea, AgendaIdea.agenda_item_id == AgendaItem.id)
        .where(AgendaIdea.idea_id == idea_id, AgendaItem.is_confidential.is_(False))
        .order_by(AgendaItem.id.desc())
        .limit(1)
    )
    found = (await draft.tx.execute(discussed)).first()
    said = (found[1] or found[0].follow_up or found[0].what_was_said or found[0].reason) if found else ""
    return {"advice": "", "advice_url": "", "answer": "", "reasons": said, "owner": "", "done_by": ""}


async def _response(draft: Draft) -> tuple[Response, Words]:
    to_panel = joinedload(Response.recommendation).joinedload(Recommendation.agenda_item)
    wanted = (
        select(Response)
        .where(Response.id == draft.fact("response_id"))
        .options(to_panel.joinedload(AgendaItem.meeting).joinedload(Meeting.panel))
    )
    response = (await draft.tx.scalars(wanted)).one()
    advice = response.recommendation
    return response, {
        "panel": advice.agenda_item.meeting.panel.name,
        "advice": advice.title,
        "advice_url": draft.link(f"/recommendations/{advice.id}"),
        "submitted_at": advice.submitted_at,
        "due_at": response.due_at,
        "days": max(0, (response.due_at - draft.now).days),
        "respond": draft.link(f"/desk/responses/{response.id}"),
    }


async def response_due(draft: Draft) -> Words | None:
    """While the answer is awaited and not yet overdue."""
    response, words = await _response(draft)
    if response.state is not ResponseState.AWAITED or response.is_overdue(draft.now):
        return None
    return words | {"is_reminder": "event_id" in draft.message.facts}


async def response_overdue(draft: Draft) -> Words | None:
    """While the answer is still awaited."""
    response, words = await _response(draft)
    return words if response.state is ResponseState.AWAITED else None
