"""SELECTs about the networks that support came from, for moderators. People are numbers here, networks short names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from consultations.models import Consultation, Endorsement, Idea
from consultations.states import QuarantineState
from consultations.support_models import Quarantine, QuarantineDecision, SetApart, SupportTrace
from consultations.suspicion import SMALL
from kernel.db import ReadSession
from kernel.errors import NotFound

MOST_CASES = 200
MOST_SUPPORTERS = 50


@dataclass(frozen=True, kw_only=True)
class Case:
    """One network for a moderator: how much, when, for which ideas, and what was decided."""

    quarantine: Quarantine
    number: int
    first_at: datetime | None
    last_at: datetime | None
    ideas: list[tuple[Idea, int]]
    decisions: list[tuple[QuarantineDecision, str]]


async def quarantine(db: ReadSession, quarantine_id: int) -> Quarantine:
    """One case with its consultation; raises NotFound."""
    wanted = select(Quarantine).where(Quarantine.id == quarantine_id)
    found = await db.scalar(wanted.options(joinedload(Quarantine.consultation)))
    if found is None:
        raise NotFound
    return found


def _belongs() -> ColumnElement[bool]:
    """Of an endorsement and a case: set apart with it, or (while it only counts) come from its network."""
    member = exists().where(SetApart.endorsement_id == Endorsement.id, SetApart.quarantine_id == Quarantine.id)
    came = exists().where(
        SupportTrace.endorsement_id == Endorsement.id,
        SupportTrace.consultation_id == Quarantine.consultation_id,
        SupportTrace.network == Quarantine.network,
        Quarantine.state == QuarantineState.COUNTED,
    )
    return member | came


async def cases(db: ReadSession, *, panels: Collection[int] | None) -> list[Case]:
    """The networks worth a look: what waits for a person first, then the newest; without ideas and decisions."""
    members = (
        select(
            SetApart.quarantine_id,
            func.count().label("number"),
            func.min(Endorsement.endorsed_at).label("first_at"),
            func.max(Endorsement.endorsed_at).label("last_at"),
        )
        .join(Endorsement, Endorsement.id == SetApart.endorsement_id)
        .group_by(SetApart.quarantine_id)
        .subquery()
    )
    came = (
        select(
            SupportTrace.consultation_id,
            SupportTrace.network,
            func.count().label("number"),
            func.min(SupportTrace.at).label("first_at"),
            func.max(SupportTrace.at).label("last_at"),
        )
        .group_by(SupportTrace.consultation_id, SupportTrace.network)
        .having(func.count() >= SMALL)
        .subquery()
    )
    waits = case((Quarantine.state == QuarantineState.APART, 0), else_=1)
    number = func.coalesce(members.c.number, came.c.number, 0)
    wanted = (
        select(
            Quarantine,
            number,
            func.coalesce(members.c.first_at, came.c.first_at),
            func.coalesce(members.c.last_at, came.c.last_at),
        )
        .join(Quarantine.consultation)
        .outerjoin(members, members.c.quarantine_id == Quarantine.id)
        .outerjoin(
            came, (came.c.consultation_id == Quarantine.consultation_id) & (came.c.network == Quarantine.network)
        )
        .options(joinedload(Quarantine.consultation))
        .order_by(waits, number.desc(), Quarantine.id)
        .limit(MOST_CASES)
    )
    if panels is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panels))
    return [
        Case(quarantine=one, number=many, first_at=first, last_at=last, ideas=[], decisions=[])
        for one, many, first, last in await db.execute(wanted)
    ]


async def case_of(db: ReadSession, found: Quarantine) -> Case:
    """One network in full."""
    of = select(Idea, func.count(Endorsement.id), func.min(Endorsement.endorsed_at), func.max(Endorsement.endorsed_at))
    of = of.join(Endorsement, Endorsement.idea_id == Idea.id).join(Quarantine, Quarantine.id == found.id)
    rows = (await db.execute(of.where(_belongs()).group_by(Idea.id))).all()
    told = (
        select(QuarantineDecision, Person.name)
        .join(Person, Person.id == QuarantineDecision.decided_by_id)
        .where(QuarantineDecision.quarantine_id == found.id)
        .order_by(QuarantineDecision.id.desc())
    )
    return Case(
        quarantine=found,
        number=sum(number for _, number, _, _ in rows),
        first_at=min((first for _, _, first, _ in rows), default=None),
        last_at=max((last for _, _, _, last in rows), default=None),
        ideas=sorted(((idea, number) for idea, number, _, _ in rows), key=lambda one: (-one[1], one[0].id)),
        decisions=[(decision, name) for decision, name in await db.execute(told)],
    )


async def supporters(db: ReadSession, found: Quarantine) -> list[tuple[Endorsement, Idea]]:
    """The newest support from one network: whose it is, is a number."""
    wanted = select(Endorsement, Idea).join(Idea, Idea.id == Endorsement.idea_id)
    wanted = wanted.join(Quarantine, Quarantine.id == found.id).where(_belongs())
    newest = wanted.order_by(Endorsement.endorsed_at.desc(), Endorsement.id.desc()).limit(MOST_SUPPORTERS)
    return [(endorsement, idea) for endorsement, idea in await db.execute(newest)]


async def numbers_apart(db: ReadSession, consultation_ids: Sequence[int]) -> dict[QuarantineState, tuple[int, int]]:
    """For the public: how many networks and how much support is apart, released, kept."""
    counted = (
        select(Quarantine.state, func.count(Quarantine.id.distinct()), func.count(SetApart.endorsement_id))
        .outerjoin(SetApart, SetApart.quarantine_id == Quarantine.id)
        .where(Quarantine.consultation_id.in_(consultation_ids), Quarantine.state != QuarantineState.COUNTED)
        .group_by(Quarantine.state)
    )
    return {state: (networks, supports) for state, networks, supports in await db.execute(counted)}
