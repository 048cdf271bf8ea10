"""Everything that each page of this room is given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from consultations.models import Consultation, Idea
from conversations.forms import ContributionForm
from conversations.models import Contribution
from conversations.queries import Spoken, Waiting
from conversations.states import Side
from conversations.theme_queries import Asked
from kernel.pages import Page
from themes.models import Theme


@dataclass(frozen=True, kw_only=True)
class OwnConversationPage(Page):
    """For an author: what was said with one side, and the form to answer. `others`: with whom else they speak."""

    template: ClassVar[str] = "conversations/own.html"
    secret: str
    idea: Idea
    side: Side
    spoken: Sequence[Spoken]
    open_questions: Sequence[Contribution]
    others: Sequence[Side]
    form: ContributionForm
    may_write: bool
    is_sent: bool


@dataclass(frozen=True, kw_only=True)
class ConversationsPage(Page):
    """For staff: what waits for them, what waits for authors, and the themes whose authors can be asked."""

    template: ClassVar[str] = "conversations/list.html"
    conversations: Sequence[Waiting]
    themes: Sequence[tuple[Theme, Consultation]]
    asked: Sequence[Asked]
    may_ask: bool

    def ideas_shown(self) -> Iterable[int]:
        """Those that moderators speak about may not be public."""
        return [one.conversation.idea_id for one in self.conversations]


@dataclass(frozen=True, kw_only=True)
class IdeaConversationPage(Page):
    """For staff: what was said with the author of one idea."""

    template: ClassVar[str] = "conversations/about_idea.html"
    idea: Idea
    side: Side
    spoken: Sequence[Spoken]
    form: ContributionForm
    may_write: bool
    takes_questions: bool
    waits_for_us: bool
    is_sent: bool


@dataclass(frozen=True, kw_only=True)
class ThemeQuestionsPage(Page):
    """For members: ask all authors of a theme, and read their answers together."""

    template: ClassVar[str] = "conversations/theme.html"
    theme: Theme
    consultation: Consultation
    authors: int
    asked: Sequence[Asked]
    answers: Mapping[int, Sequence[tuple[Contribution, Idea]]]
    form: ContributionForm
    may_write: bool
    is_sent: bool
