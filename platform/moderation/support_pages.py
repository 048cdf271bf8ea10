"""The pages about where support came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from consultations.models import Endorsement, Idea
from consultations.states import QuarantineState
from kernel.pages import Page
from moderation.support_forms import SupportVerdictForm
from moderation.support_queries import Case


@dataclass(frozen=True, kw_only=True)
class SupportPage(Page):
    """The networks that brought ten supports or more."""

    template: ClassVar[str] = "moderation/support.html"
    cases: Sequence[Case]
    states: Mapping[QuarantineState, str]


@dataclass(frozen=True, kw_only=True)
class SupportCasePage(Page):
    """One network: how much, when, for what, why it was set apart, and what to do with it."""

    template: ClassVar[str] = "moderation/support_case.html"
    case: Case
    reasons: Sequence[str]
    states: Mapping[QuarantineState, str]
    supporters: Sequence[tuple[Endorsement, Idea]]
    may_decide: bool
    offered: frozenset[QuarantineState]
    form: SupportVerdictForm
