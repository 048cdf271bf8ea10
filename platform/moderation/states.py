"""Outcomes and states of moderation. Pure."""

from enum import StrEnum

from consultations.states import IdeaState
from kernel.i18n import N_


class Outcome(StrEnum):
    """What a moderator can decide about an idea."""

    PUBLISH = "publish"
    RETURN = "return"
    HOLD = "hold"
    REJECT = "reject"
    REMOVE = "remove"


BECOMES: dict[Outcome, IdeaState] = {
    Outcome.PUBLISH: IdeaState.PUBLISHED,
    Outcome.RETURN: IdeaState.RETURNED,
    Outcome.HOLD: IdeaState.HELD,
    Outcome.REJECT: IdeaState.REJECTED,
    Outcome.REMOVE: IdeaState.REMOVED,
}
OUTCOME_NAMES = {
    Outcome.PUBLISH: N_("publiceren"),
    Outcome.RETURN: N_("terugsturen om aan te passen"),
    Outcome.HOLD: N_("vasthouden"),
    Outcome.REJECT: N_("afwijzen"),
    Outcome.REMOVE: N_("verwijderen"),
}
NEEDS_GROUND = frozenset({Outcome.RETURN, Outcome.HOLD, Outcome.REJECT, Outcome.REMOVE})
APPEALABLE = frozenset({Outcome.HOLD, Outcome.REJECT, Outcome.REMOVE})
"""A returned idea can be revised; against the others its author can appeal."""


class ReportState(StrEnum):
    """A citizen's report."""

    RECEIVED = "received"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class AppealState(StrEnum):
    """An appeal against a moderation decision."""

    RECEIVED = "received"
    UPHELD = "upheld"
    REINSTATED = "reinstated"


REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.RECEIVED: frozenset({ReportState.DISMISSED, ReportState.UPHELD}),
    ReportState.DISMISSED: frozenset(),
    ReportState.UPHELD: frozenset(),
}
APPEAL_MOVES: dict[AppealState, frozenset[AppealState]] = {
    AppealState.RECEIVED: frozenset({AppealState.UPHELD, AppealState.REINSTATED}),
    AppealState.UPHELD: frozenset(),
    AppealState.REINSTATED: frozenset(),
}
"""Both are decided once."""


class Conduct(StrEnum):
    """For what somebody can be blocked. The texts are in `moderation.conduct`."""

    THREATS = "threats"
    HATE = "hate"
    SPAM = "spam"
    IMPERSONATION = "impersonation"
    PERSONAL_DATA = "personal_data"
    FAKED_SUPPORT = "faked_support"
    UNFOUNDED_REPORTS = "unfounded_reports"


class Ending(StrEnum):
    """How a block came to its end. `lapsed`: its last day passed."""

    LIFTED = "lifted"
    ON_APPEAL = "on_appeal"
    LAPSED = "lapsed"


ENDING_NAMES = {
    Ending.LIFTED: N_("opgeheven"),
    Ending.ON_APPEAL: N_("opgeheven na bezwaar"),
    Ending.LAPSED: N_("vanzelf afgelopen"),
}


class Show(StrEnum):
    """Which part of the work the queue shows."""

    WAITING = "waiting"
    SET_ASIDE = "set_aside"
    REPORTS = "reports"
    APPEALS = "appeals"
    TODAY = "today"


SHOW_NAMES = {
    Show.WAITING: N_("Wacht op u"),
    Show.SET_ASIDE: N_("Opzij gezet"),
    Show.REPORTS: N_("Meldingen"),
    Show.APPEALS: N_("Bezwaren"),
    Show.TODAY: N_("Vandaag beslist"),
}
