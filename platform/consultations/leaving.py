"""What goes with the text of an idea when its author takes it back, and what nobody confirmed."""

from datetime import datetime

from sqlalchemy import delete, select, update

from consultations import flagging, rules
from consultations.models import Idea, IdeaVersion
from consultations.states import IdeaState
from consultations.ways_models import Attachment, Intake
from consultations.writing_models import Translation
from kernel import idempotency
from kernel.db import WriteSession, batched


async def go(tx: WriteSession, *, idea_id: int) -> None:
    """Pictures and documents with it, how its author can be reached, and what it says in other languages."""
    await tx.execute(delete(Attachment).where(Attachment.idea_id == idea_id))
    await tx.execute(update(Intake).where(Intake.idea_id == idea_id).values(reach=""))
    await tx.execute(delete(Translation).where(Translation.idea_id == idea_id))
    await flagging.forget(tx, idea_ids=[idea_id])


async def discard_unconfirmed(tx: WriteSession, *, now: datetime) -> int:
    """Throw away what nobody confirmed within 48 hours, as its letter said; how many there were."""
    old = select(Idea.id).where(Idea.state == IdeaState.SUBMITTED, Idea.received_at <= now - rules.CONFIRM_WITHIN)
    for some in batched(ids := list(await tx.scalars(old))):
        await tx.execute(delete(IdeaVersion).where(IdeaVersion.idea_id.in_(some)))
        await tx.execute(delete(Idea).where(Idea.id.in_(some)))
        await idempotency.forget(tx, [f"idea:{idea_id}" for idea_id in some])
    return len(ids)
