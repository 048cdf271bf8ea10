"""The pages of setting up, each with all that its template is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from accounts.states import ROLE_NAMES, Role
from consultations.models import Consultation, Extension
from consultations.phase_rules import Span
from consultations.round_models import Prompt
from consultations.states import PHASE_NAMES, PhaseKind, Policy
from kernel.pages import Page
from klankbord.set_up import consultation_forms, forms
from klankbord.set_up.reading import Feeds, Holder
from moderation.grounds import GroundText
from panels.models import Agreement, Meeting, Panel, Seat
from panels.states import SeatEntry, SeatKind


@dataclass(frozen=True, kw_only=True)
class SetUpPage(Page):
    """All panels, and who works for the whole installation."""

    template: ClassVar[str] = "set_up/index.html"
    panels: Sequence[Panel]
    holders: Sequence[Holder]
    operators: Sequence[Holder]
    form: forms.GrantForm
    may_set_up: bool = True
    roles: Sequence[Role] = forms.FOR_ALL
    role_names: Mapping[Role, str] = field(default_factory=lambda: ROLE_NAMES)


@dataclass(frozen=True, kw_only=True)
class NewPanelPage(Page):
    """The form for a panel."""

    template: ClassVar[str] = "set_up/new_panel.html"
    form: forms.PanelForm


@dataclass(frozen=True, kw_only=True)
class PanelSetUpPage(Page):
    """One panel: what is still to be done, and who runs it."""

    template: ClassVar[str] = "set_up/panel.html"
    panel: Panel
    agreement: Agreement | None
    holders: Sequence[Holder]
    missing: Sequence[Role]
    seats: int
    has_moderators: bool
    is_lopsided: bool
    form: forms.GrantForm
    may_set_up: bool = True
    roles: Sequence[Role] = forms.FOR_PANEL
    role_names: Mapping[Role, str] = field(default_factory=lambda: ROLE_NAMES)


@dataclass(frozen=True, kw_only=True)
class MembersPage(Page):
    """Who sits in a panel."""

    template: ClassVar[str] = "set_up/members.html"
    panel: Panel
    seats: Sequence[Seat]
    is_lopsided: bool
    form: forms.SeatForm
    may_set_up: bool = True
    kinds: Mapping[SeatKind, str] = field(default_factory=lambda: forms.SEAT_KINDS)
    entries: Mapping[SeatEntry, str] = field(default_factory=lambda: forms.SEAT_ENTRIES)


@dataclass(frozen=True, kw_only=True)
class AgreementSetUpPage(Page):
    """A new version of a panel's agreement."""

    template: ClassVar[str] = "set_up/agreement.html"
    panel: Panel
    in_force: Agreement | None
    form: forms.AgreementForm


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Consultations that stand the same way."""

    stage: str
    consultations: Sequence[Consultation]


@dataclass(frozen=True, kw_only=True)
class ConsultationsPage(Page):
    """The consultations of the reader's panels, by how they stand. `prepared`: the panels she is secretary of."""

    template: ClassVar[str] = "set_up/consultations.html"
    groups: Sequence[Listed]
    panels: Mapping[int, Panel]
    prepared: frozenset[int]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class ConsultationFormPage(Page):
    """A draft, new or rewritten (then `consultation_id` says which)."""

    template: ClassVar[str] = "set_up/consultation_form.html"
    consultation_id: int | None
    form: consultation_forms.ConsultationForm
    choices: Sequence[Feeds]
    has_several_panels: bool
    policies: Mapping[Policy, str] = field(default_factory=lambda: consultation_forms.POLICIES)


@dataclass(frozen=True, kw_only=True)
class ConsultationDeskPage(Page):
    """One consultation behind the counter: what stands and, for its secretary, the next step."""

    template: ClassVar[str] = "set_up/consultation.html"
    consultation: Consultation
    stage: str
    panel: Panel
    meeting: Meeting | None
    is_meeting_on: bool
    grounds: Sequence[GroundText]
    extensions: Sequence[Extension]
    prompts: Sequence[Prompt]
    answers: Mapping[int, int]
    spans: Sequence[Span]
    is_short_notice: bool
    has_moderators: bool
    may_prepare: bool
    may_change: bool
    now: datetime
    phase_names: Mapping[PhaseKind, str] = field(default_factory=lambda: PHASE_NAMES)


@dataclass(frozen=True, kw_only=True)
class GroundsPage(Page):
    """The grounds of a draft, to be rewritten."""

    template: ClassVar[str] = "set_up/grounds.html"
    consultation: Consultation
    form: consultation_forms.GroundsForm


@dataclass(frozen=True, kw_only=True)
class ChangePage(Page):
    """Extend, read more beforehand, suspend, resume, cancel."""

    template: ClassVar[str] = "set_up/change.html"
    consultation: Consultation
    stage: str
    form: consultation_forms.ExtendForm
    stop_form: consultation_forms.StopForm
    tighten_form: consultation_forms.TightenForm
    policy: str
    stricter: Sequence[tuple[Policy, str]]
    may_extend: bool
