"""Who hears that somebody added to an idea: its followers by their cadence, its author the next morning."""

from datetime import datetime

from sqlalchemy import select

from consultations.models import Idea
from kernel.db import WriteSession
from kernel.events import EventRecord
from notify import hearers, outbox
from notify.models import Subscription
from notify.slots import Rule, next_slot
from notify.states import Topic
from panels.rules import DUTCH_TIME

MORNING = Rule(hour=8)


async def author_the_next_morning(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """One letter about all that was added since, however many comments come.

    Not about her own words, and not when she follows her idea: then she hears as often as she chose, or nothing.
    """
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    comment = await tx.get_one(Idea, event.facts["comment_id"])
    follows = select(Subscription.id).where(
        Subscription.person_id == idea.author_id, Subscription.topic == Topic.IDEA, Subscription.topic_id == idea.id
    )
    if hearers.is_imported(idea) or comment.author_id == idea.author_id or await tx.scalar(follows) is not None:
        return
    morning = next_slot(MORNING, DUTCH_TIME, now)
    await outbox.enqueue(
        tx,
        dedup_key=f"idea_commented:{idea.id}:{morning.local}:{idea.author_id}",
        person_id=idea.author_id,
        template="idea_commented",
        due_at=morning.at,
        facts={"idea_id": idea.id},
        now=now,
    )
