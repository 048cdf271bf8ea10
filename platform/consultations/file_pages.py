"""What the page about files with an idea is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from consultations.file_forms import FileForm
from consultations.models import Idea
from consultations.ways_models import Attachment
from kernel.pages import Page


@dataclass(frozen=True, kw_only=True)
class IdeaFilesPage(Page):
    """The author's own files with an idea, and the form for one more."""

    template: ClassVar[str] = "consultations/files.html"
    secret: str
    idea: Idea
    files: Sequence[Attachment]
    may_add: bool
    form: FileForm
    most: int
