"""The page of who read what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from kernel.pages import Page
from klankbord.trace.forms import OFFERED, QuestionForm
from klankbord.trace.question import Reader


@dataclass(frozen=True, kw_only=True)
class Line:
    """One reading in words."""

    at: datetime
    who: str
    roles: str
    act: str
    subject: str
    is_listed: bool  # it stood in a list beside what was read


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Who read it, and each time; `about` in words, `which` as it can be asked for again."""

    about: str
    which: str
    since: datetime
    until: datetime
    readers: Sequence[Reader]
    lines: Sequence[Line]
    next_url: str
    first_url: str
    csv_url: str


@dataclass(frozen=True, kw_only=True)
class TracePage(Page):
    """The question, and its answer once it was asked."""

    template: ClassVar[str] = "trace/show.html"
    form: QuestionForm
    answer: Answer | None
    roles: Mapping[str, str]
    offered: Sequence[tuple[str, str]] = OFFERED
