"""Letters about a block: what was decided and why, how to object, what came of that, that it is over."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from moderation import block_rules, blocks, rules
from moderation.conduct import CONDUCT
from moderation.models import Block, BlockAppeal, BlockEnd
from moderation.states import AppealState, Ending
from notify.drafts import Draft, Words


async def _block(draft: Draft) -> tuple[Block, BlockEnd | None, BlockAppeal | None, Words]:
    wanted = select(Block, BlockEnd, BlockAppeal).where(Block.id == draft.fact("block_id"))
    wanted = wanted.outerjoin(BlockEnd, BlockEnd.block_id == Block.id)
    wanted = wanted.outerjoin(BlockAppeal, BlockAppeal.block_id == Block.id)
    block, end, appeal = (await draft.tx.execute(wanted.options(joinedload(Block.consultation)))).one()
    return block, end, appeal, {"consultation": block.consultation.title}


async def _to_the_blocked(draft: Draft) -> tuple[Block, BlockEnd | None, BlockAppeal | None, Words]:
    """With the link that opens the decision; it stands in no other letter."""
    block, end, appeal, words = await _block(draft)
    path = await blocks.link(draft.tx, block_id=block.id, now=draft.now)
    return block, end, appeal, words | {"block_url": draft.link(path)}


async def blocked(draft: Draft) -> Words | None:
    """The statement of reasons, while it holds."""
    block, end, _, words = await _to_the_blocked(draft)
    if not block_rules.holds(block, end, draft.now):
        return None
    text = CONDUCT[block.ground]
    return words | {
        "ground": text.title,
        "wording": text.wording,
        "facts": block.explanation,
        "until": block.until,
        "blocked_at": block.blocked_at,
        "stops_reports": block.ground in block_rules.STOPS_REPORTS,
        "appeal_until": rules.appeal_until(block.blocked_at, draft.settings.zone),
    }


async def block_ended(draft: Draft) -> Words | None:
    """They may take part again; after an appeal the answer to it says so."""
    block, end, _, words = await _to_the_blocked(draft)
    if end is None or end.how is Ending.ON_APPEAL:
        return None
    stops_reports = block.ground in block_rules.STOPS_REPORTS
    return words | {"is_lapsed": end.how is Ending.LAPSED, "reason": end.reason, "stops_reports": stops_reports}


async def block_appeal_lodged(draft: Draft) -> Words | None:
    """While nobody has decided."""
    _, _, appeal, words = await _to_the_blocked(draft)
    if appeal is None or appeal.state is not AppealState.RECEIVED:
        return None
    return words | {"due_at": appeal.due_at}


async def block_appeal_decided(draft: Draft) -> Words | None:
    """With the answer."""
    block, _, appeal, words = await _to_the_blocked(draft)
    if appeal is None or appeal.state is AppealState.RECEIVED:
        return None
    is_reinstated = appeal.state is AppealState.REINSTATED
    return words | {"is_reinstated": is_reinstated, "answer": appeal.answer, "until": block.until}


async def block_appeal_waiting(draft: Draft) -> Words | None:
    """To the moderators who may decide, while nobody has."""
    block, _, appeal, words = await _block(draft)
    if appeal is None or appeal.state is not AppealState.RECEIVED or block.blocked_by_id == draft.receiver.id:
        return None
    return words | {"due_at": appeal.due_at, "block_url": draft.link(f"/moderation/blocks/{block.id}")}
