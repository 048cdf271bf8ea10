"""Facts about ideas that are put together, split, and parted again."""

from dataclasses import dataclass
from typing import ClassVar

from consultations.events import IdeaEvent


@dataclass(frozen=True, kw_only=True)
class IdeaMerged(IdeaEvent):
    """It is carried on as part of another; the merge holds why."""

    name: ClassVar[str] = "idea.merged"
    into_id: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaTookIn(IdeaEvent):
    """Another idea is carried on as part of it."""

    name: ClassVar[str] = "idea.took_in"
    merged_id: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaParted(IdeaEvent):
    """It stands by itself again: undone, by its author's objection, or because the other one left."""

    name: ClassVar[str] = "idea.parted"
    into_id: int
    merge_id: int
    how: str


@dataclass(frozen=True, kw_only=True)
class IdeaGaveBack(IdeaEvent):
    """The other idea is no longer part of it."""

    name: ClassVar[str] = "idea.gave_back"
    merged_id: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaSplitUp(IdeaEvent):
    """It is carried on as several ideas; the split holds why."""

    name: ClassVar[str] = "idea.split_up"
    split_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaSplitOff(IdeaEvent):
    """It was cut out of another submission of the same author."""

    name: ClassVar[str] = "idea.split_off"
    whole_id: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaMadeWhole(IdeaEvent):
    """The submission stands in one piece again."""

    name: ClassVar[str] = "idea.made_whole"
    split_id: int
    how: str


@dataclass(frozen=True, kw_only=True)
class IdeaPutBack(IdeaEvent):
    """What was cut out is part of its submission again."""

    name: ClassVar[str] = "idea.put_back"
    whole_id: int
    split_id: int
