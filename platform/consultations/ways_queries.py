"""SELECTs about other ways in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consultations.models import Consultation, Idea
from consultations.neighbourhoods import Area, areas_in
from consultations.states import ConsultationState
from consultations.ways_models import Intake, WaysIn
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.events import EventRecord

NEWS = (
    *("idea.published", "idea.returned", "idea.held", "idea.rejected", "idea.removed", "idea.answered"),
    "idea.withdrawn",
)
"""Facts that an author without e-mail is told on paper."""
MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Entered:
    """An idea that was written down for somebody. `news_at` is when something became of it that its author can hear."""

    intake: Intake
    idea: Idea
    news_at: datetime | None

    @property
    def is_to_be_told(self) -> bool:
        """Whether its author, who reads no mail, has not heard the newest."""
        told_at = self.intake.told_at
        return self.intake.is_without_mail and self.news_at is not None and (told_at is None or told_at < self.news_at)


async def ways_of(db: ReadSession, consultation_id: int) -> WaysIn | None:
    """What a consultation offers; None when nothing was chosen."""
    return await db.get(WaysIn, consultation_id)


async def areas_of(db: ReadSession, consultation_id: int, *, file: str) -> tuple[Area, ...]:
    """The neighbourhoods that people choose from, where the consultation has a map; `file` is the operator's."""
    ways = await ways_of(db, consultation_id) if file else None
    return areas_in(file) if ways is not None and ways.has_map else ()


async def places_of(db: ReadSession, consultation_id: int) -> list[tuple[str, int]]:
    """Every place that a public idea names, and how many name it."""
    public = select(Idea.place, func.count()).where(Idea.consultation_id == consultation_id, Idea.listed())
    return [(place, number) for place, number in await db.execute(public.group_by(Idea.place))]


async def intake_of(db: ReadSession, idea_id: int) -> Intake | None:
    """How it was told, when staff wrote it down."""
    return await db.get(Intake, idea_id)


async def entered(db: ReadSession, idea_id: int) -> Entered:
    """One that was written down for somebody; raises NotFound."""
    wanted = select(Intake, Idea).join(Idea, Idea.id == Intake.idea_id).where(Intake.idea_id == idea_id)
    row = (await db.execute(wanted.options(joinedload(Idea.consultation)))).one_or_none()
    if row is None:
        raise NotFound
    news = await _news(db, [idea_id])
    return Entered(intake=row[0], idea=row[1], news_at=news.get(idea_id))


async def entered_for(db: ReadSession, *, panel_ids: Collection[int] | None, number: str = "") -> list[Entered]:
    """What was written down for these panels (None: for all), the newest first; or the one with this number."""
    wanted = (
        select(Intake, Idea)
        .join(Idea, Idea.id == Intake.idea_id)
        .join(Consultation, Consultation.id == Idea.consultation_id)
        .options(joinedload(Idea.consultation))
        .order_by(Intake.entered_at.desc(), Intake.idea_id.desc())
        .limit(MOST_SHOWN)
    )
    if panel_ids is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panel_ids))
    if number:
        wanted = wanted.where(Idea.number == number)
    rows = (await db.execute(wanted)).all()
    news = await _news(db, [intake.idea_id for intake, _ in rows])
    return [Entered(intake=intake, idea=idea, news_at=news.get(idea.id)) for intake, idea in rows]


async def _news(db: ReadSession, idea_ids: Sequence[int]) -> dict[int, datetime]:
    newest = (
        select(EventRecord.subject, func.max(EventRecord.at))
        .where(EventRecord.subject.in_([f"idea:{one}" for one in idea_ids]), EventRecord.name.in_(NEWS))
        .group_by(EventRecord.subject)
    )
    return {int(subject.partition(":")[2]): at for subject, at in await db.execute(newest)}


async def taking_now(db: ReadSession, *, panel_ids: Collection[int] | None, now: datetime) -> Sequence[Consultation]:
    """Consultations of these panels that take something now, in time or late; the first to close comes first."""
    wanted = select(Consultation).where(Consultation.state == ConsultationState.ANNOUNCED, Consultation.opens_at <= now)
    if panel_ids is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panel_ids))
    return (await db.scalars(wanted.order_by(Consultation.closes_at.desc(), Consultation.id))).all()
