"""A picture or a PDF with an idea: added by its author after sending, looked at by a moderator, gone with the idea."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consultations import ways_queries
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaState
from consultations.studio import Made
from consultations.ways_events import IdeaFileAdded, IdeaFileDecided, IdeaFileRemoved
from consultations.ways_models import Attachment
from kernel import allowances
from kernel.db import ReadSession, WriteSession
from kernel.errors import DomainError, NotFound
from kernel.events import record
from kernel.i18n import N_

MOST = 3
TRIES = 12
"""Files sent for one idea in an hour, kept or refused: each takes seconds of computing."""
TAKES = frozenset({IdeaState.RECEIVED, IdeaState.IN_REVIEW, IdeaState.RETURNED, IdeaState.PUBLISHED})
LONGEST_ALTERNATIVE = 300


class NoFilesNow(DomainError):
    """The consultation takes no files, or the idea does not any more."""

    code: ClassVar[str] = "no_files_now"
    message: ClassVar[str] = N_("Bij deze inzending kunt u nu geen foto of document voegen.")


class EnoughFiles(DomainError):
    """As many as fit."""

    code: ClassVar[str] = "enough_files"
    message: ClassVar[str] = N_("Er passen %(most)s bestanden bij een inzending. Haal er eerst een weg.")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A file with its idea."""

    file: Attachment
    idea: Idea


def takes_files(idea: Idea, consultation: Consultation, *, is_on: bool) -> bool:
    """Whether its author can add one now."""
    return is_on and not idea.is_comment and idea.state in TAKES and consultation.state is ConsultationState.ANNOUNCED


async def may_add(db: ReadSession, idea: Idea) -> bool:
    """Whether its author can add one now, as its consultation is set."""
    ways = await ways_queries.ways_of(db, idea.consultation_id)
    return takes_files(idea, idea.consultation, is_on=ways is not None and ways.takes_files)


async def require_room(tx: WriteSession, *, idea: Idea, now: datetime) -> None:
    """Let through who may add one more; counts the try. Raises NoFilesNow, EnoughFiles, TooOften."""
    if not await may_add(tx, idea):
        raise NoFilesNow
    if len(await of_idea(tx, idea.id)) >= MOST:
        raise EnoughFiles(most=MOST)
    hour = timedelta(hours=1)
    await allowances.require(tx, kind="file", whose=f"idea:{idea.id}", most=TRIES, within=hour, now=now)


async def add(tx: WriteSession, *, idea: Idea, made: Made, alternative: str, now: datetime) -> Attachment:
    """Keep it, unseen until a moderator shows it. The same file once more is the one that is there."""
    sha256 = hashlib.sha256(made.body).hexdigest()
    there = await tx.scalar(select(Attachment).where(Attachment.idea_id == idea.id, Attachment.sha256 == sha256))
    if there is not None:
        return there
    if not await may_add(tx, idea):
        raise NoFilesNow
    if len(await of_idea(tx, idea.id)) >= MOST:
        raise EnoughFiles(most=MOST)
    file = Attachment(
        idea_id=idea.id,
        is_picture=made.is_picture,
        width=made.width,
        height=made.height,
        alternative=alternative,
        size=len(made.body),
        sha256=sha256,
        body=made.body,
        added_at=now,
    )
    tx.add(file)
    await tx.flush()
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id, "file_id": file.id}
    await record(tx, IdeaFileAdded(at=now, actor_id=idea.author_id, **fact))
    return file


async def remove(tx: WriteSession, *, file: Attachment, idea: Idea, now: datetime) -> None:
    """Its author takes it away; nothing of it stays."""
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id, "file_id": file.id}
    await tx.delete(file)
    await tx.flush()
    await record(tx, IdeaFileRemoved(at=now, actor_id=idea.author_id, **fact))


async def decide(
    tx: WriteSession, *, file: Attachment, idea: Idea, is_shown: bool, reason: str, actor_id: int, now: datetime
) -> None:
    """A moderator shows it with the idea, or not; later decisions take the place of this one."""
    file.is_shown, file.reason = is_shown, "" if is_shown else reason
    file.decided_at, file.decided_by_id = now, actor_id
    await tx.flush()
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id, "file_id": file.id}
    await record(tx, IdeaFileDecided(at=now, actor_id=actor_id, is_shown=is_shown, **fact))


async def of_idea(db: ReadSession, idea_id: int) -> Sequence[Attachment]:
    """All with one idea, without their bytes; the oldest first."""
    return (await db.scalars(select(Attachment).where(Attachment.idea_id == idea_id).order_by(Attachment.id))).all()


async def by_id(db: ReadSession, file_id: int) -> Waiting:
    """One with its idea and consultation; raises NotFound."""
    wanted = select(Attachment, Idea).join(Idea, Idea.id == Attachment.idea_id).where(Attachment.id == file_id)
    row = (await db.execute(wanted.options(joinedload(Idea.consultation)))).one_or_none()
    if row is None:
        raise NotFound
    return Waiting(file=row[0], idea=row[1])


async def body_of(db: ReadSession, file_id: int) -> bytes:
    """Its bytes; raises NotFound."""
    body = await db.scalar(select(Attachment.body).where(Attachment.id == file_id))
    if body is None:
        raise NotFound
    return body


async def waiting(db: ReadSession, *, panel_ids: Collection[int] | None, most: int = 50) -> list[Waiting]:
    """What no moderator has looked at, for these panels (None: all); what waits longest comes first."""
    wanted = (
        select(Attachment, Idea)
        .join(Idea, Idea.id == Attachment.idea_id)
        .join(Consultation, Consultation.id == Idea.consultation_id)
        .where(Attachment.decided_at.is_(None))
        .options(joinedload(Idea.consultation))
        .order_by(Attachment.id)
        .limit(most)
    )
    if panel_ids is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panel_ids))
    return [Waiting(file=file, idea=idea) for file, idea in await db.execute(wanted)]


async def how_many_wait(db: ReadSession, *, panel_ids: Collection[int] | None) -> int:
    """How many no moderator has looked at."""
    wanted = select(func.count(Attachment.id)).where(Attachment.decided_at.is_(None))
    if panel_ids is not None:
        of_panels = Consultation.panel_id.in_(panel_ids)
        wanted = wanted.join(Idea, Idea.id == Attachment.idea_id).join(Idea.consultation).where(of_panels)
    return await db.scalar(wanted) or 0
