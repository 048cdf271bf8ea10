"""The public record of one consultation's moderation: numbers and grounds, never a text that was kept back."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select

from consultations.models import Idea
from consultations.states import QuarantineState
from kernel.db import ReadSession
from moderation import queries, support_queries
from moderation.models import Appeal, Block, BlockAppeal, BlockEnd, Decision, Ground, Report
from moderation.states import AppealState, Conduct, Ending, Outcome, ReportState


@dataclass(frozen=True, kw_only=True)
class GroundCount:
    """How often a ground was used, for each kind of restriction."""

    ground: Ground
    returned: int
    held: int
    rejected: int
    removed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.returned + self.held + self.rejected + self.removed


@dataclass(frozen=True, kw_only=True)
class PublicRecord:
    """Decisions, not ideas: an idea that was returned and later published counts twice."""

    grounds: list[GroundCount]
    published: int
    median_time: timedelta | None
    appeals: dict[AppealState, int]
    reports: dict[ReportState, int]
    blocks: dict[Conduct, int]
    blocks_ended: dict[Ending, int]
    block_appeals: dict[AppealState, int]
    support: dict[QuarantineState, tuple[int, int]]

    @property
    def blocked(self) -> int:
        """How often somebody was blocked for conduct here."""
        return sum(self.blocks.values())

    @property
    def restricted(self) -> int:
        """Decisions that kept an idea back or took it away."""
        return sum(row.total for row in self.grounds)


def median_of(spans: list[tuple[datetime, datetime]]) -> timedelta | None:
    """The middle of the times between two instants; None without any."""
    if not spans:
        return None
    return timedelta(seconds=median((until - since).total_seconds() for since, until in spans))


async def public_record(db: ReadSession, consultation_id: int) -> PublicRecord:
    """Read the record; nine questions, whatever the size. Blocks are counted, and nobody can tell who."""
    grounds = await queries.grounds(db, consultation_id)
    of_ideas = select(Decision.ground_id, Decision.outcome, func.count()).join(Decision.idea)
    taken = of_ideas.where(Idea.consultation_id == consultation_id).group_by(Decision.ground_id, Decision.outcome)
    count = Counter({(ground_id, outcome): number for ground_id, outcome, number in await db.execute(taken)})
    firsts = (
        select(Idea.received_at, Idea.confirmed_at, func.min(Decision.decided_at))
        .join(Decision, Decision.idea_id == Idea.id)
        .where(Idea.consultation_id == consultation_id)
        .group_by(Idea.id, Idea.received_at, Idea.confirmed_at)
    )
    spans = [(confirmed or received, decided) for received, confirmed, decided in await db.execute(firsts)]
    appeals = select(Appeal.state, func.count()).join(Appeal.decision).join(Decision.idea)
    appeals = appeals.where(Idea.consultation_id == consultation_id).group_by(Appeal.state)
    reports = select(Report.state, func.count()).join(Report.idea)
    reports = reports.where(Idea.consultation_id == consultation_id).group_by(Report.state)
    return PublicRecord(
        grounds=[
            GroundCount(
                ground=ground,
                returned=count[ground.id, Outcome.RETURN],
                held=count[ground.id, Outcome.HOLD],
                rejected=count[ground.id, Outcome.REJECT],
                removed=count[ground.id, Outcome.REMOVE],
            )
            for ground in grounds
        ],
        published=count[None, Outcome.PUBLISH],
        median_time=median_of(spans),
        appeals=dict.fromkeys(AppealState, 0) | {row[0]: row[1] for row in await db.execute(appeals)},
        reports=dict.fromkeys(ReportState, 0) | {row[0]: row[1] for row in await db.execute(reports)},
        **await _blocks(db, consultation_id),
        support=await support_queries.numbers_apart(db, consultation_id),
    )


async def _blocks(db: ReadSession, consultation_id: int) -> dict[str, Any]:
    imposed = select(Block.ground, func.count()).group_by(Block.ground)
    ended = select(BlockEnd.how, func.count()).join(Block, Block.id == BlockEnd.block_id).group_by(BlockEnd.how)
    appeals = select(BlockAppeal.state, func.count()).join(BlockAppeal.block).group_by(BlockAppeal.state)
    found: dict[str, Any] = {}
    for name, kinds, counted in (
        ("blocks", Conduct, imposed),
        ("blocks_ended", Ending, ended),
        ("block_appeals", AppealState, appeals),
    ):
        rows = await db.execute(counted.where(Block.consultation_id == consultation_id))
        found[name] = dict.fromkeys(kinds, 0) | {row[0]: row[1] for row in rows}
    return found
