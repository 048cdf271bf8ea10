"""Everything that the pages about what stands under an idea are given."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consultations.comments import Talk
from consultations.forms import CommentForm
from consultations.models import Idea
from kernel.pages import Page


@dataclass(frozen=True, kw_only=True)
class ThreadPage(Page):
    """A page of the thread under an idea, and the form below it."""

    template: ClassVar[str] = "consultations/thread.html"
    idea: Idea
    talk: Talk
    comment_form: CommentForm
    is_known: bool
    is_blocked: bool
    now: datetime


@dataclass(frozen=True, kw_only=True)
class NewCommentPage(Page):
    """The idea and, under it, the form with what was typed."""

    template: ClassVar[str] = "consultations/new_comment.html"
    idea: Idea
    comment_form: CommentForm
    is_known: bool
