"""Granting and taking back roles; each leaves its fact, and ends the sessions of whoever it is about."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select

from accounts import sessions
from accounts.events import RoleGranted, RoleRevoked
from accounts.models import Grant, Person
from accounts.queries import actor_for as actor_for
from accounts.states import Ended, Role
from kernel.db import ReadSession, WriteSession
from kernel.events import record


async def grant(
    tx: WriteSession,
    *,
    person: Person,
    role: Role,
    panel_id: int | None = None,
    ends_at: datetime | None = None,
    by: int | None = None,
    now: datetime,
) -> None:
    """Give somebody a role, perhaps until an instant; giving it twice changes nothing."""
    held = select(Grant.id).where(
        Grant.person_id == person.id, Grant.role == role, Grant.panel_id.is_not_distinct_from(panel_id)
    )
    if await tx.scalar(held.where(Grant.revoked_at.is_(None))) is not None:
        return
    held_until = {"granted_at": now, "revoked_at": None, "ends_at": ends_at}
    tx.add(Grant(person_id=person.id, role=role, panel_id=panel_id, **held_until))
    await tx.flush()
    await record(tx, RoleGranted(at=now, actor_id=by, person_id=person.id, role=role, panel_id=panel_id))
    await sessions.end_all(tx, person_id=person.id, why=Ended.ROLE_CHANGED, by=by, now=now)


async def revoke(
    tx: WriteSession,
    *,
    person: Person,
    role: Role,
    panel_id: int | None = None,
    by: int | None = None,
    now: datetime,
) -> None:
    """Take a role back; taking back what is not held changes nothing."""
    held = select(Grant).where(
        Grant.person_id == person.id,
        Grant.role == role,
        Grant.panel_id.is_not_distinct_from(panel_id),
        Grant.revoked_at.is_(None),
    )
    for found in await tx.scalars(held):
        found.revoked_at = now
        await record(tx, RoleRevoked(at=now, actor_id=by, person_id=person.id, role=role, panel_id=panel_id))
        await sessions.end_all(tx, person_id=person.id, why=Ended.ROLE_CHANGED, by=by, now=now)


async def holders(db: ReadSession, *, role: Role, panel_id: int | None = None) -> list[Person]:
    """Everybody who holds a role, for the panel when one is named."""
    held = select(Person).join(Grant, Grant.person_id == Person.id)
    held = held.where(Grant.role == role, Grant.revoked_at.is_(None))
    if panel_id is not None:
        held = held.where(or_(Grant.panel_id == panel_id, Grant.panel_id.is_(None)))
    return list((await db.scalars(held.order_by(Person.id).distinct())).all())


async def held(db: ReadSession, *, among: Collection[Role]) -> list[tuple[Role, int | None, Person]]:
    """Who holds which of these roles now, and for which panel: the installation's first, then panel by panel."""
    wanted = (
        select(Grant.role, Grant.panel_id, Person)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role.in_(among), Grant.revoked_at.is_(None))
        .order_by(Grant.panel_id.is_not(None), Grant.panel_id, Grant.id)
    )
    return [(role, panel_id, person) for role, panel_id, person in await db.execute(wanted)]
