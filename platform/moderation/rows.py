"""One row of the queue out of what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from consultations.models import Idea
from kernel.i18n import gettext as _
from moderation import rules
from moderation.answer_models import AnswerAppeal
from moderation.models import Appeal, BlockAppeal, PageReport, PlannedDecision, Report
from moderation.queries import TakenDecision, WaitingIdea
from moderation.states import BECOMES, Kind
from moderation.waiting_queries import ToRead


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing to do, or done today. `kind` is idea, report, page (a report of one), appeal, block or answer; these
    last two are appeals against one."""

    kind: str
    id: int
    title: str
    about: str
    state: str
    since: datetime
    due_at: datetime | None = None
    is_overdue: bool = False
    claimed_by: str = ""
    decided_by: str = ""
    genre: str = ""  # a Kind
    idea_id: int | None = None
    is_paper: bool = False
    language: str = "nl"
    signals: Sequence[str] = ()  # names of what is pointed out in it
    may_choose: bool = False  # together with others, to decide about at once
    undo_until: datetime | None = None
    under: str | None = None  # of a comment: the title of the idea above


@dataclass(frozen=True, kw_only=True)
class Asked:
    """When, and in which zone, the rows are read."""

    zone: ZoneInfo
    now: datetime


def _under(idea: Idea) -> str | None:
    return idea.above.title if idea.is_comment and idea.above else None


def _genre(idea: Idea) -> str:
    return Kind.COMMENT if idea.is_comment else str(Kind(idea.kind.value))


def to_read_row(found: ToRead, asked: Asked) -> Row:
    """An idea that waits."""
    idea = found.idea
    due_at = rules.promised_at(idea.waiting_since, asked.zone)
    return Row(
        kind="idea",
        genre=_genre(idea),
        id=idea.id,
        idea_id=idea.id,
        title=idea.title,
        under=_under(idea),
        about=idea.consultation.title,
        state=idea.state,
        since=idea.waiting_since,
        due_at=due_at,
        is_overdue=due_at <= asked.now,
        claimed_by=found.claimed_by,
        is_paper=found.is_paper,
        language=idea.language,
        may_choose=True,
    )


def aside_row(waiting: WaitingIdea) -> Row:
    """An idea that was held or sent back."""
    idea = waiting.idea
    return Row(
        kind="idea",
        genre=_genre(idea),
        id=idea.id,
        idea_id=idea.id,
        title=idea.title,
        under=_under(idea),
        about=idea.consultation.title,
        state=idea.state,
        since=waiting.since,
        claimed_by=waiting.claimed_by,
        language=idea.language,
    )


def report_row(report: Report, asked: Asked, *, claimed_by: str) -> Row:
    """A report that waits for an answer."""
    due_at = rules.promised_at(report.reported_at, asked.zone)
    return Row(
        kind="report",
        genre=Kind.REPORT,
        id=report.id,
        idea_id=report.idea_id,
        title=report.idea.title,
        under=_under(report.idea),
        about=report.idea.consultation.title,
        state=report.state,
        since=report.reported_at,
        due_at=due_at,
        is_overdue=due_at <= asked.now,
        claimed_by=claimed_by,
    )


def page_row(report: PageReport, asked: Asked) -> Row:
    """A report of a page that waits for an answer."""
    due_at = rules.promised_at(report.reported_at, asked.zone)
    return Row(
        kind="page",
        genre=Kind.REPORT,
        id=report.id,
        title=_("Pagina %(address)s") % {"address": report.address},
        about="",
        state=report.state,
        since=report.reported_at,
        due_at=due_at,
        is_overdue=due_at <= asked.now,
    )


def appeal_row(appeal: Appeal, asked: Asked, *, claimed_by: str) -> Row:
    """An appeal against a decision."""
    idea = appeal.decision.idea
    return Row(
        kind="appeal",
        genre=Kind.APPEAL,
        id=appeal.id,
        idea_id=idea.id,
        title=idea.title,
        under=_under(idea),
        about=idea.consultation.title,
        state=appeal.state,
        since=appeal.lodged_at,
        due_at=appeal.due_at,
        is_overdue=appeal.due_at <= asked.now,
        claimed_by=claimed_by,
    )


def answer_row(appeal: AnswerAppeal, asked: Asked) -> Row:
    """An appeal against an answer to a report, or about a file."""
    idea, page = appeal.idea, appeal.page_report
    return Row(
        kind="answer",
        genre=Kind.APPEAL,
        id=appeal.id,
        idea_id=appeal.idea_id,
        title=idea.title if idea else _("Pagina %(address)s") % {"address": page.address if page else ""},
        under=_under(idea) if idea else None,
        about=idea.consultation.title if idea else "",
        state=appeal.state,
        since=appeal.lodged_at,
        due_at=appeal.due_at,
        is_overdue=appeal.due_at <= asked.now,
    )


def block_row(appeal: BlockAppeal, asked: Asked) -> Row:
    """An appeal against a block."""
    return Row(
        kind="block",
        genre=Kind.BLOCK,
        id=appeal.block_id,
        title=_("Blokkade van inwoner %(number)s") % {"number": appeal.block.person_id},
        about=appeal.block.consultation.title,
        state=appeal.state,
        since=appeal.lodged_at,
        due_at=appeal.due_at,
        is_overdue=appeal.due_at <= asked.now,
    )


def decided_row(taken: TakenDecision) -> Row:
    """A decision that was carried out."""
    decision = taken.decision
    return Row(
        kind="idea",
        genre=_genre(decision.idea),
        id=decision.idea_id,
        idea_id=decision.idea_id,
        title=decision.idea.title,
        under=_under(decision.idea),
        about=decision.idea.consultation.title,
        state=BECOMES[decision.outcome],
        since=decision.decided_at,
        decided_by=taken.decided_by,
    )


def planned_row(plan: PlannedDecision, by: str) -> Row:
    """A decision that can still be undone."""
    return Row(
        kind="idea",
        genre=_genre(plan.idea),
        id=plan.idea_id,
        idea_id=plan.idea_id,
        title=plan.idea.title,
        under=_under(plan.idea),
        about=plan.idea.consultation.title,
        state=BECOMES[plan.outcome],
        since=plan.planned_at,
        decided_by=by,
        undo_until=plan.due_at,
    )
