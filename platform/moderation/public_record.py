"""The public record of one consultation's moderation: numbers and grounds, never a text that was kept back."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select

from consultations.models import Idea
from kernel.db import ReadSession
from moderation import queries
from moderation.models import Appeal, Decision, Ground, Report
from moderation.states import AppealState, Outcome, ReportState


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
    """Read the record; five questions, whatever the size."""
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
    )
