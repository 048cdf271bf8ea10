"""The way into a loaded sample: one sign-in link for each role, and where letters can be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts import people, roles, sign_in
from accounts.models import Person
from accounts.states import Role
from kernel.db import Database, WriteSession
from kernel.settings import Settings

VALID = timedelta(hours=24)
RESIDENT = "bewoner@waterveen.example"
LANDS_ON = {
    Role.RESIDENT: "/",
    Role.MODERATOR: "/moderation",
    Role.SECRETARY: "/desk",
    Role.CHAIR: "/desk",
    Role.MEMBER: "/desk",
    Role.COMMISSIONER: "/desk/responses",
    Role.AUDITOR: "/desk",
    Role.OPERATOR: "/desk/set-up",
}


@dataclass(frozen=True)
class Welcome:
    """What the `demo` command prints."""

    links: list[tuple[str, str, str]]  # role, name, address
    letters: str

    def __str__(self) -> str:
        rows = [f"  {role:<13} {name:<22} {address}" for role, name, address in self.links]
        lines = ["Sign-in links (each works once, for 24 hours):", *rows, "", f"Outgoing letters: {self.letters}"]
        return "\n".join(lines)


async def welcome(database: Database, settings: Settings, *, now: datetime) -> Welcome:
    """Fresh links for somebody of every role."""
    async with database.write() as tx:
        links = []
        for role, path in LANDS_ON.items():
            person = await _somebody(tx, role, now)
            request = await sign_in.open_request(tx, person=person, browser=None, next_path=path, now=now)
            link = await sign_in.link_for(tx, request_id=request.id, valid=VALID, now=now)
            links.append((role.value, person.name, settings.absolute(link)))
    return Welcome(links, settings.absolute("/demo/mail"))


async def _somebody(tx: WriteSession, role: Role, now: datetime) -> Person:
    if role is not Role.RESIDENT:
        return (await roles.holders(tx, role=role))[0]
    known = await tx.scalar(select(Person).where(Person.email == RESIDENT))
    person = known or await people.meet(tx, email=RESIDENT, name="Bewoner", now=now)
    await people.confirm(tx, person=person, now=now)
    return person
