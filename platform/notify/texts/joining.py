"""Letters that carry a link to act on: confirm an idea, confirm support, confirm following."""

from datetime import timedelta

from consultations import endorsements, ideas, rules
from consultations.models import Consultation, EndorsementRequest, Idea
from consultations.states import IdeaState
from kernel import tokens
from notify.drafts import Draft, Words
from notify.states import CADENCE_NAMES, TOPIC_NAMES, Cadence, Topic

FOLLOW = "follow"
FOLLOW_WITHIN = timedelta(hours=48)


async def confirm_idea(draft: Draft) -> Words | None:
    """To an address nobody has shown to be theirs: nothing of the idea itself stands in it."""
    idea = await draft.tx.get(Idea, draft.fact("idea_id"))
    if idea is None or idea.state is not IdeaState.SUBMITTED:
        return None
    until = idea.received_at + rules.CONFIRM_WITHIN
    if until <= draft.now:
        return None
    consultation = await draft.tx.get_one(Consultation, idea.consultation_id)
    path = await ideas.confirm_link(draft.tx, idea=idea, now=draft.now)
    return {"link": draft.link(path), "until": until, "consultation": consultation.title, "kind": idea.genre}


async def endorsement_confirm(draft: Draft) -> Words | None:
    """To an address nobody has shown to be theirs: no text of the idea stands in it."""
    request = await draft.tx.get_one(EndorsementRequest, draft.fact("request_id"))
    idea = await draft.tx.get_one(Idea, request.idea_id)
    if request.confirmed_at is not None or not idea.is_public:
        return None
    consultation = await draft.tx.get_one(Consultation, idea.consultation_id)
    path = await endorsements.confirm_link(draft.tx, request_id=request.id, now=draft.now)
    return {"link": draft.link(path), "consultation": consultation.title, "number": idea.number}


async def follow_confirm(draft: Draft) -> Words | None:
    """What was chosen stands in the message itself; the link points at it."""
    until = draft.message.queued_at + FOLLOW_WITHIN
    if until <= draft.now:
        return None
    subject = f"message:{draft.message.id}"
    secret = await tokens.mint(draft.tx, purpose=FOLLOW, subject=subject, expires_at=until, now=draft.now)
    cadence = Cadence(draft.message.facts["cadence"])
    return {
        "link": draft.link(f"/follow/{secret}"),
        "topic": TOPIC_NAMES[Topic(draft.message.facts["topic"])],
        "cadence": CADENCE_NAMES[cadence],
        "until": until,
    }
