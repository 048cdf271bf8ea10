"""States of a consultation and of an idea, and what may follow what. Pure."""

from enum import StrEnum

from kernel.i18n import N_


class ConsultationState(StrEnum):
    """What is stored of a consultation; open and closed are read from the clock (rules.timing_of)."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    PROCESSED = "processed"
    REPORTED = "reported"
    ANSWERED = "answered"
    ARCHIVED = "archived"


_C = ConsultationState
CONSULTATION_MOVES: dict[ConsultationState, frozenset[ConsultationState]] = {
    _C.DRAFT: frozenset({_C.ANNOUNCED, _C.CANCELLED}),
    _C.ANNOUNCED: frozenset({_C.SUSPENDED, _C.CANCELLED, _C.PROCESSED}),
    _C.SUSPENDED: frozenset({_C.ANNOUNCED, _C.CANCELLED}),
    _C.PROCESSED: frozenset({_C.REPORTED}),
    _C.REPORTED: frozenset({_C.ANSWERED}),
    _C.ANSWERED: frozenset({_C.ARCHIVED}),
    _C.CANCELLED: frozenset({_C.ARCHIVED}),
    _C.ARCHIVED: frozenset(),
}


class Timing(StrEnum):
    """How a moment lies to a consultation's period."""

    NOT_NOW = "not_now"
    IN_TIME = "in_time"
    LATE = "late"


class PhaseKind(StrEnum):
    """A stretch of a consultation in which people do one thing."""

    COLLECT = "collect"
    ENDORSE = "endorse"
    DELIBERATE = "deliberate"


PHASE_NAMES = {
    PhaseKind.COLLECT: N_("Ideeën insturen"),
    PhaseKind.ENDORSE: N_("Ideeën steunen"),
    PhaseKind.DELIBERATE: N_("Samen bespreken"),
}


class Act(StrEnum):
    """What residents do in a consultation."""

    SUBMIT = "submit"
    ENDORSE = "endorse"
    DISCUSS = "discuss"


ALLOWS: dict[PhaseKind, frozenset[Act]] = {
    PhaseKind.COLLECT: frozenset({Act.SUBMIT}),
    PhaseKind.ENDORSE: frozenset({Act.ENDORSE}),
    PhaseKind.DELIBERATE: frozenset({Act.DISCUSS}),
}
"""What each kind of phase takes. A consultation without phases takes all of it at once."""


class Policy(StrEnum):
    """When ideas become public."""

    PUBLISH_AT_ONCE = "publish_at_once"
    HOLD_FLAGGED = "hold_flagged"
    HOLD_ALL = "hold_all"


class IdeaKind(StrEnum):
    """What somebody sends in: what could be better, or what happened."""

    IDEA = "idea"
    EXPERIENCE = "experience"


class IdeaState(StrEnum):
    """Where an idea stands with moderation. `submitted`: the address is not confirmed yet."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETURNED = "returned"
    HELD = "held"
    REJECTED = "rejected"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


_I = IdeaState
IDEA_MOVES: dict[IdeaState, frozenset[IdeaState]] = {
    _I.DRAFT: frozenset({_I.SUBMITTED, _I.RECEIVED}),
    _I.SUBMITTED: frozenset({_I.RECEIVED}),
    _I.RECEIVED: frozenset({_I.IN_REVIEW, _I.PUBLISHED, _I.RETURNED, _I.HELD, _I.REJECTED, _I.WITHDRAWN}),
    _I.IN_REVIEW: frozenset({_I.RECEIVED, _I.PUBLISHED, _I.RETURNED, _I.HELD, _I.REJECTED, _I.WITHDRAWN}),
    _I.RETURNED: frozenset({_I.RECEIVED, _I.REJECTED, _I.WITHDRAWN}),
    _I.HELD: frozenset({_I.PUBLISHED, _I.RETURNED, _I.REJECTED, _I.WITHDRAWN}),
    _I.PUBLISHED: frozenset({_I.RECEIVED, _I.REMOVED, _I.WITHDRAWN}),  # received: its author changed it
    _I.REJECTED: frozenset({_I.PUBLISHED}),  # an appeal that succeeds
    _I.REMOVED: frozenset({_I.PUBLISHED}),
    _I.WITHDRAWN: frozenset(),
}

RESTRICTED = frozenset({_I.HELD, _I.REJECTED, _I.REMOVED, _I.RETURNED})
"""States that need a moderation decision with a statement of reasons."""


class IdeaRoute(StrEnum):
    """Where a published idea went with the panel."""

    UNROUTED = "unrouted"
    IN_THEME = "in_theme"
    MERGED = "merged"
    NEXT_MEETING = "next_meeting"
    ON_AGENDA = "on_agenda"
    DISCUSSED = "discussed"
    IN_RECOMMENDATION = "in_recommendation"
    TAKEN_ALONG = "taken_along"
    NOT_TAKEN = "not_taken"
    POSTPONED = "postponed"
    ANSWERED = "answered"


SORTED_BY_MACHINE = frozenset({IdeaRoute.UNROUTED, IdeaRoute.IN_THEME})
TO_AND_FRO = SORTED_BY_MACHINE | {IdeaRoute.MERGED}
_WITH_PANEL = frozenset(IdeaRoute) - SORTED_BY_MACHINE
ROUTE_MOVES: dict[IdeaRoute, frozenset[IdeaRoute]] = {
    route: (frozenset(IdeaRoute) if route in TO_AND_FRO else _WITH_PANEL) - {route} for route in IdeaRoute
} | {IdeaRoute.ANSWERED: frozenset()}
"""Grouping into themes goes to and fro; it never takes back what the panel did, nor a late idea's mark. So does
carrying an idea on as part of another. An answer is the end of the way: its author was told."""


class QuarantineState(StrEnum):
    """Where the support from one network stands. `apart`: by the rule, until a person looked; `kept`: by a person.

    What is apart or kept is stored and does not count. `counted` are networks that are only worth a look.
    """

    COUNTED = "counted"
    APART = "apart"
    RELEASED = "released"
    KEPT = "kept"


_Q = QuarantineState
QUARANTINE_MOVES: dict[QuarantineState, frozenset[QuarantineState]] = {
    _Q.COUNTED: frozenset({_Q.APART, _Q.KEPT}),
    _Q.APART: frozenset({_Q.RELEASED, _Q.KEPT}),
    _Q.RELEASED: frozenset({_Q.KEPT}),
    _Q.KEPT: frozenset({_Q.RELEASED}),
}
UNCOUNTED = frozenset({_Q.APART, _Q.KEPT})
QUARANTINE_STATE_NAMES = {
    _Q.COUNTED: N_("telt mee"),
    _Q.APART: N_("apart gezet, wacht op een mens"),
    _Q.RELEASED: N_("bekeken: telt mee"),
    _Q.KEPT: N_("bekeken: telt niet mee"),
}

IDEA_STATE_NAMES = {
    _I.DRAFT: N_("concept"),
    _I.SUBMITTED: N_("wacht op bevestiging"),
    _I.RECEIVED: N_("ontvangen"),
    _I.IN_REVIEW: N_("wordt bekeken"),
    _I.PUBLISHED: N_("gepubliceerd"),
    _I.RETURNED: N_("terug naar de inzender"),
    _I.HELD: N_("vastgehouden"),
    _I.REJECTED: N_("afgewezen"),
    _I.REMOVED: N_("verwijderd"),
    _I.WITHDRAWN: N_("ingetrokken"),
}
IDEA_KIND_NAMES = {IdeaKind.IDEA: N_("idee"), IdeaKind.EXPERIENCE: N_("ervaring")}
IDEA_ROUTE_NAMES = {
    IdeaRoute.UNROUTED: N_("nog niet ingedeeld"),
    IdeaRoute.IN_THEME: N_("in een thema"),
    IdeaRoute.MERGED: N_("samengevoegd"),
    IdeaRoute.NEXT_MEETING: N_("voor de volgende bijeenkomst"),
    IdeaRoute.ON_AGENDA: N_("op een agenda"),
    IdeaRoute.DISCUSSED: N_("besproken"),
    IdeaRoute.IN_RECOMMENDATION: N_("in een advies"),
    IdeaRoute.TAKEN_ALONG: N_("meegenomen"),
    IdeaRoute.NOT_TAKEN: N_("niet meegenomen"),
    IdeaRoute.POSTPONED: N_("uitgesteld"),
    IdeaRoute.ANSWERED: N_("beantwoord"),
}
