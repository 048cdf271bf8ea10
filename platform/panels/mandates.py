"""Panels, their agreements, and who sits in them. A seat carries the role of member; the two go together."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from accounts import roles
from accounts.models import Person
from accounts.states import Role
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from panels import queries, rules
from panels.errors import AlreadySeated
from panels.models import Agreement, Panel, Seat
from panels.states import SeatEntry, SeatKind

READS_BRIEFING = frozenset({SeatKind.CITIZEN, SeatKind.PARTNER, SeatKind.ADVISER, SeatKind.FACILITATOR})
"""Seats whose holders are members of the site; an observer reads what everybody reads."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of reference, each a plain text."""

    aim: str
    tasks: str
    term: str
    meeting_cycle: str
    reporting: str
    confidentiality: str


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What panel and partner agreed on."""

    partner: str
    size: str
    duration: str
    set_up: str
    funding: str
    how_treated: str
    threshold_percent: int
    council_role: str
    draw_method: str
    draw_seed: str
    agreed_on: date


async def establish(
    tx: WriteSession,
    *,
    slug: str,
    name: str,
    terms: Terms,
    contact_name: str,
    contact_email: str,
    is_permanent: bool = False,
    freeze_days: int = 8,
    publish_days: int = 7,
    briefing_days: int = 5,
    response_months: int = 6,
) -> Panel:
    """Set up a panel with its terms of reference and its own deadlines."""
    panel = Panel(
        slug=slug,
        name=name,
        **vars(terms),
        contact_name=contact_name,
        contact_email=contact_email,
        is_permanent=is_permanent,
        freeze_days=freeze_days,
        publish_days=publish_days,
        briefing_days=briefing_days,
        response_months=response_months,
    )
    tx.add(panel)
    await tx.flush()
    return panel


async def agree(tx: WriteSession, *, panel: Panel, agreed: Agreed) -> Agreement:
    """Put a new version of the agreement in force; earlier versions stay as they are."""
    newest = await tx.scalar(select(func.max(Agreement.number)).where(Agreement.panel_id == panel.id))
    agreement = Agreement(panel_id=panel.id, number=(newest or 0) + 1, **vars(agreed))
    tx.add(agreement)
    await tx.flush()
    return agreement


async def seat(
    tx: WriteSession,
    *,
    panel: Panel,
    person: Person,
    kind: SeatKind,
    entry: SeatEntry,
    organisation: str = "",
    by: int | None = None,
    now: datetime,
) -> Seat:
    """Give somebody a place in the panel, and the role that comes with it; twice at a time is refused."""
    held = select(Seat.id).where(Seat.panel_id == panel.id, Seat.person_id == person.id, Seat.to_at.is_(None))
    if await tx.scalar(held) is not None:
        raise AlreadySeated
    taken = Seat(
        panel_id=panel.id,
        person_id=person.id,
        kind=kind,
        entry=entry,
        organisation=organisation,
        from_at=now,
        to_at=None,
        person=person,
    )
    tx.add(taken)
    if kind in READS_BRIEFING:
        await roles.grant(tx, person=person, role=Role.MEMBER, panel_id=panel.id, by=by, now=now)
    await tx.flush()
    return taken


async def vacate(tx: WriteSession, *, seat: Seat, by: int | None = None, now: datetime) -> None:
    """End somebody's place, once, and the role with it; the seat stays on record."""
    if seat.to_at is not None:
        raise IllegalMove  # who left may have come back since: that is another seat, with the role
    person = await tx.get_one(Person, seat.person_id)
    seat.to_at = now
    await roles.revoke(tx, person=person, role=Role.MEMBER, panel_id=seat.panel_id, by=by, now=now)
    await tx.flush()


async def is_lopsided(tx: WriteSession, *, panel: Panel) -> bool:
    """Whether citizens are fewer than twice the partner's members: a warning, shown in public."""
    return rules.is_lopsided(await queries.seats_by_kind(tx, panel.id))
