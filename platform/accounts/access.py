"""Who may do what: the one table. Pure.

A room's rules ask `may` or `require` and add what they know of the thing itself: whose it is, how it stands, until
when. No other module lists roles to decide whether somebody may. Citizens, partners, advisers and facilitators of a
panel are all its members here: they read its briefing. An observer's seat gives no role. What is public needs no
permission and stands in no row.
"""

from enum import StrEnum

from accounts.actor import Actor
from accounts.states import Role
from kernel.errors import NotAllowed, NotFound, SignInFirst


class Permission(StrEnum):
    """Something that not everybody may do."""

    OPEN_DESK = "open_desk"
    READ_BRIEFING = "read_briefing"
    READ_QUEUE = "read_queue"
    MODERATE = "moderate"
    READ_MERGES = "read_merges"
    MERGE_IDEAS = "merge_ideas"
    BLOCK_RESIDENTS = "block_residents"
    WEIGH_SUPPORT = "weigh_support"
    READ_CONSULTATION_WORK = "read_consultation_work"
    PREPARE_CONSULTATIONS = "prepare_consultations"
    READ_ON_BEHALF = "read_on_behalf"
    ENTER_ON_BEHALF = "enter_on_behalf"
    READ_THEME_WORK = "read_theme_work"
    ARRANGE_THEMES = "arrange_themes"
    READ_MEETING_WORK = "read_meeting_work"
    KEEP_MEETINGS = "keep_meetings"
    READ_RESPONSE_WORK = "read_response_work"
    RESPOND = "respond"
    READ_SET_UP = "read_set_up"
    SET_UP = "set_up"
    READ_TRACE = "read_trace"
    OPEN_CONVERSATIONS = "open_conversations"
    READ_CONVERSATIONS = "read_conversations"
    ASK_AUTHORS = "ask_authors"


_P, _R = Permission, Role

MEANS: dict[Permission, str] = {
    _P.OPEN_DESK: "open the desk: what waits for oneself",
    _P.READ_BRIEFING: "read the briefing of a panel's next meeting",
    _P.READ_QUEUE: "read what residents sent in, whatever its state, with reports, appeals and blocks",
    _P.MODERATE: "claim, decide, answer reports, decide appeals (never against one's own decision)",
    _P.READ_MERGES: "see which ideas were put together or split, and why",
    _P.MERGE_IDEAS: "carry an idea on as part of another, split a submission, undo either",
    _P.BLOCK_RESIDENTS: "block a resident for conduct, lift a block",
    _P.WEIGH_SUPPORT: "set support apart that seems made up, or let it count again",
    _P.READ_CONSULTATION_WORK: "read consultations in preparation",
    _P.PREPARE_CONSULTATIONS: "draft, announce, extend, suspend, resume and cancel consultations",
    _P.READ_ON_BEHALF: "see what was written down for people who are not online",
    _P.ENTER_ON_BEHALF: "write down ideas for people who are not online, print and send their receipts",
    _P.READ_THEME_WORK: "see the workbench of themes",
    _P.ARRANGE_THEMES: "have themes made, rename, merge, split, move, lock",
    _P.READ_MEETING_WORK: "read agendas, minutes and advice in preparation, closed points too",
    _P.KEEP_MEETINGS: "plan meetings, make agendas and minutes, word advice, record votes, submit",
    _P.READ_RESPONSE_WORK: "see which advice waits for an answer",
    _P.RESPOND: "answer advice, tell progress",
    _P.READ_SET_UP: "see who has which task and seat, with their addresses",
    _P.SET_UP: "set up panels and agreements, give and take back tasks and seats",
    _P.READ_TRACE: "ask who read or exported what is not public",
    _P.OPEN_CONVERSATIONS: "see the conversations with authors of one's own side: the moderators' or the panel's",
    _P.READ_CONVERSATIONS: "read what the panel asked authors, and their answers",
    _P.ASK_AUTHORS: "ask the author of a published idea, or all authors of a theme, for the panel",
}
"""What each of them is, for docs/permissions.md."""

ALLOWED: dict[Permission, frozenset[Role]] = {
    _P.OPEN_DESK: frozenset(Role) - {_R.RESIDENT, _R.BLOCKED},
    _P.READ_BRIEFING: frozenset({_R.MEMBER, _R.SECRETARY, _R.CHAIR, _R.AUDITOR}),
    _P.READ_QUEUE: frozenset({_R.MODERATOR, _R.AUDITOR}),
    _P.MODERATE: frozenset({_R.MODERATOR}),
    _P.READ_MERGES: frozenset({_R.MODERATOR, _R.SECRETARY, _R.AUDITOR}),
    _P.MERGE_IDEAS: frozenset({_R.MODERATOR, _R.SECRETARY}),
    _P.BLOCK_RESIDENTS: frozenset({_R.MODERATOR}),
    _P.WEIGH_SUPPORT: frozenset({_R.MODERATOR}),
    _P.READ_CONSULTATION_WORK: frozenset({_R.SECRETARY, _R.CHAIR, _R.AUDITOR}),
    _P.PREPARE_CONSULTATIONS: frozenset({_R.SECRETARY}),
    _P.READ_ON_BEHALF: frozenset({_R.MODERATOR, _R.SECRETARY, _R.AUDITOR}),
    _P.ENTER_ON_BEHALF: frozenset({_R.MODERATOR, _R.SECRETARY}),
    _P.READ_THEME_WORK: frozenset({_R.SECRETARY, _R.CHAIR, _R.AUDITOR}),
    _P.ARRANGE_THEMES: frozenset({_R.SECRETARY}),
    _P.READ_MEETING_WORK: frozenset({_R.SECRETARY, _R.CHAIR, _R.AUDITOR}),
    _P.KEEP_MEETINGS: frozenset({_R.SECRETARY}),
    _P.READ_RESPONSE_WORK: frozenset({_R.COMMISSIONER, _R.AUDITOR}),
    _P.RESPOND: frozenset({_R.COMMISSIONER}),
    _P.READ_SET_UP: frozenset({_R.OPERATOR, _R.AUDITOR}),
    _P.SET_UP: frozenset({_R.OPERATOR}),
    _P.READ_TRACE: frozenset({_R.AUDITOR}),
    _P.OPEN_CONVERSATIONS: frozenset({_R.MODERATOR, _R.MEMBER, _R.SECRETARY, _R.CHAIR, _R.AUDITOR}),
    _P.READ_CONVERSATIONS: frozenset({_R.MEMBER, _R.SECRETARY, _R.CHAIR, _R.AUDITOR}),
    _P.ASK_AUTHORS: frozenset({_R.MEMBER, _R.SECRETARY, _R.CHAIR}),
}
"""Which roles may. A role that is held for one panel counts for that panel alone. The chair reads what the secretary
prepares; the auditor reads everything and changes nothing; the operator sets up and reads no residents' texts."""

SHOWN_BY: dict[Permission, Permission] = {
    _P.MODERATE: _P.READ_QUEUE,
    _P.MERGE_IDEAS: _P.READ_MERGES,
    _P.BLOCK_RESIDENTS: _P.READ_QUEUE,
    _P.WEIGH_SUPPORT: _P.READ_QUEUE,
    _P.PREPARE_CONSULTATIONS: _P.READ_CONSULTATION_WORK,
    _P.ENTER_ON_BEHALF: _P.READ_ON_BEHALF,
    _P.ARRANGE_THEMES: _P.READ_THEME_WORK,
    _P.KEEP_MEETINGS: _P.READ_MEETING_WORK,
    _P.RESPOND: _P.READ_RESPONSE_WORK,
    _P.SET_UP: _P.READ_SET_UP,
    _P.ASK_AUTHORS: _P.READ_CONVERSATIONS,
}
"""What somebody must be able to read to be refused a verb; to others the thing is not there."""


def may(actor: Actor, permission: Permission, *, panel_id: int | None = None) -> bool:
    """Whether they may, for this panel; without a panel: for any."""
    return actor.is_signed_in and actor.has(*ALLOWED[permission], panel_id=panel_id)


def known(actor: Actor) -> int:
    """The id of who asks; raises SignInFirst."""
    if actor.person_id is None:
        raise SignInFirst
    return actor.person_id


def require(actor: Actor, permission: Permission, *, panel_id: int) -> int:
    """The id of who may do this for the panel. Others are refused when they see what it is about (NotAllowed);
    to the rest it is not there (NotFound)."""
    person_id = known(actor)
    if may(actor, permission, panel_id=panel_id):
        return person_id
    shown_by = SHOWN_BY.get(permission)
    raise NotAllowed if shown_by is not None and may(actor, shown_by, panel_id=panel_id) else NotFound


def panels_for(actor: Actor, permission: Permission) -> frozenset[int] | None:
    """The panels for which they may; None means all of them."""
    held_for = {panel_id for role, panel_id in actor.grants if role in ALLOWED[permission]}
    return None if None in held_for else frozenset(one for one in held_for if one is not None)
