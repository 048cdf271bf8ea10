"""What is said: staff write to an author, the author writes back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from accounts import access
from accounts.actor import Actor
from consultations.models import Consultation, Idea
from consultations.queries import is_blocked
from consultations.rules import Blocked
from conversations import queries, rules
from conversations.events import ConversationAnswered, ConversationAsked, ConversationRead
from conversations.models import Contribution, Conversation
from conversations.states import Side, Way
from kernel import allowances
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import record

DAY = timedelta(days=1)


async def ask(
    tx: WriteSession, *, idea: Idea, side: Side, actor: Actor, body: str, asks: bool, now: datetime
) -> Contribution:
    """Write to an idea's author; `asks`: an answer is waited for. Raises NotToAsk."""
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    writer_id = access.require(actor, rules.WRITES[side], panel_id=consultation.panel_id)
    if not rules.takes_questions(idea, side):
        raise rules.NotToAsk
    whose = f"{side}:{idea.id}"
    await allowances.require(tx, kind="conversation_ask", whose=whose, most=rules.A_DAY, within=DAY, now=now)
    conversation = await begin(tx, idea=idea, side=side, now=now)
    written = await say(tx, conversation, writer_id=writer_id, is_authors=False, body=body, asks=asks, now=now)
    await record(tx, ConversationAsked(at=now, actor_id=writer_id, **_about(written, idea)))
    return written


async def answer(
    tx: WriteSession,
    *,
    idea: Idea,
    side: Side,
    body: str,
    answers_id: int | None = None,
    way: Way = Way.WEB,
    now: datetime,
) -> Contribution:
    """The author writes. It answers the question that is named, else the last that is open. Raises ConversationOver."""
    known = await queries.with_idea(tx, idea.id, side)
    if not rules.takes_answers(idea, side, is_begun=known is not None):
        raise rules.ConversationOver
    if side is Side.PANEL and await is_blocked(tx, idea.author_id, now=now):
        raise Blocked
    whose = f"{side}:{idea.id}"
    await allowances.require(tx, kind="conversation_answer", whose=whose, most=rules.A_DAY, within=DAY, now=now)
    conversation = known or await begin(tx, idea=idea, side=side, now=now)
    named = await tx.get(Contribution, answers_id) if answers_id is not None else None
    if named is None or named.conversation_id != conversation.id or not named.asks:
        named = await queries.newest_open(tx, conversation.id)
    written = await say(
        tx,
        conversation,
        writer_id=idea.author_id,
        is_authors=True,
        body=body,
        answers_id=named.id if named else None,
        way=way,
        now=now,
    )
    await record(tx, ConversationAnswered(at=now, actor_id=idea.author_id, **_about(written, idea)))
    return written


async def set_read(tx: WriteSession, *, conversation: Conversation, idea: Idea, actor: Actor, now: datetime) -> None:
    """What the author wrote last needs no word back."""
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    reader_id = access.require(actor, rules.WRITES[conversation.side], panel_id=consultation.panel_id)
    last = select(func.max(Contribution.number)).where(
        Contribution.conversation_id == conversation.id, Contribution.is_authors
    )
    number = await tx.scalar(last)
    if number is None:
        raise IllegalMove
    if number > conversation.read_number:
        conversation.read_number = number
        of = select(Contribution).where(Contribution.conversation_id == conversation.id, Contribution.number == number)
        written = (await tx.scalars(of)).one()
        await record(tx, ConversationRead(at=now, actor_id=reader_id, **_about(written, idea)))


async def begin(tx: WriteSession, *, idea: Idea, side: Side, now: datetime) -> Conversation:
    """The conversation of this idea with this side, begun when there was none."""
    known = await queries.with_idea(tx, idea.id, side)
    if known is not None:
        return known
    made = Conversation(idea_id=idea.id, side=side, begun_at=now, last_at=now, last_number=0, read_number=0)
    tx.add(made)
    await tx.flush()
    return made


async def say(
    tx: WriteSession,
    conversation: Conversation,
    *,
    writer_id: int,
    is_authors: bool,
    body: str,
    asks: bool = False,
    answers_id: int | None = None,
    theme_question_id: int | None = None,
    way: Way = Way.WEB,
    now: datetime,
) -> Contribution:
    """Put it behind what was said before. Who writes for staff has read what the author wrote."""
    if not is_authors:
        conversation.read_number = conversation.last_number
    conversation.last_number += 1
    conversation.last_at = now
    written = Contribution(
        conversation_id=conversation.id,
        number=conversation.last_number,
        writer_id=writer_id,
        is_authors=is_authors,
        asks=asks,
        answers_id=answers_id,
        theme_question_id=theme_question_id,
        body=body,
        way=way,
        written_at=now,
    )
    tx.add(written)
    await tx.flush()
    return written


def _about(written: Contribution, idea: Idea) -> dict[str, Any]:
    return {"conversation_id": written.conversation_id, "contribution_id": written.id, "idea_id": idea.id}
