"""The pages of moderation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from consultations.models import Consultation, Idea, IdeaVersion
from consultations.round_models import Prompt
from consultations.signals import Kind as Signal
from consultations.ways_models import Attachment, Intake
from kernel.pages import Page
from moderation.conduct import ConductText
from moderation.forms import (
    AppealForm,
    AppealVerdictForm,
    DecisionForm,
)
from moderation.masking import LeftOut
from moderation.models import Appeal, Ground, PlannedDecision, Report
from moderation.pointing import Pointed
from moderation.public_record import PublicRecord
from moderation.queries import TakenDecision
from moderation.reasons import StatementOfReasons
from moderation.states import OUTCOME_NAMES, Conduct, Held, Kind, Outcome
from moderation.worklist import Worklist


@dataclass(frozen=True, kw_only=True)
class Since:
    """What happened since somebody opened an idea: how its text changed, and what was decided."""

    changed: Sequence[tuple[str, str]] = ()
    decisions: Sequence[TakenDecision] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.decisions)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an idea stands while somebody reads it: who else looks, and whether it moved on since.

    `plan` is the decision that can still be undone, with who took it; `taken_by` took this reader's claim over. `at`
    is what is read about it, as "report-12", when that is not the idea itself.
    """

    idea_id: int
    at: str = ""
    is_open: bool
    is_mine: bool = False
    claimed_by: str = ""
    claimed_at: datetime | None = None
    until: datetime | None = None
    taken_by: str = ""
    is_changed: bool = False
    since: Since = field(default_factory=Since)
    plan: PlannedDecision | None = None
    planned_by: str = ""
    may_decide: bool = False
    names: Mapping[Outcome, str] = field(default_factory=lambda: OUTCOME_NAMES)
    seen: str = ""

    @property
    def place(self) -> str:
        """The page where it is read."""
        return place_of(self.idea_id, self.at)

    @property
    def query(self) -> str:
        """What leads back there."""
        return f"?at={self.at}" if self.at else ""


def place_of(idea_id: int, at: str) -> str:
    """The page of an idea, or of the report or the appeal (`at`) that is read with it."""
    kind, _dash, number = at.partition("-")
    return f"/moderation/{kind}s/{number}" if number else f"/moderation/ideas/{idea_id}"


@dataclass(frozen=True, kw_only=True)
class Done:
    """The sentence that confirms what was just done. With `together` it can be undone, until it is carried out."""

    words: str
    together: str = ""
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EarlierText:
    """A text an idea had before, and what the next one changed in it."""

    version: IdeaVersion
    changed: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class WithList(Page):
    """Any page with a list of the queue on it."""

    work: Worklist
    has_keys: bool = False

    def ideas_shown(self) -> Iterable[int]:
        """The list names them; a report and an appeal quote them."""
        return [row.idea_id for row in self.work.rows if row.idea_id is not None]


@dataclass(frozen=True, kw_only=True)
class QueuePage(WithList):
    """One of the lists, nothing chosen."""

    template: ClassVar[str] = "moderation/queue.html"
    banner: Done | None
    files_waiting: int
    may_decide: bool
    consultations: Sequence[Consultation]
    kinds: Mapping[Kind, str]
    held: Mapping[Held, str]
    languages: Mapping[str, str]
    signals: Mapping[Signal, str]
    second_looks: int
    now: datetime


@dataclass(frozen=True, kw_only=True)
class QueueRowsPage(WithList):
    """The list, or the row of tabs, alone: fetched again at each nudge."""

    template: ClassVar[str] = "moderation/queue_rows.html"
    part: str
    now: datetime


@dataclass(frozen=True, kw_only=True)
class StandingPage(Page):
    """Who looks at the idea, alone: fetched again at each nudge."""

    template: ClassVar[str] = "moderation/standing.html"
    standing: Standing
    now: datetime


@dataclass(frozen=True, kw_only=True)
class ReviewPage(WithList):
    """One idea to decide about, beside the list."""

    template: ClassVar[str] = "moderation/review.html"
    idea: Idea
    is_whole: bool  # its parts go on by themselves: one of them is removed instead
    goes_too: Sequence[Idea]  # removed together with it, because the same words stand there
    pointed: Pointed
    prompt: Prompt | None
    intake: Intake | None
    files: Sequence[Attachment]
    earlier: Sequence[EarlierText]
    offered: Sequence[Outcome]
    may_decide: bool
    grounds: Sequence[Ground]
    history: Sequence[TakenDecision]
    names: Mapping[Outcome, str]
    reports: Sequence[Report]
    standing: Standing
    promised_at: datetime | None
    form: DecisionForm
    banner: Done | None
    now: datetime


@dataclass(frozen=True, kw_only=True)
class AppealPage(WithList):
    """One appeal to decide about, beside the list."""

    template: ClassVar[str] = "moderation/appeal.html"
    appeal: Appeal
    standing: Standing
    moderates: bool
    may_decide: bool
    names: Mapping[Outcome, str]
    form: AppealVerdictForm
    now: datetime

    def ideas_shown(self) -> Iterable[int]:
        """The idea that it is about, and the list's."""
        return [self.appeal.decision.idea_id, *super().ideas_shown()]


@dataclass(frozen=True, kw_only=True)
class StatementPage(Page):
    """The statement of reasons, for the author alone."""

    template: ClassVar[str] = "moderation/statement.html"
    secret: str
    idea: Idea
    statement: StatementOfReasons | None
    left_out: Sequence[LeftOut]
    appeal: Appeal | None
    may_appeal: bool
    is_lodged: bool
    promised_at: datetime
    now: datetime


@dataclass(frozen=True, kw_only=True)
class NewAppealPage(Page):
    """Asks an author why they do not agree."""

    template: ClassVar[str] = "moderation/new_appeal.html"
    secret: str
    idea: Idea
    statement: StatementOfReasons
    form: AppealForm
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordPage(Page):
    """The public record of moderation: of one consultation, or of all of a panel (`consultations` leads to each)."""

    template: ClassVar[str] = "moderation/record.html"
    of: str
    above: str
    record: PublicRecord
    policies: Sequence[str]
    tightened: Sequence[tuple[datetime, str]] = ()  # since when it is stricter, and how
    consultations: Sequence[Consultation] = ()
    conduct: Mapping[Conduct, ConductText]
    now: datetime
