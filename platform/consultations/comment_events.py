"""Facts about the thread under an idea. What happens to a comment itself is told as of any idea."""

from dataclasses import dataclass
from typing import ClassVar

from consultations.events import IdeaEvent


@dataclass(frozen=True, kw_only=True)
class ThreadEvent(IdeaEvent):
    """A fact about the idea above: `comment_id` is what stands under it."""

    comment_id: int


class IdeaCommented(ThreadEvent):
    """Somebody's comment came to stand under it, for all to read."""

    name: ClassVar[str] = "idea.commented"


class IdeaCommentGone(ThreadEvent):
    """It is not to be read there any more."""

    name: ClassVar[str] = "idea.comment_gone"
