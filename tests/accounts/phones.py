"""A phone with an app for codes, a browser that is signed in, and how they come together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp

from accounts import recovery_codes, second_factor, sessions
from accounts.models import Person, SecondFactor
from accounts.states import FactorKind, Role
from kernel import sealing
from kernel.db import Database, WriteSession
from kernel.settings import Settings
from tests.builders import a_person
from tests.visitor import Visitor

KEY = second_factor.key_of(Settings(mode="test"))


@dataclass(frozen=True)
class Phone:
    """What the app knows. Its codes come from another implementation of RFC 6238 than a test of ours would write."""

    secret: str

    def code(self, at: datetime, *, steps: int = 0) -> str:
        """What it shows then, or some steps of thirty seconds later."""
        return pyotp.TOTP(self.secret).at(at, counter_offset=steps)

    def wrong(self, at: datetime) -> str:
        """Six figures that count at no moment near."""
        near = {self.code(at, steps=step) for step in range(-3, 4)}
        return next(f"{number:06}" for number in range(10) if f"{number:06}" not in near)


async def a_phone(tx: WriteSession, person: Person, *, now: datetime) -> Phone:
    """Somebody's second factor, in use for a while."""
    phone = Phone(pyotp.random_base32())
    tx.add(
        SecondFactor(
            person_id=person.id,
            kind=FactorKind.TOTP,
            sealed=sealing.seal(phone.secret, key=KEY, about=f"person:{person.id}"),
            last_step=0,
            begun_at=now,
            begun_in="0" * 64,
            confirmed_at=now,
        )
    )
    await tx.flush()
    return phone


async def an_operator(database: Database, *, now: datetime, **given: Any) -> tuple[Person, Phone]:
    """Somebody who sets things up, with a phone."""
    async with database.write() as tx:
        person = await a_person(tx, role=given.pop("role", Role.OPERATOR), **given)
        return person, await a_phone(tx, person, now=now)


async def paper(database: Database, person: Person, *, now: datetime) -> list[str]:
    """Ten recovery codes."""
    async with database.write() as tx:
        return await recovery_codes.write(tx, person_id=person.id, now=now)


async def used_the_link(visitor: Visitor, database: Database, person: Person, *, now: datetime) -> str:
    """The browser after the link of the letter: the session's secret."""
    async with database.write() as tx:
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=now)
    visitor.http.cookies.set("session", secret, domain="panel.test", path="/")
    return secret


def session_of(visitor: Visitor) -> str:
    """The secret in the browser's cookie."""
    return str(visitor.http.cookies.get("session", domain="panel.test"))
