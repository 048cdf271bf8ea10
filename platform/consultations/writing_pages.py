"""Everything that the pages about texts in the making, and about texts that were changed, are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consultations.forms import IdeaForm
from consultations.models import Consultation, Idea
from consultations.versions import Change
from consultations.writing_models import KeptDraft, Translation
from kernel.pages import Page


@dataclass(frozen=True, kw_only=True)
class DraftKeptPage(Page):
    """Look in your mail: there is the link. The address is known to the browser that sent it only."""

    template: ClassVar[str] = "consultations/draft_kept.html"
    consultation: Consultation
    email: str


@dataclass(frozen=True, kw_only=True)
class DraftLinkPage(Page):
    """What the link in the letter opens: a button. `draft` is none when the link was used or has run out."""

    template: ClassVar[str] = "consultations/draft_link.html"
    secret: str
    draft: KeptDraft | None


@dataclass(frozen=True, kw_only=True)
class DraftsPage(Page):
    """What somebody began and did not send in."""

    template: ClassVar[str] = "consultations/drafts.html"
    drafts: Sequence[KeptDraft]
    told: str
    now: datetime
    kept_days: int


@dataclass(frozen=True, kw_only=True)
class DiscardDraftPage(Page):
    """Asks whether the writer is sure: the text does not come back."""

    template: ClassVar[str] = "consultations/draft_discard.html"
    draft: KeptDraft


@dataclass(frozen=True, kw_only=True)
class EditIdeaPage(Page):
    """The author's text once more, to be changed while nobody supports it."""

    template: ClassVar[str] = "consultations/edit.html"
    secret: str
    idea: Idea
    form: IdeaForm
    until: datetime


@dataclass(frozen=True, kw_only=True)
class VersionsPage(Page):
    """What its author changed in an idea, text by text. `back` leads to where the reader came from."""

    template: ClassVar[str] = "consultations/versions.html"
    idea: Idea
    changes: Sequence[Change]
    first: datetime
    back: str
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class TranslationPage(Page):
    """An idea in another language, above all marked as made by a machine, with the original beside it."""

    template: ClassVar[str] = "consultations/translation.html"
    idea: Idea
    translation: Translation
    names: Mapping[str, str]
