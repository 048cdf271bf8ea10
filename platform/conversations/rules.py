"""Who may read, ask and answer, when. Plain functions of values; no session."""

from collections.abc import Collection
from datetime import datetime, timedelta

from accounts import access
from accounts.access import Permission
from accounts.actor import Actor
from consultations.models import Idea
from consultations.states import IdeaState
from conversations.states import Side
from kernel.errors import DomainError, NotFound
from kernel.i18n import N_

MOST_BODY = 4_000
A_DAY = 20
"""Contributions of one side in one conversation, in a day."""
THEME_A_WEEK = 3
MEMBER_A_DAY = 3
"""Questions to all authors: to one theme in a week, by one member in a day. Authors answer when it suits them."""
REPLY_WITHIN = timedelta(days=90)
"""How long the letter itself can be answered; the page stays."""

READS = {Side.MODERATORS: Permission.READ_QUEUE, Side.PANEL: Permission.READ_CONVERSATIONS}
WRITES = {Side.MODERATORS: Permission.MODERATE, Side.PANEL: Permission.ASK_AUTHORS}
_SEEN_BY = {
    Side.MODERATORS: frozenset(IdeaState) - {IdeaState.DRAFT, IdeaState.SUBMITTED},
    Side.PANEL: frozenset({IdeaState.PUBLISHED}),
}
OVER = frozenset({IdeaState.DRAFT, IdeaState.SUBMITTED, IdeaState.WITHDRAWN})


class NotToAsk(DomainError):
    """Nobody can be asked about this idea: taken back, no longer public, or from a file."""

    code = "not_to_ask"
    message = N_("Over deze inzending kunt u nu geen vraag stellen. De inzending is weg, of komt uit een bestand.")


class ConversationOver(DomainError):
    """The idea was withdrawn, or nobody of that side wrote."""

    code = "conversation_over"
    message = N_("In dit gesprek kunt u niets (meer) schrijven.")


class NobodyToAsk(DomainError):
    """The theme has no public idea whose author can be reached."""

    code = "nobody_to_ask"
    message = N_("In dit thema staan nu geen ideeën met een inzender die wij kunnen bereiken.")


def is_reachable(idea: Idea) -> bool:
    """Whether its author sent it in here; behind a file's idea is nobody who waits for a letter."""
    return idea.external_id is None or idea.external_id.startswith("form:")


def may_read(actor: Actor, side: Side, *, panel_id: int) -> bool:
    """Whether they read what this side says with authors."""
    return access.may(actor, READS[side], panel_id=panel_id)


def may_write(actor: Actor, side: Side, *, panel_id: int) -> bool:
    """Whether they speak for this side."""
    return access.may(actor, WRITES[side], panel_id=panel_id)


def readers(actor: Actor) -> dict[Side, Collection[int] | None]:
    """The sides that somebody reads, each with the panels for which they do; None means every panel."""
    return {side: access.panels_for(actor, needs) for side, needs in READS.items() if access.may(actor, needs)}


def require_reader(actor: Actor, side: Side, idea: Idea, *, panel_id: int) -> None:
    """Let those through who read along; an idea that this side does not see is not there."""
    access.require(actor, READS[side], panel_id=panel_id)
    if idea.state not in _SEEN_BY[side]:
        raise NotFound


def takes_questions(idea: Idea, side: Side) -> bool:
    """Whether staff may write to its author now."""
    return idea.state in _SEEN_BY[side] - OVER and is_reachable(idea)


def takes_answers(idea: Idea, side: Side, *, is_begun: bool) -> bool:
    """Whether its author may write now; to the moderators also first."""
    return idea.state not in OVER and (is_begun or side is Side.MODERATORS)


def takes_replies(written_at: datetime, *, now: datetime) -> bool:
    """Whether a letter can still be answered by replying to it."""
    return now < written_at + REPLY_WITHIN
