"""The pages about appeals against answers: for who appeals, and for the moderator who decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from kernel.pages import Page
from moderation.answer_forms import AnswerVerdictForm
from moderation.answer_models import AnswerAppeal
from moderation.answer_queries import Answer
from moderation.forms import AppealForm
from moderation.models import Ground
from moderation.pages import WithList


@dataclass(frozen=True, kw_only=True)
class OwnAnswerPage(Page):
    """The answer to who reported something or sent a file, and the form to appeal while that is possible."""

    template: ClassVar[str] = "moderation/own_answer.html"
    answer: Answer
    receipt: str  # of who sent the file; empty for who reported
    appeal_address: str
    may_appeal: bool
    appeal_until: datetime
    due_at: datetime
    form: AppealForm
    is_lodged: bool


@dataclass(frozen=True, kw_only=True)
class AnswerAppealPage(WithList):
    """One of these appeals to decide about, beside the list."""

    template: ClassVar[str] = "moderation/answer_appeal.html"
    appeal: AnswerAppeal
    answer: Answer
    grounds: Sequence[Ground]
    is_moderator: bool
    may_decide: bool
    form: AnswerVerdictForm
    now: datetime

    def ideas_shown(self) -> Iterable[int]:
        """The idea that it is about, and the list's."""
        own = [self.answer.idea.id] if self.answer.idea else []
        return [*own, *super().ideas_shown()]
