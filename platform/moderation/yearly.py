"""A year of moderation, for the report that the law asks of a platform (DSA art. 15 and 24): numbers and statements."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from consultations import queries
from consultations.models import Consultation, Idea
from consultations.support_models import Quarantine, QuarantineDecision
from kernel.db import ReadSession
from kernel.events import EventRecord
from moderation import file_statements, statements
from moderation.answer_models import AnswerAppeal
from moderation.models import Appeal, Block, BlockAppeal, BlockEnd, Decision, Ground, Report
from moderation.public_record import median_of
from moderation.statements import Frame, Statement
from moderation.states import BECOMES, AppealState, Outcome, ReportState

ENDS = ("idea.revised", "idea.withdrawn")
"""Facts after which a restriction no longer holds, beside a next decision."""
KEPT_PARTS = ("returned", "held", "rejected", "removed")


@dataclass(frozen=True, kw_only=True)
class Year:
    """From the first instant to before the last, where people live."""

    year: int
    since: datetime
    until: datetime

    @classmethod
    def of(cls, year: int, as_: Frame) -> "Year":
        """The calendar year."""
        first, last = datetime(year, 1, 1, tzinfo=as_.zone), datetime(year + 1, 1, 1, tzinfo=as_.zone)
        return cls(year=year, since=first, until=last)


@dataclass(frozen=True, kw_only=True)
class YearReport:
    """What happened in a year. `standing` is what its decisions keep from the public now, by outcome."""

    year: int
    statements: int
    by: dict[str, dict[str, int]]
    outcomes: dict[Outcome, int]
    standing: dict[Outcome, int]
    grounds: dict[str, int]
    median_decision: timedelta | None
    reports: dict[ReportState, int]
    median_answer: timedelta | None
    appeals: dict[AppealState, int]
    answer_appeals: dict[AppealState, int]
    block_appeals: dict[AppealState, int]
    median_appeal: timedelta | None
    blocks: int

    @property
    def reversals(self) -> int:
        """Complaints of this year in which the first decision did not hold."""
        return sum(one[AppealState.REINSTATED] for one in (self.appeals, self.answer_appeals, self.block_appeals))


@dataclass(frozen=True, kw_only=True)
class _Kept:
    decision: Decision
    idea: Idea
    ground: Ground
    consultation: Consultation
    ended_at: datetime | None


async def of_year(db: ReadSession, year: Year, *, as_: Frame) -> list[Statement]:
    """Every restriction that began in this year, as a statement of reasons; one each."""
    found = [
        statements.of_decision(
            one.decision,
            idea=one.idea,
            ground=one.ground,
            consultation=one.consultation,
            ended_at=one.ended_at,
            as_=as_,
        )
        for one in await _kept_back(db, year)
    ]
    return [
        *found,
        *await file_statements.begun(db, since=year.since, until=year.until, as_=as_),
        *await _blocks(db, year, as_),
        *await _support(db, year, as_),
    ]


async def _kept_back(db: ReadSession, year: Year) -> list[_Kept]:
    """The decisions that restricted an idea, each with the moment at which it held no longer."""
    later = aliased(Decision)
    following = select(func.min(later.decided_at)).where(later.idea_id == Decision.idea_id, later.id > Decision.id)
    wanted = (
        select(Decision, Idea, Ground, Consultation, following.correlate(Decision).scalar_subquery())
        .join(Idea, Idea.id == Decision.idea_id)
        .join(Ground, Ground.id == Decision.ground_id)
        .join(Consultation, Consultation.id == Idea.consultation_id)
        .where(Decision.ground_id.is_not(None), Decision.decided_at >= year.since, Decision.decided_at < year.until)
        .order_by(Decision.id)
    )
    rows = (await db.execute(wanted)).all()
    left = await _ends(db, year)
    return [
        _Kept(
            decision=decision,
            idea=idea,
            ground=ground,
            consultation=consultation,
            ended_at=min(
                (at for at in (after, *left.get(idea.id, ())) if at is not None and at >= decision.decided_at),
                default=None,
            ),
        )
        for decision, idea, ground, consultation, after in rows
    ]


async def _ends(db: ReadSession, year: Year) -> dict[int, list[datetime]]:
    """When authors changed or took back what was kept from the public."""
    wanted = select(EventRecord.subject, EventRecord.at).where(EventRecord.name.in_(ENDS), EventRecord.at >= year.since)
    found: dict[int, list[datetime]] = {}
    for subject, at in await db.execute(wanted):
        found.setdefault(int(subject.partition(":")[2]), []).append(at)
    return found


async def _blocks(db: ReadSession, year: Year, as_: Frame) -> list[Statement]:
    wanted: Any = (
        select(Block, BlockEnd)
        .outerjoin(BlockEnd, BlockEnd.block_id == Block.id)
        .where(Block.blocked_at >= year.since, Block.blocked_at < year.until)
        .options(joinedload(Block.consultation))
        .order_by(Block.id)
    )
    return [
        statements.of_block(block, end=end, consultation=block.consultation, as_=as_)
        for block, end in await db.execute(wanted)
    ]


async def _support(db: ReadSession, year: Year, as_: Frame) -> list[Statement]:
    """What the rule set apart, and what people kept apart; the rule's own holds until the first decision."""
    by_rule = select(EventRecord.subject, EventRecord.at).where(EventRecord.name == "quarantine.set_apart")
    apart = {int(subject.partition(":")[2]): at for subject, at in await db.execute(by_rule)}
    cases = {one.id: one for one in await db.scalars(select(Quarantine).options(joinedload(Quarantine.consultation)))}
    taken: dict[int, list[QuarantineDecision]] = {}
    for one in await db.scalars(select(QuarantineDecision).order_by(QuarantineDecision.id)):
        taken.setdefault(one.quarantine_id, []).append(one)
    found = []
    for case_id, case in sorted(cases.items()):
        decided = taken.get(case_id, [])
        if case_id in apart and year.since <= apart[case_id] < year.until:
            ended = decided[0].decided_at if decided else None
            found.append(statements.of_support(case, decision=None, at=apart[case_id], ended_at=ended, as_=as_))
        for one, after in zip(decided, [*decided[1:], None], strict=True):
            if one.verdict == "kept" and year.since <= one.decided_at < year.until:
                ended = after.decided_at if after else None
                found.append(statements.of_support(case, decision=one, at=one.decided_at, ended_at=ended, as_=as_))
    return found


async def report(db: ReadSession, year: Year, *, as_: Frame) -> YearReport:
    """The numbers of a year. Each of its parts adds up to the statements of the same year."""
    made = await of_year(db, year, as_=as_)
    kept = await _kept_back(db, year)
    names = ("category", "decision_ground", "source_type", "automated_detection", "automated_decision")
    first = (
        select(Idea.received_at, Idea.confirmed_at, func.min(Decision.decided_at))
        .join(Decision, Decision.idea_id == Idea.id)
        .group_by(Idea.id, Idea.received_at, Idea.confirmed_at)
        .having(func.min(Decision.decided_at) >= year.since, func.min(Decision.decided_at) < year.until)
    )
    spans = [(confirmed or received, decided) for received, confirmed, decided in await db.execute(first)]
    in_year = (Report.reported_at >= year.since, Report.reported_at < year.until)
    notices = (await db.execute(select(Report.state, Report.reported_at, Report.decided_at).where(*in_year))).all()
    appeals, about_ideas = await _complaints(db, Appeal, year)
    answer_appeals, about_answers = await _complaints(db, AnswerAppeal, year)
    block_appeals, about_blocks = await _complaints(db, BlockAppeal, year)
    return YearReport(
        year=year.year,
        statements=len(made),
        by={name: dict(Counter(one[name] for one in made)) for name in names},
        outcomes=_counted(Outcome, (one.decision.outcome for one in kept)),
        standing=_counted(Outcome, (one.decision.outcome for one in kept if _stands(one))),
        grounds=dict(Counter(one.ground.code for one in kept)),
        median_decision=median_of(spans),
        reports=_counted(ReportState, (state for state, _, _ in notices)),
        median_answer=median_of([(since, until) for _, since, until in notices if until is not None]),
        appeals=appeals,
        answer_appeals=answer_appeals,
        block_appeals=block_appeals,
        median_appeal=median_of([*about_ideas, *about_answers, *about_blocks]),
        blocks=sum("decision_account" in one for one in made),
    )


def _stands(one: _Kept) -> bool:
    """Whether it holds now; of comments the ledger knows nothing."""
    return one.ended_at is None and not one.idea.is_comment and one.idea.state is BECOMES[one.decision.outcome]


async def in_ledger(db: ReadSession) -> dict[str, int]:
    """What is kept from the public now, over the ledgers of all consultations."""
    found = await queries.ledgers(db, list(await db.scalars(select(Consultation.id))))
    return {name: sum(one.parts[name] for one in found.values()) for name in KEPT_PARTS}


async def _complaints(
    db: ReadSession, table: type[Appeal] | type[AnswerAppeal] | type[BlockAppeal], year: Year
) -> tuple[dict[AppealState, int], list[tuple[datetime, datetime]]]:
    wanted = select(table.state, table.lodged_at, table.decided_at)
    rows = (await db.execute(wanted.where(table.lodged_at >= year.since, table.lodged_at < year.until))).all()
    spans = [(since, until) for _, since, until in rows if until is not None]
    return _counted(AppealState, (state for state, _, _ in rows)), spans


def _counted(kinds: Any, found: Any) -> dict[Any, int]:
    return dict.fromkeys(kinds, 0) | Counter(found)
