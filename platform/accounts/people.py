"""People: found by their mailbox, made when first heard of, confirmed when a link reaches them."""

import hashlib
import unicodedata
from datetime import datetime

from sqlalchemy import select, update

from accounts.events import PersonConfirmed
from accounts.models import Person
from kernel.db import ReadSession, WriteSession
from kernel.events import record
from kernel.forms import mail_host
from kernel.once import insert_once

KNOWN_AS = "blocked:"
_IGNORES_DOTS = frozenset({"gmail.com", "googlemail.com"})


def mailbox_of(email: str) -> str:
    """One form for all spellings of a mailbox: lower case, without +tag, the host as mail servers know it (xn--…).

    Dots are dropped where the provider does. What folds to one mailbox is one person, and never two; but a link only
    proves the spelling that it was sent to, so letters go to the spelling that is known (see `sign_in`).
    """
    local, _, domain = unicodedata.normalize("NFC", email).strip().lower().rpartition("@")
    domain = domain.rstrip(".")
    domain = mail_host(domain) or domain
    untagged = local.partition("+")[0]
    local = untagged or local
    if domain in _IGNORES_DOTS:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def is_same_spelling(one: str, other: str) -> bool:
    """Whether two addresses differ in nothing but capitals and the writing of their host."""
    (a, _, at), (b, _, bt) = one.lower().rpartition("@"), other.lower().rpartition("@")
    return a == b and (mail_host(at) or at) == (mail_host(bt) or bt)


async def by_mailbox(db: ReadSession, mailbox: str) -> Person | None:
    """The person behind a folded address."""
    return await db.scalar(select(Person).where(Person.mailbox == mailbox))


async def by_email(db: ReadSession, email: str) -> Person | None:
    """The person behind an address, whatever its spelling."""
    return await by_mailbox(db, mailbox_of(email))


async def meet(tx: WriteSession, *, email: str, name: str = "", language: str = "nl", now: datetime) -> Person:
    """The person behind an address, made when there was none; an existing name is left alone.

    For a known address and an unknown one the same is asked of the database: the time tells nobody which it was.
    Who left while they were blocked, and comes back, finds the block again.
    """
    mailbox = mailbox_of(email)
    told = {"email": email, "mailbox": mailbox, "name": name, "language": language, "created_at": now, "seen_at": now}
    back = update(Person).where(Person.mailbox == known_as(mailbox)).values(**told, erased_at=None)
    await tx.execute(back.execution_options(synchronize_session=False))
    await insert_once(tx, Person, **told, confirmed_at=None)
    return (await tx.scalars(select(Person).where(Person.mailbox == mailbox))).one()


def known_as(mailbox: str) -> str:
    """All that is kept of the address of somebody who had their account erased while they were blocked."""
    return KNOWN_AS + hashlib.sha256(mailbox.encode()).hexdigest()


async def confirm(tx: WriteSession, *, person: Person, now: datetime) -> None:
    """A link in a letter came back: the address is this person's. Once; later calls change nothing."""
    if person.confirmed_at is None:
        person.confirmed_at = now
        await record(tx, PersonConfirmed(at=now, actor_id=person.id, person_id=person.id))
