"""Who acts in the tests of this room."""

from accounts import roles
from accounts.actor import Actor
from accounts.states import Role
from kernel.db import WriteSession
from panels.models import Panel
from tests.builders import a_person


async def acting(tx: WriteSession, role: Role, panel: Panel) -> Actor:
    """Somebody new who holds the role for the panel, as an actor."""
    return await roles.actor_for(tx, person=await a_person(tx, role=role, panel=panel))
