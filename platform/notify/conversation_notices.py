"""Who hears that somebody wrote in a conversation. No letter answers a letter without somebody having written."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from accounts.states import Role
from consultations.models import Idea
from conversations.models import Contribution, Conversation
from conversations.states import Side
from kernel.db import WriteSession
from kernel.events import EventRecord
from notify import hearers, outbox
from panels.rules import local_date

SIDES = {Side.MODERATORS: (Role.MODERATOR,), Side.PANEL: (Role.SECRETARY,)}
"""Who hears of an author who wrote without having been asked."""


async def author(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The author of the idea, of each contribution and each refusal."""
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    facts = {"contribution_id": event.facts["contribution_id"], "event_id": event.id}
    about = f"{event.facts['contribution_id']}:{event.seq}"
    await outbox.put_up(tx, [idea.author_id], letter=letter, about=about, facts=facts, now=now)


async def whoever_asked(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Whoever asked what is answered, else who speaks for that side: one letter a day, however many answers come."""
    written = await tx.get_one(Contribution, event.facts["contribution_id"])
    conversation = await tx.get_one(Conversation, written.conversation_id)
    if written.answers_id is not None:
        people = [(await tx.get_one(Contribution, written.answers_id)).writer_id]
    else:
        panel_id = await hearers.panel_of_idea(tx, conversation.idea_id)
        people = await hearers.in_roles(tx, panel_id=panel_id, wanted=SIDES[conversation.side])
    about = local_date(now).isoformat()
    await outbox.put_up(tx, people, letter="author_answered", about=about, facts={}, now=now)


CONVERSATIONS: dict[str, tuple[Callable[[WriteSession, EventRecord, datetime], Awaitable[None]], ...]] = {
    "conversation.asked": (partial(author, "author_asked"),),
    "conversation.answered": (whoever_asked,),
    "conversation.read": (),
    "conversation.reply_refused": (partial(author, "reply_refused"),),
    "theme_question.asked": (),
}
"""Their rows of the table of notices."""
