"""States of messages and occurrences, and how often people want to hear. Pure."""

from enum import StrEnum

from kernel.i18n import N_


class MessageState(StrEnum):
    """Where a letter stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"


class OccurrenceState(StrEnum):
    """Where a planned run stands."""

    DUE = "due"
    CLAIMED = "claimed"
    DONE = "done"


_M = MessageState
MESSAGE_MOVES: dict[MessageState, frozenset[MessageState]] = {
    _M.QUEUED: frozenset({_M.SENDING}),
    _M.DEFERRED: frozenset({_M.SENDING}),
    _M.SENDING: frozenset({_M.SENT, _M.DEFERRED, _M.BOUNCED, _M.SUPPRESSED}),
    _M.SENT: frozenset(),
    _M.BOUNCED: frozenset(),
    _M.SUPPRESSED: frozenset(),
}
OCCURRENCE_MOVES: dict[OccurrenceState, frozenset[OccurrenceState]] = {
    OccurrenceState.DUE: frozenset({OccurrenceState.CLAIMED}),
    OccurrenceState.CLAIMED: frozenset({OccurrenceState.DONE}),
    OccurrenceState.DONE: frozenset(),
}
"""An abandoned claim goes over to another ticker with a higher fence, and stays a claim."""


class Cadence(StrEnum):
    """How often a follower hears."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    BEFORE_MEETING = "before_meeting"
    NOTHING = "nothing"


CADENCE_NAMES = {
    Cadence.AT_ONCE: N_("meteen"),
    Cadence.DAILY: N_("elke dag"),
    Cadence.WEEKLY: N_("elke week"),
    Cadence.BEFORE_MEETING: N_("alleen voor een bijeenkomst"),
    Cadence.NOTHING: N_("niets"),
}
WEEKDAY_NAMES = (
    N_("maandag"),
    N_("dinsdag"),
    N_("woensdag"),
    N_("donderdag"),
    N_("vrijdag"),
    N_("zaterdag"),
    N_("zondag"),
)


class Topic(StrEnum):
    """What can be followed."""

    CONSULTATION = "consultation"
    PANEL = "panel"
    THEME = "theme"
    IDEA = "idea"


TOPIC_NAMES = {
    Topic.CONSULTATION: N_("deze consultatie"),
    Topic.PANEL: N_("dit burgerpanel"),
    Topic.THEME: N_("dit thema"),
    Topic.IDEA: N_("dit idee"),
}
