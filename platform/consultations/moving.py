"""One step for hundreds of ideas in a handful of statements: as `ideas.move` takes it for one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.orm.attributes import set_committed_value

from consultations import events, threads
from consultations.models import Idea, IdeaVersion
from consultations.queries import is_newest
from consultations.states import IDEA_MOVES, IdeaRoute, IdeaState
from kernel.db import WriteSession, batched
from kernel.errors import IllegalMove
from kernel.events import record_all
from kernel.moves import step


async def move_all(
    tx: WriteSession, *, ideas: Sequence[Idea], to: IdeaState, actor_id: int | None, now: datetime
) -> None:
    """Take the step with each and leave its fact; with all of them, or with none."""
    if to is IdeaState.WITHDRAWN:
        raise IllegalMove  # `ideas.withdraw` also takes the text away
    for idea in ideas:
        step(IDEA_MOVES, idea.state, to)
    values: dict[str, object] = {"state": to, "version": Idea.version + 1}
    if to is IdeaState.PUBLISHED:
        values["published_at"] = func.coalesce(Idea.published_at, now)
    elif to is IdeaState.RETURNED:
        values["returned_at"] = now
    was_public = {idea.id: idea.is_public for idea in ideas}
    await _set(tx, [idea.id for idea in ideas], values)
    if to is IdeaState.PUBLISHED:
        late = [idea.id for idea in ideas if idea.is_late and idea.route is IdeaRoute.UNROUTED]
        await _set(tx, late, {"route": IdeaRoute.NEXT_MEETING})
        await _note_public(tx, [idea.id for idea in ideas], now=now)
    if told := events.TOLD_BY.get(to):
        facts = [
            told(at=now, actor_id=actor_id, idea_id=idea.id, consultation_id=idea.consultation_id) for idea in ideas
        ]
        await record_all(tx, facts)
    for idea in ideas:
        _as_it_is_now(idea, to, now)
        if idea.is_comment or to in threads.GONE:
            await threads.tell(tx, idea=idea, was_public=was_public[idea.id], actor_id=actor_id, now=now)


def _as_it_is_now(idea: Idea, state: IdeaState, now: datetime) -> None:
    """What the session holds of a row that was changed past it."""
    set_committed_value(idea, "state", state)
    set_committed_value(idea, "version", idea.version + 1)
    if state is IdeaState.PUBLISHED:
        set_committed_value(idea, "published_at", idea.published_at or now)
        if idea.is_late and idea.route is IdeaRoute.UNROUTED:
            set_committed_value(idea, "route", IdeaRoute.NEXT_MEETING)
    elif state is IdeaState.RETURNED:
        set_committed_value(idea, "returned_at", now)


async def _set(tx: WriteSession, idea_ids: Sequence[int], values: dict[str, object]) -> None:
    for some in batched(idea_ids):
        changed = update(Idea).where(Idea.id.in_(some)).values(values)
        await tx.execute(changed.execution_options(synchronize_session=False))


async def _note_public(tx: WriteSession, idea_ids: Sequence[int], *, now: datetime) -> None:
    for some in batched(idea_ids):
        changed = update(IdeaVersion).where(
            IdeaVersion.idea_id.in_(some), IdeaVersion.published_at.is_(None), is_newest()
        )
        await tx.execute(changed.values(published_at=now).execution_options(synchronize_session=False))
