"""The pages of themes: for everybody, and the secretary's workbench."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from consultations.models import Consultation
from kernel.i18n import N_
from kernel.pages import Page
from themes.forms import MergeForm, RegroupForm, RenameForm
from themes.models import ClusterRun, Theme, ThemeDecision
from themes.overviews import Accounting, Arrangement, PlacedIdea, ThemeOverview

DONE = {
    "made": N_("De thema's zijn opnieuw gemaakt. Wat mensen hadden besloten, is blijven staan."),
    "renamed": N_("De naam is veranderd."),
    "merged": N_("De thema's zijn samengevoegd."),
    "moved": N_("Verplaatst."),
    "split": N_("Het nieuwe thema is gemaakt."),
    "locked": N_("Het thema staat vast. De computer verandert er niets meer aan."),
    "unlocked": N_("Het thema staat niet meer vast."),
}
"""What is told after each act."""


@dataclass(frozen=True, kw_only=True)
class ThemesPage(Page):
    """All themes of a consultation, and the sum that shows no idea is missing."""

    template: ClassVar[str] = "themes/index.html"
    consultation: Consultation
    overviews: Sequence[ThemeOverview]
    sums: Accounting
    run: ClusterRun | None
    may_arrange: bool


@dataclass(frozen=True, kw_only=True)
class PlacePage(Page):
    """Where one idea stands, and why."""

    template: ClassVar[str] = "themes/place.html"
    consultation: Consultation
    one: PlacedIdea


@dataclass(frozen=True, kw_only=True)
class RestPage(Page):
    """The ideas that are in no theme, each with why."""

    template: ClassVar[str] = "themes/rest.html"
    consultation: Consultation
    placed: Sequence[PlacedIdea]
    sums: Accounting
    next_url: str | None
    first_url: str | None


@dataclass(frozen=True, kw_only=True)
class ThemePage(Page):
    """One theme with its ideas, why each is here, and what people changed."""

    template: ClassVar[str] = "themes/show.html"
    consultation: Consultation
    overview: ThemeOverview
    placed: Sequence[PlacedIdea]
    changes: Sequence[ThemeDecision]
    run: ClusterRun | None
    may_arrange: bool
    next_url: str | None
    first_url: str | None


@dataclass(frozen=True, kw_only=True)
class DissolvedPage(Page):
    """A theme that is no more; its ideas are in other themes or in the rest."""

    template: ClassVar[str] = "themes/dissolved.html"
    consultation: Consultation
    theme: Theme


@dataclass(frozen=True, kw_only=True)
class DeskThemesPage(Page):
    """The consultations whose themes this person looks after."""

    template: ClassVar[str] = "themes/desk.html"
    arrangements: Sequence[Arrangement]


@dataclass(frozen=True, kw_only=True)
class WorkbenchPage(Page):
    """The themes of one consultation beside the one that is being worked on; `chosen` None is the rest.

    `told` says what was just done (to be translated), `errors` what is to be mended in whichever form.
    """

    template: ClassVar[str] = "themes/workbench.html"
    consultation: Consultation
    overviews: Sequence[ThemeOverview]
    sums: Accounting
    run: ClusterRun | None
    chosen: ThemeOverview | None
    is_chosen: bool
    placed: Sequence[PlacedIdea]
    changes: Sequence[ThemeDecision]
    next_url: str | None
    first_url: str | None
    may_arrange: bool
    told: str
    was_made: bool
    errors: dict[str, str]
    rename: RenameForm
    merge: MergeForm
    regroup: RegroupForm
