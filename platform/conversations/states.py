"""Sides of a conversation, and what becomes of a letter that came in. Pure."""

from enum import StrEnum


class Side(StrEnum):
    """With whom the author of an idea speaks."""

    MODERATORS = "moderators"
    PANEL = "panel"


class Way(StrEnum):
    """How a contribution came in."""

    WEB = "web"
    MAIL = "mail"


class Fate(StrEnum):
    """What became of a letter that came in."""

    TAKEN = "taken"
    NOT_OURS = "not_ours"
    SEEN_BEFORE = "seen_before"
    AUTOMATIC = "automatic"
    WRONG_SENDER = "wrong_sender"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    TOO_LATE = "too_late"
    TOO_OFTEN = "too_often"


TOLD = frozenset({Fate.EMPTY, Fate.TOO_LONG, Fate.UNREADABLE, Fate.TOO_LATE})
"""Refusals that the sender can do something about; of the others nobody is told, so that no letters go round."""
