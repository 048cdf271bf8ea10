"""What the queries answer: themes in numbers, ideas where they stand and why, and the sum of it all."""

from collections.abc import Sequence
from dataclasses import dataclass

from consultations.models import Consultation, Idea
from themes.models import ClusterRun, Placement, Theme, ThemeDecision
from themes.states import WHY_IN_REST_NAMES, WhyInRest


@dataclass(frozen=True, kw_only=True)
class ThemeOverview:
    """A current theme in numbers, with the ideas that speak for it. `count` holds ideas and experiences."""

    theme: Theme
    count: int
    experience_count: int
    support: int
    representatives: Sequence[Idea]

    @property
    def idea_count(self) -> int:
        """Without the experiences."""
        return self.count - self.experience_count


@dataclass(frozen=True, kw_only=True)
class Near:
    """A published idea that comes near another one."""

    id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class PlacedIdea:
    """A published idea where it stands, and why: `theme` is None in the rest; `moved` is a person's last decision."""

    idea: Idea
    theme: Theme | None
    placement: Placement | None
    nearest: Sequence[Near]
    moved: ThemeDecision | None

    @property
    def why_in_rest(self) -> WhyInRest | None:
        """Why it is in no theme, or None when it is in one."""
        if self.theme is not None:
            return None
        if self.placement is None or self.placement.theme_id is not None:
            return WhyInRest.NOT_YET
        return self.placement.why_in_rest or WhyInRest.STANDS_ALONE

    @property
    def rest_sentence(self) -> str:
        """The same as a sentence for its author, to be translated; empty when it is in a theme."""
        return WHY_IN_REST_NAMES[self.why_in_rest] if self.why_in_rest else ""

    @property
    def shared_terms(self) -> Sequence[str]:
        """The words it shares with its theme."""
        return self.placement.shared_terms if self.placement and self.theme else ()


@dataclass(frozen=True, kw_only=True)
class Accounting:
    """Where the published ideas of a consultation are: published = in_themes + rest + not_yet."""

    published: int
    in_themes: int
    rest: int
    not_yet: int

    @property
    def outside(self) -> int:
        """All that stand in "Overig"."""
        return self.rest + self.not_yet


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """A consultation whose themes somebody looks after: how far they are."""

    consultation: Consultation
    sums: Accounting
    run: ClusterRun | None
    theme_count: int
