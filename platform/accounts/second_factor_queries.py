"""Who has a second factor."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from accounts import queries
from accounts.models import Person, SecondFactor, SecondFactorReset
from accounts.second_factor_rules import BEGUN_FOR
from accounts.states import Role
from kernel.db import ReadSession
from kernel.tokens import digest_of


def has_one() -> ColumnElement[bool]:
    """Whether the person of the row has one in use."""
    return exists().where(SecondFactor.person_id == Person.id, SecondFactor.confirmed_at.is_not(None))


async def in_use(db: ReadSession, *, person_id: int) -> SecondFactor | None:
    """What somebody shows to sign in."""
    wanted = select(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
    return await db.scalar(wanted)


async def begun(db: ReadSession, *, person_id: int, session: str, now: datetime) -> SecondFactor | None:
    """What waits for its first code, begun in this very session a short while ago: no other may see its secret."""
    wanted = select(SecondFactor).where(
        SecondFactor.person_id == person_id,
        SecondFactor.confirmed_at.is_(None),
        SecondFactor.begun_in == digest_of(session),
        SecondFactor.begun_at > now - BEGUN_FOR,
    )
    return await db.scalar(wanted)


async def is_mandatory(db: ReadSession, *, person_id: int, mandatory: frozenset[Role]) -> bool:
    """Whether one of somebody's roles cannot do without."""
    return not mandatory.isdisjoint(role for role, _ in await queries.current(db, person_id=person_id))


async def is_owed(db: ReadSession, *, person_id: int, mandatory: frozenset[Role]) -> bool:
    """Whether a session that begins now still has to show it."""
    has_one = await in_use(db, person_id=person_id) is not None
    return has_one or await is_mandatory(db, person_id=person_id, mandatory=mandatory)


async def since(db: ReadSession, *, people: Collection[int]) -> dict[int, datetime]:
    """Which of these people have one, and since when."""
    wanted = select(SecondFactor.person_id, SecondFactor.confirmed_at).where(
        SecondFactor.person_id.in_(people), SecondFactor.confirmed_at.is_not(None)
    )
    return {person_id: at for person_id, at in await db.execute(wanted) if at is not None}


async def resets(db: ReadSession, *, most: int) -> list[tuple[SecondFactorReset, Person, Person | None]]:
    """Whose second factor was taken away lately, and by whom (None: on the server); the last one first."""
    whose, by = aliased(Person), aliased(Person)
    wanted = (
        select(SecondFactorReset, whose, by)
        .join(whose, whose.id == SecondFactorReset.person_id)
        .outerjoin(by, by.id == SecondFactorReset.by_id)
    )
    found = await db.execute(wanted.order_by(SecondFactorReset.id.desc()).limit(most))
    return [(reset, person, taker) for reset, person, taker in found]
