"""Facts this room announces."""

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ThemesMade(Event):
    """The machine grouped a consultation's published ideas; `run_id` tells how."""

    name: ClassVar[str] = "consultation.themes_made"
    consultation_id: int
    run_id: int


@dataclass(frozen=True, kw_only=True)
class ThemeEvent(Event):
    """A person's decision about a theme; `decision_id` holds the why."""

    theme_id: int
    consultation_id: int
    decision_id: int


class ThemeRenamed(ThemeEvent):
    """It has a name by people."""

    name: ClassVar[str] = "theme.renamed"


class ThemeMerged(ThemeEvent):
    """It went into another theme."""

    name: ClassVar[str] = "theme.merged"


class ThemeSplit(ThemeEvent):
    """Ideas left it for a new theme."""

    name: ClassVar[str] = "theme.split"


class ThemeLocked(ThemeEvent):
    """The machine may not change it."""

    name: ClassVar[str] = "theme.locked"


class ThemeUnlocked(ThemeEvent):
    """The machine may change it again."""

    name: ClassVar[str] = "theme.unlocked"


@dataclass(frozen=True, kw_only=True)
class ThemeDissolved(Event):
    """A later grouping found nothing that continues it, and people had made nothing of it."""

    name: ClassVar[str] = "theme.dissolved"
    theme_id: int
    consultation_id: int


@dataclass(frozen=True, kw_only=True)
class ThemeIdeaMoved(ThemeEvent):
    """An idea was put in this theme, or taken out of it into none, by a person; the decision tells which."""

    name: ClassVar[str] = "theme.idea_moved"
    idea_id: int
