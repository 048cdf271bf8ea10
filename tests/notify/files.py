"""A picture with an idea, and what a moderator thought of it."""

from consultations.models import Idea
from consultations.ways_models import Attachment
from kernel.db import WriteSession
from tests.builders import a_moderator
from tests.moments import NOON


async def a_file(tx: WriteSession, *, idea: Idea, reason: str = "", is_picture: bool = True) -> Attachment:
    """A file that a moderator kept from the site for this reason; without one, nobody looked yet."""
    file = Attachment(
        idea_id=idea.id,
        is_picture=is_picture,
        width=10,
        height=10,
        alternative="De kade zonder bankje.",
        size=4,
        sha256=f"{idea.id:064}",
        body=b"foto",
        added_at=NOON,
        reason=reason,
        decided_at=NOON if reason else None,
        decided_by_id=(await a_moderator(tx)).person_id if reason else None,
    )
    tx.add(file)
    await tx.flush()
    return file
