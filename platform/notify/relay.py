"""Recorded facts → outbox and live nudges, in order, each fact once.

The notices of a fact and its leaving `unrelayed` are one transaction; the nudge comes after the commit.
"""

from datetime import datetime
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import delete, select

from kernel.db import Database, ReadSession, WriteSession
from kernel.events import EventRecord, Unrelayed
from kernel.once import changed
from notify.notices import NOTICES
from notify.topics import touched

BATCH = 50
PATIENCE = 60.0
"""Seconds that the worker waits for its turn to write: nobody waits for it, and giving up only costs its place."""

log = structlog.get_logger()


class Nudges(Protocol):
    """Whoever is told that a topic changed."""

    def nudge(self, topic: str) -> None:
        """Tell whoever watches the topic."""
        ...


async def is_any_waiting(db: ReadSession) -> bool:
    """Whether a fact has not been told yet."""
    return await db.scalar(select(Unrelayed.event_id).limit(1)) is not None


async def relay(database: Database, hub: Nudges, now: datetime) -> int:
    """Tell every fact that was not told yet; returns how many. A fact that cannot be told now is logged and stays."""
    async with database.read() as db:
        if not await is_any_waiting(db):
            return 0
    told = 0
    failed: set[int] = set()
    while True:
        async with database.write(patience=PATIENCE) as tx:
            done, more = await _some(tx, hub, failed, now)
        told += done
        if not more:
            return told


async def _some(tx: WriteSession, hub: Nudges, failed: set[int], now: datetime) -> tuple[int, bool]:
    waiting = select(EventRecord).join(Unrelayed, Unrelayed.event_id == EventRecord.id).order_by(EventRecord.id)
    if failed:
        waiting = waiting.where(EventRecord.id.not_in(failed))
    events = (await tx.scalars(waiting.limit(BATCH))).all()
    quiet = {event.id for event in events if NOTICES.get(event.name) == ()}
    left = await _leave(tx, quiet)
    topics: dict[str, None] = {}
    done = 0
    for event in events:
        if event.id in quiet:
            if event.id in left:
                done += 1
                topics |= dict.fromkeys(touched(event))
            continue
        try:
            async with tx.begin_nested():
                if not await _tell(tx, event, now):
                    continue
        except Exception as error:  # one fact must not keep the others from being told
            failed.add(event.id)
            log.error("fact not told", event_id=event.id, event_name=event.name, exc_info=error)
        else:
            done += 1
            topics |= dict.fromkeys(touched(event))
    for topic in topics:
        tx.after_commit(partial(hub.nudge, topic))
    return done, len(events) == BATCH


async def _leave(tx: WriteSession, quiet: set[int]) -> set[int]:
    """Those that no letter tells of, all at once. Returns which: another relay may have been first with some."""
    if not quiet:
        return set()
    gone = delete(Unrelayed).where(Unrelayed.event_id.in_(quiet)).returning(Unrelayed.event_id)
    return set(await tx.scalars(gone.execution_options(synchronize_session=False)))


async def _tell(tx: WriteSession, event: EventRecord, now: datetime) -> bool:
    """Leave `unrelayed` first: of two relays at once only one goes on."""
    leave = delete(Unrelayed).where(Unrelayed.event_id == event.id)
    if changed(await tx.execute(leave)) == 0:
        return False
    for notice in NOTICES[event.name]:
        await notice(tx, event, now)
    return True


async def pass_over(tx: WriteSession) -> int:
    """Count every fact recorded so far as told, without a letter or a nudge: after loading history."""
    return changed(await tx.execute(delete(Unrelayed)))
