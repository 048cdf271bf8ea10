"""The page on which many are decided about at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from kernel.pages import Page
from moderation.bulk_forms import BulkForm
from moderation.candidates import Candidate
from moderation.filters import Wanted
from moderation.models import Ground
from moderation.states import Outcome


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """One of many to decide about, and what stands in the way of it."""

    candidate: Candidate
    hindrance: str = ""

    @property
    def entry(self) -> str:
        """How the form sends it back: its number and what was read."""
        return f"{self.candidate.idea.id}:{self.candidate.mark}"


@dataclass(frozen=True, kw_only=True)
class BulkPage(Page):
    """Many ideas to decide about at once; `is_preview` once it is chosen what."""

    template: ClassVar[str] = "moderation/bulk.html"
    wanted: Wanted
    chosen: Sequence[Chosen]
    able: Sequence[Chosen] = ()  # with which it will happen
    unable: Sequence[Chosen] = ()  # with which nothing happens
    form: BulkForm
    grounds: Sequence[Ground]
    offered: Sequence[Outcome]
    names: Mapping[Outcome, str]
    is_preview: bool = False
    is_changed: bool = False
    is_cut: bool = False  # more match than can be decided about at once
    undo_minutes: int = 0

    def ideas_shown(self) -> Iterable[int]:
        """All that it names."""
        return [one.candidate.idea.id for one in self.chosen]
