"""What waits for a moderator, and who is looking at it. A claim warns the others; it stops nobody."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite

from accounts.access import Permission, panels_for
from accounts.actor import Actor
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import WriteSession
from kernel.errors import NotFound
from kernel.events import record
from moderation import queries, rules
from moderation.events import QueueChanged
from moderation.models import Claim


async def claim(tx: WriteSession, *, idea: Idea, actor: Actor, now: datetime) -> bool:
    """Look at an idea for ten minutes, or ten more. False when another moderator got there first."""
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    if idea.state in rules.NOT_YET_OURS:
        raise NotFound
    until = now + rules.CLAIM_LASTS
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = (
        insert(Claim)
        .values(idea_id=idea.id, moderator_id=moderator_id, expires_at=until)
        .on_conflict_do_update(  # one statement, so that of two at once only one gets it
            index_elements=[Claim.idea_id],
            set_={"moderator_id": moderator_id, "expires_at": until},
            where=or_(Claim.expires_at <= now, Claim.moderator_id == moderator_id),
        )
        .returning(Claim.idea_id)
    )
    if await tx.scalar(taken) is None:
        return False
    if idea.state is IdeaState.RECEIVED:
        await ideas.move(tx, idea=idea, to=IdeaState.IN_REVIEW, actor_id=moderator_id, now=now)
    await record(tx, QueueChanged(at=now, actor_id=moderator_id, idea_id=idea.id))
    return True


async def release(tx: WriteSession, *, idea: Idea, actor: Actor, now: datetime) -> None:
    """Let go of one's own claim; another's is left alone."""
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    rules.require_moderator(actor, panel_id=consultation.panel_id)
    if idea.state in rules.NOT_YET_OURS:
        raise NotFound
    mine = delete(Claim).where(Claim.idea_id == idea.id, Claim.moderator_id == actor.person_id)
    if await tx.scalar(mine.returning(Claim.idea_id)) is not None:
        await record(tx, QueueChanged(at=now, actor_id=actor.person_id, idea_id=idea.id))


async def claim_next(tx: WriteSession, *, actor: Actor, now: datetime) -> Idea | None:
    """The longest-waiting idea that nobody else looks at, claimed; None when the queue is done."""
    if actor.person_id is None:
        return None
    panels = panels_for(actor, Permission.MODERATE)
    idea = await queries.next_waiting(tx, moderator_id=actor.person_id, panels=panels, now=now)
    if idea is not None:
        await claim(tx, idea=idea, actor=actor, now=now)
    return idea
