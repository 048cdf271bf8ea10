"""What goes with the text of an idea when its author takes it back."""

from sqlalchemy import delete, update

from consultations.ways_models import Attachment, Intake
from consultations.writing_models import Translation
from kernel.db import WriteSession


async def go(tx: WriteSession, *, idea_id: int) -> None:
    """Pictures and documents with it, how its author can be reached, and what it says in other languages."""
    await tx.execute(delete(Attachment).where(Attachment.idea_id == idea_id))
    await tx.execute(update(Intake).where(Intake.idea_id == idea_id).values(reach=""))
    await tx.execute(delete(Translation).where(Translation.idea_id == idea_id))
