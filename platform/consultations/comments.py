"""Comments: what people add under an idea, instead of sending in nearly the same.

A comment is a row of `idea` that stands under another. It is confirmed, moderated, changed, withdrawn, reported and
erased by the verbs for ideas; here is what differs: where it may be written, and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.actor import Actor
from consultations import comment_queries, ideas, phase_rules, round_queries, rules, ways_queries
from consultations.comment_queries import Thread
from consultations.ideas import Written
from consultations.models import Consultation, Idea
from consultations.phase_rules import Span
from consultations.round_models import Phase
from consultations.states import Act, Timing
from kernel.db import ReadSession, WriteSession
from kernel.errors import DomainError
from kernel.i18n import N_


class NotToComment(DomainError):
    """It is switched off here, it is not the time for it, or the idea is not (or no longer) there to be added to."""

    code = "not_to_comment"
    message = N_("Bij dit idee kunt u nu geen aanvulling schrijven.")


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The thread under an idea, and whether people can add to it now. `when` is the phase for it, where there are."""

    thread: Thread
    is_on: bool
    takes: bool
    when: Span | None

    @property
    def is_shown(self) -> bool:
        """Whether there is, or could be, anything under the idea; what was written stays when it is switched off."""
        return self.is_on or bool(self.thread.comments)


async def is_on(db: ReadSession, consultation_id: int) -> bool:
    """Whether this consultation has threads under its ideas."""
    ways = await ways_queries.ways_of(db, consultation_id)
    return ways is not None and ways.takes_comments


async def takes_now(db: ReadSession, *, consultation: Consultation, received_at: datetime) -> bool:
    """Whether this is the time for it, and it is switched on."""
    if not await is_on(db, consultation.id):
        return False
    return _is_time(consultation, await round_queries.phases_of(db, consultation.id), received_at)


async def talk_under(db: ReadSession, *, idea: Idea, after: int = 0, now: datetime) -> Talk:
    """The thread of an idea as its page shows it; `idea.consultation` is loaded."""
    consultation = idea.consultation
    phases = await round_queries.phases_of(db, consultation.id)
    switched_on = await is_on(db, consultation.id)
    may_stand = switched_on and rules.takes_comments(consultation, idea)
    return Talk(
        thread=await comment_queries.thread_of(db, idea.id, after=after),
        is_on=switched_on,
        takes=may_stand and _is_time(consultation, phases, now),
        when=phase_rules.span_for(consultation, phases, Act.DISCUSS),
    )


async def takes(db: ReadSession, *, idea: Idea, received_at: datetime) -> bool:
    """Whether a comment can be written under it at this moment; `idea.consultation` is loaded."""
    may_stand = rules.takes_comments(idea.consultation, idea)
    return may_stand and await takes_now(db, consultation=idea.consultation, received_at=received_at)


def _is_time(consultation: Consultation, phases: Sequence[Phase], received_at: datetime) -> bool:
    """The phase of talking; without phases as long as ideas come in in time."""
    if phases:
        return phase_rules.allows(consultation, phases, Act.DISCUSS, received_at)
    return rules.timing_of(consultation, received_at) is Timing.IN_TIME


async def add(tx: WriteSession, *, actor: Actor, under: Idea, written: Written, email: str, now: datetime) -> Idea:
    """Take in a comment, as an idea is taken in. Refuses with NotToComment, and as `ideas.submit` does."""
    if not await takes(tx, idea=under, received_at=now):
        raise NotToComment
    comment = replace(written, under_id=under.id)
    return await ideas.submit(tx, actor=actor, consultation=under.consultation, written=comment, email=email, now=now)
