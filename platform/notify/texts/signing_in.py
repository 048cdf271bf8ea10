"""Letters about getting in: a link and a code to sign in with, another address, another task."""

from datetime import timedelta

from sqlalchemy import select

from accounts import addresses, people, sign_in, typed_codes
from accounts.events import RoleGranted, RoleRevoked
from accounts.models import AddressChange, Person, SignInRequest
from accounts.states import ROLE_NAMES, Role
from kernel.db import WriteSession
from kernel.events import EventRecord
from kernel.i18n import gettext as _
from notify.drafts import Draft, Receiver, Words
from notify.models import Message
from panels.models import Panel

STALE = timedelta(hours=1)
NO_TASK = frozenset({Role.RESIDENT, Role.BLOCKED})
"""Roles that are no task: whoever is blocked hears of it by a letter that says why."""
MINUTES = int(typed_codes.VALID.total_seconds() // 60)


async def whoever_asked(tx: WriteSession, message: Message) -> Receiver | None:
    """The person behind the address, at the spelling that we know; for nobody's address, what was typed."""
    request = await tx.get(SignInRequest, message.facts["request_id"])
    if request is None:
        return None
    person = await people.by_mailbox(tx, request.mailbox)
    return Receiver.of(person) if person else Receiver(email=request.email, language=request.language)


async def sign_in_link(draft: Draft) -> Words | None:
    """For whoever asked just now; a link that was asked for an hour ago would only surprise."""
    request = await draft.tx.get_one(SignInRequest, draft.fact("request_id"))
    if draft.now - request.requested_at > STALE or request.used_at is not None:
        return None
    issued = await sign_in.issue(
        draft.tx, request=request, sent_to=draft.receiver.email, secret=draft.settings.secret, now=draft.now
    )
    return {"link": draft.link(issued.path), "code": issued.code, "minutes": MINUTES}


async def new_address(tx: WriteSession, message: Message) -> Receiver | None:
    """Where somebody wants to have their letters; nobody has shown yet that it is theirs."""
    change = await tx.get(AddressChange, message.facts["change_id"])
    if change is None or change.made_at is not None or change.undone_at is not None or not change.new_email:
        return None
    person = await tx.get_one(Person, change.person_id)
    return Receiver(email=change.new_email, language=person.language, person_id=person.id)


async def address_confirm(draft: Draft) -> Words | None:
    """To the new address. Nothing that the person typed stands in it."""
    change = await draft.tx.get_one(AddressChange, draft.fact("change_id"))
    if draft.now - change.asked_at > STALE:
        return None
    path, code = await addresses.issue(draft.tx, change=change, secret=draft.settings.secret, now=draft.now)
    return {"link": draft.link(path), "code": code, "minutes": MINUTES}


async def address_taken(draft: Draft) -> Words | None:
    """To the person whose address it is already: perhaps it was they themselves, with an older account."""
    return {"link": draft.link("/sign-in")}


async def old_address(tx: WriteSession, message: Message) -> Receiver | None:
    """Where the person had their letters until now."""
    change = await tx.get(AddressChange, message.facts["change_id"])
    if change is None or change.undone_at is not None or not change.old_email:
        return None
    person = await tx.get_one(Person, change.person_id)
    return Receiver(email=change.old_email, language=person.language, is_confirmed=True, person_id=person.id)


async def address_changed(draft: Draft) -> Words | None:
    """To the old address, with the way back. The new one does not stand in it."""
    change = await draft.tx.get_one(AddressChange, draft.fact("change_id"))
    if change.made_at is None or draft.now >= change.made_at + addresses.PUT_BACK_WITHIN:
        return None
    path = await addresses.put_back_link(draft.tx, change=change, now=draft.now)
    return {
        "link": draft.link(path),
        "made_at": change.made_at,
        "until": change.made_at + addresses.PUT_BACK_WITHIN,
        "by_operator": change.by_id != change.person_id,
    }


async def address_given(draft: Draft) -> Words | None:
    """To the address that the operator gave them; it is confirmed by signing in."""
    change = await draft.tx.get_one(AddressChange, draft.fact("change_id"))
    if change.undone_at is not None:
        return None
    return {"link": draft.link("/sign-in"), "email": draft.receiver.email}


async def roles_changed(draft: Draft) -> Words | None:
    """All that changed since the first fact that this letter is about; nothing when it came to nothing."""
    named = {RoleGranted.name: True, RoleRevoked.name: False}
    told = select(EventRecord).where(
        EventRecord.subject == f"person:{draft.receiver.id}",
        EventRecord.id >= draft.fact("event_id"),
        EventRecord.name.in_(named),
    )
    before: dict[tuple[str, int | None], bool] = {}
    after: dict[tuple[str, int | None], bool] = {}
    for event in await draft.tx.scalars(told.order_by(EventRecord.id)):
        task = (str(event.facts["role"]), event.facts["panel_id"])
        before.setdefault(task, not named[event.name])
        after[task] = named[event.name]
    changed = [task for task in after if after[task] != before[task] and Role(task[0]) not in NO_TASK]
    if not changed:
        return None
    return {
        "gained": [await _task(draft, *task) for task in changed if after[task]],
        "lost": [await _task(draft, *task) for task in changed if not after[task]],
        "link": draft.link("/sign-in"),
    }


async def _task(draft: Draft, role: str, panel_id: int | None) -> str:
    name = _(ROLE_NAMES[Role(role)])
    if panel_id is None:
        return name
    panel = await draft.tx.get_one(Panel, panel_id)
    return _("%(role)s van %(panel)s") % {"role": name, "panel": panel.name}
