"""One run of the machine: what it is asked, and the record of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from kernel.db import Database, WriteSession
from kernel.events import record
from themes import vectors
from themes.events import ThemesMade
from themes.findings import Clustering, Text
from themes.models import ClusterRun, Theme
from themes.standing import Standing
from themes.states import ThemeState
from themes.worker import Worker


@dataclass(frozen=True, kw_only=True)
class Thought:
    """What the worker answered; `embedded` texts were read by the model for the first time."""

    clustering: Clustering
    model: str
    embedded: int


@asynccontextmanager
async def lent(worker: Worker | None) -> AsyncIterator[Worker]:
    """The worker given, or one of our own that ends with the block."""
    if worker is not None:
        yield worker
        return
    own = Worker()
    try:
        yield own
    finally:
        await own.aclose()


async def think(database: Database, worker: Worker, found: Standing, *, seed: int) -> Thought:
    """Ask the worker for the clusters of all ideas but those that a person took out of all themes."""
    words = {idea_id: words for idea_id, words in found.words.items() if idea_id not in found.set_aside}
    model = " ".join(await worker.model())
    stored, embedded = await vectors.complete(
        database,
        worker,
        consultation_id=found.consultation_id,
        words=words,
        places=found.places,
        model=model,
    )
    clustering = await worker.find_clusters(
        [Text(idea_id, text, stored.get(idea_id)) for idea_id, text in words.items()],
        places=found.places,
        seed=seed,
        fixed={idea_id: theme_id for idea_id, theme_id in found.held.items() if idea_id in words},
        previous={idea_id: theme_id for idea_id, theme_id in found.before.items() if idea_id in words},
    )
    return Thought(clustering=clustering, model=model, embedded=embedded)


async def note(
    tx: WriteSession,
    found: Standing,
    thought: Thought,
    *,
    seed: int,
    in_rest: int,
    actor_id: int | None,
    seconds: float,
    now: datetime,
) -> ClusterRun:
    """Write the run down: anybody can see when, by which model, and how many ideas it left in the rest."""
    current = select(func.count(Theme.id)).where(
        Theme.consultation_id == found.consultation_id, Theme.state == ThemeState.CURRENT
    )
    run = ClusterRun(
        consultation_id=found.consultation_id,
        asked_by_id=actor_id,
        model=thought.model,
        seed=seed,
        idea_count=len(found.words),
        theme_count=await tx.scalar(current) or 0,
        rest_count=in_rest,
        seconds=round(seconds, 2),
        finished_at=now,
    )
    tx.add(run)
    await tx.flush()
    await record(tx, ThemesMade(at=now, actor_id=actor_id, consultation_id=found.consultation_id, run_id=run.id))
    return run
