"""How many people support an idea: one person once, also when they supported several that go on as one."""

from collections.abc import Collection

from sqlalchemy import distinct, func, or_, select, update
from sqlalchemy.orm import aliased

from consultations.models import Endorsement, Idea
from consultations.support_queries import uncounted
from kernel.db import WriteSession, batched


async def recount(tx: WriteSession, idea_ids: Collection[int]) -> None:
    """Count the support of these ideas anew, and of those that they are carried on in. Set apart support is left out.

    Support stays with the idea it was given to; what carries that on counts the people of all of them together.
    """
    own = aliased(Idea)
    counting = (
        select(func.count(distinct(Endorsement.person_id)))
        .join(own, own.id == Endorsement.idea_id)
        .where(or_(own.id == Idea.id, own.merged_into_id == Idea.id), ~uncounted())
        .correlate(Idea)
        .scalar_subquery()
    )
    for some in batched(sorted(set(idea_ids))):
        into = select(Idea.merged_into_id).where(Idea.id.in_(some), Idea.merged_into_id.is_not(None))
        touched = {*some, *(one for one in await tx.scalars(into) if one)}
        # first held, then counted: support that somebody else gives at this moment is seen here, or adds to this
        await tx.execute(select(Idea.id).where(Idea.id.in_(touched)).order_by(Idea.id).with_for_update())
        again = update(Idea).where(Idea.id.in_(touched)).values(endorsement_count=counting)
        await tx.execute(again.execution_options(synchronize_session=False))
        for idea in [one for one in tx.identity_map.values() if isinstance(one, Idea) and one.id in touched]:
            await tx.refresh(idea, ["endorsement_count"])
