"""Notices about blocks: who is blocked, and the moderators who may decide about an appeal. See `notices`."""

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
    facts = {"block_id": block.id}
    await outbox.put_up(tx, [block.person_id], letter=letter, about=str(block.id), facts=facts, now=now)


async def moderators_who_did_not_block(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Every moderator of the panel but the one whose block it is about."""
    block = await tx.get_one(Block, event.facts["block_id"], options=[joinedload(Block.consultation)])
    others = await hearers.in_roles(tx, panel_id=block.consultation.panel_id, wanted=[Role.MODERATOR])
    people = [one for one in others if one != block.blocked_by_id]
    facts = {"block_id": block.id}
    await outbox.put_up(tx, people, letter="block_appeal_waiting", about=str(block.id), facts=facts, now=now)
