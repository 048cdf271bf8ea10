"""Pages about what is pointed out in texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consultations.models import Idea
from consultations.signals import Kind, Omission
from kernel.pages import Page
from moderation.masking_forms import MaskForm
from moderation.models import Ground
from moderation.pointing import Pointer


@dataclass(frozen=True, kw_only=True)
class SecondLooksPage(Page):
    """What stands on the site and waits to be read."""

    template: ClassVar[str] = "moderation/flagged.html"
    waiting: Sequence[tuple[Idea, datetime]]
    kinds: Mapping[int, Sequence[Kind]]
    may_decide: bool
    now: datetime
    names: Mapping[Kind, str]

    def ideas_shown(self) -> Iterable[int]:
        """Each that is listed."""
        return [idea.id for idea, _ in self.waiting]


@dataclass(frozen=True, kw_only=True)
class MaskPage(Page):
    """Which words to leave out of a text; with `result`, what remains of it."""

    template: ClassVar[str] = "moderation/mask.html"
    idea: Idea
    pointers: Sequence[Pointer]
    grounds: Sequence[Ground]
    form: MaskForm
    seen: str
    result: Mapping[str, str] | None
    is_changed: bool
    names: Mapping[Omission, str]

    def ideas_shown(self) -> Iterable[int]:
        """The one that it is about."""
        return [self.idea.id]
