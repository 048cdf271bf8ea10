"""Facts about texts in the making, and about texts that their authors changed."""

from dataclasses import dataclass
from typing import ClassVar

from consultations.events import IdeaEvent
from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DraftLinkAsked(Event):
    """Somebody wants to go on with a kept text elsewhere; the letter carries the link."""

    name: ClassVar[str] = "draft.link_asked"
    draft_id: int
    person_id: int


class IdeaEdited(IdeaEvent):
    """Its author changed it before anybody supported it; it waits for the moderators again."""

    name: ClassVar[str] = "idea.edited"
