"""The pages about following, digests and the letters of a demo."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from kernel.pages import Page
from notify.digests import Section
from notify.forms import FollowForm
from notify.kept import KeptLetter
from notify.models import Subscription
from notify.states import Topic

Options = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Something the reader follows."""

    subscription: Subscription
    title: str
    path: str


@dataclass(frozen=True, kw_only=True)
class FollowingPage(Page):
    """Everything the reader follows, and how often they hear."""

    template: ClassVar[str] = "notify/following.html"
    followed: list[Followed]
    cadences: Options
    hours: Options
    weekdays: Options
    errors: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class FollowPage(Page):
    """The form to begin to follow something."""

    template: ClassVar[str] = "notify/follow.html"
    form: FollowForm
    title: str
    path: str
    cadences: Options
    hours: Options
    weekdays: Options


@dataclass(frozen=True, kw_only=True)
class FollowAskedPage(Page):
    """Says that a letter with a link is on its way."""

    template: ClassVar[str] = "notify/follow_asked.html"


@dataclass(frozen=True, kw_only=True)
class FollowConfirmPage(Page):
    """What the link in that letter opens: a button."""

    template: ClassVar[str] = "notify/follow_confirm.html"
    secret: str
    title: str


@dataclass(frozen=True, kw_only=True)
class UnsubscribePage(Page):
    """What an unsubscribe link opens: a button, then the word that it is done."""

    template: ClassVar[str] = "notify/unsubscribe.html"
    signed: str
    topic: Topic | None  # of one consultation, or of one's own ideas; else of everything that is followed
    is_done: bool


@dataclass(frozen=True, kw_only=True)
class DigestPage(Page):
    """A digest on the web: the same rows as its letter."""

    template: ClassVar[str] = "notify/digest.html"
    sections: list[Section]
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class KeptLettersPage(Page):
    """The letters of a demo, newest first."""

    template: ClassVar[str] = "notify/kept_letters.html"
    letters: list[KeptLetter]
    more: int


@dataclass(frozen=True, kw_only=True)
class KeptLetterPage(Page):
    """One letter of a demo as plain text, with a link to how it looks."""

    template: ClassVar[str] = "notify/kept_letter.html"
    letter: KeptLetter
    text: str
    attachments: list[str]
