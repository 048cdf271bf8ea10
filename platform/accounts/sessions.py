"""Signed-in browsers. A session's id is always ours and new; a client's own is never adopted."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from accounts import roles
from accounts.actor import ANONYMOUS, Actor
from accounts.events import PersonSignedIn, PersonSignedOut
from accounts.models import Person, SessionRecord
from kernel.db import ReadSession, WriteSession
from kernel.events import record
from kernel.tokens import digest_of, new_secret

LASTS = timedelta(days=30)
STAFF_LASTS = timedelta(hours=12)


async def begin(tx: WriteSession, *, person: Person, carries_grants: bool, now: datetime) -> tuple[str, timedelta]:
    """Sign a browser in: the cookie's new secret and how long it lasts. Staff sessions last a working day."""
    grants = await roles.current(tx, person_id=person.id) if carries_grants else frozenset()
    lasts = STAFF_LASTS if Actor(grants=grants).is_staff else LASTS
    secret = new_secret()
    tx.add(
        SessionRecord(
            hash=digest_of(secret),
            person_id=person.id,
            carries_grants=carries_grants,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    await record(tx, PersonSignedIn(at=now, actor_id=person.id, person_id=person.id))
    return secret, lasts


async def actor_behind(db: ReadSession, *, secret: str | None, now: datetime) -> Actor:
    """Who a cookie's secret stands for; ANONYMOUS when it stands for nobody (any more)."""
    if not secret:
        return ANONYMOUS
    wanted = (
        select(SessionRecord.carries_grants, Person)
        .join(Person, Person.id == SessionRecord.person_id)
        .where(SessionRecord.hash == digest_of(secret), SessionRecord.expires_at > now)
    )
    found = (await db.execute(wanted)).first()
    if found is None:
        return ANONYMOUS
    carries_grants, person = found
    return await roles.actor_for(db, person=person, carries_grants=carries_grants)


async def end(tx: WriteSession, *, secret: str, actor: Actor, now: datetime) -> None:
    """Sign this browser out; its cookie is worth nothing from now on."""
    await tx.execute(delete(SessionRecord).where(SessionRecord.hash == digest_of(secret)))
    if actor.person_id is not None:
        await record(tx, PersonSignedOut(at=now, actor_id=actor.person_id, person_id=actor.person_id))
