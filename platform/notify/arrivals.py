"""Notices about getting in: who hears of a wish to sign in, another address, another task. See `notices`."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts import addresses, people
from accounts.models import AddressChange, SignInRequest
from kernel.db import WriteSession
from kernel.events import EventRecord
from notify import inactivity, outbox
from notify.models import Message
from notify.states import MessageState
from notify.texts.signing_in import NO_TASK

TOGETHER = timedelta(minutes=2)
"""What changes for one person within this long stands in one letter."""


async def whoever_wants_to_sign_in(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Whoever reads the address that was typed. Who had it until lately, is told how to get it back."""
    request = await tx.get(SignInRequest, event.facts["sign_in_id"])
    if request is None:
        return
    person = await people.by_mailbox(tx, request.mailbox)
    change = None if person else await addresses.of_old_mailbox(tx, mailbox=request.mailbox, now=now)
    letter, facts = "sign_in_link", {"request_id": request.id}
    if change is not None:
        letter, facts = "address_changed", {"change_id": change.id}
    key = f"{letter}:asked:{request.id}"
    person_id = person.id if person else None
    await outbox.enqueue(tx, dedup_key=key, person_id=person_id, template=letter, due_at=now, facts=facts, now=now)


async def new_address(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The new address; when it is somebody's, that person hears that it was asked for."""
    change = await tx.get(AddressChange, event.facts["change_id"])
    if change is None:
        return
    holder = await people.by_mailbox(tx, change.new_mailbox)
    if holder is None or holder.id == change.person_id:
        await _about(tx, change, "address_confirm", change.person_id, now)
    else:
        await _about(tx, change, "address_taken", holder.id, now)


async def old_address(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The old address, with the way back; and the new one, when an operator gave it."""
    change = await tx.get_one(AddressChange, event.facts["change_id"])
    letters = ["address_changed"] if change.by_id == change.person_id else ["address_changed", "address_given"]
    for letter in letters:
        await _about(tx, change, letter, change.person_id, now)


async def _about(tx: WriteSession, change: AddressChange, letter: str, person_id: int, now: datetime) -> None:
    facts = {"change_id": change.id}
    await outbox.put_up(tx, [person_id], letter=letter, about=str(change.id), facts=facts, now=now)


async def whoever_gets_or_loses_a_task(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The person themself: one letter for all that changes within two minutes."""
    person_id = event.facts["person_id"]
    waiting = select(Message.id).where(
        Message.person_id == person_id,
        Message.template == "roles_changed",
        Message.state.in_([MessageState.QUEUED, MessageState.DEFERRED]),
    )
    if event.facts["role"] in NO_TASK or await tx.scalar(waiting.limit(1)) is not None:
        return
    key, facts = f"roles_changed:{event.id}:{person_id}", {"event_id": event.id}
    due_at = now + TOGETHER
    await outbox.enqueue(
        tx, dedup_key=key, person_id=person_id, template="roles_changed", due_at=due_at, facts=facts, now=now
    )


ARRIVALS: dict[str, tuple[Callable[[WriteSession, EventRecord, datetime], Awaitable[None]], ...]] = {
    "sign_in.requested": (whoever_wants_to_sign_in,),
    "person.address_change_asked": (new_address,),
    "person.address_changed": (old_address,),
    "person.address_put_back": (),
    "person.confirmed": (),
    "person.signed_in": (),
    "person.signed_out": (),
    "person.sessions_ended": (),
    "person.warned": (inactivity.whoever_was_not_here,),
    "person.erased": (),
    "person.role_granted": (whoever_gets_or_loses_a_task,),
    "person.role_revoked": (whoever_gets_or_loses_a_task,),
}
"""Their rows of the table of notices."""
