"""Signed-in browsers. A session's id is always ours and new; a client's own is never adopted.

A role is only ever used by a session that began after it was given: every grant and every revocation ends all
sessions of that person. So do a changed address and whoever asks for it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from accounts import browsers, queries, second_factor_queries, second_factor_rules
from accounts.actor import ANONYMOUS, Actor
from accounts.events import PersonSessionsEnded, PersonSignedIn, PersonSignedOut
from accounts.models import Person, SessionRecord
from accounts.states import Ended, Role
from kernel.db import ReadSession, WriteSession, batched
from kernel.errors import NotFound
from kernel.events import record, record_all
from kernel.once import changed
from kernel.tokens import digest_of, new_secret

LASTS = timedelta(days=30)
STAFF_LASTS = timedelta(hours=12)
STAFF_IDLE = timedelta(hours=2)
"""As long as a meeting of a panel lasts: who has not opened a page for that long has gone home."""
NOTED_EACH = timedelta(minutes=5)
"""Use of a session is written down at most so often, by the worker: no page that is only read writes anything."""
_used: dict[str, datetime] = {}


async def begin(
    tx: WriteSession,
    *,
    person: Person,
    carries_grants: bool,
    instead_of: str | None = None,
    user_agent: str = "",
    now: datetime,
) -> tuple[str, timedelta]:
    """Sign a browser in: the cookie's new secret and how long it lasts. Staff sessions last a working day.

    `instead_of` is the cookie that the browser had until now; that session ends, whoever's it was.
    """
    if instead_of:
        await tx.execute(delete(SessionRecord).where(SessionRecord.hash == digest_of(instead_of)))
    grants = await queries.current(tx, person_id=person.id) if carries_grants else frozenset()
    is_staff = Actor(grants=grants).is_staff
    lasts = STAFF_LASTS if is_staff else LASTS
    secret = new_secret()
    tx.add(
        SessionRecord(
            hash=digest_of(secret),
            person_id=person.id,
            carries_grants=carries_grants,
            browser=browsers.family_of(user_agent),
            is_handheld=browsers.is_handheld(user_agent),
            created_at=now,
            expires_at=now + lasts,
            idle_until=now + STAFF_IDLE if is_staff else None,
        )
    )
    person.seen_at, person.warned_at = now, None
    await tx.flush()
    await record(tx, PersonSignedIn(at=now, actor_id=person.id, person_id=person.id))
    return secret, lasts


async def renew(
    tx: WriteSession, *, secret: str, second_factor_at: datetime | None = None, now: datetime
) -> tuple[str, timedelta]:
    """The same session under a new id, and how long it still lasts; the old one is dead. `second_factor_at`: it was
    given just now. Raises NotFound when it was dead already."""
    session = await tx.scalar(queries.alive(now).where(SessionRecord.hash == digest_of(secret)))
    if session is None:
        raise NotFound
    fresh = new_secret()
    session.hash = digest_of(fresh)
    session.second_factor_at = second_factor_at or session.second_factor_at
    await tx.flush()
    return fresh, session.expires_at - now


async def actor_behind(
    db: ReadSession,
    *,
    secret: str | None,
    mandatory: frozenset[Role],
    now: datetime,
    is_use: bool = False,
) -> Actor:
    """Who a cookie's secret stands for; ANONYMOUS when it stands for nobody (any more).

    `mandatory` are the roles that need a second factor: until it was given, the session carries no grant at all.
    `is_use` says that a person asked for something with it: an idle session is then idle no longer.
    """
    if not secret:
        return ANONYMOUS
    living = queries.alive(now).join(Person, Person.id == SessionRecord.person_id)
    wanted = living.add_columns(Person, second_factor_queries.has_one())
    found = (await db.execute(wanted.where(SessionRecord.hash == digest_of(secret)))).first()
    if found is None:
        return ANONYMOUS
    session, person, has_one = found
    if is_use and session.idle_until is not None and session.idle_until < now + STAFF_IDLE - NOTED_EACH:
        _used[session.hash] = now
    actor = await queries.actor_for(db, person=person, carries_grants=session.carries_grants)
    given_at = session.second_factor_at
    owes = second_factor_rules.owes(actor.roles, has_one=has_one, given_at=given_at, mandatory=mandatory)
    return replace(
        actor,
        grants=frozenset() if owes else actor.grants,
        owes_second_factor=owes,
        has_second_factor=has_one,
        second_factor_at=given_at,
    )


async def write_use(tx: WriteSession) -> int:
    """Write down which sessions were used lately; how many. A crash forgets five minutes of it at most."""
    used = dict(_used)
    for hashed, at in used.items():
        later = update(SessionRecord).where(SessionRecord.hash == hashed, SessionRecord.idle_until < at + STAFF_IDLE)
        await tx.execute(later.values(idle_until=at + STAFF_IDLE).execution_options(synchronize_session=False))

    def forget() -> None:
        for hashed, at in used.items():
            if _used.get(hashed) == at:
                del _used[hashed]

    tx.after_commit(forget)
    return len(used)


async def end(tx: WriteSession, *, secret: str, actor: Actor, now: datetime) -> None:
    """Sign this browser out; its cookie is worth nothing from now on."""
    await tx.execute(delete(SessionRecord).where(SessionRecord.hash == digest_of(secret)))
    if actor.person_id is not None:
        await record(tx, PersonSignedOut(at=now, actor_id=actor.person_id, person_id=actor.person_id))


async def end_one(tx: WriteSession, *, person_id: int, session_id: int, now: datetime) -> None:
    """Sign out one browser of this person; raises NotFound when it is not theirs, or has gone."""
    theirs = delete(SessionRecord).where(SessionRecord.id == session_id, SessionRecord.person_id == person_id)
    if not changed(await tx.execute(theirs)):
        raise NotFound
    await record(tx, PersonSignedOut(at=now, actor_id=person_id, person_id=person_id))


async def end_all(
    tx: WriteSession, *, person_id: int, but: str = "", why: Ended, by: int | None = None, now: datetime
) -> int:
    """Sign out every browser of a person, `but` the one with this cookie; how many there were. Without any, nothing
    is told."""
    theirs = delete(SessionRecord).where(SessionRecord.person_id == person_id)
    ended = changed(await tx.execute(theirs.where(SessionRecord.hash != digest_of(but))))
    if ended:
        await record(tx, PersonSessionsEnded(at=now, actor_id=by, person_id=person_id, why=why, ended=ended))
    return ended


async def end_everybodys(tx: WriteSession, *, by: int, now: datetime) -> int:
    """Sign out everybody, whoever asks for it too; how many people. Each of them has the fact in their chain."""
    signed_in = select(SessionRecord.person_id, func.count()).group_by(SessionRecord.person_id)
    people = [(person_id, count) for person_id, count in await tx.execute(signed_in.order_by(SessionRecord.person_id))]
    for some in batched(people):
        facts = [
            PersonSessionsEnded(at=now, actor_id=by, person_id=person_id, why=Ended.EVERYBODY, ended=count)
            for person_id, count in some
        ]
        await record_all(tx, facts)
    await tx.execute(delete(SessionRecord))
    return len(people)


async def sweep(tx: WriteSession, *, now: datetime) -> int:
    """Throw away the sessions that count no more; how many there were."""
    over = or_(SessionRecord.expires_at <= now, SessionRecord.idle_until <= now)
    return changed(await tx.execute(delete(SessionRecord).where(over)))
