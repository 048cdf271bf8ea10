"""Facts this room announces."""

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DecisionTaken(Event):
    """A moderator decided; `decision_id` holds ground and explanation."""

    name: ClassVar[str] = "idea.decision_taken"
    idea_id: int
    consultation_id: int
    decision_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class QueueChanged(Event):
    """Somebody claimed or released an idea."""

    name: ClassVar[str] = "idea.claim_changed"
    idea_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimTakenOver(Event):
    """A second moderator reads on, in place of the first."""

    name: ClassVar[str] = "idea.claim_taken_over"
    idea_id: int
    from_id: int


@dataclass(frozen=True, kw_only=True)
class PlanEvent(Event):
    """A fact about a decision that can still be undone."""

    idea_id: int
    consultation_id: int
    outcome: str


class DecisionPlanned(PlanEvent):
    """A moderator decided; it is carried out when it can no longer be undone."""

    name: ClassVar[str] = "idea.decision_planned"


class DecisionUndone(PlanEvent):
    """A moderator took it back in time; its author never heard of it."""

    name: ClassVar[str] = "idea.decision_undone"


class DecisionLapsed(PlanEvent):
    """It could not be carried out: the text changed, its author withdrew it, or the moderator no longer is one."""

    name: ClassVar[str] = "idea.decision_lapsed"


@dataclass(frozen=True, kw_only=True)
class IdeaLookedAt(Event):
    """A moderator read it while it stood on the site, and let it stand."""

    name: ClassVar[str] = "idea.looked_at"
    idea_id: int
    consultation_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaMasked(Event):
    """A moderator left words out of the text; `decision_id` holds ground and explanation."""

    name: ClassVar[str] = "idea.masked"
    idea_id: int
    consultation_id: int
    decision_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaUnmasked(Event):
    """On appeal the words came back."""

    name: ClassVar[str] = "idea.unmasked"
    idea_id: int
    consultation_id: int


@dataclass(frozen=True, kw_only=True)
class ReportEvent(Event):
    """A fact about one report."""

    report_id: int
    idea_id: int


class ReportReceived(ReportEvent):
    """A citizen reported an idea."""

    name: ClassVar[str] = "report.received"


class ReportDecided(ReportEvent):
    """A moderator answered the report."""

    name: ClassVar[str] = "report.decided"


@dataclass(frozen=True, kw_only=True)
class PageReportEvent(Event):
    """A fact about one report of a page."""

    page_report_id: int


class PageReportReceived(PageReportEvent):
    """A citizen reported something on a page."""

    name: ClassVar[str] = "page_report.received"


class PageReportDecided(PageReportEvent):
    """A moderator answered."""

    name: ClassVar[str] = "page_report.decided"


@dataclass(frozen=True, kw_only=True)
class AppealEvent(Event):
    """A fact about one appeal."""

    appeal_id: int
    idea_id: int


class AppealLodged(AppealEvent):
    """An author does not agree."""

    name: ClassVar[str] = "appeal.lodged"


class AppealDecided(AppealEvent):
    """Another moderator decided."""

    name: ClassVar[str] = "appeal.decided"


@dataclass(frozen=True, kw_only=True)
class AnswerAppealEvent(Event):
    """A fact about one appeal against an answer; it holds what the answer was about."""

    answer_appeal_id: int


class AnswerAppealLodged(AnswerAppealEvent):
    """Who reported something, or sent a file, does not agree."""

    name: ClassVar[str] = "answer_appeal.lodged"


class AnswerAppealDecided(AnswerAppealEvent):
    """Another moderator decided."""

    name: ClassVar[str] = "answer_appeal.decided"


@dataclass(frozen=True, kw_only=True)
class BlockImposed(Event):
    """Somebody may not take part for a while; the block holds who and why."""

    name: ClassVar[str] = "block.imposed"
    block_id: int


@dataclass(frozen=True, kw_only=True)
class BlockEnded(Event):
    """They may again."""

    name: ClassVar[str] = "block.ended"
    block_id: int
    how: str


@dataclass(frozen=True, kw_only=True)
class BlockAppealEvent(Event):
    """A fact about one appeal against a block."""

    block_appeal_id: int
    block_id: int


class BlockAppealLodged(BlockAppealEvent):
    """Who is blocked does not agree."""

    name: ClassVar[str] = "block_appeal.lodged"


class BlockAppealDecided(BlockAppealEvent):
    """Another moderator decided."""

    name: ClassVar[str] = "block_appeal.decided"
