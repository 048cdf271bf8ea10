"""What has to happen before a letter about a block is true."""

from datetime import timedelta
from typing import Any

from accounts import roles
from accounts.models import Person
from accounts.states import Role
from kernel.db import WriteSession
from moderation import block_appeals, block_queries, block_rules, blocks
from moderation.models import Block
from moderation.states import AppealState, Conduct
from tests.builders import a_moderator, a_person
from tests.moments import NOON
from tests.notify.stories import AMSTERDAM, Story

BLOCK_LETTERS = ("blocked", "block_ended", "block_appeal_lodged", "block_appeal_decided", "block_appeal_waiting")
LATER = NOON + timedelta(minutes=1)


async def about_a_block(tx: WriteSession, story: Story, name: str) -> tuple[Person, dict[str, Any]]:
    """The author of the idea is blocked; then what this letter tells. With who receives it."""
    block = await _imposed(tx, story)
    receiver = story.author
    if name == "block_ended":
        await blocks.lift(tx, block=block, actor=await a_moderator(tx), reason="U hebt het goedgemaakt.", now=LATER)
    if name.startswith("block_appeal"):
        other = await _appealed(tx, block, is_decided=name == "block_appeal_decided")
        receiver = other if name == "block_appeal_waiting" else receiver
    return receiver, {"block_id": block.id}


async def _imposed(tx: WriteSession, story: Story) -> Block:
    return await blocks.impose(
        tx,
        behind=await block_queries.behind_idea(tx, story.idea.id),
        actor=await a_moderator(tx),
        ground=Conduct.THREATS,
        explanation="U schreef dat u de buurman zou opwachten.",
        until=block_rules.end_of(block_rules.usual_end(NOON, AMSTERDAM), AMSTERDAM),
        now=NOON,
    )


async def _appealed(tx: WriteSession, block: Block, *, is_decided: bool) -> Person:
    """The moderator who may decide about the appeal, or did."""
    appeal = await block_appeals.lodge(tx, block=block, reason="Ik was het niet.", zone=AMSTERDAM, now=NOON)
    other = await a_person(tx, role=Role.MODERATOR)
    if is_decided:
        actor = await roles.actor_for(tx, person=other)
        verdict: dict[str, Any] = {"verdict": AppealState.REINSTATED, "answer": "U hebt gelijk."}
        await block_appeals.decide(tx, appeal=appeal, block=block, actor=actor, **verdict, now=LATER)
    return other
