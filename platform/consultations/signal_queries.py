"""Reusable SELECTs about what is pointed out in texts."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consultations.models import Consultation, Idea
from consultations.signal_models import Likeness, SecondLook, Signal
from consultations.signals import Kind
from consultations.signals.likeness import SAME, keys_of, overlap
from consultations.states import IdeaState
from kernel.db import ReadSession, batched

CANDIDATES = 20
AT_MOST = 100
"""Rows of one list; the rest follows as these are read."""
STANDING = frozenset({IdeaState.RECEIVED, IdeaState.IN_REVIEW, IdeaState.PUBLISHED, IdeaState.RETURNED, IdeaState.HELD})


async def kinds_of(db: ReadSession, idea_ids: Collection[int]) -> Mapping[int, list[Kind]]:
    """What is pointed out in each of these ideas, the weightiest first."""
    found: dict[int, list[Kind]] = {}
    order = {kind: at for at, kind in enumerate(Kind)}
    for some in batched(sorted(idea_ids)):
        for idea_id, kind in await db.execute(select(Signal.idea_id, Signal.kind).where(Signal.idea_id.in_(some))):
            found.setdefault(idea_id, []).append(kind)
    return {idea_id: sorted(kinds, key=order.__getitem__) for idea_id, kinds in found.items()}


async def same_as(db: ReadSession, idea: Idea) -> list[Idea]:
    """Ideas of the same consultation that say (almost) the same and came before it, the most alike first."""
    keys = keys_of(idea.body)
    if not keys:
        return []
    shared = (
        select(Likeness.idea_id, func.count().label("number"))
        .where(Likeness.consultation_id == idea.consultation_id, Likeness.key.in_(keys), Likeness.idea_id < idea.id)
        .group_by(Likeness.idea_id)
        .order_by(func.count().desc(), Likeness.idea_id)
        .limit(CANDIDATES)
        .subquery()
    )
    wanted = select(Idea).join(shared, shared.c.idea_id == Idea.id).where(Idea.state.in_(STANDING))
    found = [(overlap(one.body, idea.body), one) for one in await db.scalars(wanted)]
    return [one for share, one in sorted(found, key=lambda pair: (-pair[0], pair[1].id)) if share >= SAME]


async def asks_a_second_look(db: ReadSession, idea_id: int) -> bool:
    """Whether it is public, and nobody has read what is pointed out in it."""
    wanted = select(SecondLook.idea_id).where(SecondLook.idea_id == idea_id, SecondLook.looked_at.is_(None))
    return await db.scalar(wanted) is not None


async def second_looks(db: ReadSession, *, panels: Collection[int] | None) -> list[tuple[Idea, datetime]]:
    """What is on the site and waits to be read, with since when; the longest first."""
    wanted = (
        select(Idea, SecondLook.asked_at)
        .join(SecondLook, SecondLook.idea_id == Idea.id)
        .join(Idea.consultation)
        .where(SecondLook.looked_at.is_(None), Idea.state == IdeaState.PUBLISHED)
        .options(joinedload(Idea.consultation), joinedload(Idea.above))
        .order_by(SecondLook.asked_at, Idea.id)
        .limit(AT_MOST)
    )
    if panels is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panels))
    return [(idea, asked_at) for idea, asked_at in await db.execute(wanted)]


async def how_many_second_looks(db: ReadSession, *, panels: Collection[int] | None) -> int:
    """How much waits to be read afterwards."""
    wanted = select(func.count()).select_from(SecondLook).join(Idea, Idea.id == SecondLook.idea_id)
    wanted = wanted.where(SecondLook.looked_at.is_(None), Idea.state == IdeaState.PUBLISHED)
    if panels is not None:
        wanted = wanted.join(Idea.consultation).where(Consultation.panel_id.in_(panels))
    return await db.scalar(wanted) or 0
