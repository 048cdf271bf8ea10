"""Somebody in each role, with a cookie; who lost it by what was tried gets it back."""

from dataclasses import dataclass, field

from accounts import queries, roles, sessions
from accounts.models import Person
from accounts.states import Role
from kernel.db import Database, WriteSession
from panels.models import Panel
from tests.builders import a_person
from tests.moments import NOON

ROLES = (
    "anonymous",
    "resident",
    "blocked",
    "member",
    "moderator",
    "secretary",
    "chair",
    "commissioner",
    "auditor",
    "operator",
)
OF_PANEL = {Role.MEMBER, Role.SECRETARY, Role.CHAIR, Role.COMMISSIONER}
OUTSIDERS = frozenset({"anonymous", "resident", "blocked", "member"})
"""Those who must never read what is held back."""


@dataclass
class Cast:
    """Who plays which role: person ids, and the secrets in their cookies."""

    persons: dict[str, int] = field(default_factory=dict)
    panel_id: int = 0
    secrets: dict[str, str] = field(default_factory=dict)

    async def arrive(self, database: Database) -> None:
        """Everybody begins a session, with the grants that the role has."""
        for role in self.persons:
            await self.sign_in(database, role)

    async def sign_in(self, database: Database, role: str) -> None:
        """A new session for this role; its grant is given anew when somebody took it."""
        async with database.write() as tx:
            person = await tx.get_one(Person, self.persons[role])
            wanted = _grant_of(role)
            for role_held, panel_id in await queries.current(tx, person_id=person.id):
                if role_held is not wanted:  # somebody gave it meanwhile, in a form that was sent
                    await roles.revoke(tx, person=person, role=role_held, panel_id=panel_id, now=NOON)
            if wanted is not None:
                panel_id = self.panel_id if wanted in OF_PANEL else None
                await roles.grant(tx, person=person, role=wanted, panel_id=panel_id, now=NOON)
            self.secrets[role], _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)

    async def is_in(self, database: Database, role: str) -> bool:
        """Whether the cookie of this role still stands for who holds it."""
        if role == "anonymous":
            return True
        async with database.read() as db:
            actor = await sessions.actor_behind(db, secret=self.secrets[role], mandatory=frozenset(), now=NOON)
        wanted = _grant_of(role)
        return actor.is_signed_in and actor.roles == ({wanted} if wanted else set())


async def a_cast(tx: WriteSession, panel: Panel) -> Cast:
    """One person for each role but the first."""
    cast = Cast(panel_id=panel.id)
    for role in ROLES[1:]:
        wanted = _grant_of(role)
        of_panel = panel if wanted in OF_PANEL else None
        person = await a_person(tx, role=wanted, panel=of_panel, email=f"{role}@waterveen.example")
        cast.persons[role] = person.id
    return cast


def _grant_of(role: str) -> Role | None:
    return None if role in {"anonymous", "resident"} else Role(role)
