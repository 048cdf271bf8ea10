"""Notices about texts in the making: the link to one, and the warning before the close. See `notices`."""

from datetime import datetime

from consultations import kept_drafts
from kernel.db import WriteSession
from kernel.events import EventRecord
from notify import outbox
from notify.jobs import A_MINUTE, Job, Turn


async def whoever_kept_it(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The address that the text was kept with."""
    facts = {"draft_id": event.facts["draft_id"]}
    about = f"{facts['draft_id']}:{event.seq}"
    await outbox.put_up(tx, [event.facts["person_id"]], letter="draft_link", about=about, facts=facts, now=now)


async def _warn(turn: Turn) -> int:
    due = await kept_drafts.to_warn_of(turn.tx, now=turn.now)
    for draft in due:
        closes_at = draft.consultation.closes_at
        facts = {"consultation_id": draft.consultation_id}
        about = f"{draft.consultation_id}:{closes_at:%Y%m%d%H%M}"
        await outbox.put_up(
            turn.tx, [draft.person_id], letter="draft_unfinished", about=about, facts=facts, now=turn.now
        )
    return len(due)


async def _warn_that_they_go(turn: Turn) -> int:
    due = await kept_drafts.to_warn_that_they_go(turn.tx, now=turn.now)
    for draft in due:
        about, facts = f"{draft.id}:{draft.goes_at:%Y%m%d}", {"draft_id": draft.id}
        await outbox.put_up(turn.tx, [draft.person_id], letter="draft_going", about=about, facts=facts, now=turn.now)
    return len(due)


GOING = Job(
    name="texts that go soon",
    when="each minute: a kept text was not written on for 83 days",
    run=_warn_that_they_go,
    why_then="A week leaves time to open it, which keeps it for ninety days more once it is saved.",
    every=A_MINUTE,
)
UNFINISHED = Job(
    name="unfinished texts",
    when="each minute: a consultation closes within 3 days, and a text kept for it was not written on for a day",
    run=_warn,
    why_then="Three days leave room for a weekend; whoever kept a text today knows of it, and gets no letter more.",
    every=A_MINUTE,
)
