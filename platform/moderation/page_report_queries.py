"""SELECTs about reports of pages that nobody sent in: themes, advice, answers, minutes, texts of consultations."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_

from kernel.db import ReadSession
from kernel.errors import NotFound
from moderation.filters import Filters, Place
from moderation.models import PageReport
from moderation.states import Held, Kind, ReportState, Show
from moderation.waiting_queries import Reader


def _waits(filters: Filters, reader: Reader) -> ColumnElement[bool]:
    """What waits, of these panels; a page of the whole site is for every moderator."""
    is_elsewhere = filters.held in {Held.MINE, Held.OTHERS} or filters.consultation_id is not None
    if filters.kind not in {None, Kind.REPORT} or is_elsewhere or filters.language or filters.is_paper:
        return false()
    found: list[ColumnElement[bool]] = [PageReport.state == ReportState.RECEIVED]
    if reader.panels is not None:
        found.append(or_(PageReport.panel_id.is_(None), PageReport.panel_id.in_(reader.panels)))
    if filters.q:
        looked_for = (PageReport.address, PageReport.reason)
        found.append(or_(*(column.icontains(filters.q, autoescape=True) for column in looked_for)))
    if filters.is_overdue:
        found.append(PageReport.reported_at < reader.overdue_before)
    return and_(*found)


async def waiting(
    db: ReadSession, *, filters: Filters, reader: Reader, after: Place | None, most: int
) -> Sequence[PageReport]:
    """Those that wait for an answer, oldest first."""
    rows = select(PageReport).where(_waits(filters, reader)).order_by(PageReport.reported_at, PageReport.id)
    if after is not None:
        rows = rows.where(tuple_(PageReport.reported_at, PageReport.id) > tuple_(after.at, after.number))
    return (await db.scalars(rows.limit(most))).all()


async def how_many(db: ReadSession, *, filters: Filters, reader: Reader) -> dict[Show, int]:
    """How many wait for an answer: among all that waits as filtered, and among the reports."""
    counted = [
        select(func.count(PageReport.id)).where(_waits(one, reader)).scalar_subquery() for one in (filters, Filters())
    ]
    row = (await db.execute(select(*counted))).one()
    return {Show.WAITING: row[0], Show.REPORTS: row[1]}


async def by_id(db: ReadSession, page_report_id: int) -> PageReport:
    """One of them; raises NotFound."""
    found = await db.get(PageReport, page_report_id)
    if found is None:
        raise NotFound
    return found
