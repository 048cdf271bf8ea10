"""Ideas' vectors, kept beside them: a text is read by the model once, however often themes are made."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select

from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import Database, ReadSession, WriteSession
from themes.models import IdeaVector
from themes.worker import Worker

PORTION = 500  # texts embedded and stored at once: what was done stays done when a run is broken off


def hash_of(words: str) -> str:
    """Tells whether a stored vector is of this text."""
    return hashlib.sha256(words.encode()).hexdigest()


async def stored(db: ReadSession, *, consultation_id: int, words: Mapping[int, str], model: str) -> dict[int, bytes]:
    """The vectors this model gave for exactly these texts; ideas without one are absent."""
    wanted = (
        select(IdeaVector.idea_id, IdeaVector.text_sha256, IdeaVector.vector)
        .join(Idea, Idea.id == IdeaVector.idea_id)
        .where(Idea.consultation_id == consultation_id, Idea.state == IdeaState.PUBLISHED, IdeaVector.model == model)
    )
    return {
        idea_id: vector
        for idea_id, sha256, vector in await db.execute(wanted)
        if idea_id in words and sha256 == hash_of(words[idea_id])
    }


async def store(tx: WriteSession, *, words: Mapping[int, str], vectors: Mapping[int, bytes], model: str) -> None:
    """Keep the vectors; an older one of the same idea and model makes way."""
    if not vectors:
        return
    await tx.execute(delete(IdeaVector).where(IdeaVector.idea_id.in_(list(vectors)), IdeaVector.model == model))
    rows = [
        {"idea_id": idea_id, "model": model, "text_sha256": hash_of(words[idea_id]), "vector": vector}
        for idea_id, vector in vectors.items()
    ]
    await tx.execute(insert(IdeaVector), rows)


async def complete(
    database: Database,
    worker: Worker,
    *,
    consultation_id: int,
    words: Mapping[int, str],
    places: Sequence[str],
    model: str,
) -> tuple[dict[int, bytes], int]:
    """A vector for every idea, and how many of them had to be made. Opens its own sessions, none while it waits."""
    async with database.read() as db:
        vectors = await stored(db, consultation_id=consultation_id, words=words, model=model)
    missing = [idea_id for idea_id in words if idea_id not in vectors]
    for start in range(0, len(missing), PORTION):
        portion = missing[start : start + PORTION]
        made = await worker.vectors_for([words[idea_id] for idea_id in portion], places=places)
        fresh = dict(zip(portion, made, strict=True))
        async with database.write() as tx:
            await store(tx, words=words, vectors=fresh, model=model)
        vectors |= fresh
    return vectors, len(missing)
