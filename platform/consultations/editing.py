"""An author changes an idea: within a week, before the close, and until the first support. Every text is kept."""

from datetime import datetime, timedelta

from consultations import ideas, merge_queries, rules, threads
from consultations.ideas import Written
from consultations.models import Idea
from consultations.states import IdeaState
from consultations.writing_events import IdeaEdited
from kernel import allowances
from kernel.db import ReadSession, WriteSession
from kernel.events import record

A_DAY = 5
"""Changes of one idea in a day: a moderator reads each."""


async def may_edit(db: ReadSession, *, idea: Idea, now: datetime) -> bool:
    """Whether its author can change it at this moment; `idea.consultation` is loaded.

    Not while ideas of others go along with it, nor what was cut out of a submission.
    """
    is_bound = await merge_queries.is_bound(db, idea.id)
    return rules.may_edit(idea.consultation, idea, is_bound=is_bound, now=now)


async def edit(tx: WriteSession, *, idea: Idea, written: Written, now: datetime) -> Idea:
    """The new text waits for the moderators, also when the old one was public. The same text changes nothing.

    Refuses with NotToEdit, Blocked, and TooOften after five changes in a day.
    """
    if not await may_edit(tx, idea=idea, now=now):
        raise rules.NotToEdit
    await ideas.refuse_blocked(tx, idea.author_id, now)
    if is_same(idea, written):
        return idea
    await allowances.require(
        tx, kind="edit_idea", whose=f"idea:{idea.id}", most=A_DAY, within=timedelta(days=1), now=now
    )
    was_public = idea.is_public
    if idea.state is not IdeaState.RECEIVED:
        idea.move_to(IdeaState.RECEIVED)
        await tx.flush()  # back with the moderators first: the database lets no text change that they look at
    await ideas.rewrite(tx, idea=idea, written=written, now=now)
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
    await record(tx, IdeaEdited(at=now, actor_id=idea.author_id, **fact))
    await threads.tell(tx, idea=idea, was_public=was_public, actor_id=idea.author_id, now=now)
    return await ideas.as_policy_says(tx, idea=idea, now=now)


def is_same(idea: Idea, written: Written) -> bool:
    """Whether nothing was changed."""
    now = (idea.title, idea.body, idea.service, idea.stuck, idea.shown_name, idea.place, idea.prompt_id)
    return now == (
        *(written.heading, written.body, written.service),
        *(written.stuck, written.shown_name, written.place, written.prompt_id),
    )
