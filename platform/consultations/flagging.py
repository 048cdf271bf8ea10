"""What is pointed out in a text, noted when it comes in and at each change, in the same transaction as the text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from consultations import queries
from consultations.models import Idea
from consultations.signal_models import Likeness, SecondLook, Signal
from consultations.signal_queries import same_as
from consultations.signals import HOLDS, Cause, Finding, Kind, findings
from consultations.signals.likeness import keys_of
from consultations.states import IdeaState, Policy
from kernel.db import WriteSession

FIELDS = ("title", "body", "service", "stuck")
"""The texts of an idea that its versions keep."""
AT_A_TIME = 100
"""Ideas of a file: PostgreSQL ends a transaction that asks nothing for seconds."""


def in_fields(texts: Mapping[str, str]) -> dict[str, list[Finding]]:
    """The findings of each field by itself; of the language, that of all of them together."""
    return {field: findings(text) for field, text in texts.items() if text}


def texts_of(idea: Idea) -> dict[str, str]:
    """Each field that an author fills and moderators read."""
    return {field: getattr(idea, field) for field in FIELDS}


def counted(texts: Mapping[str, str]) -> Counter[Kind]:
    """How much of each kind there is. A title made of the first sentence says nothing twice."""
    found: Counter[Kind] = Counter()
    for field, some in in_fields(texts).items():
        if field == "title" and texts["body"].startswith(texts["title"].rstrip("…")):
            continue
        found.update(one.kind for one in some)
    return found


async def look(tx: WriteSession, *, idea: Idea, is_first: bool = False) -> None:
    """Note what there is in the text as it stands, once it is confirmed. `is_first`: nothing was noted before."""
    if idea.state is IdeaState.SUBMITTED:
        return
    if not is_first:
        await forget(tx, idea_ids=[idea.id])
    found = counted(texts_of(idea))
    if await same_as(tx, idea):
        found[Kind.DUPLICATE] += 1
    noted = [{"idea_id": idea.id, "kind": kind, "number": number} for kind, number in found.items()]
    await _note(tx, noted, _keys(idea.id, idea.consultation_id, idea.body))


async def _note(tx: WriteSession, noted: Sequence[Mapping[str, Any]], keys: Sequence[Mapping[str, int]]) -> None:
    if noted:
        await tx.execute(insert(Signal), noted)
    if keys:
        await tx.execute(insert(Likeness), keys)


async def look_at_all(tx: WriteSession, *, consultation_id: int, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """The same for ideas from a file, in a few statements; what is like another one is told when it is read."""
    for start in range(0, len(rows), AT_A_TIME):
        noted: list[dict[str, Any]] = []
        keys: list[dict[str, int]] = []
        for idea_id, row in rows[start : start + AT_A_TIME]:
            texts = {field: row[field] for field in FIELDS}
            noted += [{"idea_id": idea_id, "kind": kind, "number": many} for kind, many in counted(texts).items()]
            keys += _keys(idea_id, consultation_id, row["body"])
        await _note(tx, noted, keys)


async def forget(tx: WriteSession, *, idea_ids: Sequence[int]) -> None:
    """The text changes or goes."""
    for table in (Signal, Likeness):
        await tx.execute(delete(table).where(table.idea_id.in_(idea_ids)))


async def goes_public(tx: WriteSession, *, idea: Idea, now: datetime) -> bool:
    """Whether it comes on the site before a moderator reads it; if so, what is pointed out is read afterwards."""
    policy = (await queries.by_id(tx, idea.consultation_id)).policy
    if policy is Policy.HOLD_ALL:
        return False
    flagged = await is_flagged(tx, idea_id=idea.id)
    if policy is Policy.PUBLISH_AT_ONCE and flagged:
        await ask_second_look(tx, idea_id=idea.id, now=now)
    return policy is Policy.PUBLISH_AT_ONCE or not flagged


async def ask_second_look(tx: WriteSession, *, idea_id: int, now: datetime) -> None:
    """It is on the site, and has something to read: it waits among what moderators read afterwards."""
    known = await tx.get(SecondLook, idea_id)
    if known is None:
        tx.add(SecondLook(idea_id=idea_id, asked_at=now, looked_at=None, looked_by_id=None))
    else:
        known.asked_at, known.looked_at, known.looked_by_id = now, None, None
    await tx.flush()


async def looked(tx: WriteSession, *, idea_id: int, by: int, now: datetime) -> bool:
    """A moderator read it, or decided about it; whether it waited for that."""
    waiting = update(SecondLook).where(SecondLook.idea_id == idea_id, SecondLook.looked_at.is_(None))
    done = waiting.values(looked_at=now, looked_by_id=by).returning(SecondLook.idea_id)
    return await tx.scalar(done) is not None


async def is_flagged(tx: WriteSession, *, idea_id: int) -> bool:
    """As it was noted."""
    noted = select(Signal.id).where(Signal.idea_id == idea_id, Signal.kind.in_(HOLDS)).limit(1)
    return await tx.scalar(noted) is not None


def alike() -> Finding:
    """That the whole text stands in the consultation already."""
    return Finding(0, 0, Kind.DUPLICATE, Cause.ALIKE)


def _keys(idea_id: int, consultation_id: int, body: str) -> list[dict[str, int]]:
    return [
        {"idea_id": idea_id, "consultation_id": consultation_id, "position": at, "key": key}
        for at, key in enumerate(keys_of(body))
    ]
