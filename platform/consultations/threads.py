"""What stands under an idea comes and goes by the verbs for ideas; here it is told of the idea above."""

from datetime import datetime

from consultations.comment_events import IdeaCommented, IdeaCommentGone
from consultations.models import Idea
from kernel.db import WriteSession
from kernel.events import record


async def tell(tx: WriteSession, *, idea: Idea, was_public: bool, actor_id: int | None, now: datetime) -> None:
    """After a step of an idea: when it is a comment that came to be read, or is no longer, the idea above has a fact.

    Of anything else nothing is told.
    """
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
