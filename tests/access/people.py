"""Everybody who may come by, each under one word, with the cookie that they come with."""

from dataclasses import dataclass

from accounts import roles, sessions
from accounts.models import SecondFactor
from accounts.states import FactorKind, Role
from kernel.db import WriteSession
from panels.models import Panel
from tests.builders import a_person
from tests.moments import NOON

STRANGERS = ("anonymous", "lost")
RESIDENTS = ("resident", "author", "blocked", "plain")
STAFF = ("member", "moderator", "secretary", "chair", "commissioner", "auditor", "operator")
ELSEWHERE = ("member2", "moderator2", "secretary2", "chair2", "commissioner2")
EVERYBODY = (*STRANGERS, *RESIDENTS, "owes", *STAFF, *ELSEWHERE)

GROUPS = {
    "strangers": STRANGERS,
    "residents": RESIDENTS,
    "staff": STAFF,
    "elsewhere": ELSEWHERE,
    "everybody": EVERYBODY,
}
"""`lost` was secretary until just now. `plain` is secretary, signed in as a resident: by the link of a letter about an
idea. `owes` is secretary and has not given the second factor yet. Those with a 2 have their role for another panel;
moderator, auditor and operator have it for all panels."""

FOR_ALL = {"moderator", "auditor", "operator"}


@dataclass(frozen=True)
class Somebody:
    """Who comes by: the person's id, and the secret of their session."""

    person_id: int | None = None
    session: str | None = None


async def everybody(tx: WriteSession, *, panel: Panel, other: Panel) -> dict[str, Somebody]:
    """All of them, signed in."""
    found = {"anonymous": Somebody()}
    for word in EVERYBODY[1:]:
        role = Role(word.rstrip("2")) if word in {*STAFF, *ELSEWHERE, "resident", "blocked"} else None
        role = Role.SECRETARY if word in {"lost", "plain", "owes"} else role
        of = None if word in FOR_ALL or role in {None, Role.RESIDENT, Role.BLOCKED} else panel
        of = other if word in ELSEWHERE else of
        person = await a_person(tx, role=role, panel=of, name=f"Naam van {word}", email=f"{word}@waterveen.example")
        secret, _lasts = await sessions.begin(tx, person=person, carries_grants=word != "plain", now=NOON)
        if word == "owes":
            factor = {"kind": FactorKind.TOTP, "sealed": b"-", "last_step": 0, "begun_at": NOON, "begun_in": ""}
            tx.add(SecondFactor(person_id=person.id, confirmed_at=NOON, **factor))
        if word == "lost":
            await roles.revoke(tx, person=person, role=Role.SECRETARY, panel_id=panel.id, now=NOON)
        found[word] = Somebody(person.id, secret)
    return found
