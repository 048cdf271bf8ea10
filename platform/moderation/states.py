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


IN_BULK = (Outcome.PUBLISH, Outcome.RETURN, Outcome.REJECT, Outcome.HOLD)
"""What can be decided about many at once. Removing is done one by one: it is about what the public reads."""


class Hindrance(StrEnum):
    """Why a decision cannot be taken about one idea."""

    CHANGED = "changed"
    PLANNED = "planned"
    CLAIMED = "claimed"
    NOT_OFFERED = "not_offered"
    NO_GROUND = "no_ground"
    NUMBER = "number"


HINDRANCE_NAMES = {
    Hindrance.CHANGED: N_("De tekst of de stand is net veranderd. Lees deze eerst opnieuw."),
    Hindrance.PLANNED: N_("Een collega heeft hier net over beslist."),
    Hindrance.CLAIMED: N_("Een collega leest deze nu."),
    Hindrance.NOT_OFFERED: N_("Dit besluit kan niet bij deze stand."),
    Hindrance.NUMBER: N_("Er staat een burgerservicenummer in. Laat dat eerst weg."),
    Hindrance.NO_GROUND: N_("De consultatie van deze inzending kent deze reden niet."),
}


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


class Kind(StrEnum):
    """Of what kind something in the queue is. `block`: an appeal against one."""

    IDEA = "idea"
    EXPERIENCE = "experience"
    COMMENT = "comment"
    REPORT = "report"
    APPEAL = "appeal"
    BLOCK = "block"


class Held(StrEnum):
    """Who is reading an idea now."""

    FREE = "free"
    MINE = "mine"
    OTHERS = "others"


KIND_NAMES = {
    Kind.IDEA: N_("Ideeën"),
    Kind.EXPERIENCE: N_("Ervaringen"),
    Kind.COMMENT: N_("Aanvullingen"),
    Kind.REPORT: N_("Meldingen"),
    Kind.APPEAL: N_("Bezwaren"),
    Kind.BLOCK: N_("Bezwaren tegen een blokkade"),
}
HELD_NAMES = {
    Held.FREE: N_("Niemand"),
    Held.MINE: N_("Ikzelf"),
    Held.OTHERS: N_("Een collega"),
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
