"""SELECTs of the queue. Each goes through an index from the oldest on, so that it costs as much for ten as for 100,000.

Numbers are counted up to MOST_COUNTED: beyond it "more than" says enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal_column, not_, or_, select, true, tuple_
from sqlalchemy.orm import joinedload

from accounts.models import Person
from consultations.models import Consultation, Idea
from consultations.signal_models import Signal
from consultations.states import IdeaKind, IdeaState
from consultations.ways_models import Intake
from kernel.db import ReadSession
from moderation.filters import Filters, Place
from moderation.models import Appeal, Block, BlockAppeal, Claim, Decision, PlannedDecision, Report
from moderation.queries import WHOLE, Panels
from moderation.rules import SET_ASIDE, WAITING
from moderation.states import AppealState, Held, Kind, ReportState, Show

MOST_COUNTED = 10_000
AN_IDEA = frozenset({Kind.IDEA, Kind.EXPERIENCE, Kind.COMMENT, None})


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who looks, and when: `overdue_before` is the moment before which everything that waits is too late."""

    person_id: int | None
    panels: Panels
    overdue_before: datetime
    now: datetime


@dataclass(frozen=True)
class ToRead:
    """An idea in the queue, who reads it now, and whether staff wrote it down for somebody."""

    idea: Idea
    claimed_by: str
    is_paper: bool


def _in_panels(panels: Panels) -> ColumnElement[bool]:
    """A plus before the column: the list must be gone through by how long it waits, not by consultation."""
    if panels is None:
        return true()
    theirs = select(Consultation.id).where(Consultation.panel_id.in_(panels))
    return literal_column("+idea.consultation_id").in_(theirs)


def _claimed(*by: ColumnElement[bool], now: datetime) -> ColumnElement[bool]:
    return exists().where(Claim.idea_id == Idea.id, Claim.expires_at > now, *by).correlate(Idea)


def _held(filters: Filters, reader: Reader) -> ColumnElement[bool]:
    if filters.held is Held.FREE:
        return not_(_claimed(now=reader.now))
    if filters.held is Held.MINE:
        return _claimed(Claim.moderator_id == reader.person_id, now=reader.now)
    if filters.held is Held.OTHERS:
        return _claimed(Claim.moderator_id != reader.person_id, now=reader.now)
    return true()


def of_idea(filters: Filters) -> list[ColumnElement[bool]]:
    """What filters say about an idea, or about the idea that something is about."""
    found: list[ColumnElement[bool]] = []
    if filters.consultation_id is not None:
        found.append(Idea.consultation_id == filters.consultation_id)
    if filters.language:
        found.append(Idea.language == filters.language)
    if filters.signal is not None:
        found.append(exists().where(Signal.idea_id == Idea.id, Signal.kind == filters.signal))
    if filters.is_paper:
        found.append(exists().where(Intake.idea_id == Idea.id))
    if filters.q:
        looked_for = (Idea.title, Idea.body, Idea.stuck)
        words = [column.icontains(filters.q, autoescape=True) for column in looked_for]
        found.append(or_(Idea.number == filters.q, *words))
    return found


def _to_read(filters: Filters, reader: Reader) -> ColumnElement[bool]:
    if filters.kind not in AN_IDEA:
        return false()
    found = [_in_panels(reader.panels), *of_idea(filters), _held(filters, reader)]
    found.append(not_(exists().where(PlannedDecision.idea_id == Idea.id)))
    if filters.kind is Kind.COMMENT:
        found.append(Idea.under_id.is_not(None))
    elif filters.kind is not None:
        found += [Idea.under_id.is_(None), Idea.kind == IdeaKind(filters.kind.value)]
    if filters.is_overdue:
        found.append(Idea.waiting_since < reader.overdue_before)
    return and_(*found)


def _with_reader(rows: Any, reader: Reader) -> Any:
    """Beside each, the name of who reads its idea now."""
    held = rows.outerjoin(Claim, and_(Claim.idea_id == Idea.id, Claim.expires_at > reader.now))
    return held.outerjoin(Person, Person.id == Claim.moderator_id).add_columns(Person.name)


async def to_read(
    db: ReadSession, *, filters: Filters, reader: Reader, after: Place | None, most: int
) -> Sequence[ToRead]:
    """Ideas, experiences and comments that wait, the longest waiting first.

    Asked of each state by itself, and put together here: so each goes through its index in that order.
    """
    is_paper = exists().where(Intake.idea_id == Idea.id)
    rows = _with_reader(select(Idea, is_paper), reader).where(_to_read(filters, reader)).options(*WHOLE)
    if after is not None:
        rows = rows.where(tuple_(Idea.waiting_since, Idea.id) > tuple_(after.at, after.number))
    found = [await db.execute(_oldest_of(rows, state, most)) for state in WAITING]
    merged = sorted((tuple(row) for some in found for row in some), key=lambda row: (row[0].waiting_since, row[0].id))
    return [ToRead(idea, name or "", is_paper) for idea, is_paper, name in merged[:most]]


def _oldest_of(rows: Any, state: IdeaState, most: int) -> Any:
    return rows.where(Idea.state == state).order_by(Idea.waiting_since, Idea.id).limit(most)


async def next_to_read(db: ReadSession, *, filters: Filters, reader: Reader) -> Idea | None:
    """The longest waiting of these that no other moderator reads."""
    others = _claimed(Claim.moderator_id != reader.person_id, now=reader.now)
    free = select(Idea).where(_to_read(filters, reader), not_(others))
    found = [await db.scalar(_oldest_of(free, state, 1)) for state in WAITING]
    return min(filter(None, found), key=lambda idea: (idea.waiting_since, idea.id), default=None)


async def ids_to_read(db: ReadSession, *, filters: Filters, reader: Reader, most: int) -> Sequence[int]:
    """The same by number alone, for whoever decides about all of them."""
    wanted = select(Idea.waiting_since, Idea.id).where(_to_read(filters, reader))
    found = [await db.execute(_oldest_of(wanted, state, most)) for state in WAITING]
    return [number for _since, number in sorted(tuple(row) for some in found for row in some)[:most]]


def _reports(filters: Filters, reader: Reader) -> ColumnElement[bool]:
    if filters.kind not in {None, Kind.REPORT}:
        return false()
    waits = Report.state == ReportState.RECEIVED
    found = [waits, _in_panels(reader.panels), *of_idea(filters), _held(filters, reader)]
    if filters.is_overdue:
        found.append(Report.reported_at < reader.overdue_before)
    return and_(*found)


async def reports(
    db: ReadSession, *, filters: Filters, reader: Reader, after: Place | None, most: int
) -> Sequence[tuple[Report, str | None]]:
    """Reports that wait for an answer, oldest first, each with who reads its idea now."""
    rows = _with_reader(select(Report).join(Report.idea), reader).where(_reports(filters, reader))
    rows = rows.order_by(Report.reported_at, Report.id).limit(most).options(joinedload(Report.idea).options(*WHOLE))
    if after is not None:
        rows = rows.where(tuple_(Report.reported_at, Report.id) > tuple_(after.at, after.number))
    return [(report, name) for report, name in await db.execute(rows)]


def _appeals(filters: Filters, reader: Reader) -> ColumnElement[bool]:
    if filters.kind not in {None, Kind.APPEAL}:
        return false()
    waits = Appeal.state == AppealState.RECEIVED
    found = [waits, _in_panels(reader.panels), *of_idea(filters), _held(filters, reader)]
    if filters.is_overdue:
        found.append(Appeal.due_at <= reader.now)
    return and_(*found)


async def appeals(
    db: ReadSession, *, filters: Filters, reader: Reader, after: Place | None, most: int
) -> Sequence[tuple[Appeal, str | None]]:
    """Appeals that wait for a decision, first due first, each with who reads its idea now."""
    theirs = select(Appeal).join(Appeal.decision).join(Decision.idea)
    rows = _with_reader(theirs, reader).where(_appeals(filters, reader)).order_by(Appeal.due_at, Appeal.id).limit(most)
    if after is not None:
        rows = rows.where(tuple_(Appeal.due_at, Appeal.id) > tuple_(after.at, after.number))
    to_idea = joinedload(Appeal.decision).joinedload(Decision.idea)
    found = await db.execute(rows.options(to_idea.options(*WHOLE)))
    return [(appeal, name) for appeal, name in found]


def _blocks(filters: Filters, reader: Reader) -> ColumnElement[bool]:
    is_elsewhere = filters.held in {Held.MINE, Held.OTHERS} or bool(filters.language or filters.is_paper or filters.q)
    if filters.kind not in {None, Kind.BLOCK} or is_elsewhere:
        return false()
    found: list[ColumnElement[bool]] = [BlockAppeal.state == AppealState.RECEIVED]
    if reader.panels is not None:
        found.append(Consultation.panel_id.in_(reader.panels))
    if filters.consultation_id is not None:
        found.append(Block.consultation_id == filters.consultation_id)
    if filters.is_overdue:
        found.append(BlockAppeal.due_at <= reader.now)
    return and_(*found)


async def blocks(
    db: ReadSession, *, filters: Filters, reader: Reader, after: Place | None, most: int
) -> Sequence[BlockAppeal]:
    """Appeals against blocks that wait for a decision, first due first."""
    rows = select(BlockAppeal).join(BlockAppeal.block).join(Block.consultation).where(_blocks(filters, reader))
    rows = rows.order_by(BlockAppeal.due_at, BlockAppeal.id).limit(most)
    if after is not None:
        rows = rows.where(tuple_(BlockAppeal.due_at, BlockAppeal.id) > tuple_(after.at, after.number))
    return (await db.scalars(rows.options(joinedload(BlockAppeal.block).joinedload(Block.consultation)))).all()


def _capped(rows: Select[Any]) -> Any:
    return select(func.count()).select_from(rows.limit(MOST_COUNTED).subquery()).scalar_subquery()


async def how_many(db: ReadSession, *, filters: Filters, reader: Reader, since: datetime) -> dict[Show, int]:
    """How much work each part of the queue holds, in one question; `filters` are of what waits. Today counts from
    `since`."""
    everything = Filters()
    ideas = select(Idea.id).where(Idea.state.in_(WAITING), _to_read(filters, reader))
    of_reports, of_appeals, of_blocks = (
        select(Report.id).join(Report.idea),
        select(Appeal.id).join(Appeal.decision).join(Decision.idea),
        select(BlockAppeal.id).join(BlockAppeal.block).join(Block.consultation),
    )
    aside = select(Idea.id).where(Idea.state.in_(SET_ASIDE), _in_panels(reader.panels))
    taken = select(Decision.id).join(Decision.idea).where(Decision.decided_at >= since, _in_panels(reader.panels))
    planned = select(PlannedDecision.id).join(PlannedDecision.idea).where(_in_panels(reader.panels))
    counted = [
        ideas,
        *(of_reports.where(_reports(one, reader)) for one in (filters, everything)),
        *(of_appeals.where(_appeals(one, reader)) for one in (filters, everything)),
        *(of_blocks.where(_blocks(one, reader)) for one in (filters, everything)),
        aside,
        taken,
        planned,
    ]
    row = (await db.execute(select(*(_capped(one) for one in counted)))).one()
    return {
        Show.WAITING: row[0] + row[1] + row[3] + row[5],
        Show.SET_ASIDE: row[7],
        Show.REPORTS: row[2],
        Show.APPEALS: row[4] + row[6],
        Show.TODAY: row[8] + row[9],
    }
