"""Facts this room announces. Ids only: what was said stands in the contribution."""

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConversationEvent(Event):
    """A fact about the conversation on one idea."""

    conversation_id: int
    contribution_id: int
    idea_id: int


class ConversationAsked(ConversationEvent):
    """Staff wrote to the author."""

    name: ClassVar[str] = "conversation.asked"


class ConversationAnswered(ConversationEvent):
    """The author wrote."""

    name: ClassVar[str] = "conversation.answered"


class ConversationRead(ConversationEvent):
    """Staff need not write back to this contribution."""

    name: ClassVar[str] = "conversation.read"


@dataclass(frozen=True, kw_only=True)
class ConversationReplyRefused(ConversationEvent):
    """A letter of the author's was not taken in, and why; nothing of it was kept."""

    name: ClassVar[str] = "conversation.reply_refused"
    why: str


@dataclass(frozen=True, kw_only=True)
class ThemeQuestionAsked(Event):
    """A member asked all authors of a theme; each also has a `conversation.asked`."""

    name: ClassVar[str] = "theme_question.asked"
    theme_question_id: int
    theme_id: int
