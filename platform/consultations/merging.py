"""One idea is carried on as part of another of the same consultation; undone, everything is as it was.

The caller has asked whether they may. Both stay to be read, each with the other's address. People who supported both
count once; whoever hears of one hears of the other.
"""

from datetime import datetime

from consultations import merge_queries, merge_rules, parting, queries
from consultations.merge_events import IdeaMerged, IdeaTookIn
from consultations.merge_models import IdeaMerge
from consultations.merge_states import Parting
from consultations.models import Idea
from kernel.db import WriteSession
from kernel.errors import ChangedMeanwhile
from kernel.events import record_all


async def merge(
    tx: WriteSession, *, idea: Idea, into: Idea, reason: str, actor_id: int, seen: str | None = None, now: datetime
) -> IdeaMerge:
    """Carry `idea` on as part of `into`. `seen` is the mark of what they had before them (merge_rules.mark_of).

    Raises what merge_rules says stands in the way, and ChangedMeanwhile.
    """
    idea, into = await merge_queries.held(tx, idea.id, into.id)
    consultation = await queries.by_id(tx, idea.consultation_id)
    objected = await merge_queries.author_objected(tx, idea.id)
    if seen is not None and seen != merge_rules.mark_of(idea, into):
        raise ChangedMeanwhile
    merge_rules.require_to_merge(consultation, idea=idea, into=into, objected=objected)
    if into.merged_into_id is not None:
        raise merge_rules.IntoMerged(title=(await tx.get_one(Idea, into.merged_into_id)).title)
    made = await parting.begin(tx, idea=idea, into=into, reason=reason, actor_id=actor_id, now=now)
    fact = {"consultation_id": idea.consultation_id, "merge_id": made.id}
    merged = IdeaMerged(at=now, actor_id=actor_id, idea_id=idea.id, into_id=into.id, **fact)
    await record_all(tx, [merged, IdeaTookIn(at=now, actor_id=actor_id, idea_id=into.id, merged_id=idea.id, **fact)])
    return made


async def undo(
    tx: WriteSession, *, merge: IdeaMerge, actor_id: int, how: Parting = Parting.UNDONE, now: datetime
) -> Idea:
    """Part them again, within fourteen days: by who may merge, or by the author of the idea that went into the other.

    Raises TooLateToPart.
    """
    idea, _into = await merge_queries.held(tx, merge.idea_id, merge.into_id)
    await tx.refresh(merge)
    consultation = await queries.by_id(tx, idea.consultation_id)
    if merge.split_id is not None or not merge_rules.may_part(merge, consultation=consultation, idea=idea, now=now):
        raise merge_rules.TooLateToPart
    await parting.end(tx, merge=merge, how=how, actor_id=actor_id, now=now)
    await parting.tell(tx, merge=merge, idea=idea, actor_id=actor_id, now=now)
    return idea
