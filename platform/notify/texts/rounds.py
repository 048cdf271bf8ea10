"""Letters about a turn in a consultation: it closes later, stops for a while or for good, goes on, or closes soon."""

from consultations import rules
from consultations.models import Consultation, Extension
from consultations.states import ConsultationState, Timing
from notify.drafts import Draft, Words

STOPPED = frozenset({ConsultationState.SUSPENDED, ConsultationState.CANCELLED})


async def _words(draft: Draft) -> tuple[Consultation, Words]:
    """The consultation, with the words that every letter about it has."""
    consultation = await draft.tx.get_one(Consultation, draft.fact("consultation_id"))
    path = f"/consultations/{consultation.slug}"
    return consultation, {
        "consultation": consultation.title,
        "question": consultation.question,
        "reason": consultation.state_reason,
        "closes_at": consultation.closes_at,
        "page": draft.link(path),
        "write": draft.link(f"{path}/expectations"),
    }


async def consultation_extended(draft: Draft) -> Words | None:
    """With the reason, the old date and the new one, while that is the close."""
    consultation, words = await _words(draft)
    extension = await draft.tx.get_one(Extension, draft.fact("extension_id"))
    if extension.new_closes_at != consultation.closes_at or consultation.state is not ConsultationState.ANNOUNCED:
        return None
    return words | {"reason": extension.reason, "old_closes_at": extension.old_closes_at}


async def consultation_stopped(draft: Draft) -> Words | None:
    """With the reason, while it lies still or is off."""
    consultation, words = await _words(draft)
    if consultation.state not in STOPPED:
        return None
    return words | {"is_cancelled": consultation.state is ConsultationState.CANCELLED}


async def consultation_resumed(draft: Draft) -> Words | None:
    """While it goes on; after the close as well, for what is late."""
    consultation, words = await _words(draft)
    timing = rules.timing_of(consultation, draft.now)
    if consultation.state is not ConsultationState.ANNOUNCED:
        return None
    return words | {
        "is_open": timing is Timing.IN_TIME,
        "opens_at": consultation.opens_at,
        "is_late": timing is Timing.LATE,
    }


async def consultation_closing(draft: Draft) -> Words | None:
    """The reminder, while there is time left."""
    consultation, words = await _words(draft)
    return words if rules.timing_of(consultation, draft.now) is Timing.IN_TIME else None
