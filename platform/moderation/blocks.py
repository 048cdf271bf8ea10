"""Blocks: a resident may not take part for a while, for conduct, with reasons; a moderator can always take it back.

The block is the statement of reasons and is never changed; what stops the person is a grant that ends by itself.
Ideas and support from before stay as they are: they are judged for themselves.
"""

from datetime import datetime

from accounts import roles, sessions
from accounts.access import Permission, require
from accounts.actor import Actor
from accounts.models import Person
from accounts.queries import current
from accounts.states import Ended, Role
from kernel import tokens
from kernel.db import ReadSession, WriteSession
from kernel.errors import IllegalMove
from kernel.events import record
from moderation import block_queries, block_rules
from moderation.block_queries import Behind
from moderation.events import BlockEnded, BlockImposed
from moderation.models import Block, BlockEnd
from moderation.states import Conduct, Ending

LETTER = "block"
"""The purpose of the link in a blocked person's letters: it opens the decision and the appeal, and signs nobody in."""


async def require_blockable(db: ReadSession, *, behind: Behind, actor: Actor) -> int:
    """The moderator's id; refused for a colleague, for oneself, and where it is not certain who it was."""
    moderator_id = require(actor, Permission.BLOCK_RESIDENTS, panel_id=behind.consultation.panel_id)
    if not behind.is_certain:
        raise block_rules.NobodyToBlock
    held = {role for role, _ in await current(db, person_id=behind.person_id)}
    block_rules.require_somebody_else(person_id=behind.person_id, roles=held, moderator_id=moderator_id)
    return moderator_id


async def impose(
    tx: WriteSession,
    *,
    behind: Behind,
    actor: Actor,
    ground: Conduct | None,
    explanation: str,
    until: datetime | None,
    now: datetime,
) -> Block:
    """Block the person behind something; they are signed out everywhere at once and read why in a letter."""
    moderator_id = await require_blockable(tx, behind=behind, actor=actor)
    if ground is None or not explanation.strip() or not block_rules.may_end(until, now):
        raise block_rules.ConductNeeded
    await record_lapsed(tx, person_id=behind.person_id, now=now)
    if await block_queries.in_force(tx, behind.person_id, now=now) is not None:
        raise block_rules.BlockedBefore
    block = Block(
        person_id=behind.person_id,
        number=await block_queries.how_many_blocks(tx, behind.person_id) + 1,
        consultation=behind.consultation,
        idea_id=behind.idea_id,
        report_id=behind.report_id,
        ground=ground,
        explanation=explanation,
        blocked_at=now,
        blocked_by_id=moderator_id,
        until=until,
    )
    tx.add(block)
    await tx.flush()
    await record(tx, BlockImposed(at=now, actor_id=moderator_id, block_id=block.id))
    if ground not in block_rules.STOPS_REPORTS:
        person = await tx.get_one(Person, behind.person_id)
        await sessions.end_all(tx, person_id=person.id, why=Ended.BLOCKED, by=moderator_id, now=now)
        await roles.grant(tx, person=person, role=Role.BLOCKED, ends_at=until, by=moderator_id, now=now)
    return block


async def lift(tx: WriteSession, *, block: Block, actor: Actor, reason: str, now: datetime) -> None:
    """Take a block back, for a reason that the person reads; any moderator of the panel can, at any time."""
    panel_id = block.consultation.panel_id
    moderator_id = require(actor, Permission.BLOCK_RESIDENTS, panel_id=panel_id)
    await record_lapsed(tx, person_id=block.person_id, now=now)
    if not reason.strip() or await tx.get(BlockEnd, block.id) is not None:
        raise IllegalMove
    await end(tx, block=block, how=Ending.LIFTED, reason=reason, by=moderator_id, at=now, now=now)


async def end(
    tx: WriteSession, *, block: Block, how: Ending, reason: str, by: int | None, at: datetime, now: datetime
) -> None:
    """Record that it ended `at` an instant, and take the grant back. The caller has asked whether it may."""
    tx.add(BlockEnd(block_id=block.id, how=how, reason=reason, ended_at=at, ended_by_id=by))
    await tx.flush()
    await record(tx, BlockEnded(at=at, actor_id=by, block_id=block.id, how=how))
    if block.ground not in block_rules.STOPS_REPORTS:
        person = await tx.get_one(Person, block.person_id)
        await roles.revoke(tx, person=person, role=Role.BLOCKED, by=by, now=now)


async def record_lapsed(tx: WriteSession, *, person_id: int | None = None, now: datetime) -> int:
    """Record the blocks whose last day has passed, dated at that instant; they held no longer since, without this."""
    found = await block_queries.lapsed(tx, person_id=person_id, now=now)
    for block in found:
        await end(tx, block=block, how=Ending.LAPSED, reason="", by=None, at=block.until or now, now=now)
    return len(found)


async def link(tx: WriteSession, *, block_id: int, now: datetime) -> str:
    """The path of the page where the person reads the decision and appeals: the same for as long as the block stands
    on record."""
    secret = await tokens.mint(tx, purpose=LETTER, subject=f"block:{block_id}", expires_at=None, now=now)
    return f"/blocks/{secret}"
