"""One frozen dataclass for each template of the work behind the counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consultations.models import Consultation, Idea
from kernel.pages import Page
from panels import answer_forms, forms
from panels.answering import Answering
from panels.closes import Offer
from panels.models import AgendaIdea, AgendaItem, Agreement, Meeting, Panel, Recommendation, Response
from panels.pages import Point
from panels.report_models import ProgressReport
from panels.waiting import Waiting, WaitingTheme
from themes.models import Theme


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What waits for somebody in one panel, by what she is there."""

    panel: Panel
    meetings: Sequence[Meeting] = ()
    next_meeting: Meeting | None = None
    freezes_at: datetime | None = None
    publishes_at: datetime | None = None
    has_briefing: bool = False
    waiting: Waiting
    in_hand: Sequence[Recommendation] = ()
    unanswered: Sequence[tuple[Meeting, int]] = ()
    due: Sequence[Response] = ()
    overdue: Sequence[Response] = ()
    answering: Answering | None = None
    is_lopsided: bool = False
    keeps: bool = False
    responds: bool = False
    looks: bool = False


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """What waits for me. `to_read`: how many ideas wait for a moderator, for who moderates.

    `to_answer`: how many authors wrote something that waits for my side.
    """

    template: ClassVar[str] = "panels/desk.html"
    desks: Sequence[Desk]
    to_read: int | None
    to_answer: int
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
    offers: Sequence[Offer]  # asked about when the meeting comes later


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
    may_keep: bool
    due_at: datetime
    form: answer_forms.AdviceForm
    vote_form: answer_forms.VoteForm


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
    form: answer_forms.ResponseForm
    progress_form: answer_forms.ProgressForm
    responds: bool
    may_answer: bool
    may_report: bool
    done_by: datetime | None
    now: datetime
