"""States and kinds around themes. Pure."""

from enum import StrEnum


class ThemeState(StrEnum):
    """Whether a theme is in use."""

    CURRENT = "current"
    MERGED = "merged"
    DISSOLVED = "dissolved"


class PlacedBy(StrEnum):
    """Who put an idea in its theme; what people placed, the machine never moves."""

    MACHINE = "machine"
    PERSON = "person"


class DecisionKind(StrEnum):
    """What people can decide."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    LOCK = "lock"
    UNLOCK = "unlock"
