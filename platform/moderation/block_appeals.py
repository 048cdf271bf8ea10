"""Appeals against a block: the person does not agree; another moderator decides, once, and says why."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from accounts.access import Permission, require
from accounts.actor import Actor
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import record
from moderation import block_rules, blocks, rules
from moderation.events import BlockAppealDecided, BlockAppealLodged
from moderation.models import Block, BlockAppeal, BlockEnd
from moderation.states import AppealState, Ending


async def lodge(tx: WriteSession, *, block: Block, reason: str, zone: ZoneInfo, now: datetime) -> BlockAppeal:
    """Appeal against a block. The caller has made sure that the blocked person asks."""
    ended = await tx.get(BlockEnd, block.id)
    before = await tx.scalar(select(BlockAppeal).where(BlockAppeal.block_id == block.id))
    if not reason.strip() or not block_rules.may_appeal(block, end=ended, appeal=before, now=now, zone=zone):
        raise rules.NoAppealNow
    appeal = BlockAppeal(
        block_id=block.id,
        reason=reason,
        lodged_at=now,
        due_at=rules.appeal_due_at(now, zone),
        decided_at=None,
        decided_by_id=None,
    )
    tx.add(appeal)
    await tx.flush()
    lodged = BlockAppealLodged(at=now, actor_id=block.person_id, block_appeal_id=appeal.id, block_id=block.id)
    await record(tx, lodged)
    return appeal


async def decide(
    tx: WriteSession,
    *,
    appeal: BlockAppeal,
    block: Block,
    actor: Actor,
    verdict: AppealState,
    answer: str,
    now: datetime,
) -> None:
    """Let the block stand, or end it. Never by who imposed it; the answer is final.

    A block that ended meanwhile stays ended: then the answer only says who was right.
    """
    moderator_id = require(actor, Permission.BLOCK_RESIDENTS, panel_id=block.consultation.panel_id)
    rules.require_another(moderator_id, first_decider_id=block.blocked_by_id)
    if not answer.strip():
        raise IllegalMove
    appeal.move_to(verdict)
    appeal.answer = answer
    appeal.decided_at, appeal.decided_by_id = now, moderator_id
    await tx.flush()
    await blocks.record_lapsed(tx, person_id=block.person_id, now=now)
    if verdict is AppealState.REINSTATED and await tx.get(BlockEnd, block.id) is None:
        await blocks.end(tx, block=block, how=Ending.ON_APPEAL, reason=answer, by=moderator_id, at=now, now=now)
    decided = BlockAppealDecided(at=now, actor_id=moderator_id, block_appeal_id=appeal.id, block_id=block.id)
    await record(tx, decided)
