"""What goes along with an idea when it comes or goes: a comment is told of above it, what it carried on is let go."""

from datetime import datetime

from consultations import parting
from consultations.comment_events import IdeaCommented, IdeaCommentGone
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import WriteSession
from kernel.events import record

GONE = (IdeaState.WITHDRAWN, IdeaState.REMOVED)


async def tell(tx: WriteSession, *, idea: Idea, was_public: bool, actor_id: int | None, now: datetime) -> None:
    """After a step of an idea: when it is a comment that came to be read, or is no longer, the idea above has a fact.

    Ideas of others that were carried on in one that went stand by themselves again.
    """
    if idea.state in GONE and was_public and idea.under_id is None:
        await parting.let_go(tx, idea=idea, actor_id=actor_id, now=now)
    if idea.under_id is None or idea.is_public is was_public:
        return
    told = IdeaCommented if idea.is_public else IdeaCommentGone
    await record(
        tx,
        told(
            at=now,
            actor_id=actor_id,
            idea_id=idea.under_id,
            consultation_id=idea.consultation_id,
            comment_id=idea.id,
        ),
    )
