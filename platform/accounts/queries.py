"""Grants and sessions as they stand now."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from accounts.actor import Actor
from accounts.models import Grant, Person, SessionRecord
from accounts.states import WITHOUT_TASK, Role
from kernel.db import ReadSession


async def current(db: ReadSession, *, person_id: int) -> frozenset[tuple[Role, int | None]]:
    """The grants somebody holds now."""
    held = select(Grant.role, Grant.panel_id).where(Grant.person_id == person_id, Grant.revoked_at.is_(None))
    return frozenset((role, panel_id) for role, panel_id in await db.execute(held))


async def has_task(db: ReadSession, *, person_id: int) -> bool:
    """Whether somebody holds a role that is work: their name came with it, and they do not leave before it ends."""
    return any(role not in WITHOUT_TASK for role, _ in await current(db, person_id=person_id))


async def actor_for(db: ReadSession, *, person: Person, carries_grants: bool = True) -> Actor:
    """The actor value of a person, with the grants a full session carries."""
    grants = await current(db, person_id=person.id) if carries_grants else frozenset()
    return Actor(person_id=person.id, name=person.name, language=person.language, grants=grants)


def alive(now: datetime) -> Select[SessionRecord]:
    """The sessions that still count."""
    idle = or_(SessionRecord.idle_until.is_(None), SessionRecord.idle_until > now)
    return select(SessionRecord).where(SessionRecord.expires_at > now, idle)


async def sessions_of(db: ReadSession, *, person_id: int, now: datetime) -> list[SessionRecord]:
    """Where somebody is signed in, the newest first."""
    theirs = alive(now).where(SessionRecord.person_id == person_id)
    return list(await db.scalars(theirs.order_by(SessionRecord.created_at.desc(), SessionRecord.id.desc())))
