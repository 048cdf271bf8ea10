"""The outbox: one row is one letter to one person. Its `dedup_key` makes it one, however often it is asked for.

A letter is claimed (SENDING, committed) before it leaves and marked sent after; only a crash between the mail
server's yes and our mark can send it again, under the same Message-ID.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from kernel.db import ReadSession, WriteSession
from kernel.once import changed, insert_all_once, insert_once
from notify.models import Message
from notify.states import MessageState

LEASE = timedelta(minutes=2)
"""Longer than sending and marking can take; after a crash so long nobody else sends the letter."""
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
A_SECOND = 20
"""So many of the same letter to many people."""
GIVE_UP_AFTER = timedelta(hours=24)
_WAITING = (MessageState.QUEUED, MessageState.DEFERRED)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures: 1, 5, 15, 60 minutes, then hourly up to 24 hours; None: give up."""
    if attempts <= len(WAITS):
        return WAITS[attempts - 1]
    waited = sum(WAITS, timedelta()) + timedelta(hours=attempts - 1 - len(WAITS))
    return timedelta(hours=1) if waited + timedelta(hours=1) <= GIVE_UP_AFTER else None


def fixed_part(dedup_key: str) -> str:
    """What stands before the @ of the letter's Message-ID, at every attempt."""
    return hashlib.sha256(dedup_key.encode()).hexdigest()[:40]


async def enqueue(
    tx: WriteSession,
    *,
    dedup_key: str,
    person_id: int | None,
    template: str,
    due_at: datetime,
    facts: Mapping[str, Any] | None = None,
    digest_id: int | None = None,
    now: datetime,
) -> bool:
    """Put a letter up for sending; False, silently, when this very letter was asked for before.

    Without a person it goes to an address that the letter itself finds.
    """
    row = _row(dedup_key, person_id, template, facts or {}, due_at=due_at, now=now)
    return await insert_once(tx, Message, **row | {"digest_id": digest_id})


def _row(
    dedup_key: str,
    person_id: int | None,
    template: str,
    facts: Mapping[str, Any],
    *,
    due_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    return {
        "dedup_key": dedup_key,
        "message_id": fixed_part(dedup_key),
        "person_id": person_id,
        "template": template,
        "facts": dict(facts),
        "digest_id": None,
        "state": MessageState.QUEUED,
        "queued_at": now,
        "due_at": due_at,
        "attempts": 0,
        "fence": 0,
        "last_error": "",
    }


async def put_up(
    tx: WriteSession, people: Iterable[int], *, letter: str, about: str, facts: Mapping[str, Any], now: datetime
) -> None:
    """The same letter to each of these people, now, and once: `about` tells it from others of its kind.

    Of many, twenty a second: what somebody waits for meanwhile, as a link to confirm, goes in between.
    """
    rows = (
        _row(
            f"{letter}:{about}:{person_id}",
            person_id,
            letter,
            facts,
            due_at=now + timedelta(seconds=place // A_SECOND),
            now=now,
        )
        for place, person_id in enumerate(people)
    )
    await insert_all_once(tx, Message, rows)


async def is_any_due(db: ReadSession, *, now: datetime) -> bool:
    """Whether a letter waits to be sent, or its sender disappeared."""
    due = and_(Message.state.in_(_WAITING), Message.due_at <= now)
    return await db.scalar(select(Message.id).where(or_(due, _is_stuck(now))).limit(1)) is not None


def _is_stuck(now: datetime) -> ColumnElement[bool]:
    return and_(Message.state == MessageState.SENDING, Message.lease_until < now)


async def claim(tx: WriteSession, *, now: datetime, most: int = 1) -> list[Message]:
    """Take the next letters, as SENDING under a lease; answers to what people did go before digests."""
    due = select(Message.id).where(Message.state.in_(_WAITING), Message.due_at <= now)
    first = due.order_by(Message.digest_id.is_not(None), Message.due_at, Message.id).limit(most)
    take = (
        update(Message)
        .where(Message.id.in_(first.scalar_subquery()), Message.state.in_(_WAITING))
        .values(
            state=MessageState.SENDING, fence=Message.fence + 1, attempts=Message.attempts + 1, lease_until=now + LEASE
        )
        .returning(Message)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    taken = (await tx.scalars(take)).all()
    return sorted(taken, key=lambda message: (message.digest_id is not None, message.due_at, message.id))


async def sent(tx: WriteSession, *, message: Message, now: datetime) -> None:
    """The mail server took it."""
    await _close_for_good(tx, message, state=MessageState.SENT, sent_at=now, last_error="")


async def suppressed(tx: WriteSession, *, message: Message, why: str) -> None:
    """It is no longer true, or may not be sent."""
    await _close(tx, message, state=MessageState.SUPPRESSED, last_error=why[:300])


async def bounced(tx: WriteSession, *, message: Message, error: str) -> None:
    """It will not arrive."""
    await _close_for_good(tx, message, state=MessageState.BOUNCED, last_error=error[:300])


async def deferred(tx: WriteSession, *, message: Message, error: str, now: datetime) -> None:
    """It did not leave: again later, or bounced after a day of trying."""
    wait = wait_after(message.attempts)
    if wait is None:
        await bounced(tx, message=message, error=error)
    else:
        await _close(tx, message, state=MessageState.DEFERRED, due_at=now + wait, last_error=error[:300])


async def release_stuck(tx: WriteSession, *, now: datetime) -> int:
    """Put letters back whose sender disappeared while sending; they may arrive twice, under one Message-ID."""
    stuck = update(Message).where(_is_stuck(now))
    back = stuck.values(
        state=MessageState.DEFERRED, due_at=now, lease_until=None, last_error="interrupted while sending"
    )
    return changed(await tx.execute(back.execution_options(synchronize_session=False)))


async def _close_for_good(tx: WriteSession, message: Message, **values: Any) -> None:
    """Also a letter that was freed while it left, and that nobody claimed since: when the clock was put forward
    meanwhile it is still its sender's to close, and must not leave twice."""
    if await _close(tx, message, **values):
        return
    freed = update(Message).where(
        Message.id == message.id, Message.fence == message.fence, Message.state == MessageState.DEFERRED
    )
    await tx.execute(freed.values(state=MessageState.SENDING).execution_options(synchronize_session=False))
    await _close(tx, message, **values)


async def _close(tx: WriteSession, message: Message, **values: Any) -> bool:
    """Under the claim's own fence: who lost the claim changes nothing."""
    mine = update(Message).where(
        Message.id == message.id, Message.fence == message.fence, Message.state == MessageState.SENDING
    )
    closed = mine.values(lease_until=None, **values).execution_options(synchronize_session=False)
    return changed(await tx.execute(closed)) == 1


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How the outbox stands."""

    queued: int
    bounced: int
    oldest_due_at: datetime | None


async def counts(db: ReadSession) -> Counts:
    """For the health page."""
    counted = await db.execute(select(Message.state, func.count()).group_by(Message.state))
    by_state = {state: number for state, number in counted}  # noqa: C416 - rows are not tuples to mypy
    oldest = await db.scalar(select(func.min(Message.due_at)).where(Message.state.in_(_WAITING)))
    waiting = sum(by_state.get(state, 0) for state in (*_WAITING, MessageState.SENDING))
    return Counts(queued=waiting, bounced=by_state.get(MessageState.BOUNCED, 0), oldest_due_at=oldest)
