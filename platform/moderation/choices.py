"""How somebody likes to work in the queue."""

from datetime import datetime

from sqlalchemy import delete

from kernel.db import ReadSession, WriteSession
from kernel.once import insert_once
from moderation.models import KeysOff


async def has_keys(db: ReadSession, *, person_id: int | None) -> bool:
    """Whether single keys do something for this person; they do until they are switched off."""
    return person_id is not None and await db.get(KeysOff, person_id) is None


async def set_keys(tx: WriteSession, *, person_id: int, is_on: bool, now: datetime) -> None:
    """Switch them on or off; once more changes nothing."""
    if is_on:
        await tx.execute(delete(KeysOff).where(KeysOff.person_id == person_id))
    else:
        await insert_once(tx, KeysOff, person_id=person_id, since=now)
