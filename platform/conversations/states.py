"""Sides of a conversation, and what becomes of a letter that came in. Pure."""

from enum import StrEnum

from kernel.i18n import N_


class Side(StrEnum):
    """With whom the author of an idea speaks."""

    MODERATORS = "moderators"
    PANEL = "panel"


SIDE_NAMES = {Side.MODERATORS: N_("de moderatoren"), Side.PANEL: N_("het panel")}
SPEAKER_NAMES = {Side.MODERATORS: N_("Een moderator"), Side.PANEL: N_("Iemand van het panel")}
"""Staff speak for their side: authors do not read who it was."""


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
