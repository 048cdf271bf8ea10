"""The public record of moderation, of one consultation or a whole panel: numbers and grounds, never a text.

What happened to one or two people only is not told apart: in a small consultation neighbours would know who it was.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from consultations.models import Idea
from consultations.states import Policy, QuarantineState
from kernel.db import ReadSession
from kernel.i18n import N_
from moderation import support_queries
from moderation.answer_models import AnswerAppeal
from moderation.models import Appeal, Block, BlockAppeal, BlockEnd, Decision, Ground, Report
from moderation.states import AppealState, Conduct, Ending, Outcome, ReportState

SMALL = 3
"""From this number on it is told exactly, in what belongs to a ground or a kind of conduct."""
FEW = "1-2"
POLICIES: Mapping[Policy, str] = MappingProxyType(
    {
        Policy.PUBLISH_AT_ONCE: N_("Een inzending komt meteen op de site. Een moderator leest haar daarna."),
        Policy.HOLD_FLAGGED: N_(
            "Een inzending komt meteen op de site, behalve als er iets opvalt, zoals een telefoonnummer. "
            "Dan leest een moderator haar eerst."
        ),
        Policy.HOLD_ALL: N_("Een moderator leest elke inzending voordat zij op de site komt."),
    }
)


@dataclass(frozen=True, kw_only=True)
class GroundCount:
    """How often a ground was used, for each kind of restriction."""

    ground: Ground
    returned: int
    held: int
    rejected: int
    removed: int
    masked: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.returned + self.held + self.rejected + self.removed + self.masked


@dataclass(frozen=True, kw_only=True)
class PublicRecord:
    """Decisions, not ideas: an idea that was returned and later published counts twice."""

    grounds: list[GroundCount]
    published: int
    median_time: timedelta | None
    appeals: dict[AppealState, int]
    answer_appeals: dict[AppealState, int]
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


def shown(number: int) -> int | str:
    """As the public reads it: one or two are not told apart."""
    return FEW if 0 < number < SMALL else number


def numbers(record: PublicRecord) -> dict[str, dict[str, Any]]:
    """The record for programs, part by part; the keys are the words of the code."""
    hours = None if record.median_time is None else round(record.median_time.total_seconds() / 3600, 1)
    outcomes = ("returned", "held", "rejected", "removed", "masked")
    return {
        "decisions": {"published": record.published, "restricted": record.restricted, "median_hours": hours},
        "grounds": {
            row.ground.code: {"title": row.ground.title} | {name: shown(getattr(row, name)) for name in outcomes}
            for row in record.grounds
        },
        "appeals": {state.value: number for state, number in record.appeals.items()},
        "answer_appeals": {state.value: number for state, number in record.answer_appeals.items()},
        "reports": {state.value: number for state, number in record.reports.items()},
        "blocks": {"imposed": record.blocked} | {how.value: number for how, number in record.blocks_ended.items()},
        "conduct": {kind.value: shown(number) for kind, number in record.blocks.items()},
        "block_appeals": {state.value: number for state, number in record.block_appeals.items()},
        "support": {state.value: supports for state, (_networks, supports) in record.support.items()},
    }


def rows(record: PublicRecord) -> Iterator[tuple[str, str, Any]]:
    """The same as lines of a table: part, what, number."""
    yield ("part", "what", "number")
    for part, told in numbers(record).items():
        for name, number in told.items():
            if isinstance(number, dict):
                yield from (
                    (part, f"{name} {outcome}", value) for outcome, value in number.items() if outcome != "title"
                )
            else:
                yield (part, name, "" if number is None else number)


def median_of(spans: list[tuple[datetime, datetime]]) -> timedelta | None:
    """The middle of the times between two instants; None without any."""
    if not spans:
        return None
    return timedelta(seconds=median((until - since).total_seconds() for since, until in spans))


async def public_record(db: ReadSession, consultation_ids: Sequence[int]) -> PublicRecord:
    """Read the record; ten questions, whatever the size. Blocks are counted, and nobody can tell who.

    Of several consultations together: a ground is the same when its code is; the newest wording tells it.
    """
    published = select(Ground).where(Ground.consultation_id.in_(consultation_ids))
    all_grounds = (await db.scalars(published.order_by(Ground.consultation_id, Ground.position))).all()
    code_of: dict[int | None, str] = {ground.id: ground.code for ground in all_grounds}
    grounds = {ground.code: ground for ground in all_grounds}
    theirs = Idea.consultation_id.in_(consultation_ids)
    of_ideas = select(Decision.ground_id, Decision.outcome, func.count()).join(Decision.idea)
    taken = of_ideas.where(theirs).group_by(Decision.ground_id, Decision.outcome)
    count: Counter[tuple[str | None, Outcome]] = Counter()
    for ground_id, outcome, number in await db.execute(taken):
        count[code_of.get(ground_id), outcome] += number
    firsts = (
        select(Idea.received_at, Idea.confirmed_at, func.min(Decision.decided_at))
        .join(Decision, Decision.idea_id == Idea.id)
        .where(theirs)
        .group_by(Idea.id, Idea.received_at, Idea.confirmed_at)
    )
    spans = [(confirmed or received, decided) for received, confirmed, decided in await db.execute(firsts)]
    appeals = select(Appeal.state, func.count()).join(Appeal.decision).join(Decision.idea)
    appeals = appeals.where(theirs).group_by(Appeal.state)
    answers = select(AnswerAppeal.state, func.count()).join(AnswerAppeal.idea)
    answers = answers.where(theirs).group_by(AnswerAppeal.state)
    reports = select(Report.state, func.count()).join(Report.idea)
    reports = reports.where(theirs).group_by(Report.state)
    return PublicRecord(
        grounds=[
            GroundCount(
                ground=ground,
                returned=count[ground.code, Outcome.RETURN],
                held=count[ground.code, Outcome.HOLD],
                rejected=count[ground.code, Outcome.REJECT],
                removed=count[ground.code, Outcome.REMOVE],
                masked=count[ground.code, Outcome.PUBLISH],
            )
            for ground in sorted(grounds.values(), key=lambda one: (one.position, one.code))
        ],
        published=count[None, Outcome.PUBLISH],
        median_time=median_of(spans),
        appeals=dict.fromkeys(AppealState, 0) | {row[0]: row[1] for row in await db.execute(appeals)},
        answer_appeals=dict.fromkeys(AppealState, 0) | {row[0]: row[1] for row in await db.execute(answers)},
        reports=dict.fromkeys(ReportState, 0) | {row[0]: row[1] for row in await db.execute(reports)},
        **await _blocks(db, consultation_ids),
        support=await support_queries.numbers_apart(db, consultation_ids),
    )


async def _blocks(db: ReadSession, consultation_ids: Sequence[int]) -> dict[str, Any]:
    imposed = select(Block.ground, func.count()).group_by(Block.ground)
    ended = select(BlockEnd.how, func.count()).join(Block, Block.id == BlockEnd.block_id).group_by(BlockEnd.how)
    appeals = select(BlockAppeal.state, func.count()).join(BlockAppeal.block).group_by(BlockAppeal.state)
    found: dict[str, Any] = {}
    for name, kinds, counted in (
        ("blocks", Conduct, imposed),
        ("blocks_ended", Ending, ended),
        ("block_appeals", AppealState, appeals),
    ):
        rows = await db.execute(counted.where(Block.consultation_id.in_(consultation_ids)))
        found[name] = dict.fromkeys(kinds, 0) | {row[0]: row[1] for row in rows}
    return found
