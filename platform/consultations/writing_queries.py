"""Reusable SELECTs about texts in the making and texts that were changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from consultations.models import Consultation, IdeaVersion
from consultations.states import ConsultationState
from consultations.writing_models import KEPT_FOR, KeptDraft
from kernel.db import ReadSession
from kernel.errors import NotFound

WARN_BEFORE = timedelta(days=3)
"""So long before the close somebody hears of a text that is not sent in; not of one that was kept a day ago."""
RESTS = timedelta(days=1)
WARN_THAT_IT_GOES = timedelta(days=7)


async def draft_by_id(db: ReadSession, draft_id: int) -> KeptDraft:
    """The draft with its consultation and whose it is; raises NotFound, also when it was sent in or thrown away."""
    wanted = select(KeptDraft).where(KeptDraft.id == draft_id)
    found = await db.scalar(wanted.options(joinedload(KeptDraft.consultation), joinedload(KeptDraft.person)))
    if found is None:
        raise NotFound
    return found


async def own_draft(db: ReadSession, draft_id: int | None, *, person_id: int | None) -> KeptDraft:
    """The same, for the person whose it is; to others it is not there."""
    if draft_id is None or person_id is None:
        raise NotFound
    found = await draft_by_id(db, draft_id)
    if found.person_id != person_id:
        raise NotFound
    return found


async def drafts_of(
    db: ReadSession, *, person_id: int | None, consultation_id: int | None = None
) -> Sequence[KeptDraft]:
    """What somebody began and did not send in, the last written on first.

    Not what was kept with the address alone: somebody else may have typed that, until the letter's link is used.
    """
    if person_id is None:
        return []
    wanted = select(KeptDraft).where(KeptDraft.person_id == person_id, KeptDraft.opened_at.is_not(None))
    if consultation_id is not None:
        wanted = wanted.where(KeptDraft.consultation_id == consultation_id)
    newest = wanted.order_by(KeptDraft.kept_at.desc(), KeptDraft.id.desc()).options(joinedload(KeptDraft.consultation))
    return (await db.scalars(newest)).all()


async def newest_draft(db: ReadSession, *, person_id: int, consultation_id: int) -> KeptDraft | None:
    """What somebody wrote on last in a consultation, opened or not."""
    wanted = select(KeptDraft).where(KeptDraft.person_id == person_id, KeptDraft.consultation_id == consultation_id)
    newest = wanted.order_by(KeptDraft.kept_at.desc(), KeptDraft.id.desc()).limit(1)
    return await db.scalar(newest.options(joinedload(KeptDraft.consultation)))


async def drafts_to_warn_of(db: ReadSession, *, now: datetime) -> Sequence[KeptDraft]:
    """Texts that lie still while the close comes near, and whose writer was not warned of this close."""
    wanted = (
        select(KeptDraft)
        .join(KeptDraft.consultation)
        .where(
            Consultation.state == ConsultationState.ANNOUNCED,
            Consultation.opens_at <= now,
            Consultation.closes_at > now,
            Consultation.closes_at <= now + WARN_BEFORE,
            KeptDraft.kept_at <= now - RESTS,
            or_(KeptDraft.warned_of.is_(None), KeptDraft.warned_of != Consultation.closes_at),
        )
    )
    return (await db.scalars(wanted.order_by(KeptDraft.id).options(joinedload(KeptDraft.consultation)))).all()


async def drafts_that_go(db: ReadSession, *, now: datetime) -> Sequence[KeptDraft]:
    """Texts that will be thrown away within a week, and whose writer was not warned of that."""
    wanted = select(KeptDraft).where(
        KeptDraft.kept_at <= now - KEPT_FOR + WARN_THAT_IT_GOES,
        KeptDraft.kept_at > now - KEPT_FOR,
        or_(KeptDraft.warned_of.is_(None), KeptDraft.warned_of <= now),
    )
    return (await db.scalars(wanted.order_by(KeptDraft.id))).all()


async def texts_of(db: ReadSession, idea_id: int, *, public_only: bool) -> int:
    """How many texts of an idea were kept, or stood in public."""
    wanted = select(func.count()).select_from(IdeaVersion).where(IdeaVersion.idea_id == idea_id)
    if public_only:
        wanted = wanted.where(IdeaVersion.published_at.is_not(None))
    return await db.scalar(wanted) or 0
