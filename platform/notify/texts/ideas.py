"""Letters to the author about what became of her idea with the moderators."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consultations import attachments, ideas, merge_queries, rules
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from consultations.ways_models import Attachment
from moderation import masking, reasons
from moderation import rules as rules_of_moderation
from moderation.models import Appeal, Decision
from moderation.states import AppealState, Outcome
from notify.drafts import Draft, Words


async def _idea(draft: Draft, *states: IdeaState) -> tuple[Idea, Words] | None:
    """The idea, while it stands in one of these states, with the words that every letter about it has."""
    idea = await draft.tx.get_one(Idea, draft.fact("idea_id"))
    if idea.state not in states:
        return None
    consultation = await draft.tx.get_one(Consultation, idea.consultation_id)
    path = await ideas.receipt_link(draft.tx, idea_id=idea.id, now=draft.now)
    return idea, {
        "title": idea.title,
        "number": idea.number,
        "kind": idea.genre,
        "consultation": consultation.title,
        "receipt": draft.link(path),
        "idea_url": draft.link(f"/ideas/{idea.id}"),
    }


async def idea_received(draft: Draft) -> Words | None:
    """The receipt; also for an idea that the moderators have read by now."""
    found = await _idea(draft, IdeaState.RECEIVED, IdeaState.IN_REVIEW, IdeaState.PUBLISHED, IdeaState.HELD)
    if found is None:
        return None
    idea, words = found
    return words | {"is_late": idea.is_late, "received_at": idea.received_at}


async def idea_published(draft: Draft) -> Words | None:
    """Only while it stands there. Of what was cut out of her submission the author reads in the letter about that."""
    found = await _idea(draft, IdeaState.PUBLISHED)
    if found is None or await merge_queries.wholes_of(draft.tx, [found[0].id]):
        return None
    if await _masking(draft, found[0]) is not None:  # that letter tells it too
        return None
    return found[1] | {"is_late": found[0].is_late}


async def _masking(draft: Draft, idea: Idea) -> Decision | None:
    """The decision that holds, when it left words out."""
    newest = select(Decision).where(Decision.idea_id == idea.id).order_by(Decision.id.desc()).limit(1)
    decision = await draft.tx.scalar(newest.options(joinedload(Decision.ground)))
    return decision if decision is not None and decision.is_masking else None


async def idea_masked(draft: Draft) -> Words | None:
    """With the ground, the facts and what kind of words were left out, never which."""
    found = await _idea(draft, IdeaState.PUBLISHED)
    decision = await _masking(draft, found[0]) if found else None
    if found is None or decision is None:
        return None
    statement = reasons.statement(decision, ground=decision.ground, zone=draft.settings.zone)
    kinds = sorted({one.kind for one in await masking.left_out(draft.tx, decision)})
    receipt = found[1]["receipt"]
    links = {"appeal": f"{receipt}/appeal", "decision": f"{receipt}/decision"}
    return found[1] | links | {"statement": statement, "kinds": kinds}


async def _restricted(draft: Draft, state: IdeaState, outcome: Outcome) -> Words | None:
    """The statement of reasons of the decision that put the idea where it stands."""
    found = await _idea(draft, state)
    if found is None:
        return None
    idea, words = found
    decided = select(Decision).where(Decision.idea_id == idea.id, Decision.outcome == outcome)
    newest = decided.order_by(Decision.id.desc()).limit(1).options(joinedload(Decision.ground))
    decision = await draft.tx.scalar(newest)
    if decision is None:
        return None
    statement = reasons.statement(decision, ground=decision.ground, zone=draft.settings.zone)
    return words | {"statement": statement}


async def idea_returned(draft: Draft) -> Words | None:
    """With what to change and until when."""
    words = await _restricted(draft, IdeaState.RETURNED, Outcome.RETURN)
    if words is None:
        return None
    idea = await draft.tx.get_one(Idea, draft.fact("idea_id"))
    return words | {"revise": words["receipt"] + "/revise", "until": rules.revise_until(idea)}


async def _appealable(draft: Draft, state: IdeaState, outcome: Outcome) -> Words | None:
    words = await _restricted(draft, state, outcome)
    if words is None:
        return None
    return words | {"appeal": words["receipt"] + "/appeal", "decision": words["receipt"] + "/decision"}


async def idea_rejected(draft: Draft) -> Words | None:
    """With the ground, the facts and how to appeal."""
    return await _appealable(draft, IdeaState.REJECTED, Outcome.REJECT)


async def idea_removed(draft: Draft) -> Words | None:
    """With the ground, the facts and how to appeal."""
    return await _appealable(draft, IdeaState.REMOVED, Outcome.REMOVE)


async def idea_held(draft: Draft) -> Words | None:
    """With the ground, the facts and how to appeal."""
    return await _appealable(draft, IdeaState.HELD, Outcome.HOLD)


async def file_refused(draft: Draft) -> Words | None:
    """With the moderator's reason, as long as the file is there and not shown."""
    found = await _idea(draft, *attachments.TAKES, IdeaState.HELD)
    file = await draft.tx.get(Attachment, draft.fact("file_id"))
    if found is None or file is None or file.is_shown or not file.reason:
        return None
    told = {"is_picture": file.is_picture, "alternative": file.alternative, "reason": file.reason}
    files = found[1]["receipt"] + "/files"
    until = rules_of_moderation.appeal_until(file.decided_at or draft.now, draft.settings.zone)
    links = {"files": files, "appeal": f"{files}/{file.id}/decision", "appeal_until": until}
    return found[1] | told | links


async def _appeal(draft: Draft) -> tuple[Appeal, Words]:
    appeal = await draft.tx.get_one(Appeal, draft.fact("appeal_id"), options=[joinedload(Appeal.decision)])
    idea = await draft.tx.get_one(Idea, appeal.decision.idea_id)
    path = await ideas.receipt_link(draft.tx, idea_id=idea.id, now=draft.now)
    return appeal, {
        "title": idea.title,
        "number": idea.number,
        "due_at": appeal.due_at,
        "receipt": draft.link(path),
    }


async def appeal_lodged(draft: Draft) -> Words | None:
    """To the author, while nobody has decided."""
    appeal, words = await _appeal(draft)
    return words if appeal.state is AppealState.RECEIVED else None


async def appeal_decided(draft: Draft) -> Words | None:
    """To the author, with the answer."""
    appeal, words = await _appeal(draft)
    if appeal.state is AppealState.RECEIVED:
        return None
    return words | {"is_reinstated": appeal.state is AppealState.REINSTATED, "answer": appeal.answer}


async def appeal_waiting(draft: Draft) -> Words | None:
    """To the moderators who may decide, while nobody has."""
    appeal = await draft.tx.get_one(Appeal, draft.fact("appeal_id"), options=[joinedload(Appeal.decision)])
    if appeal.state is not AppealState.RECEIVED or appeal.decision.decided_by_id == draft.receiver.id:
        return None
    idea = await draft.tx.get_one(Idea, appeal.decision.idea_id)
    url = draft.link(f"/moderation/appeals/{appeal.id}")
    return {"number": idea.number, "due_at": appeal.due_at, "appeal_url": url}


KEPT_BACK = {
    "idea_returned": idea_returned,
    "idea_rejected": idea_rejected,
    "idea_removed": idea_removed,
    "idea_held": idea_held,
    "idea_masked": idea_masked,
}
"""The letters about what is not, or not wholly, on the site."""
