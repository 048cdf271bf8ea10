"""SELECTs about where support came from. A network is a fingerprint; what people see of it is its short name."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from accounts.models import Person
from consultations.models import Endorsement, EndorsementRequest, Idea
from consultations.states import UNCOUNTED, IdeaState, QuarantineState
from consultations.support_models import Quarantine, SetApart, SupportTrace
from consultations.suspicion import SMALL, Crowd, Picture
from kernel.db import ReadSession, batched


def uncounted() -> ColumnElement[bool]:
    """Of an endorsement: it is set apart."""
    return exists().where(
        SetApart.endorsement_id == Endorsement.id,
        SetApart.quarantine_id == Quarantine.id,
        Quarantine.state.in_(UNCOUNTED),
    )


async def is_apart(db: ReadSession, endorsement_id: int) -> bool:
    """Whether this support does not count (yet)."""
    wanted = select(Endorsement.id).where(Endorsement.id == endorsement_id, uncounted())
    return await db.scalar(wanted) is not None


async def has_endorsed(db: ReadSession, *, idea_id: int, person_id: int | None) -> bool:
    """Whether this person supports the idea already, or something that is carried on in it."""
    if person_id is None:
        return False
    wanted = select(Endorsement.id).join(Idea, Idea.id == Endorsement.idea_id)
    to_it = or_(Idea.id == idea_id, Idea.merged_into_id == idea_id)
    return await db.scalar(wanted.where(to_it, Endorsement.person_id == person_id).limit(1)) is not None


async def own_state(db: ReadSession, *, idea_id: int, person_id: int | None) -> QuarantineState | None:
    """Whether somebody's support for an idea does not count: as apart until a person looked, or as kept apart."""
    wanted = (
        select(Quarantine.state)
        .join(SetApart, SetApart.quarantine_id == Quarantine.id)
        .join(Endorsement, Endorsement.id == SetApart.endorsement_id)
        .join(Idea, Idea.id == Endorsement.idea_id)
        .where(or_(Idea.id == idea_id, Idea.merged_into_id == idea_id))
        .where(Endorsement.person_id == person_id, Quarantine.state.in_(UNCOUNTED))
        .order_by(Quarantine.state.desc())  # kept before apart
        .limit(1)
    )
    return await db.scalar(wanted) if person_id is not None else None


@dataclass(frozen=True, kw_only=True)
class Giver:
    """Who gives support: the address, since when we know it, when this letter was asked for (None: signed in)."""

    email: str
    created_at: datetime
    asked_at: datetime | None
    has_sent_in: bool


async def giver(db: ReadSession, *, idea_id: int, person_id: int) -> Giver:
    """What of a person bears on their support for an idea."""
    asked = select(func.max(EndorsementRequest.asked_at)).where(
        EndorsementRequest.idea_id == idea_id, EndorsementRequest.person_id == person_id
    )
    sent = exists().where(Idea.author_id == person_id, Idea.state != IdeaState.SUBMITTED)
    wanted = select(Person.email, Person.created_at, asked.scalar_subquery(), sent).where(Person.id == person_id)
    email, created_at, asked_at, has_sent_in = (await db.execute(wanted)).one()
    return Giver(email=email, created_at=created_at, asked_at=asked_at, has_sent_in=has_sent_in)


async def uncounted_of_networks(db: ReadSession, *, consultation_id: int, networks: Collection[str]) -> dict[str, int]:
    """The quarantines of these networks that are apart or kept now, by network."""
    found: dict[str, int] = {}
    for some in batched(sorted(networks)):
        of = select(Quarantine.network, Quarantine.id, Quarantine.state).order_by(Quarantine.number)
        of = of.where(Quarantine.consultation_id == consultation_id, Quarantine.network.in_(some))
        for network, quarantine_id, state in await db.execute(of):  # the newest case of a network holds
            found.pop(str(network), None)
            if state in UNCOUNTED:
                found[str(network)] = quarantine_id
    return found


async def latest_by_network(db: ReadSession, consultation_id: int) -> dict[str, Quarantine]:
    """The newest case of each network."""
    cases = select(Quarantine).where(Quarantine.consultation_id == consultation_id, Quarantine.network.is_not(None))
    return {one.network: one for one in await db.scalars(cases.order_by(Quarantine.number)) if one.network}


def _released() -> ColumnElement[bool]:
    """Of a trace: a moderator let this support count, so it is not judged again."""
    return exists().where(
        SetApart.endorsement_id == SupportTrace.endorsement_id,
        SetApart.quarantine_id == Quarantine.id,
        Quarantine.state == QuarantineState.RELEASED,
    )


def loose_supports(quarantine_ids: Collection[int]) -> Select[Any]:
    """The endorsements from the networks of these cases that belong to no case of their network yet, with the case."""
    other = aliased(Quarantine)
    taken = exists().where(
        SetApart.endorsement_id == SupportTrace.endorsement_id,
        SetApart.quarantine_id == other.id,
        other.network == SupportTrace.network,
    )
    same = (Quarantine.consultation_id == SupportTrace.consultation_id) & (Quarantine.network == SupportTrace.network)
    wanted: Any = select(SupportTrace.endorsement_id, Quarantine.id).join(Quarantine, same)
    return wanted.where(Quarantine.id.in_(quarantine_ids), ~taken)  # type: ignore[no-any-return]  # a SELECT


async def picture(db: ReadSession, consultation_id: int) -> Picture:
    """Every network's support in numbers: six questions, whatever the size."""
    of = [SupportTrace.consultation_id == consultation_id, ~_released()]
    per_network: Any = select(
        SupportTrace.network,
        func.count(),
        func.sum(case((SupportTrace.is_new, 1), else_=0)),
        func.sum(case((SupportTrace.is_hasty, 1), else_=0)),
    )
    networks = (await db.execute(per_network.where(*of).group_by(SupportTrace.network))).all()
    large = {name: (number, new, hasty) for name, number, new, hasty in networks if number >= SMALL}
    ideas = await _by_network(db, SupportTrace.idea_id, of)
    hosts = await _by_network(db, SupportTrace.host, of)
    hours = await _by_network(db, SupportTrace.hour, of)
    return Picture(
        crowds=[
            Crowd(
                network=name,
                number=number,
                new=new,
                hasty=hasty,
                busiest_hour=max(hours[name].values()),
                ideas=ideas[name],
                hosts=hosts[name],
            )
            for name, (number, new, hasty) in sorted(large.items())
        ],
        ideas=await _elsewhere(db, SupportTrace.idea_id, of, ideas),
        hosts=await _elsewhere(db, SupportTrace.host, of, hosts),
        networks=len(networks),
    )


async def _by_network(db: ReadSession, column: Any, of: list[ColumnElement[bool]]) -> dict[str, Counter[Any]]:
    """For each large network how often each value of this column stands there."""
    large = select(SupportTrace.network).where(*of).group_by(SupportTrace.network).having(func.count() >= SMALL)
    wanted = select(SupportTrace.network, column, func.count()).where(*of, SupportTrace.network.in_(large))
    found: dict[str, Counter[Any]] = defaultdict(Counter)
    for network, value, number in await db.execute(wanted.group_by(SupportTrace.network, column)):
        found[network][value] = number
    return found


async def _elsewhere(
    db: ReadSession, column: Any, of: list[ColumnElement[bool]], large: dict[str, Counter[Any]]
) -> Counter[Any]:
    """How often each value stands in all small networks together: all there is without the large ones."""
    total = await db.execute(select(column, func.count()).where(*of).group_by(column))
    left = Counter({value: number for value, number in total})  # noqa: C416 - rows are not tuples to mypy
    for counted in large.values():
        left.subtract(counted)
    return +left
