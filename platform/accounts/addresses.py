"""Another address for somebody: asked for, confirmed from the new mailbox, made; the old mailbox can put it back.

A person asks in a session of their own and confirms with the link or the code that goes to the new address. Whether
that address is another person's is only looked up when the letter is written, and only told in that letter. An
operator changes it at once and writes down why; the new address is confirmed by signing in. Either way all sessions
end, and the old address hears of it.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update

from accounts import people, queries, sessions, typed_codes
from accounts.access import known
from accounts.actor import Actor
from accounts.errors import AddressTaken, CannotPutBack, FullSessionFirst
from accounts.events import AddressChangeAsked, AddressChanged, AddressPutBack
from accounts.models import AddressChange, Person
from accounts.states import Ended
from kernel import allowances, tokens
from kernel.db import ReadSession, WriteSession
from kernel.errors import LinkSpent
from kernel.events import record
from kernel.networks import fingerprint
from kernel.tokens import Token

CONFIRM, PUT_BACK = "address", "address_back"
PER_PERSON = PER_ADDRESS = 5
A_DAY = timedelta(days=1)
PUT_BACK_WITHIN = timedelta(days=7)
AT_A_TIME = 500
"""Old changes that are dealt with in one go."""


async def ask(tx: WriteSession, *, actor: Actor, email: str, secret: str, now: datetime) -> None:
    """Have a letter sent to the new address; the caller cannot tell whether it is somebody else's.

    Raises TooOften for a person who asks for many; an address that gets too many gets no more, silently.
    """
    person = await _person(tx, actor)
    await allowances.require(
        tx, kind="address_person", whose=f"person:{person.id}", most=PER_PERSON, within=A_DAY, now=now
    )
    whose = fingerprint(people.mailbox_of(email), secret)
    may = await allowances.take(tx, kind="address_new", whose=whose, most=PER_ADDRESS, within=A_DAY, now=now)
    await _forget_asked(tx, person_id=person.id, now=now)
    change = await _note(tx, person=person, by=person.id, email=email, reason="", now=now)
    if may:
        await record(tx, AddressChangeAsked(at=now, actor_id=person.id, person_id=person.id, change_id=change.id))


async def _person(tx: WriteSession, actor: Actor) -> Person:
    """Who asks. With staff's grants, only in a session that carries them (and so the second factor)."""
    person_id = known(actor)
    grants = await queries.current(tx, person_id=person_id)
    if Actor(grants=grants).is_staff and not actor.is_staff:
        raise FullSessionFirst
    return await tx.get_one(Person, person_id)


async def _note(tx: WriteSession, *, person: Person, by: int, email: str, reason: str, now: datetime) -> AddressChange:
    change = AddressChange(
        person_id=person.id,
        by_id=by,
        reason=reason,
        old_email=person.email,
        old_mailbox=person.mailbox,
        new_email=email,
        new_mailbox=people.mailbox_of(email),
        code_hash=None,
        wrong_codes=0,
        asked_at=now,
        sent_at=None,
        made_at=None,
        undone_at=None,
    )
    tx.add(change)
    await tx.flush()
    return change


async def issue(tx: WriteSession, *, change: AddressChange, secret: str, now: datetime) -> tuple[str, str]:
    """The path of the link and the code, for the letter to the new address."""
    code = typed_codes.new_code()
    change.code_hash = typed_codes.keyed(code, about=_about(change), secret=secret)
    change.sent_at = now
    until = now + typed_codes.VALID
    link = await tokens.mint(tx, purpose=CONFIRM, subject=_about(change), expires_at=until, now=now)
    return f"/account/address/{link}", typed_codes.shown(code)


async def waiting(db: ReadSession, *, person_id: int, now: datetime) -> AddressChange | None:
    """The change that waits for this person to confirm it."""
    asked = select(AddressChange).where(
        AddressChange.person_id == person_id,
        AddressChange.made_at.is_(None),
        AddressChange.undone_at.is_(None),
        AddressChange.asked_at > now - timedelta(hours=1),
    )
    return await db.scalar(asked.order_by(AddressChange.id.desc()).limit(1))


async def look(db: ReadSession, *, secret: str, now: datetime) -> AddressChange:
    """The change behind a link that still works; raises LinkSpent."""
    token = await tokens.find(db, purpose=CONFIRM, secret=secret, now=now)
    change = await db.get(AddressChange, token.subject_id)
    if change is None or change.made_at is not None or change.undone_at is not None:
        raise LinkSpent
    return change


async def confirm_by_link(tx: WriteSession, *, actor: Actor, secret: str, now: datetime) -> None:
    """The new address is theirs; raises LinkSpent, also for a link of somebody else's change."""
    person = await _person(tx, actor)
    change = await look(tx, secret=secret, now=now)
    if change.person_id != person.id:
        raise LinkSpent
    await tokens.consume(tx, purpose=CONFIRM, secret=secret, now=now)
    await _make(tx, change=change, person=person, now=now)


async def confirm_by_code(tx: WriteSession, *, actor: Actor, code: str, secret: str, now: datetime) -> bool:
    """The same with the typed code; False, which counts, when it is not the code (any more)."""
    person = await _person(tx, actor)
    change = await waiting(tx, person_id=person.id, now=now)
    if change is None or change.wrong_codes >= typed_codes.TRIES:
        return False
    in_time = change.sent_at is not None and change.sent_at > now - typed_codes.VALID
    if not typed_codes.is_it(code, change.code_hash, about=_about(change), secret=secret) or not in_time:
        change.wrong_codes += 1
        return False
    await _make(tx, change=change, person=person, now=now)
    return True


async def change_for(
    tx: WriteSession, *, person: Person, by: int, email: str, reason: str, now: datetime
) -> AddressChange:
    """An operator gives somebody who lost their mailbox another address. Raises AddressTaken."""
    await _require_free(tx, person=person, mailbox=people.mailbox_of(email))
    change = await _note(tx, person=person, by=by, email=email, reason=reason, now=now)
    await _make(tx, change=change, person=person, now=now)
    person.confirmed_at = None  # until they sign in with it
    return change


async def _require_free(db: ReadSession, *, person: Person, mailbox: str) -> None:
    holder = await people.by_mailbox(db, mailbox)
    if holder is not None and holder.id != person.id:
        raise AddressTaken


async def _make(tx: WriteSession, *, change: AddressChange, person: Person, now: datetime) -> None:
    await _require_free(tx, person=person, mailbox=change.new_mailbox)
    change.old_email, change.old_mailbox, change.made_at = person.email, person.mailbox, now
    person.email, person.mailbox = change.new_email, change.new_mailbox
    if change.by_id == person.id:
        person.confirmed_at = person.confirmed_at or now
    await tx.flush()
    await record(tx, AddressChanged(at=now, actor_id=change.by_id, person_id=person.id, change_id=change.id))
    why = Ended.ADDRESS_CHANGED
    await sessions.end_all(tx, person_id=person.id, why=why, by=change.by_id, now=now)


# put back


async def put_back_link(tx: WriteSession, *, change: AddressChange, now: datetime) -> str:
    """The path for the letter to the old address: one use, seven days from the change on."""
    until = (change.made_at or now) + PUT_BACK_WITHIN
    secret = await tokens.mint(tx, purpose=PUT_BACK, subject=_about(change), expires_at=until, now=now)
    return f"/not-me/{secret}"


async def of_old_mailbox(db: ReadSession, *, mailbox: str, now: datetime) -> AddressChange | None:
    """The change that who reads this mailbox can still put back, when the mailbox is nobody's now."""
    changes = select(AddressChange).where(
        AddressChange.old_mailbox == mailbox,
        AddressChange.new_mailbox != mailbox,
        AddressChange.made_at > now - PUT_BACK_WITHIN,
        AddressChange.undone_at.is_(None),
    )
    return await db.scalar(changes.order_by(AddressChange.id.desc()).limit(1))


async def look_back(db: ReadSession, *, secret: str, now: datetime) -> AddressChange:
    """The change behind a link of an old address, while it can be put back; raises LinkSpent."""
    token = await tokens.find(db, purpose=PUT_BACK, secret=secret, now=now)
    change = await db.get(AddressChange, token.subject_id)
    if change is None or change.made_at is None or change.undone_at is not None:
        raise LinkSpent
    return change


async def put_back(tx: WriteSession, *, secret: str, now: datetime) -> AddressChange:
    """The person has the old address again, whatever came after; all sessions end. Raises LinkSpent, CannotPutBack."""
    change = await look_back(tx, secret=secret, now=now)
    await tokens.consume(tx, purpose=PUT_BACK, secret=secret, now=now)
    person = await tx.get_one(Person, change.person_id)
    holder = await people.by_mailbox(tx, change.old_mailbox)
    if holder is not None and holder.id != person.id:
        if holder.is_confirmed:
            raise CannotPutBack
        holder.email = holder.mailbox = f"nobody:{holder.id}"  # somebody typed the address in; it was never theirs
        await tx.flush()
    person.email, person.mailbox = change.old_email, change.old_mailbox
    later = (
        update(AddressChange)
        .where(AddressChange.person_id == person.id, AddressChange.id >= change.id, AddressChange.made_at.is_not(None))
        .values(undone_at=now)
    )
    await tx.execute(later)
    await _forget_asked(tx, person_id=person.id, now=now)
    await people.confirm(tx, person=person, now=now)
    await record(tx, AddressPutBack(at=now, actor_id=None, person_id=person.id, change_id=change.id))
    await sessions.end_all(tx, person_id=person.id, why=Ended.NOT_ME, now=now)
    return change


async def _forget_asked(tx: WriteSession, *, person_id: int, now: datetime) -> None:
    """Not thrown away before their links are: a row that came under their number would be confirmed by those."""
    asked = update(AddressChange).where(AddressChange.person_id == person_id, AddressChange.made_at.is_(None))
    await tx.execute(asked.where(AddressChange.undone_at.is_(None)).values(undone_at=now))


def _about(change: AddressChange) -> str:
    return f"address_change:{change.id}"


async def sweep(tx: WriteSession, *, now: datetime) -> int:
    """Throw away what was asked for a day ago and never confirmed, and the addresses of what cannot be put back."""
    never_made = and_(AddressChange.made_at.is_(None), AddressChange.asked_at <= now - A_DAY)
    closed = and_(AddressChange.made_at <= now - PUT_BACK_WITHIN - A_DAY, AddressChange.new_email != "")
    over = (await tx.scalars(select(AddressChange).where(or_(never_made, closed)).limit(AT_A_TIME))).all()
    if over:
        await tx.execute(delete(Token).where(Token.subject.in_([_about(change) for change in over])))
    for change in over:
        if change.made_at is None:
            await tx.delete(change)
        else:
            change.old_email = change.old_mailbox = change.new_email = change.new_mailbox = ""
    await tx.flush()
    return len(over)
