"""Reading afterwards what came on the site at once: a moderator leaves it there, or decides about it as about any."""

from datetime import datetime

from accounts.actor import Actor
from consultations import flagging
from consultations.models import Consultation, Idea
from kernel.db import WriteSession
from kernel.errors import NotFound
from kernel.events import record
from moderation import rules
from moderation.events import IdeaLookedAt


async def looked(tx: WriteSession, *, idea: Idea, actor: Actor, now: datetime) -> None:
    """It can stay. A second time changes nothing."""
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    if idea.state in rules.NOT_YET_OURS:
        raise NotFound
    if await flagging.looked(tx, idea_id=idea.id, by=moderator_id, now=now):
        fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
        await record(tx, IdeaLookedAt(at=now, actor_id=moderator_id, **fact))
