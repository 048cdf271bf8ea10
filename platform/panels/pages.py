"""One frozen dataclass for each template: all that it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from consultations.models import Consultation, Idea
from kernel.pages import Page
from panels import forms
from panels.answering import Answering
from panels.models import (
    AgendaIdea,
    AgendaItem,
    Agreement,
    Briefing,
    Meeting,
    Panel,
    ProgressReport,
    Recommendation,
    Response,
)
from panels.queries import WaitingTheme
from panels.states import SeatEntry, SeatKind
from panels.steps import Trail
from themes.models import Theme


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
    has_agenda: bool
    has_minutes: bool
    is_to_come: bool
    publishes_at: datetime
    ends_at: datetime
    may_keep: bool
    may_read_briefing: bool
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
class ReceiptPage(Page):
    """An author's own page for one idea: her text, and what becomes of it."""

    template: ClassVar[str] = "panels/receipt.html"
    idea: Idea
    trail: Trail
    secret: str
    is_restricted: bool
    may_revise: bool
    may_withdraw: bool
    revise_until: datetime | None


# work


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What waits for somebody in one panel, by what she is there."""

    panel: Panel
    meetings: Sequence[Meeting] = ()
    next_meeting: Meeting | None = None
    briefing: Briefing | None = None
    waiting: Sequence[WaitingTheme] = ()
    in_hand: Sequence[Recommendation] = ()
    due: Sequence[Response] = ()
    answering: Answering | None = None
    is_lopsided: bool = False
    keeps: bool = False
    responds: bool = False
    looks: bool = False


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """What waits for me."""

    template: ClassVar[str] = "panels/desk.html"
    desks: Sequence[Desk]
    moderates: bool
    now: datetime


@dataclass(frozen=True, kw_only=True)
class DeskMeetingsPage(Page):
    """All meetings of my panels, and the form for a new one."""

    template: ClassVar[str] = "panels/desk_meetings.html"
    meetings: Sequence[Meeting]
    panels: Sequence[Panel]
    panel_id: int | None
    form: forms.MeetingForm
    now: datetime


@dataclass(frozen=True, kw_only=True)
class DeskMeetingPage(Page):
    """The agenda builder."""

    template: ClassVar[str] = "panels/desk_meeting.html"
    meeting: Meeting
    points: Sequence[Point]
    left_out: Sequence[Point]
    waiting: Sequence[WaitingTheme]
    consultations: Sequence[Consultation]
    minutes_used: int
    may_keep: bool
    takes_changes: bool
    may_hold: bool
    freezes_at: datetime
    publishes_at: datetime
    now: datetime


@dataclass(frozen=True, kw_only=True)
class DeskChangePage(Page):
    """Move a meeting or call it off."""

    template: ClassVar[str] = "panels/desk_change.html"
    meeting: Meeting
    consultations: Sequence[Consultation]
    form: forms.MeetingForm
    reason_form: forms.ReasonForm


@dataclass(frozen=True, kw_only=True)
class DeskPointPage(Page):
    """Put a point on the agenda, or change one."""

    template: ClassVar[str] = "panels/desk_point.html"
    meeting: Meeting
    point: AgendaItem | None
    theme: Theme | None
    idea_count: int
    form: forms.PointForm
    reason_form: forms.ReasonForm


@dataclass(frozen=True, kw_only=True)
class DeskMinutesPage(Page):
    """The minutes of a meeting, point by point."""

    template: ClassVar[str] = "panels/desk_minutes.html"
    meeting: Meeting
    points: Sequence[Point]
    form: forms.IntroForm
    may_keep: bool
    takes_notes: bool
    is_published: bool
    open_count: int


@dataclass(frozen=True, kw_only=True)
class DeskNotePage(Page):
    """The minutes of one point, its ideas and its advice."""

    template: ClassVar[str] = "panels/desk_note.html"
    meeting: Meeting
    point: Point
    next_meeting: Meeting | None
    form: forms.NoteForm
    apart_form: forms.ApartForm
    is_rewrite: bool
    takes_notes: bool


@dataclass(frozen=True, kw_only=True)
class DeskAdvicePage(Page):
    """The wording of an advice, the vote, and handing it over."""

    template: ClassVar[str] = "panels/desk_advice.html"
    meeting: Meeting
    item: AgendaItem
    recommendation: Recommendation | None
    agreement: Agreement | None
    percent_for: int | None
    idea_count: int
    due_at: datetime
    form: forms.AdviceForm
    vote_form: forms.VoteForm


@dataclass(frozen=True, kw_only=True)
class DeskResponsesPage(Page):
    """Advice that waits for the commissioner's answer, and what was answered."""

    template: ClassVar[str] = "panels/desk_responses.html"
    responses: Sequence[Response]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class DeskResponsePage(Page):
    """One advice to answer, or to tell progress on."""

    template: ClassVar[str] = "panels/desk_response.html"
    answer: Response
    ideas: Sequence[tuple[AgendaIdea, Idea]]
    progress: Sequence[ProgressReport]
    form: forms.ResponseForm
    progress_form: forms.ProgressForm
    may_answer: bool
    may_report: bool
    done_by: datetime | None
    now: datetime
