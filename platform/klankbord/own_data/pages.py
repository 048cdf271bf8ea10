"""The pages of one's own data, and the public one that says what is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from accounts.models import Person
from kernel.keeping import BASIS_NAMES, ERASURE_NAMES, Basis, Erasure, Kept
from kernel.pages import Page
from klankbord.own_data.labels import label


@dataclass(frozen=True, kw_only=True)
class KeptPage(Page):
    """What is kept of people, why, on what ground, how long, and what erasing does; and what is kept of nobody."""

    template: ClassVar[str] = "own_data/kept.html"
    personal: Sequence[Kept]
    of_nobody: Sequence[Kept]
    bases: Mapping[Basis, str] = field(default_factory=lambda: BASIS_NAMES)
    erasures: Mapping[Erasure, str] = field(default_factory=lambda: ERASURE_NAMES)
    label: Callable[[str], str] = label


@dataclass(frozen=True, kw_only=True)
class WhatIsMinePage(Page):
    """What there is of whoever looks, and how much of each."""

    template: ClassVar[str] = "own_data/own.html"
    person: Person
    counts: Sequence[tuple[Kept, int]]
    has_task: bool


@dataclass(frozen=True, kw_only=True)
class ErasePage(Page):
    """Asks whether somebody wants their account erased: first with what that does, then once more."""

    template: ClassVar[str] = "own_data/erase.html"
    email: str
    ideas: int
    endorsements: int
    has_task: bool


@dataclass(frozen=True, kw_only=True)
class SurePage(Page):
    """Asks a second time. `error` says that the box was not ticked."""

    template: ClassVar[str] = "own_data/sure.html"
    email: str
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class ErasedPage(Page):
    """It was done."""

    template: ClassVar[str] = "own_data/erased.html"
