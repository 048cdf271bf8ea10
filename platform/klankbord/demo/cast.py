"""The people of the sample: members in their seats, staff with their roles, residents who write and endorse."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from accounts import people, roles
from accounts.models import Person
from accounts.states import Role
from kernel.db import WriteSession
from panels.models import Panel, Seat
from panels.states import SeatEntry, SeatKind

DOMAIN = "waterveen.example"


async def a_resident(tx: WriteSession, *, name: str | None, key: str, now: datetime) -> Person:
    """A confirmed resident behind a sample idea; who signs with the same name is the same person."""
    local = _plain(name) if name else f"inwoner.{key}"
    person = await people.meet(tx, email=f"{local}@{DOMAIN}", name=name or "", now=now)
    await people.confirm(tx, person=person, now=now)
    return person


async def seat_members(tx: WriteSession, *, panel: Panel, members: list[dict[str, Any]], now: datetime) -> None:
    """Everybody with a place in the panel or a task around it."""
    for member in members:
        person = await people.meet(tx, email=member["email"], name=member["name"], now=now)
        await people.confirm(tx, person=person, now=now)
        if "seat" in member:
            seat = Seat(
                panel_id=panel.id,
                person_id=person.id,
                kind=SeatKind(member["seat"]),
                entry=SeatEntry(member["entry"]),
                organisation=member.get("organisation", ""),
                from_at=now,
                to_at=None,
            )
            tx.add(seat)
            await roles.grant(tx, person=person, role=Role.MEMBER, panel_id=panel.id, now=now)
        else:
            role = Role(member["role"])
            whole_installation = role in {Role.MODERATOR, Role.AUDITOR, Role.OPERATOR}
            await roles.grant(tx, person=person, role=role, panel_id=None if whole_installation else panel.id, now=now)


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", ".", ascii_only.lower()).strip(".") or "inwoner"
