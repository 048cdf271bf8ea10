"""States of mandates, meetings, agenda items, recommendations and responses, and what may follow what. Pure."""

from enum import StrEnum

from kernel.i18n import N_


class PanelState(StrEnum):
    """Where a panel's mandate stands."""

    DRAFT = "draft"
    AGREED = "agreed"
    ACTIVE = "active"
    REPORTING = "reporting"
    ANSWERED = "answered"
    EVALUATED = "evaluated"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    ENDED_EARLY = "ended_early"


_N = PanelState
_STOPS = frozenset({_N.SUSPENDED, _N.ENDED_EARLY})
PANEL_MOVES: dict[PanelState, frozenset[PanelState]] = {
    _N.DRAFT: frozenset({_N.AGREED, _N.ENDED_EARLY}),
    _N.AGREED: frozenset({_N.ACTIVE}) | _STOPS,
    _N.ACTIVE: frozenset({_N.REPORTING}) | _STOPS,
    _N.REPORTING: frozenset({_N.ANSWERED}) | _STOPS,
    _N.ANSWERED: frozenset({_N.EVALUATED}),
    _N.EVALUATED: frozenset({_N.ARCHIVED}),
    _N.SUSPENDED: frozenset({_N.AGREED, _N.ACTIVE, _N.REPORTING, _N.ENDED_EARLY}),
    _N.ENDED_EARLY: frozenset({_N.ARCHIVED}),
    _N.ARCHIVED: frozenset(),
}


class SeatKind(StrEnum):
    """As what somebody sits in the panel."""

    CITIZEN = "citizen"
    PARTNER = "partner"
    ADVISER = "adviser"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"


class SeatEntry(StrEnum):
    """How somebody came in."""

    LOT = "lot"
    SELF_SELECTED = "self_selected"
    APPOINTED = "appointed"


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CONVENED = "convened"
    AGENDA_OPEN = "agenda_open"
    AGENDA_FROZEN = "agenda_frozen"
    AGENDA_PUBLISHED = "agenda_published"
    IN_SESSION = "in_session"
    HELD = "held"
    MINUTES_DRAFTED = "minutes_drafted"
    MINUTES_ADOPTED = "minutes_adopted"
    MINUTES_PUBLISHED = "minutes_published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


_M = MeetingState
_OFF = frozenset({_M.POSTPONED, _M.CANCELLED})
MEETING_MOVES: dict[MeetingState, frozenset[MeetingState]] = {
    _M.PLANNED: frozenset({_M.CONVENED}) | _OFF,
    _M.CONVENED: frozenset({_M.AGENDA_OPEN}) | _OFF,
    _M.AGENDA_OPEN: frozenset({_M.AGENDA_FROZEN}) | _OFF,
    _M.AGENDA_FROZEN: frozenset({_M.AGENDA_OPEN, _M.AGENDA_PUBLISHED}) | _OFF,
    _M.AGENDA_PUBLISHED: frozenset({_M.IN_SESSION, _M.HELD}) | _OFF,
    _M.IN_SESSION: frozenset({_M.HELD}),
    _M.HELD: frozenset({_M.MINUTES_DRAFTED}),
    _M.MINUTES_DRAFTED: frozenset({_M.MINUTES_ADOPTED}),
    _M.MINUTES_ADOPTED: frozenset({_M.MINUTES_PUBLISHED}),
    _M.MINUTES_PUBLISHED: frozenset(),
    _M.POSTPONED: frozenset({_M.PLANNED, _M.CONVENED, _M.CANCELLED}),
    _M.CANCELLED: frozenset(),
}
MEETING_STATE_NAMES = {
    _M.PLANNED: N_("gepland"),
    _M.CONVENED: N_("bijeengeroepen"),
    _M.AGENDA_OPEN: N_("agenda in voorbereiding"),
    _M.AGENDA_FROZEN: N_("agenda vastgesteld"),
    _M.AGENDA_PUBLISHED: N_("agenda gepubliceerd"),
    _M.IN_SESSION: N_("nu bezig"),
    _M.HELD: N_("gehouden"),
    _M.MINUTES_DRAFTED: N_("verslag in concept"),
    _M.MINUTES_ADOPTED: N_("verslag vastgesteld"),
    _M.MINUTES_PUBLISHED: N_("verslag gepubliceerd"),
    _M.POSTPONED: N_("uitgesteld"),
    _M.CANCELLED: N_("geannuleerd"),
}


class ItemState(StrEnum):
    """Where an agenda item stands."""

    PROPOSED = "proposed"
    ADMITTED = "admitted"
    DECLINED = "declined"
    SCHEDULED = "scheduled"
    IN_DISCUSSION = "in_discussion"
    DISCUSSED = "discussed"
    KEPT = "kept"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


_A = ItemState
ITEM_MOVES: dict[ItemState, frozenset[ItemState]] = {
    _A.PROPOSED: frozenset({_A.ADMITTED, _A.DECLINED, _A.WITHDRAWN}),
    _A.ADMITTED: frozenset({_A.SCHEDULED, _A.WITHDRAWN}),
    _A.DECLINED: frozenset(),
    _A.SCHEDULED: frozenset({_A.ADMITTED, _A.IN_DISCUSSION, _A.DISCUSSED, _A.KEPT, _A.POSTPONED, _A.WITHDRAWN}),
    _A.IN_DISCUSSION: frozenset({_A.DISCUSSED, _A.KEPT, _A.POSTPONED}),
    _A.DISCUSSED: frozenset(),
    _A.KEPT: frozenset(),
    _A.POSTPONED: frozenset(),
    _A.WITHDRAWN: frozenset(),
}
ITEM_STATE_NAMES = {
    _A.PROPOSED: N_("voorgesteld"),
    _A.ADMITTED: N_("toegelaten"),
    _A.DECLINED: N_("niet op de agenda"),
    _A.SCHEDULED: N_("op de agenda"),
    _A.IN_DISCUSSION: N_("nu in bespreking"),
    _A.DISCUSSED: N_("besproken"),
    _A.KEPT: N_("aangehouden"),
    _A.POSTPONED: N_("uitgesteld"),
    _A.WITHDRAWN: N_("teruggetrokken"),
}


class RecommendationState(StrEnum):
    """Where a recommendation stands."""

    DRAFT = "draft"
    WORDING_FIXED = "wording_fixed"
    VOTED = "voted"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    SUBMITTED = "submitted"


_R = RecommendationState
RECOMMENDATION_MOVES: dict[RecommendationState, frozenset[RecommendationState]] = {
    _R.DRAFT: frozenset({_R.WORDING_FIXED}),
    _R.WORDING_FIXED: frozenset({_R.DRAFT, _R.VOTED}),
    _R.VOTED: frozenset({_R.ADOPTED, _R.NOT_ADOPTED}),
    _R.ADOPTED: frozenset({_R.SUBMITTED}),
    _R.NOT_ADOPTED: frozenset(),
    _R.SUBMITTED: frozenset(),
}
RECOMMENDATION_STATE_NAMES = {
    _R.DRAFT: N_("concept"),
    _R.WORDING_FIXED: N_("tekst vastgesteld"),
    _R.VOTED: N_("gestemd"),
    _R.ADOPTED: N_("aangenomen"),
    _R.NOT_ADOPTED: N_("niet aangenomen"),
    _R.SUBMITTED: N_("aangeboden"),
}


class ResponseState(StrEnum):
    """What is stored of a response. Overdue is a function of the clock and the due date."""

    AWAITED = "awaited"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    DONE = "done"
    ABANDONED = "abandoned"
    EVALUATED = "evaluated"


_P = ResponseState
RESPONSE_MOVES: dict[ResponseState, frozenset[ResponseState]] = {
    _P.AWAITED: frozenset({_P.ACCEPTED, _P.PARTLY, _P.REJECTED, _P.DEFERRED}),
    _P.ACCEPTED: frozenset({_P.DONE, _P.ABANDONED}),
    _P.PARTLY: frozenset({_P.DONE, _P.ABANDONED}),
    _P.REJECTED: frozenset({_P.EVALUATED}),
    _P.DEFERRED: frozenset({_P.ACCEPTED, _P.PARTLY, _P.REJECTED}),
    _P.DONE: frozenset({_P.EVALUATED}),
    _P.ABANDONED: frozenset({_P.EVALUATED}),
    _P.EVALUATED: frozenset(),
}
NEEDS_OWNER_AND_DATE = frozenset({_P.ACCEPTED, _P.PARTLY})
RESPONSE_STATE_NAMES = {
    _P.AWAITED: N_("wacht op reactie"),
    _P.ACCEPTED: N_("overgenomen"),
    _P.PARTLY: N_("deels overgenomen"),
    _P.REJECTED: N_("niet overgenomen"),
    _P.DEFERRED: N_("later beslissen"),
    _P.DONE: N_("uitgevoerd"),
    _P.ABANDONED: N_("gestopt"),
    _P.EVALUATED: N_("geëvalueerd"),
}


class Closes(StrEnum):
    """What becomes of the close of a consultation when the meeting that it feeds is held later."""

    STAYS = "stays"
    ALONG = "along"  # as much later as the meeting
    DEADLINE = "deadline"  # when the agenda is settled
