"""What has to happen before a letter about a conversation is true."""

from typing import Any

from sqlalchemy import func, select

from accounts import roles
from accounts.actor import Actor
from accounts.models import Person
from accounts.states import Role
from conversations import conversations
from conversations.events import ConversationReplyRefused
from conversations.models import Contribution
from conversations.states import Fate, Side
from kernel.db import WriteSession
from kernel.events import EventRecord, record
from tests.builders import a_person
from tests.moments import NOON
from tests.notify.stories import Story

CONVERSATION_LETTERS = ("author_asked", "author_answered", "reply_refused")


async def about_a_conversation(tx: WriteSession, story: Story, name: str) -> tuple[Person, dict[str, Any]]:
    """A member asks the author something; then what this letter tells. With who receives it."""
    member = await a_person(tx, role=Role.MEMBER, panel=story.panel)
    asked = await _asked(tx, story, await roles.actor_for(tx, person=member))
    facts = {"contribution_id": asked.id}
    if name == "author_answered":
        await conversations.answer(tx, idea=story.idea, side=Side.PANEL, body="Bij de sluis.", now=NOON)
        return member, {}
    if name == "reply_refused":
        about = {"conversation_id": asked.conversation_id, "contribution_id": asked.id, "idea_id": story.idea.id}
        await record(tx, ConversationReplyRefused(at=NOON, actor_id=None, **about, why=Fate.EMPTY))
        facts["event_id"] = await tx.scalar(select(func.max(EventRecord.id))) or 0
    return story.author, facts


async def _asked(tx: WriteSession, story: Story, member: Actor) -> Contribution:
    return await conversations.ask(
        tx, idea=story.idea, side=Side.PANEL, actor=member, body="Waar precies?", asks=True, now=NOON
    )
