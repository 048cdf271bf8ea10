"""Notices about answers that are owed: who hears that an advice waits for one. See `notices`."""

from datetime import datetime

from accounts.states import Role
from kernel.db import WriteSession
from kernel.events import EventRecord
from notify import hearers, outbox


async def commissioner_who_owes_an_answer(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """When an advice is submitted."""
    response_id = await hearers.response_to(tx, event.facts["recommendation_id"])
    if response_id is not None:
        people = await hearers.in_roles(tx, panel_id=event.facts["panel_id"], wanted=[Role.COMMISSIONER])
        facts = {"response_id": response_id}
        await outbox.put_up(tx, people, letter="response_due", about=str(response_id), facts=facts, now=now)


async def commissioner_reminded(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Some time before the answer is due."""
    response_id = event.facts["response_id"]
    panel_id = await hearers.panel_of_response(tx, response_id)
    people = await hearers.in_roles(tx, panel_id=panel_id, wanted=[Role.COMMISSIONER])
    facts = {"response_id": response_id, "event_id": event.id}
    about = f"{response_id}:reminder:{event.id}"
    await outbox.put_up(tx, people, letter="response_due", about=about, facts=facts, now=now)


async def commissioner_and_chair(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """When the due date passed without an answer."""
    response_id = event.facts["response_id"]
    panel_id = await hearers.panel_of_response(tx, response_id)
    people = await hearers.in_roles(tx, panel_id=panel_id, wanted=[Role.COMMISSIONER, Role.CHAIR])
    facts = {"response_id": response_id}
    await outbox.put_up(tx, people, letter="response_overdue", about=str(response_id), facts=facts, now=now)
