"""The pages about reports: of what residents sent in, and of everything else that is public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consultations.models import Idea
from consultations.ways_models import Attachment
from kernel.pages import Page
from moderation.forms import PageAnswerForm, ReportForm, ReportVerdictForm
from moderation.models import Ground, PageReport, Report
from moderation.pages import Standing, WithList


@dataclass(frozen=True, kw_only=True)
class ReportPage(WithList):
    """One report to answer, beside the list."""

    template: ClassVar[str] = "moderation/report.html"
    report: Report
    standing: Standing
    may_decide: bool
    grounds: Sequence[Ground]
    form: ReportVerdictForm
    due_at: datetime
    now: datetime

    def ideas_shown(self) -> Iterable[int]:
        """The idea that it is about, and the list's."""
        return [self.report.idea_id, *super().ideas_shown()]


@dataclass(frozen=True, kw_only=True)
class NewReportPage(Page):
    """Asks a citizen what is wrong with an idea, or with one picture or document that stands with it."""

    template: ClassVar[str] = "moderation/new_report.html"
    idea: Idea
    file: Attachment | None
    address: str
    form: ReportForm
    is_known: bool


@dataclass(frozen=True, kw_only=True)
class ReportSentPage(Page):
    """Thanks a citizen for a report."""

    template: ClassVar[str] = "moderation/report_sent.html"
    idea: Idea
    email: str
    is_known: bool
    promised_at: datetime


@dataclass(frozen=True, kw_only=True)
class NewPageReportPage(Page):
    """Asks a citizen what is wrong with a page that no resident sent in."""

    template: ClassVar[str] = "moderation/new_page_report.html"
    place: str
    address: str
    form: ReportForm
    is_known: bool


@dataclass(frozen=True, kw_only=True)
class PageReportSentPage(Page):
    """Thanks a citizen for a report of a page."""

    template: ClassVar[str] = "moderation/page_report_sent.html"
    place: str
    email: str
    is_known: bool
    promised_at: datetime


@dataclass(frozen=True, kw_only=True)
class PageReportPage(WithList):
    """One report of a page to answer, beside the list."""

    template: ClassVar[str] = "moderation/page_report.html"
    report: PageReport
    may_decide: bool
    form: PageAnswerForm
    due_at: datetime
    now: datetime
