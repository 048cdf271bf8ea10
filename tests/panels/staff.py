"""Who acts in the tests of this room."""

from datetime import datetime

from accounts import roles, sessions
from accounts.actor import Actor
from accounts.states import Role
from kernel.db import Database, WriteSession
from panels.models import Panel
from tests.builders import a_person
from tests.moments import NOON
from tests.visitor import Visitor


async def acting(tx: WriteSession, role: Role, panel: Panel) -> Actor:
    """Somebody new who holds the role for the panel, as an actor."""
    return await roles.actor_for(tx, person=await a_person(tx, role=role, panel=panel))


async def signed_in(visitor: Visitor, database: Database, role: Role, panel: Panel, *, now: datetime = NOON) -> Actor:
    """Sign somebody new in who holds the role for the panel."""
    async with database.write() as tx:
        person = await a_person(tx, role=role, panel=panel)
        secret, _lasts = await sessions.begin(tx, person=person, carries_grants=True, now=now)
        actor = await roles.actor_for(tx, person=person)
    visitor.http.cookies.set("session", secret)
    return actor
