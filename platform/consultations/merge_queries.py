"""SELECTs about ideas that are carried on as part of another, and about split submissions."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import distinct, exists, func, or_, select
from sqlalchemy.orm import joinedload

from consultations.merge_models import IdeaMerge, IdeaPart, IdeaSplit
from consultations.merge_states import Parting
from consultations.models import Endorsement, Idea
from consultations.support_queries import uncounted
from kernel.db import ReadSession, batched
from kernel.errors import NotFound

SHOWN = 50


async def merge_by_id(db: ReadSession, merge_id: int) -> IdeaMerge:
    """The merge; raises NotFound."""
    found = await db.get(IdeaMerge, merge_id)
    if found is None:
        raise NotFound
    return found


async def split_by_id(db: ReadSession, split_id: int) -> IdeaSplit:
    """The split; raises NotFound."""
    found = await db.get(IdeaSplit, split_id)
    if found is None:
        raise NotFound
    return found


async def standing_merge(db: ReadSession, idea_id: int) -> IdeaMerge | None:
    """How this idea is carried on as part of another, while it is."""
    return await db.scalar(select(IdeaMerge).where(IdeaMerge.idea_id == idea_id, IdeaMerge.parted_at.is_(None)))


async def merges_into(db: ReadSession, idea_ids: Collection[int]) -> Sequence[IdeaMerge]:
    """What was put into these ideas themselves and still is, oldest first; not what comes of a split."""
    into = select(IdeaMerge).where(IdeaMerge.into_id.in_(idea_ids), IdeaMerge.parted_at.is_(None))
    return (await db.scalars(into.where(IdeaMerge.split_id.is_(None)).order_by(IdeaMerge.id))).all()


async def behind(db: ReadSession, idea_id: int) -> list[int]:
    """Everything that is carried on in an idea when it stands by itself: what was put into it, into that, and so on."""
    found: list[int] = []
    ring = [idea_id]
    while ring:
        into = select(IdeaMerge.idea_id).where(IdeaMerge.into_id.in_(ring), IdeaMerge.parted_at.is_(None))
        ring = list(await db.scalars(into.order_by(IdeaMerge.idea_id)))
        found += ring
    return found


async def taken_in(db: ReadSession, idea_id: int, *, most: int = SHOWN) -> Sequence[Idea]:
    """The ideas that are carried on in this one and can be read, oldest first."""
    carried = select(Idea).where(Idea.merged_into_id == idea_id, Idea.readable())
    return (await db.scalars(carried.order_by(Idea.received_at, Idea.id).limit(most))).all()


async def supporters_of(db: ReadSession, idea_ids: Collection[int]) -> int:
    """How many people support any of these ideas, or what is carried on in them; set apart support is left out."""
    to_them = or_(Idea.id.in_(idea_ids), Idea.merged_into_id.in_(idea_ids))
    people = select(func.count(distinct(Endorsement.person_id))).join(Idea, Idea.id == Endorsement.idea_id)
    return await db.scalar(people.where(to_them, ~uncounted())) or 0


async def carried_by(db: ReadSession, idea_ids: Collection[int]) -> list[int]:
    """The ids of what is carried on in these ideas."""
    found: list[int] = []
    for some in batched(sorted(set(idea_ids))):
        found += await db.scalars(select(Idea.id).where(Idea.merged_into_id.in_(some)).order_by(Idea.id))
    return found


async def with_what_goes_along(db: ReadSession, idea_ids: Iterable[int]) -> list[int]:
    """These ideas and those that are carried on in them: whoever hears of one of those hears of these."""
    own = list(idea_ids)
    return [*own, *await carried_by(db, own)]


async def is_bound(db: ReadSession, idea_id: int) -> bool:
    """Whether others go by this idea: it is supported, something is carried on in it, or it is a part of a split."""
    is_supported = exists().where(Endorsement.idea_id == idea_id)
    carries = exists().where(Idea.merged_into_id == idea_id)
    is_part = exists().where(IdeaPart.idea_id == idea_id)
    return bool(await db.scalar(select(or_(is_supported, carries, is_part))))


async def carries(db: ReadSession, idea_id: int) -> bool:
    """Whether something is carried on in this idea."""
    return await db.scalar(select(Idea.id).where(Idea.merged_into_id == idea_id).limit(1)) is not None


async def author_objected(db: ReadSession, idea_id: int) -> bool:
    """Whether its author had a merge of this idea undone."""
    undone = IdeaMerge.parting == Parting.OBJECTED
    wanted = select(IdeaMerge.id).where(IdeaMerge.idea_id == idea_id, IdeaMerge.split_id.is_(None), undone)
    return await db.scalar(wanted.limit(1)) is not None


async def split_objected(db: ReadSession, idea_id: int) -> bool:
    """Whether its author had a split of this idea undone."""
    wanted = select(IdeaSplit.id).where(IdeaSplit.idea_id == idea_id, IdeaSplit.undoing == Parting.OBJECTED)
    return await db.scalar(wanted.limit(1)) is not None


async def standing_split(db: ReadSession, idea_id: int) -> IdeaSplit | None:
    """How this submission was split, while it is."""
    return await db.scalar(select(IdeaSplit).where(IdeaSplit.idea_id == idea_id, IdeaSplit.undone_at.is_(None)))


async def split_of_part(db: ReadSession, idea_id: int) -> IdeaSplit | None:
    """The split that this idea was cut out by, while that stands."""
    of = select(IdeaSplit).join(IdeaPart, IdeaPart.split_id == IdeaSplit.id)
    return await db.scalar(of.where(IdeaPart.idea_id == idea_id, IdeaSplit.undone_at.is_(None)))


async def cut_out_of(db: ReadSession, idea_ids: Collection[int]) -> Sequence[Idea]:
    """Everything that was ever cut out of these submissions."""
    parts = select(Idea).join(IdeaPart, IdeaPart.idea_id == Idea.id).join(IdeaSplit, IdeaSplit.id == IdeaPart.split_id)
    return (await db.scalars(parts.where(IdeaSplit.idea_id.in_(idea_ids)).order_by(Idea.id))).all()


async def wholes_of(db: ReadSession, idea_ids: Collection[int]) -> Sequence[Idea]:
    """The submissions that these were cut out of."""
    wholes = select(Idea).join(IdeaSplit, IdeaSplit.idea_id == Idea.id)
    wholes = wholes.join(IdeaPart, IdeaPart.split_id == IdeaSplit.id)
    return (await db.scalars(wholes.where(IdeaPart.idea_id.in_(idea_ids)).order_by(Idea.id))).unique().all()


async def parts_of(db: ReadSession, split_id: int) -> Sequence[Idea]:
    """The ideas that were cut out, the first first, whatever became of them."""
    parts = select(Idea).join(IdeaPart, IdeaPart.idea_id == Idea.id).where(IdeaPart.split_id == split_id)
    return (await db.scalars(parts.options(joinedload(Idea.consultation)).order_by(IdeaPart.position))).all()


async def shown_parts(db: ReadSession, idea: Idea) -> Sequence[Idea]:
    """The parts that a submission goes on in, as far as everybody can read them."""
    made = await standing_split(db, idea.id) if idea.merged_into_id is not None else None
    return [part for part in await parts_of(db, made.id) if part.is_public] if made else []


async def held(db: ReadSession, *idea_ids: int) -> list[Idea]:
    """These ideas as they stand now, held until the transaction ends, so that no two people move them at once."""
    wanted = select(Idea).where(Idea.id.in_(sorted(set(idea_ids)))).order_by(Idea.id)
    rows = (await db.scalars(wanted.with_for_update().execution_options(populate_existing=True))).all()
    by_id = {idea.id: idea for idea in rows}
    if set(idea_ids) - by_id.keys():
        raise NotFound
    return [by_id[idea_id] for idea_id in idea_ids]
