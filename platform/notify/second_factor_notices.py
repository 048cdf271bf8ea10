"""Whoever has a second factor hears what happens to it: a change that was not theirs must not go unnoticed."""

from datetime import datetime

from kernel.db import WriteSession
from kernel.events import EventRecord
from notify import outbox

LETTER = "second_factor"


async def whose_it_is(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The person it is about, once for each fact."""
    await _put_up(tx, event, about=str(event.seq), now=now)


async def whose_it_is_once_a_day(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The same, however often somebody tries that day."""
    await _put_up(tx, event, about=f"{event.at:%Y-%m-%d}", now=now)


async def _put_up(tx: WriteSession, event: EventRecord, *, about: str, now: datetime) -> None:
    person_id = event.facts["person_id"]
    what = event.name.partition(".")[2]
    key = f"{what}:{about}:{person_id}"
    facts = {"what": what, **event.facts}
    await outbox.enqueue(tx, dedup_key=key, person_id=person_id, template=LETTER, due_at=now, facts=facts, now=now)
