"""The steps under merging and splitting: an idea goes on as part of another, and comes back as it was.

Nothing is moved for it but where the idea stands. Support, comments, versions, followers and places in themes stay its
own; what carries it on counts and tells of both.
"""

from datetime import datetime

from sqlalchemy import select, update

from consultations import merge_queries as queries
from consultations import tallies
from consultations.merge_events import IdeaGaveBack, IdeaParted
from consultations.merge_models import IdeaMerge
from consultations.merge_states import Parting
from consultations.models import Idea
from consultations.states import IdeaRoute
from kernel.db import WriteSession, batched
from kernel.events import record_all


async def begin(
    tx: WriteSession,
    *,
    idea: Idea,
    into: Idea,
    split_id: int | None = None,
    reason: str = "",
    actor_id: int,
    now: datetime,
) -> IdeaMerge:
    """From now on `idea` is carried on as part of `into`, with everything that was carried on in it."""
    await _point(tx, await queries.carried_by(tx, [idea.id]), into.id)
    merge = IdeaMerge(
        idea_id=idea.id,
        into_id=into.id,
        split_id=split_id,
        route_before=idea.route,
        reason=reason,
        merged_at=now,
        merged_by_id=actor_id,
    )
    tx.add(merge)
    idea.merged_into_id, idea.route = into.id, IdeaRoute.MERGED
    await tx.flush()
    await tallies.recount(tx, [idea.id])
    return merge


async def end(tx: WriteSession, *, merge: IdeaMerge, how: Parting, actor_id: int | None, now: datetime) -> Idea:
    """The idea stands by itself again, on the way it was on, with what was put into it."""
    idea = await tx.get_one(Idea, merge.idea_id)
    carried_in = idea.merged_into_id
    merge.parted_at, merge.parted_by_id, merge.parting = now, actor_id, how
    idea.merged_into_id, idea.route = None, merge.route_before
    await tx.flush()
    await _point(tx, await queries.behind(tx, idea.id), idea.id)
    await tallies.recount(tx, [idea.id, *([carried_in] if carried_in else [])])
    return idea


async def _point(tx: WriteSession, idea_ids: list[int], into_id: int) -> None:
    """All of these are carried on in this one; the versions go up too, so that whoever read them before notices."""
    for some in batched(idea_ids):
        await tx.execute(update(Idea).where(Idea.id.in_(some)).values(merged_into_id=into_id, version=Idea.version + 1))
        for idea in await tx.scalars(select(Idea).where(Idea.id.in_(some))):
            await tx.refresh(idea, ["merged_into_id", "version"])


async def let_go(tx: WriteSession, *, idea: Idea, actor_id: int | None, now: datetime) -> None:
    """An idea was withdrawn or removed: what others wrote and is carried on in it stands by itself again."""
    for merge in await queries.merges_into(tx, [idea.id]):
        freed = await end(tx, merge=merge, how=Parting.LEFT, actor_id=actor_id, now=now)
        await tell(tx, merge=merge, idea=freed, actor_id=actor_id, now=now)


async def tell(tx: WriteSession, *, merge: IdeaMerge, idea: Idea, actor_id: int | None, now: datetime) -> None:
    """The facts of both, once they are parted."""
    fact = {"consultation_id": idea.consultation_id, "merge_id": merge.id}
    how = str(merge.parting)
    parted = IdeaParted(at=now, actor_id=actor_id, idea_id=idea.id, into_id=merge.into_id, how=how, **fact)
    gave_back = IdeaGaveBack(at=now, actor_id=actor_id, idea_id=merge.into_id, merged_id=idea.id, **fact)
    await record_all(tx, [parted, gave_back])
