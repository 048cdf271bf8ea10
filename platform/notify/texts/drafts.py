"""Letters about a text that somebody began: the link to it, and that it is not sent in yet."""

from consultations import kept_drafts, rules, writing_queries
from consultations.states import Timing
from consultations.writing_models import KEPT_FOR, KeptDraft
from kernel.errors import NotFound
from notify.drafts import Draft, Words


async def _words(draft: Draft, kept: KeptDraft) -> Words:
    """Nothing of the text itself: nobody may have shown yet that the address is theirs."""
    path = await kept_drafts.link(draft.tx, draft=kept, now=draft.now)
    return {
        "link": draft.link(path),
        "consultation": kept.consultation.title,
        "closes_at": kept.consultation.closes_at,
        "is_open": rules.timing_of(kept.consultation, draft.now) is Timing.IN_TIME,
        "kept_days": KEPT_FOR.days,
    }


async def draft_link(draft: Draft) -> Words | None:
    """While the text is kept."""
    try:
        kept = await writing_queries.draft_by_id(draft.tx, draft.fact("draft_id"))
    except NotFound:
        return None
    return await _words(draft, kept)


async def draft_unfinished(draft: Draft) -> Words | None:
    """While something is kept and the consultation takes it in time; the text that was written on last."""
    kept = await writing_queries.newest_draft(
        draft.tx, person_id=draft.receiver.id, consultation_id=draft.fact("consultation_id")
    )
    if kept is None or rules.timing_of(kept.consultation, draft.now) is not Timing.IN_TIME:
        return None
    return await _words(draft, kept)


async def draft_going(draft: Draft) -> Words | None:
    """While it is kept, and nobody wrote on it since."""
    try:
        kept = await writing_queries.draft_by_id(draft.tx, draft.fact("draft_id"))
    except NotFound:
        return None
    if kept.goes_at > draft.now + writing_queries.WARN_THAT_IT_GOES:
        return None
    return await _words(draft, kept) | {"goes_at": kept.goes_at}
