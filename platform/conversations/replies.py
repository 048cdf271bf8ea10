"""A letter that came in becomes an answer, once, or is refused; nothing of a refused one is kept."""

from datetime import datetime, timedelta

from sqlalchemy import update

from accounts.models import Person
from accounts.people import mailbox_of
from consultations.models import Idea
from consultations.rules import Blocked
from conversations import conversations, reply_addresses, rules
from conversations.events import ConversationReplyRefused
from conversations.mail_in import Reading
from conversations.models import Contribution, Conversation, ReceivedLetter
from conversations.states import TOLD, Fate, Way
from kernel import allowances
from kernel.db import WriteSession
from kernel.errors import TooOften
from kernel.events import record
from kernel.once import insert_once
from kernel.settings import Settings

REFUSALS_A_DAY = 3
"""Letters that say that an answer was not taken in, to one author in a day."""


async def take(tx: WriteSession, *, reading: Reading, settings: Settings, now: datetime) -> Fate:
    """What becomes of a letter. The same letter again is SEEN_BEFORE, whatever became of it first."""
    found = await _asked(tx, reading, settings)
    if found is None:
        return Fate.NOT_OURS
    if not await insert_once(
        tx, ReceivedLetter, fingerprint=reading.fingerprint, fate=Fate.SEEN_BEFORE, received_at=now
    ):
        return Fate.SEEN_BEFORE
    fate = await _fate(tx, reading, found[0], found[1], now=now)
    one = update(ReceivedLetter).where(ReceivedLetter.fingerprint == reading.fingerprint)
    await tx.execute(one.values(fate=fate))
    if fate in TOLD:
        await _tell(tx, found[0], found[1], fate, now=now)
    return fate


async def _asked(tx: WriteSession, reading: Reading, settings: Settings) -> tuple[Contribution, Idea] | None:
    """What the letter answers: the first of its addresses that is one of ours, and signed for the idea's author."""
    for address in reading.recipients:
        contribution_id = reply_addresses.contribution_of(settings, address)
        asked = await tx.get(Contribution, contribution_id) if contribution_id is not None else None
        if asked is None or asked.is_authors:
            continue
        conversation = await tx.get_one(Conversation, asked.conversation_id)
        idea = await tx.get_one(Idea, conversation.idea_id)
        if reply_addresses.is_signed(settings, address, contribution_id=asked.id, person_id=idea.author_id):
            return asked, idea
    return None


async def _fate(tx: WriteSession, reading: Reading, asked: Contribution, idea: Idea, *, now: datetime) -> Fate:
    if reading.problem is Fate.AUTOMATIC:
        return Fate.AUTOMATIC
    author = await tx.get_one(Person, idea.author_id)
    if not reading.sender or mailbox_of(reading.sender) != author.mailbox:
        return Fate.WRONG_SENDER if reading.sender else Fate.UNREADABLE
    if reading.problem is not None:
        return reading.problem
    if len(reading.text) > rules.MOST_BODY:
        return Fate.TOO_LONG
    if not rules.takes_replies(asked.written_at, now=now):
        return Fate.TOO_LATE
    conversation = await tx.get_one(Conversation, asked.conversation_id)
    try:
        async with tx.begin_nested():
            await conversations.answer(
                tx,
                idea=idea,
                side=conversation.side,
                body=reading.text,
                answers_id=asked.id,
                way=Way.MAIL,
                now=now,
            )
    except TooOften:
        return Fate.TOO_OFTEN
    except (rules.ConversationOver, Blocked):
        return Fate.TOO_LATE
    return Fate.TAKEN


async def _tell(tx: WriteSession, asked: Contribution, idea: Idea, why: Fate, *, now: datetime) -> None:
    """The author can do something about it, and hears of it, a few times a day at most."""
    day = timedelta(days=1)
    if await allowances.take(
        tx, kind="reply_refused", whose=f"person:{idea.author_id}", most=REFUSALS_A_DAY, within=day, now=now
    ):
        about = {"conversation_id": asked.conversation_id, "contribution_id": asked.id, "idea_id": idea.id}
        await record(tx, ConversationReplyRefused(at=now, actor_id=None, **about, why=why))
