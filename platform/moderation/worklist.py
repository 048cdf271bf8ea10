"""The queue as a moderator sees it: five lists of rows, each with what it is about and when it is due."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from accounts.access import Permission, panels_for
from accounts.actor import Actor
from consultations.models import Idea
from kernel.db import ReadSession
from kernel.i18n import gettext as _
from moderation import block_queries, queries, rules
from moderation.models import Appeal, BlockAppeal, Report
from moderation.queries import Panels, TakenDecision, WaitingIdea
from moderation.rules import SET_ASIDE, WAITING
from moderation.states import BECOMES, SHOW_NAMES, Show


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing to do, or done today. `kind` is idea, report, appeal or block (an appeal against one)."""

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
    idea_id: int | None = None
    under: str | None = None  # of a comment: the title of the idea above


@dataclass(frozen=True, kw_only=True)
class Worklist:
    """What one list shows, and how much waits in each."""

    show: Show
    rows: list[Row]
    counts: dict[Show, int]
    chosen: str = ""  # as "idea-12": the row whose detail stands beside the list

    @property
    def tabs(self) -> list[tuple[Show, str, int]]:
        """Each list with its name and how much it holds."""
        return [(show, SHOW_NAMES[show], number) for show, number in self.counts.items()]

    @property
    def is_mixed(self) -> bool:
        """Whether the rows are about more than one consultation, so that each must say which."""
        return len({row.about for row in self.rows}) > 1

    @property
    def query(self) -> str:
        """What the live parts ask for again."""
        return f"show={self.show}&chosen={self.chosen}"


@dataclass(frozen=True, kw_only=True)
class _Asked:
    db: ReadSession
    panels: Panels
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> datetime:
        return datetime.combine(self.now.astimezone(self.zone).date(), time(), tzinfo=self.zone)


def _under(idea: Idea) -> str | None:
    return idea.above.title if idea.is_comment and idea.above else None


def _idea_row(waiting: WaitingIdea, asked: _Asked) -> Row:
    idea = waiting.idea
    due_at = rules.promised_at(waiting.since, asked.zone) if idea.state in WAITING else None
    return Row(
        kind="idea",
        id=idea.id,
        idea_id=idea.id,
        title=idea.title,
        under=_under(idea),
        about=idea.consultation.title,
        state=idea.state,
        since=waiting.since,
        due_at=due_at,
        is_overdue=due_at is not None and due_at <= asked.now,
        claimed_by=waiting.claimed_by,
    )


def _report_row(report: Report, asked: _Asked) -> Row:
    due_at = rules.promised_at(report.reported_at, asked.zone)
    return Row(
        kind="report",
        id=report.id,
        idea_id=report.idea_id,
        title=report.idea.title,
        under=_under(report.idea),
        about=report.idea.consultation.title,
        state=report.state,
        since=report.reported_at,
        due_at=due_at,
        is_overdue=due_at <= asked.now,
    )


def _appeal_row(appeal: Appeal, asked: _Asked) -> Row:
    idea = appeal.decision.idea
    return Row(
        kind="appeal",
        id=appeal.id,
        idea_id=idea.id,
        title=idea.title,
        under=_under(idea),
        about=idea.consultation.title,
        state=appeal.state,
        since=appeal.lodged_at,
        due_at=appeal.due_at,
        is_overdue=appeal.due_at <= asked.now,
    )


def _block_row(appeal: BlockAppeal, asked: _Asked) -> Row:
    return Row(
        kind="block",
        id=appeal.block_id,
        title=_("Blokkade van inwoner %(number)s") % {"number": appeal.block.person_id},
        about=appeal.block.consultation.title,
        state=appeal.state,
        since=appeal.lodged_at,
        due_at=appeal.due_at,
        is_overdue=appeal.due_at <= asked.now,
    )


def _decided_row(taken: TakenDecision) -> Row:
    decision = taken.decision
    return Row(
        kind="idea",
        id=decision.idea_id,
        idea_id=decision.idea_id,
        title=decision.idea.title,
        under=_under(decision.idea),
        about=decision.idea.consultation.title,
        state=BECOMES[decision.outcome],
        since=decision.decided_at,
        decided_by=taken.decided_by,
    )


async def _waiting(asked: _Asked) -> list[Row]:
    found = await queries.waiting(asked.db, states=WAITING, panels=asked.panels, now=asked.now)
    return [_idea_row(one, asked) for one in found]


async def _set_aside(asked: _Asked) -> list[Row]:
    found = await queries.waiting(asked.db, states=SET_ASIDE, panels=asked.panels, now=asked.now)
    return [_idea_row(one, asked) for one in found]


async def _reports(asked: _Asked) -> list[Row]:
    return [_report_row(one, asked) for one in await queries.open_reports(asked.db, panels=asked.panels)]


async def _appeals(asked: _Asked) -> list[Row]:
    rows = [_appeal_row(one, asked) for one in await queries.open_appeals(asked.db, panels=asked.panels)]
    rows += [_block_row(one, asked) for one in await block_queries.open_appeals(asked.db, panels=asked.panels)]
    return sorted(rows, key=lambda row: (row.due_at or row.since, row.kind, row.id))


async def _today(asked: _Asked) -> list[Row]:
    found = await queries.decided_since(asked.db, since=asked.today, panels=asked.panels)
    return [_decided_row(one) for one in found]


LISTS: dict[Show, Callable[[_Asked], Awaitable[list[Row]]]] = {
    Show.WAITING: _waiting,
    Show.SET_ASIDE: _set_aside,
    Show.REPORTS: _reports,
    Show.APPEALS: _appeals,
    Show.TODAY: _today,
}


async def worklist(
    db: ReadSession, *, actor: Actor, show: Show, chosen: str = "", zone: ZoneInfo, now: datetime
) -> Worklist:
    """One of the lists, with the size of all: two questions."""
    asked = _Asked(db=db, panels=panels_for(actor, Permission.READ_QUEUE), zone=zone, now=now)
    counts = await queries.how_many(db, panels=asked.panels, since=asked.today)
    return Worklist(show=show, rows=await LISTS[show](asked), counts=counts, chosen=chosen)
