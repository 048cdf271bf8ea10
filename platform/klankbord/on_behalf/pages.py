"""Everything that each page about other ways in is given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from accounts.qr import QrCode
from consultations.models import Consultation, Idea
from consultations.neighbourhoods import Area
from consultations.round_models import Prompt
from consultations.states import IdeaKind
from consultations.ways_models import Intake
from consultations.ways_queries import Entered
from consultations.ways_states import WAY_NAMES, IntakeWay
from kernel.pages import Page
from klankbord.on_behalf import forms
from moderation.reasons import StatementOfReasons
from panels.steps import Trail


@dataclass(frozen=True, kw_only=True)
class OnBehalfPage(Page):
    """What takes something in now, and what was written down for others."""

    template: ClassVar[str] = "on_behalf/desk.html"
    taking: Sequence[Consultation]
    entered: Sequence[Entered]
    number: str
    may_enter: bool
    now: datetime
    ways: Mapping[IntakeWay, str] = field(default_factory=lambda: WAY_NAMES)

    def ideas_shown(self) -> Iterable[int]:
        """The title of each stands in the list."""
        return [one.idea.id for one in self.entered]


@dataclass(frozen=True, kw_only=True)
class NewEntryPage(Page):
    """The form for what somebody told."""

    template: ClassVar[str] = "on_behalf/new.html"
    consultation: Consultation
    form: forms.EntryForm
    is_late: bool
    ways: Mapping[IntakeWay, str] = field(default_factory=lambda: WAY_NAMES)
    kinds: Sequence[IdeaKind] = tuple(IdeaKind)


@dataclass(frozen=True, kw_only=True)
class EntryPage(Page):
    """One that was written down: how it stands, and what its author still has to be told."""

    template: ClassVar[str] = "on_behalf/entry.html"
    idea: Idea
    intake: Intake
    entered: Entered
    trail: Trail
    may_enter: bool
    way: str

    def ideas_shown(self) -> Iterable[int]:
        """The idea itself."""
        return [self.idea.id]


@dataclass(frozen=True, kw_only=True)
class SheetPage(Page):
    """The receipt for paper: number, code, what was told, how it stands. `entry` when staff may go on from here."""

    template: ClassVar[str] = "on_behalf/sheet.html"
    idea: Idea
    secret: str
    code: str
    find_url: str
    qr: QrCode
    trail: Trail
    statement: StatementOfReasons | None
    offline_help: str
    is_staff: bool
    intake: Intake | None
    now: datetime


@dataclass(frozen=True, kw_only=True)
class PaperFormPage(Page):
    """A form to print and fill in by hand."""

    template: ClassVar[str] = "on_behalf/paper_form.html"
    consultation: Consultation
    url: str
    qr: QrCode
    prompts: Sequence[Prompt]
    offline_help: str


@dataclass(frozen=True, kw_only=True)
class FindPage(Page):
    """Where the number and the code of a printed receipt are typed."""

    template: ClassVar[str] = "on_behalf/find.html"
    form: forms.CodeForm


@dataclass(frozen=True, kw_only=True)
class WaysPage(Page):
    """What a consultation offers to who is not online."""

    template: ClassVar[str] = "on_behalf/ways.html"
    consultation: Consultation
    form: forms.WaysForm
    has_file: bool  # the operator gave one with neighbourhoods


@dataclass(frozen=True, kw_only=True)
class MapPage(Page):
    """How many ideas lie in each neighbourhood. `most`: in the one with the most; `elsewhere`: in none of them."""

    template: ClassVar[str] = "on_behalf/map.html"
    consultation: Consultation
    areas: Sequence[Area]
    counts: Mapping[str, int]
    most: int
    elsewhere: int
