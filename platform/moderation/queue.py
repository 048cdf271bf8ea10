"""What waits for a moderator, and who is looking at it. A claim warns the others; it stops nobody."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from accounts.access import Permission, panels_for
from accounts.actor import Actor
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import WriteSession
from kernel.errors import NotFound
from kernel.events import record
from moderation import queries, rules, waiting_queries
from moderation.events import ClaimTakenOver, QueueChanged
from moderation.filters import Filters
from moderation.models import Claim


async def claim(tx: WriteSession, *, idea: Idea, actor: Actor, now: datetime) -> bool:
    """Look at an idea for ten minutes, or ten more. False when another moderator got there first."""
    moderator_id = await _moderator(tx, idea, actor)
    until = now + rules.CLAIM_LASTS
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = (
        insert(Claim)
        .values(idea_id=idea.id, moderator_id=moderator_id, claimed_at=now, expires_at=until)
        .on_conflict_do_update(  # one statement, so that of two at once only one gets it
            index_elements=[Claim.idea_id],
            set_={
                "moderator_id": moderator_id,
                "claimed_at": case(((Claim.expires_at > now), Claim.claimed_at), else_=now),
                "expires_at": until,
                "taken_from_id": None,
            },
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


async def take_over(tx: WriteSession, *, idea: Idea, actor: Actor, now: datetime) -> None:
    """Read on in place of a colleague, who is told so. Where nobody reads it is a claim like any other."""
    moderator_id = await _moderator(tx, idea, actor)
    held = await queries.claim_on(tx, idea.id, now=now)
    if held is None or held[0].moderator_id == moderator_id:
        await claim(tx, idea=idea, actor=actor, now=now)
        return
    first = held[0].moderator_id
    taken = update(Claim).where(Claim.idea_id == idea.id)
    await tx.execute(
        taken.values(moderator_id=moderator_id, claimed_at=now, expires_at=now + rules.CLAIM_LASTS, taken_from_id=first)
    )
    await record(tx, ClaimTakenOver(at=now, actor_id=moderator_id, idea_id=idea.id, from_id=first))


async def _moderator(tx: WriteSession, idea: Idea, actor: Actor) -> int:
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    if idea.state in rules.NOT_YET_OURS:
        raise NotFound
    return moderator_id


async def release(tx: WriteSession, *, idea: Idea, actor: Actor, now: datetime) -> None:
    """Let go of one's own claim; another's is left alone."""
    await _moderator(tx, idea, actor)
    mine = delete(Claim).where(Claim.idea_id == idea.id, Claim.moderator_id == actor.person_id)
    if await tx.scalar(mine.returning(Claim.idea_id)) is not None:
        await record(tx, QueueChanged(at=now, actor_id=actor.person_id, idea_id=idea.id))


async def claim_next(
    tx: WriteSession, *, actor: Actor, filters: Filters | None = None, zone: ZoneInfo, now: datetime
) -> Idea | None:
    """The longest-waiting idea (of these) that nobody else looks at, claimed; None when the queue is done."""
    if actor.person_id is None:
        return None
    reader = waiting_queries.Reader(
        person_id=actor.person_id,
        panels=panels_for(actor, Permission.MODERATE),
        overdue_before=rules.overdue_before(now, zone),
        now=now,
    )
    idea = await waiting_queries.next_to_read(tx, filters=filters or Filters(), reader=reader)
    if idea is not None:
        await claim(tx, idea=idea, actor=actor, now=now)
    return idea
