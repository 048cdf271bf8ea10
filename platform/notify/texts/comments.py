"""The letter to an author about what others added to her idea."""

from consultations import comment_queries, ideas
from consultations.models import Consultation, Idea
from notify.drafts import Draft, Words


async def idea_commented(draft: Draft) -> Words | None:
    """How many comments stand there when it leaves, and the way to them; nothing when there are none any more."""
    idea = await draft.tx.get_one(Idea, draft.fact("idea_id"))
    thread = await comment_queries.thread_of(draft.tx, idea.id)
    if not idea.is_public or not thread.total:
        return None
    consultation = await draft.tx.get_one(Consultation, idea.consultation_id)
    path = await ideas.receipt_link(draft.tx, idea_id=idea.id, now=draft.now)
    return {
        "title": idea.title,
        "consultation": consultation.title,
        "comments": thread.total,
        "thread_url": draft.link(comment_queries.address(idea.id)),
        "receipt": draft.link(path),
    }
