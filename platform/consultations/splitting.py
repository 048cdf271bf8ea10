"""A submission with several ideas in it is carried on as several, each in its author's own words.

The whole stays to be read. It goes on in its first part: there its support counts, because whoever supported the whole
cannot be asked which part they meant, and counting them with each would make one voice several.
"""

from collections.abc import Sequence
from datetime import datetime

from consultations import ideas, merge_queries, merge_rules, numbers, parting, queries, rules, versions
from consultations.merge_events import IdeaMadeWhole, IdeaPutBack, IdeaSplitOff, IdeaSplitUp
from consultations.merge_models import IdeaPart, IdeaSplit
from consultations.merge_states import Parting
from consultations.models import Idea
from consultations.pieces import pieces_of, together
from consultations.states import IdeaState
from kernel.db import ReadSession, WriteSession
from kernel.errors import ChangedMeanwhile
from kernel.events import record


def texts_of(body: str, shares: Sequence[Sequence[int]]) -> list[str]:
    """The text of each part out of these pieces of the whole. Raises NotToSplit for fewer than two, or an empty one."""
    pieces = pieces_of(body)
    known = all(0 <= one < len(pieces) for share in shares for one in share)
    if not 2 <= len(shares) <= merge_rules.MOST_PARTS or not all(shares) or not known:
        raise merge_rules.NotToSplit
    return [together(pieces, share) for share in shares]


async def split(
    tx: WriteSession,
    *,
    idea: Idea,
    shares: Sequence[Sequence[int]],
    reason: str,
    actor_id: int,
    seen: str | None = None,
    now: datetime,
) -> IdeaSplit:
    """Make an idea of each share of the pieces of its text, in public at once, by the same author.

    Raises what merge_rules says stands in the way, NotToSplit and ChangedMeanwhile.
    """
    [idea] = await merge_queries.held(tx, idea.id)
    consultation = await queries.by_id(tx, idea.consultation_id)
    if seen is not None and seen != merge_rules.mark_of(idea):
        raise ChangedMeanwhile
    objected = await merge_queries.split_objected(tx, idea.id)
    carries = await merge_queries.carries(tx, idea.id)
    merge_rules.require_to_split(consultation, idea=idea, objected=objected, carries=carries)
    texts = texts_of(idea.body, shares)
    made = IdeaSplit(idea_id=idea.id, reason=reason, split_at=now, split_by_id=actor_id)
    tx.add(made)
    await tx.flush()
    parts = [
        await _part(tx, whole=idea, body=body, number=number, position=position, made=made, actor_id=actor_id, now=now)
        for position, (body, number) in enumerate(
            zip(texts, await numbers.reserve(tx, many=len(texts), now=now), strict=True), 1
        )
    ]
    await parting.begin(tx, idea=idea, into=parts[0], split_id=made.id, actor_id=actor_id, now=now)
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id, "split_id": made.id}
    await record(tx, IdeaSplitUp(at=now, actor_id=actor_id, **fact))
    return made


async def _part(
    tx: WriteSession,
    *,
    whole: Idea,
    body: str,
    number: str,
    position: int,
    made: IdeaSplit,
    actor_id: int,
    now: datetime,
) -> Idea:
    same = ("consultation_id", "author_id", "kind", "service", "stuck", "shown_name", "place", "prompt_id", "language")
    moments = ("is_late", "received_at", "confirmed_at")
    part = Idea(
        number=number,
        state=IdeaState.RECEIVED,
        title=rules.title_from(body),
        body=body,
        **{name: getattr(whole, name) for name in same + moments},
    )
    tx.add(part)
    await tx.flush()
    tx.add(versions.version_of(part, number=1, now=now))
    tx.add(IdeaPart(idea_id=part.id, split_id=made.id, position=position))
    await tx.flush()
    about = {"idea_id": part.id, "consultation_id": part.consultation_id}
    await record(tx, IdeaSplitOff(at=now, actor_id=actor_id, whole_id=whole.id, split_id=made.id, **about))
    await ideas.move(tx, idea=part, to=IdeaState.PUBLISHED, actor_id=actor_id, now=now)
    return part


async def undo(
    tx: WriteSession, *, made: IdeaSplit, actor_id: int, how: Parting = Parting.UNDONE, now: datetime
) -> Idea:
    """One submission again, within fourteen days: the parts are carried on in the whole, with the support they got.

    What was withdrawn or removed meanwhile stays so. Raises TooLateToPart and PartWentOn.
    """
    parts = await merge_queries.parts_of(tx, made.id)
    whole, *parts = await merge_queries.held(tx, made.idea_id, *(part.id for part in parts))
    await tx.refresh(made)
    consultation = await queries.by_id(tx, whole.consultation_id)
    if not merge_rules.may_part(made, consultation=consultation, idea=whole, now=now):
        raise merge_rules.TooLateToPart
    if any(part.merged_into_id is not None for part in parts):
        raise merge_rules.PartWentOn
    if any(part.is_public and part.route not in merge_rules.FREE for part in parts):
        raise merge_rules.PanelHasIt
    merge = await merge_queries.standing_merge(tx, whole.id)
    if merge is None or not whole.is_public:
        raise merge_rules.TooLateToPart
    made.undone_at, made.undone_by_id, made.undoing = now, actor_id, how
    await parting.end(tx, merge=merge, how=how, actor_id=actor_id, now=now)
    fact = {"consultation_id": whole.consultation_id, "split_id": made.id}
    for part in parts:
        if part.is_public:
            await parting.begin(tx, idea=part, into=whole, split_id=made.id, actor_id=actor_id, now=now)
            await record(tx, IdeaPutBack(at=now, actor_id=actor_id, idea_id=part.id, whole_id=whole.id, **fact))
    await record(tx, IdeaMadeWhole(at=now, actor_id=actor_id, idea_id=whole.id, how=how, **fact))
    return whole


async def withdraw(tx: WriteSession, *, idea: Idea, actor_id: int, now: datetime) -> None:
    """Its author takes an idea back, and with it every place where the same words stand.

    Of a split submission all parts go with the whole; with one part the whole goes, and the other parts stay.
    """
    for one in await same_words(tx, idea):
        if one.state in rules.WITHDRAWABLE:
            await ideas.withdraw(tx, idea=one, actor_id=actor_id, now=now)
    await ideas.withdraw(tx, idea=idea, actor_id=actor_id, now=now)


async def gone_with(db: ReadSession, idea: Idea) -> list[Idea]:
    """What a moderator removes together with an idea, because the same words can be read there.

    That is the whole that it was cut out of: its other parts stay. Once a split is undone, the parts go with the whole
    too. Raises RemoveAPart for a whole whose parts go on by themselves.
    """
    if await merge_queries.shown_parts(db, idea):
        raise merge_rules.RemoveAPart
    found: dict[int, Idea] = {}
    ring = [idea]
    while ring:
        ids = [one.id for one in ring]
        wholes = await merge_queries.wholes_of(db, ids)
        back = [one for one in await merge_queries.cut_out_of(db, ids) if one.merged_into_id in {idea.id, *found}]
        ring = [one for one in (*wholes, *back) if one.id not in found and one.id != idea.id]
        found |= {one.id: one for one in ring}
    return [one for one in found.values() if one.is_public]


async def same_words(db: ReadSession, idea: Idea) -> list[Idea]:
    """Where else the words of an idea stand: in the whole that it was cut out of, and in all parts of it."""
    found: dict[int, Idea] = {}
    below, above = [idea.id], [idea.id]
    while below:
        parts = await merge_queries.cut_out_of(db, below)
        found |= {one.id: one for one in parts}
        below = [one.id for one in parts]
    while above:
        wholes = await merge_queries.wholes_of(db, above)
        found |= {one.id: one for one in wholes}
        above = [one.id for one in wholes]
    if idea.merged_into_id is not None:  # the split was undone: it is part of the whole again, as the others are
        found |= {one.id: one for one in await merge_queries.cut_out_of(db, list(found))}
    return [one for _id, one in sorted(found.items()) if one.id != idea.id]
