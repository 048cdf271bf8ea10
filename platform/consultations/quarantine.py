"""Support that looks faked is set apart: stored, not counted, and shown to a moderator who releases or keeps it.

What comes from a network that is set apart joins it in the very transaction of the endorsement. A network is first
noticed by `judge`, which the worker calls within a minute of new support; then all that came from it is set apart.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, insert, or_, select, update

from consultations import support_queries as queries
from consultations import suspicion, tallies
from consultations.events import QuarantineEvent, QuarantineKept, QuarantineReleased, QuarantineSetApart
from consultations.models import Endorsement, EndorsementRequest, Idea
from consultations.states import QuarantineState
from consultations.support_models import Quarantine, QuarantineDecision, SetApart, SupportTrace, SupportWatch
from kernel.db import WriteSession, batched
from kernel.errors import IllegalMove
from kernel.events import record_all
from kernel.networks import UNKNOWN, fingerprint
from kernel.once import changed
from kernel.settings import Settings

KEPT_FOR = timedelta(days=30)
NEW_WITHIN = timedelta(days=1)
HASTY_WITHIN = timedelta(seconds=15)
JUDGED_EACH = timedelta(minutes=1)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
FACTS: dict[QuarantineState, type[QuarantineEvent]] = {
    QuarantineState.APART: QuarantineSetApart,
    QuarantineState.RELEASED: QuarantineReleased,
    QuarantineState.KEPT: QuarantineKept,
}


# with the endorsement


def kept_of(network: str, settings: Settings) -> str | None:
    """All that is kept of a network, for thirty days; nothing when none is known: then nobody is compared."""
    return None if network == UNKNOWN else fingerprint(network, settings.secret)


async def note(
    tx: WriteSession, *, endorsement: Endorsement, idea: Idea, networks: Iterable[str | None], now: datetime
) -> bool:
    """Write down from which networks it came. True when one of them is set apart: then it does not count (yet)."""
    known = {network for network in networks if network}
    if not known:
        return False
    giver = await queries.giver(tx, idea_id=idea.id, person_id=endorsement.person_id)
    trace = {
        "endorsement_id": endorsement.id,
        "idea_id": idea.id,
        "host": giver.email.rpartition("@")[2].lower(),
        "is_new": giver.created_at > now - NEW_WITHIN and not giver.has_sent_in,
        "is_hasty": giver.asked_at is not None and now - giver.asked_at < HASTY_WITHIN,
        "hour": int(now.timestamp()) // 3600,
        "at": now,
    }
    traces = [trace | {"network": network} for network in sorted(known)]
    return bool(await note_all(tx, consultation_id=idea.consultation_id, traces=traces, now=now))


async def note_all(
    tx: WriteSession, *, consultation_id: int, traces: Sequence[dict[str, Any]], now: datetime
) -> set[int]:
    """The same for any number of traces: the endorsements among them that are set apart at once."""
    await tx.execute(insert(SupportTrace), [trace | {"consultation_id": consultation_id} for trace in traces])
    waiting = update(SupportWatch).where(SupportWatch.consultation_id == consultation_id)
    if not changed(await tx.execute(waiting.values(news_since=func.coalesce(SupportWatch.news_since, now)))):
        await tx.execute(insert(SupportWatch).values(consultation_id=consultation_id, news_since=now))
    networks = {trace["network"] for trace in traces}
    into = await queries.uncounted_of_networks(tx, consultation_id=consultation_id, networks=networks)
    rows = [
        {"endorsement_id": trace["endorsement_id"], "quarantine_id": into[trace["network"]]}
        for trace in traces
        if trace["network"] in into
    ]
    if rows:
        await tx.execute(insert(SetApart), rows)
    return {row["endorsement_id"] for row in rows}


async def forget(tx: WriteSession, endorsement_id: int) -> bool:
    """Before support is taken back: its traces go. True when it counted until now."""
    counted = not await queries.is_apart(tx, endorsement_id)
    await tx.execute(delete(SetApart).where(SetApart.endorsement_id == endorsement_id))
    await tx.execute(delete(SupportTrace).where(SupportTrace.endorsement_id == endorsement_id))
    return counted


# by the worker


async def judge_news(tx: WriteSession, *, now: datetime) -> int:
    """Compare the networks of each consultation that got support, at most once a minute; how many were set apart."""
    due = select(SupportWatch).where(
        SupportWatch.news_since.is_not(None),
        or_(SupportWatch.judged_at.is_(None), SupportWatch.judged_at <= now - JUDGED_EACH),
    )
    found = 0
    for watch in await tx.scalars(due):
        watch.news_since, watch.judged_at = None, now
        found += await judge(tx, consultation_id=watch.consultation_id, now=now)
    return found


async def judge(tx: WriteSession, *, consultation_id: int, now: datetime) -> int:
    """Set apart what looks faked (suspicion.py), and list every network of ten supports or more; how many were set
    apart. Many at once cost hardly more than one: an attack must not keep others from writing."""
    picture = await queries.picture(tx, consultation_id)
    suspects = suspicion.suspects(picture)
    known = await queries.latest_by_network(tx, consultation_id)
    names = {case.name for case in known.values()}
    found: list[Quarantine] = []
    for crowd in picture.crowds:
        case = known.get(crowd.network)
        if case is None or case.state is QuarantineState.RELEASED:
            case = _new_case(consultation_id, crowd.network, after=case, taken=names, now=now)
            tx.add(case)
        if case.state is QuarantineState.COUNTED and crowd.network in suspects:
            case.signs = {"signs": list(suspects[crowd.network]), "number": crowd.number, "new": crowd.new}
            found.append(case)
    await tx.flush()
    await _set_apart(tx, found)
    await _move(tx, found, QuarantineState.APART, actor_id=None, now=now)
    return len(found)


def _new_case(
    consultation_id: int, network: str, *, after: Quarantine | None, taken: set[str], now: datetime
) -> Quarantine:
    name = after.name if after else _name_for(consultation_id, network, taken)
    taken.add(name)
    return Quarantine(
        consultation_id=consultation_id,
        network=network,
        name=name,
        number=after.number + 1 if after else 1,
        state=QuarantineState.COUNTED,
        signs={},
        opened_at=now,
    )


def _name_for(consultation_id: int, network: str, taken: set[str]) -> str:
    """Four signs out of the fingerprint, or as many more as it takes to be the only one of that name."""
    drawn = hashlib.sha256(f"{consultation_id}:{network}".encode()).digest()
    written = "".join(_LETTERS[byte % len(_LETTERS)] for byte in drawn)
    return next(written[:length] for length in range(4, 17) if written[:length] not in taken)


async def _set_apart(tx: WriteSession, cases: Sequence[Quarantine]) -> None:
    """All that came from these networks and belongs to no case of theirs yet."""
    for some in batched([case.id for case in cases]):
        into = [SetApart.endorsement_id, SetApart.quarantine_id]
        await tx.execute(insert(SetApart).from_select(into, queries.loose_supports(some)))


async def _move(
    tx: WriteSession, cases: Sequence[Quarantine], to: QuarantineState, *, actor_id: int | None, now: datetime
) -> None:
    """Take the step, leave its facts, and have every idea it touches count again what counts."""
    for case in cases:
        case.move_to(to)
    await tx.flush()
    told = FACTS[to]
    facts = [
        told(at=now, actor_id=actor_id, quarantine_id=case.id, consultation_id=case.consultation_id) for case in cases
    ]
    await record_all(tx, facts)
    for some in batched([case.id for case in cases]):
        touched = select(Endorsement.idea_id).join(SetApart, SetApart.endorsement_id == Endorsement.id)
        await tallies.recount(tx, set(await tx.scalars(touched.where(SetApart.quarantine_id.in_(some)))))


# by a moderator


async def decide(
    tx: WriteSession, *, case: Quarantine, verdict: QuarantineState, reason: str, actor_id: int, now: datetime
) -> None:
    """Let it count, or keep it apart; either can be undone later. The caller has asked whether they may."""
    if verdict not in {QuarantineState.RELEASED, QuarantineState.KEPT} or not reason.strip():
        raise IllegalMove
    if case.state is QuarantineState.COUNTED:
        await _set_apart(tx, [case])
    tx.add(
        QuarantineDecision(
            quarantine_id=case.id, verdict=verdict, reason=reason, decided_at=now, decided_by_id=actor_id
        )
    )
    await tx.flush()
    await _move(tx, [case], verdict, actor_id=actor_id, now=now)


# by the clock


async def forget_old(tx: WriteSession, *, now: datetime) -> int:
    """Thirty days after support was asked for or given nothing is left of its network; how many traces went."""
    old = now - KEPT_FOR
    found = await tx.execute(delete(SupportTrace).where(SupportTrace.at <= old))
    asked = update(EndorsementRequest).where(
        EndorsementRequest.network.is_not(None), EndorsementRequest.asked_at <= old
    )
    await tx.execute(asked.values(network=None).execution_options(synchronize_session=False))
    still = exists().where(
        SupportTrace.consultation_id == Quarantine.consultation_id, SupportTrace.network == Quarantine.network
    )
    gone = update(Quarantine).where(Quarantine.network.is_not(None), Quarantine.opened_at <= old, ~still)
    await tx.execute(gone.values(network=None).execution_options(synchronize_session=False))
    return changed(found)
