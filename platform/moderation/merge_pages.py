"""The pages on which ideas are put together, split, and parted again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consultations.merge_models import IdeaMerge, IdeaSplit
from consultations.models import Idea
from consultations.pieces import Piece
from kernel.pages import Page
from moderation.merge_forms import MergeForm, SplitForm


@dataclass(frozen=True, kw_only=True)
class Together:
    """Two ideas that go on as one; `may_part` while that can be undone."""

    merge: IdeaMerge
    idea: Idea
    into: Idea
    until: datetime
    may_part: bool


@dataclass(frozen=True, kw_only=True)
class InParts:
    """A submission that goes on as several ideas."""

    made: IdeaSplit
    whole: Idea
    parts: Sequence[Idea]
    until: datetime
    may_part: bool


@dataclass(frozen=True, kw_only=True)
class TogetherPage(Page):
    """What an idea goes on with, and the way to put it into another one: search, look, do."""

    template: ClassVar[str] = "moderation/together.html"
    idea: Idea
    is_waiting: bool
    may_change: bool
    may_merge: bool
    joined: Sequence[Together]
    split: InParts | None
    words: str
    found: Sequence[Idea]
    is_similar: bool
    into: Idea | None
    supporters: int  # of both, each person once
    form: MergeForm
    seen: str
    text_seen: str
    until: datetime
    done: str


@dataclass(frozen=True, kw_only=True)
class SplitPage(Page):
    """The sentences of a submission, each to be put with a part; then what its author will read."""

    template: ClassVar[str] = "moderation/split.html"
    idea: Idea
    pieces: Sequence[Piece]
    form: SplitForm
    texts: Sequence[tuple[str, str]]  # title and text of each part, once they were chosen
    left_out: Sequence[str]
    seen: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class OwnTogetherPage(Page):
    """To the author: how the idea goes on, why, and until when that can be undone."""

    template: ClassVar[str] = "moderation/own_together.html"
    secret: str
    idea: Idea
    joined: Together | None
    split: InParts | None
