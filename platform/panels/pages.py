"""One frozen dataclass for each template: all that it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from consultations.models import Consultation, Idea
from consultations.round_models import Prompt
from consultations.writing import Writing
from conversations.states import Side
from kernel.pages import Page
from panels.answering import Answering
from panels.late import Late
from panels.models import AgendaIdea, AgendaItem, Agreement, Meeting, Panel, Recommendation
from panels.report_models import Briefing, ProgressReport
from panels.states import SeatEntry, SeatKind
from panels.steps import Trail


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point of an agenda with all that is shown of it. `is_closed`: not for this reader."""

    item: AgendaItem
    starts_at: datetime | None
    ideas: Sequence[tuple[AgendaIdea, Idea]] = ()
    advice: Sequence[Recommendation] = ()
    is_closed: bool = False


@dataclass(frozen=True, kw_only=True)
class PanelCard:
    """A panel in the list."""

    panel: Panel
    next_meeting: Meeting | None
    answering: Answering


@dataclass(frozen=True, kw_only=True)
class PanelIndexPage(Page):
    """All panels."""

    template: ClassVar[str] = "panels/index.html"
    panels: Sequence[PanelCard]


@dataclass(frozen=True, kw_only=True)
class PanelPage(Page):
    """One panel: aim, who sits, meetings, advice, contact."""

    template: ClassVar[str] = "panels/show.html"
    panel: Panel
    agreement: Agreement | None
    seats: Mapping[tuple[SeatKind, SeatEntry], int]
    is_lopsided: bool
    next_meeting: Meeting | None
    past: Sequence[Meeting]
    advice: Sequence[Recommendation]
    answering: Answering
    now: datetime


@dataclass(frozen=True, kw_only=True)
class AgreementPage(Page):
    """A version of the cooperation agreement, and the terms of reference."""

    template: ClassVar[str] = "panels/agreement.html"
    panel: Panel
    agreement: Agreement
    versions: Sequence[tuple[Agreement, datetime]]


@dataclass(frozen=True, kw_only=True)
class MeetingPage(Page):
    """A meeting: before it the agenda, after it the minutes."""

    template: ClassVar[str] = "panels/meeting.html"
    meeting: Meeting
    points: Sequence[Point]
    left_out: Sequence[Point]
    consultations: Sequence[Consultation]
    late: Sequence[Late]
    has_agenda: bool
    has_minutes: bool
    is_to_come: bool
    publishes_at: datetime
    ends_at: datetime
    may_keep: bool
    has_briefing: bool  # one that this reader may read
    now: datetime


@dataclass(frozen=True, kw_only=True)
class AdviceIndexPage(Page):
    """Every advice with the state of its response."""

    template: ClassVar[str] = "panels/advice_index.html"
    advice: Sequence[Recommendation]
    answering: Answering
    now: datetime


@dataclass(frozen=True, kw_only=True)
class AdvicePage(Page):
    """One advice: text, vote, the ideas behind it, the response and what was done."""

    template: ClassVar[str] = "panels/advice.html"
    recommendation: Recommendation
    percent_for: int | None
    agreement: Agreement | None
    ideas: Sequence[tuple[AgendaIdea, Idea]]
    progress: Sequence[ProgressReport]
    done_by: datetime | None
    may_keep: bool
    may_respond: bool
    now: datetime


@dataclass(frozen=True, kw_only=True)
class BriefingPage(Page):
    """What members were given to read before a meeting."""

    template: ClassVar[str] = "panels/briefing.html"
    meeting: Meeting
    briefing: Briefing
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ErasedReceiptPage(Page):
    """What a receipt says once its author had everything erased."""

    template: ClassVar[str] = "panels/erased_receipt.html"
    idea: Idea


@dataclass(frozen=True, kw_only=True)
class ReceiptPage(Page):
    """An author's own page for one idea: her text, and what becomes of it."""

    template: ClassVar[str] = "panels/receipt.html"
    idea: Idea
    prompt: Prompt | None
    trail: Trail
    secret: str
    is_restricted: bool
    is_masked: bool
    may_revise: bool
    may_withdraw: bool
    revise_until: datetime | None
    writing: Writing
    conversations: Mapping[Side, int]  # with whom, and how many questions wait for the author
    has_files: bool
    may_add_files: bool
