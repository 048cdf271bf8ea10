"""People: found by their mailbox, made when first heard of, confirmed when a link reaches them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.events import PersonConfirmed
from accounts.models import Person
from kernel.db import ReadSession, WriteSession
from kernel.events import record

_IGNORES_DOTS = frozenset({"gmail.com", "googlemail.com"})


def mailbox_of(email: str) -> str:
    """One form for all spellings of a mailbox: lower case, without +tag; dots dropped where the provider does."""
    local, _, domain = email.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _IGNORES_DOTS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


async def by_email(db: ReadSession, email: str) -> Person | None:
    """The person behind an address, whatever its spelling."""
    return await db.scalar(select(Person).where(Person.mailbox == mailbox_of(email)))


async def meet(tx: WriteSession, *, email: str, name: str = "", language: str = "nl", now: datetime) -> Person:
    """The person behind an address, made when there was none; an existing name is left alone."""
    known = await by_email(tx, email)
    if known is not None:
        return known
    person = Person(
        email=email,
        mailbox=mailbox_of(email),
        name=name,
        language=language,
        created_at=now,
        confirmed_at=None,
    )
    try:
        async with tx.begin_nested():
            tx.add(person)
    except IntegrityError:  # another process met the same person a moment earlier
        return (await tx.scalars(select(Person).where(Person.mailbox == mailbox_of(email)))).one()
    return person


async def confirm(tx: WriteSession, *, person: Person, now: datetime) -> None:
    """A link in a letter came back: the address is this person's. Once; later calls change nothing."""
    if person.confirmed_at is None:
        person.confirmed_at = now
        await record(tx, PersonConfirmed(at=now, actor_id=person.id, person_id=person.id))
