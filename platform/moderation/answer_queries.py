"""SELECTs about answers that can be appealed against, and about the appeals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from consultations.models import Consultation, Idea
from consultations.ways_models import Attachment
from kernel.db import ReadSession
from kernel.errors import NotFound
from moderation.answer_models import AnswerAppeal
from moderation.filters import Filters, Place
from moderation.models import PageReport, Report
from moderation.queries import WHOLE
from moderation.states import AppealState, Held, Kind, ReportState, Show
from moderation.waiting_queries import Reader, of_idea


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a moderator answered, to whom, and the appeal against it when there is one.

    `holds`: the answer still stands, so that an appeal has a use. Of what nobody signed, `whose` is None.
    """

    about: dict[str, int]  # report_id, page_report_id or file_id
    words: str
    told: str  # what the one who may appeal said themselves: the reason of a report, what is on a file
    address: str
    answered_at: datetime
    answered_by_id: int
    whose: int | None
    holds: bool
    idea: Idea | None = None
    panel_id: int | None = None
    appeal: AnswerAppeal | None = None

    @property
    def kind(self) -> str:
        """Of what kind it is: `report`, `page_report` or `file`."""
        return next(iter(self.about)).removesuffix("_id")


async def of_report(db: ReadSession, report_id: int) -> Answer:
    """The answer to a report of an idea; raises NotFound while there is none that was against the reporter."""
    found = await db.scalar(select(Report).where(Report.id == report_id).options(joinedload(Report.idea)))
    if found is None or found.state is not ReportState.DISMISSED:
        raise NotFound
    idea = await db.scalar(select(Idea).where(Idea.id == found.idea_id).options(*WHOLE))
    return Answer(
        about={"report_id": found.id},
        words=found.answer,
        told=found.reason,
        address=found.address or f"/ideas/{found.idea_id}",
        **_given(found.decided_at, found.decided_by_id),
        whose=found.reporter_id,
        holds=found.idea.is_public,
        idea=idea,
        appeal=await _appeal(db, AnswerAppeal.report_id == found.id),
    )


async def of_page_report(db: ReadSession, page_report_id: int) -> Answer:
    """The answer to a report of a page."""
    found = await db.get(PageReport, page_report_id)
    if found is None or found.state is not ReportState.DISMISSED:
        raise NotFound
    return Answer(
        about={"page_report_id": found.id},
        words=found.answer,
        told=found.reason,
        address=found.address,
        **_given(found.decided_at, found.decided_by_id),
        whose=found.reporter_id,
        holds=True,
        panel_id=found.panel_id,
        appeal=await _appeal(db, AnswerAppeal.page_report_id == found.id),
    )


async def of_file(db: ReadSession, file_id: int) -> Answer:
    """The answer about a picture or document that is not shown, or that an appeal brought back."""
    wanted = select(Attachment, Idea).join(Idea, Idea.id == Attachment.idea_id).where(Attachment.id == file_id)
    row = (await db.execute(wanted.options(*WHOLE))).one_or_none()
    if row is None:
        raise NotFound
    file, idea = row
    appeal = await _appeal(db, AnswerAppeal.file_id == file.id)
    if file.decided_at is None or (file.is_shown and appeal is None):
        raise NotFound
    is_this = appeal is not None and (file.is_shown or appeal.answered_at == file.decided_at)
    return Answer(
        about={"file_id": file.id},
        words=file.reason,
        told=file.alternative,
        address=f"/moderation/files/{file.id}/{file.file_name}",
        **_given(file.decided_at, file.decided_by_id),
        whose=idea.author_id,
        holds=not file.is_shown,
        idea=idea,
        appeal=appeal if is_this else None,
    )


def _given(at: datetime | None, by: int | None) -> dict[str, Any]:
    return {"answered_at": at, "answered_by_id": by}


async def _appeal(db: ReadSession, about: ColumnElement[bool]) -> AnswerAppeal | None:
    return await db.scalar(select(AnswerAppeal).where(about).order_by(AnswerAppeal.id.desc()).limit(1))


async def by_id(db: ReadSession, answer_appeal_id: int) -> AnswerAppeal:
    """An appeal; raises NotFound."""
    found = await db.get(AnswerAppeal, answer_appeal_id)
    if found is None:
        raise NotFound
    return found


async def against(db: ReadSession, appeal: AnswerAppeal) -> Answer:
    """What an appeal is against."""
    if appeal.report_id is not None:
        return await of_report(db, appeal.report_id)
    if appeal.page_report_id is not None:
        return await of_page_report(db, appeal.page_report_id)
    return await of_file(db, appeal.file_id or 0)


def _waits(filters: Filters, reader: Reader) -> ColumnElement[bool]:
    if filters.kind not in {None, Kind.APPEAL} or filters.held in {Held.MINE, Held.OTHERS}:
        return false()
    found = [AnswerAppeal.state == AppealState.RECEIVED, *of_idea(filters)]
    if reader.panels is not None:
        of_page = and_(
            AnswerAppeal.page_report_id.is_not(None),
            or_(PageReport.panel_id.is_(None), PageReport.panel_id.in_(reader.panels)),
        )
        found.append(or_(Consultation.panel_id.in_(reader.panels), of_page))
    if filters.is_overdue:
        found.append(AnswerAppeal.due_at <= reader.now)
    return and_(*found)


def _among(wanted: Select[Any]) -> Select[Any]:
    joined = wanted.outerjoin(AnswerAppeal.idea).outerjoin(Consultation, Consultation.id == Idea.consultation_id)
    return joined.outerjoin(AnswerAppeal.page_report)


async def waiting(
    db: ReadSession, *, filters: Filters, reader: Reader, after: Place | None, most: int
) -> Sequence[AnswerAppeal]:
    """Those that wait for a decision, first due first."""
    rows = _among(select(AnswerAppeal)).where(_waits(filters, reader))
    if after is not None:
        rows = rows.where(tuple_(AnswerAppeal.due_at, AnswerAppeal.id) > tuple_(after.at, after.number))
    rows = rows.order_by(AnswerAppeal.due_at, AnswerAppeal.id).limit(most)
    whole = (joinedload(AnswerAppeal.idea).options(*WHOLE), joinedload(AnswerAppeal.page_report))
    return (await db.scalars(rows.options(*whole))).all()


async def how_many(db: ReadSession, *, filters: Filters, reader: Reader) -> dict[Show, int]:
    """How many wait: among all that waits as filtered, and among the appeals."""
    counted = [_among(select(func.count(AnswerAppeal.id))).where(_waits(one, reader)) for one in (filters, Filters())]
    row = (await db.execute(select(*(one.scalar_subquery() for one in counted)))).one()
    return {Show.WAITING: row[0], Show.APPEALS: row[1]}
