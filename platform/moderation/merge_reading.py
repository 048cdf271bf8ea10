"""What the pages about merged and split ideas are put together from."""

from datetime import datetime

from consultations import merge_queries, merge_rules
from consultations.merge_models import IdeaMerge, IdeaSplit
from consultations.models import Idea
from consultations.queries import idea_by_id
from kernel.db import ReadSession
from moderation.merge_pages import InParts, Together


async def together(db: ReadSession, merge: IdeaMerge, *, now: datetime) -> Together:
    """A merge with both its ideas."""
    idea, into = await idea_by_id(db, merge.idea_id), await idea_by_id(db, merge.into_id)
    may = merge_rules.may_part(merge, consultation=idea.consultation, idea=idea, now=now)
    return Together(merge=merge, idea=idea, into=into, until=merge_rules.undo_until(merge), may_part=may)


async def joined_with(db: ReadSession, idea_id: int, *, now: datetime) -> list[Together]:
    """What this idea goes on in, and what goes on in it."""
    own = await merge_queries.standing_merge(db, idea_id)
    into = await merge_queries.merges_into(db, [idea_id])
    merges = [*([own] if own is not None and own.split_id is None else []), *into[: merge_queries.SHOWN]]
    return [await together(db, merge, now=now) for merge in merges]


async def in_parts(db: ReadSession, made: IdeaSplit | None, *, now: datetime) -> InParts | None:
    """A split with its whole and its parts."""
    if made is None:
        return None
    whole = await idea_by_id(db, made.idea_id)
    may = merge_rules.may_part(made, consultation=whole.consultation, idea=whole, now=now)
    parts = await merge_queries.parts_of(db, made.id)
    return InParts(made=made, whole=whole, parts=parts, until=merge_rules.undo_until(made), may_part=may)


async def own_merge(db: ReadSession, idea: Idea, *, now: datetime) -> Together | None:
    """What somebody's idea goes on in, when that is not because it was split."""
    merge = await merge_queries.standing_merge(db, idea.id)
    return await together(db, merge, now=now) if merge is not None and merge.split_id is None else None
