"""Nobody came for two years: a letter a month before, then the account goes. And addresses that nobody confirmed.

Who has a task or a seat stays. Signing in is enough to stay, and so is sending in, supporting, reporting or following.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select

from accounts.events import PersonWarned
from accounts.models import AddressChange, Grant, Person, SessionRecord
from consultations.imports import IMPORT_ADDRESS
from consultations.models import Endorsement, EndorsementRequest, Idea
from consultations.on_behalf import WITHOUT_MAIL
from kernel.db import ReadSession, WriteSession
from kernel.events import EventRecord, record
from moderation.models import Block, Report
from notify import departures, outbox
from notify.models import Subscription
from panels.models import Seat

WARNED_AFTER = timedelta(days=700)
GOES_AFTER = timedelta(days=30)
"""After the warning: together two years."""
UNCONFIRMED_STAYS = timedelta(days=3)
"""Longer than any link to confirm something works."""
AT_A_TIME = 20


async def warn(tx: WriteSession, *, now: datetime) -> int:
    """Warn those of whom nothing was seen for 23 months; how many."""
    quiet = select(Person).where(
        Person.seen_at <= now - WARNED_AFTER, Person.warned_at.is_(None), Person.erased_at.is_(None)
    )
    warned = 0
    for person in (await tx.scalars(quiet.order_by(Person.seen_at, Person.id).limit(AT_A_TIME))).all():
        seen_at = await _last_here(tx, person)
        if await _stays(tx, person, now):
            person.seen_at = now
        elif seen_at > now - WARNED_AFTER:
            person.seen_at = seen_at
        elif not person.is_confirmed:  # nobody showed to read that address, so nobody is written to
            await departures.leave(tx, person_id=person.id, by=None, now=now)
        else:
            person.warned_at = now
            await record(tx, PersonWarned(at=now, actor_id=None, person_id=person.id))
            warned += 1
    await tx.flush()
    return warned


async def let_go(tx: WriteSession, *, now: datetime) -> int:
    """Erase the accounts of those who were warned a month ago and did not come; how many."""
    warned = select(Person).where(Person.warned_at <= now - GOES_AFTER, Person.erased_at.is_(None))
    gone = 0
    for person in (await tx.scalars(warned.order_by(Person.warned_at, Person.id).limit(AT_A_TIME))).all():
        seen_at = await _last_here(tx, person)
        if person.warned_at is not None and seen_at > person.warned_at:
            person.seen_at, person.warned_at = seen_at, None
        elif await _stays(tx, person, now):
            person.seen_at, person.warned_at = now, None
        else:
            await departures.leave(tx, person_id=person.id, by=None, now=now)
            gone += 1
    await tx.flush()
    return gone


async def forget_unconfirmed(tx: WriteSession, *, now: datetime) -> int:
    """Let go of addresses that were typed, never confirmed, and that nothing is kept for any more; how many."""
    typed = select(Person).where(
        Person.confirmed_at.is_(None),
        Person.erased_at.is_(None),
        Person.created_at <= now - UNCONFIRMED_STAYS,
        Person.email != IMPORT_ADDRESS,
        *(~held for held in _HOLD),
    )
    people = (await tx.scalars(typed.order_by(Person.created_at, Person.id).limit(AT_A_TIME))).all()
    for person in people:
        await departures.leave(tx, person_id=person.id, by=None, now=now)
    return len(people)


_HOLD = (
    exists().where(Idea.author_id == Person.id),
    exists().where(Report.reporter_id == Person.id),
    exists().where(Endorsement.person_id == Person.id),
    exists().where(EndorsementRequest.person_id == Person.id),
    exists().where(Subscription.person_id == Person.id),
    exists().where(SessionRecord.person_id == Person.id),
    exists().where(AddressChange.person_id == Person.id),
    exists().where(Grant.person_id == Person.id),
    exists().where(Seat.person_id == Person.id),
    exists().where(Block.person_id == Person.id),
)
"""What an address is kept for, confirmed or not."""


async def whoever_was_not_here(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The person who was warned."""
    person_id, about = event.facts["person_id"], str(event.id)
    await outbox.put_up(tx, [person_id], letter="account_goes", about=about, facts={"event_id": event.id}, now=now)


async def _stays(db: ReadSession, person: Person, now: datetime) -> bool:
    """Who works here, and who is nobody to write to: ideas from a file or from paper stay with their consultation."""
    is_nobody = person.email == IMPORT_ADDRESS or person.email.endswith(f"@{WITHOUT_MAIL}")
    return is_nobody or await departures.has_task(db, person_id=person.id, now=now)


async def _last_here(db: ReadSession, person: Person) -> datetime:
    """When somebody last did something that we know of."""
    did = [
        await db.scalar(select(func.max(moment)).where(whose == person.id))
        for moment, whose in (
            (Idea.received_at, Idea.author_id),
            (Endorsement.endorsed_at, Endorsement.person_id),
            (Report.reported_at, Report.reporter_id),
            (Subscription.started_at, Subscription.person_id),
            (SessionRecord.created_at, SessionRecord.person_id),
        )
    ]
    return max(one for one in (person.seen_at, person.confirmed_at, person.created_at, *did) if one is not None)
