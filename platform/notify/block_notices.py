"""Notices about blocks: who is blocked, and the moderators who may decide about an appeal. See `notices`."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import joinedload

from accounts.states import Role
from kernel.db import WriteSession
from kernel.events import EventRecord
from moderation.models import Block
from notify import hearers, outbox


async def whoever_is_blocked(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The person it is about."""
    block = await tx.get_one(Block, event.facts["block_id"])
    await _put_up(tx, letter, [block.person_id], block.id, now)


async def moderators_who_did_not_block(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Every moderator of the panel but the one whose block it is about."""
    block = await tx.get_one(Block, event.facts["block_id"], options=[joinedload(Block.consultation)])
    others = await hearers.in_roles(tx, panel_id=block.consultation.panel_id, wanted=[Role.MODERATOR])
    people = [one for one in others if one != block.blocked_by_id]
    await _put_up(tx, "block_appeal_waiting", people, block.id, now)


async def _put_up(tx: WriteSession, letter: str, people: Iterable[int], block_id: int, now: datetime) -> None:
    facts = {"block_id": block_id}
    for person_id in people:
        key = f"{letter}:{block_id}:{person_id}"
        await outbox.enqueue(tx, dedup_key=key, person_id=person_id, template=letter, due_at=now, facts=facts, now=now)
