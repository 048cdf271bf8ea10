"""Letters to authors whose ideas go on together, or in parts."""

from consultations import ideas, merge_queries, merge_rules
from consultations.merge_models import IdeaMerge, IdeaSplit
from consultations.models import Idea
from consultations.states import IdeaState
from notify.drafts import Builder, Draft, Words


async def _about(draft: Draft) -> tuple[Idea, Words] | None:
    """The idea while everybody can read it, with what every letter about it says."""
    idea = await draft.tx.get_one(Idea, draft.fact("idea_id"))
    if idea.state is not IdeaState.PUBLISHED:
        return None
    receipt = draft.link(await ideas.receipt_link(draft.tx, idea_id=idea.id, now=draft.now))
    return idea, {
        "title": idea.title,
        "number": idea.number,
        "idea_url": draft.link(f"/ideas/{idea.id}"),
        "receipt": receipt,
        "together": f"{receipt}/together",
    }


async def idea_merged(draft: Draft) -> Words | None:
    """In which idea it goes on and why, and how to have that undone; while it does."""
    found = await _about(draft)
    merge = await draft.tx.get_one(IdeaMerge, draft.fact("merge_id"))
    if found is None or found[0].merged_into_id is None or merge.parted_at is not None:
        return None
    into = await draft.tx.get_one(Idea, found[0].merged_into_id)
    told = {"into": into.title, "into_url": draft.link(f"/ideas/{into.id}")}
    is_own = merge.idea_id == found[0].id
    reason = merge.reason if is_own else ""  # what was put into it before goes along: the reason is not about that
    return found[1] | told | {"reason": reason, "is_own": is_own, "until": merge_rules.undo_until(merge)}


async def idea_took_in(draft: Draft) -> Words | None:
    """Which idea goes on in it; while it does."""
    found = await _about(draft)
    merged = await draft.tx.get_one(Idea, draft.fact("merged_id"))
    if found is None or merged.merged_into_id != found[0].id or not merged.is_public:
        return None
    support = found[0].endorsement_count
    return found[1] | {"merged": merged.title, "merged_url": draft.link(f"/ideas/{merged.id}"), "support": support}


async def idea_parted(draft: Draft) -> Words | None:
    """That it stands by itself again, and why; while it does."""
    found = await _about(draft)
    if found is None or found[0].merged_into_id is not None:
        return None
    merge = await draft.tx.get_one(IdeaMerge, draft.fact("merge_id"))
    return found[1] | {"how": str(merge.parting)}


async def idea_split_up(draft: Draft) -> Words | None:
    """The ideas that were made of it and why, and how to have that undone; while they are."""
    found = await _about(draft)
    made = await draft.tx.get_one(IdeaSplit, draft.fact("split_id"))
    if found is None or made.undone_at is not None:
        return None
    parts = [
        {"title": part.title, "number": part.number, "url": draft.link(f"/ideas/{part.id}")}
        for part in await merge_queries.parts_of(draft.tx, made.id)
        if part.is_public
    ]
    return found[1] | {"parts": parts, "reason": made.reason, "until": merge_rules.undo_until(made)}


async def idea_made_whole(draft: Draft) -> Words | None:
    """That it is one submission again; while it is."""
    found = await _about(draft)
    made = await draft.tx.get_one(IdeaSplit, draft.fact("split_id"))
    return found[1] | {"how": str(made.undoing)} if found and found[0].merged_into_id is None else None


LETTERS: dict[str, Builder] = {
    "idea_merged": idea_merged,
    "idea_took_in": idea_took_in,
    "idea_parted": idea_parted,
    "idea_split_up": idea_split_up,
    "idea_made_whole": idea_made_whole,
}
