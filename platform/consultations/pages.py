"""Everything that each public page of this room is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from consultations.comments import Talk
from consultations.forms import CommentForm, EndorseForm, IdeaForm
from consultations.ledger import Ledger
from consultations.listing import Listing
from consultations.models import Consultation, Extension, Idea
from consultations.phase_rules import Span
from consultations.round_models import Prompt
from consultations.similar import NOTHING, Offer
from consultations.states import PHASE_NAMES, IdeaKind, PhaseKind, QuarantineState, Timing
from consultations.ways_models import Attachment, Intake, WaysIn
from consultations.writing import Writing
from consultations.writing_models import KeptDraft
from kernel.pages import Page


@dataclass(frozen=True, kw_only=True)
class ConsultationPage(Page):
    """The question, the time left, two ways in, and what came in."""

    template: ClassVar[str] = "consultations/show.html"
    consultation: Consultation
    stage: str
    timing: Timing
    now: datetime
    listing: Listing
    ledger: Ledger
    extensions: Sequence[Extension]
    prompts: Sequence[Prompt]
    answers: Mapping[int, int]
    spans: Sequence[Span]
    ways_in: WaysIn | None
    has_map: bool
    phase_names: Mapping[PhaseKind, str] = field(default_factory=lambda: PHASE_NAMES)


@dataclass(frozen=True, kw_only=True)
class IdeasPage(Page):
    """All published ideas, to go through, order and search."""

    template: ClassVar[str] = "consultations/ideas.html"
    consultation: Consultation
    timing: Timing
    listing: Listing
    prompts: Sequence[Prompt]


@dataclass(frozen=True, kw_only=True)
class IdeaListPage(Page):
    """The list alone, for pages that show it live."""

    template: ClassVar[str] = "consultations/idea_list.html"
    listing: Listing


@dataclass(frozen=True, kw_only=True)
class ExpectationsPage(Page):
    """What people may expect: the first step, before they write."""

    template: ClassVar[str] = "consultations/expectations.html"
    consultation: Consultation
    timing: Timing
    now: datetime
    kind: IdeaKind | None
    prompt: Prompt | None
    ways_in: WaysIn | None


@dataclass(frozen=True, kw_only=True)
class NewIdeaPage(Page):
    """The form for an idea or an experience.

    `draft` when it was kept before; `stored` is what another device kept since. `drafts` are the texts that
    the reader began here. `told` names what was just done.
    """

    template: ClassVar[str] = "consultations/new_idea.html"
    consultation: Consultation
    form: IdeaForm
    is_late: bool
    is_known: bool
    now: datetime
    is_open: bool = True
    draft: KeptDraft | None = None
    drafts: Sequence[KeptDraft] = ()
    stored: IdeaForm | None = None
    told: str = ""
    similar: Offer = NOTHING


@dataclass(frozen=True, kw_only=True)
class SimilarIdeasPage(Page):
    """The part of that form that shows what is there already, for pages that show it while somebody types."""

    template: ClassVar[str] = "consultations/similar.html"
    similar: Offer
    is_known: bool


@dataclass(frozen=True, kw_only=True)
class IdeaSentBeforePage(Page):
    """The form again, filled in, under what was sent with it before. `before` is the key that was used for that."""

    template: ClassVar[str] = "consultations/sent_before.html"
    consultation: Consultation
    form: IdeaForm
    idea: Idea | None
    before: str
    may_correct: bool
    is_known: bool


@dataclass(frozen=True, kw_only=True)
class NotOpenPage(Page):
    """Why nothing can be sent in now, and what can be done instead."""

    template: ClassVar[str] = "consultations/not_open.html"
    consultation: Consultation
    stage: str


@dataclass(frozen=True, kw_only=True)
class IdeaSentPage(Page):
    """Look in your mail. The address is known to the browser that sent it only."""

    template: ClassVar[str] = "consultations/sent.html"
    consultation: Consultation
    email: str
    is_late: bool
    is_corrected: bool
    under: int | None  # the idea that it adds to


@dataclass(frozen=True, kw_only=True)
class ConfirmIdeaPage(Page):
    """What the link in the first letter opens: the idea and a button."""

    template: ClassVar[str] = "consultations/confirm.html"
    secret: str
    idea: Idea


@dataclass(frozen=True, kw_only=True)
class ConfirmEndorsementPage(Page):
    """What the link in the letter about support opens: the idea and a button."""

    template: ClassVar[str] = "consultations/confirm_endorsement.html"
    secret: str
    idea: Idea


@dataclass(frozen=True, kw_only=True)
class BlockedPage(Page):
    """Says that the reader may not take part now, and where to read why."""

    template: ClassVar[str] = "consultations/blocked.html"
    sentence: str
    is_known: bool


@dataclass(frozen=True, kw_only=True)
class LinkSpentPage(Page):
    """A link that was used before or has run out, and the way on. `idea` when we still know which one."""

    template: ClassVar[str] = "consultations/link_spent.html"
    is_for_support: bool
    was_used: bool
    idea: Idea | None


@dataclass(frozen=True, kw_only=True)
class IdeaPage(Page):
    """One idea, and support for it. `told` names what the reader just did: asked, endorsed, retracted or nothing."""

    template: ClassVar[str] = "consultations/idea.html"
    idea: Idea
    intake: Intake | None
    files: Sequence[Attachment]  # those that were let through
    merged_into: Idea | None
    taken_in: Sequence[Idea]  # what others sent in, and is carried on in it
    parts: Sequence[Idea]  # the ideas that this submission was split into
    whole: Idea | None  # the submission that it was cut out of
    reads_merges: bool
    prompt: Prompt | None
    form: EndorseForm
    takes_support: bool
    supported_in: Span | None  # the phase for it, in a consultation with phases
    now: datetime
    has_endorsed: bool
    is_known: bool
    is_blocked: bool
    writing: Writing
    apart: QuarantineState | None  # the reader's support, when it does not count
    talk: Talk
    comment_form: CommentForm
    told: str
    email: str


@dataclass(frozen=True, kw_only=True)
class WithdrawnIdeaPage(Page):
    """The place of an idea that its author took back: counted, without its text."""

    template: ClassVar[str] = "consultations/withdrawn.html"
    idea: Idea


@dataclass(frozen=True, kw_only=True)
class ReviseIdeaPage(Page):
    """The author's one chance to change a returned text."""

    template: ClassVar[str] = "consultations/revise.html"
    secret: str
    idea: Idea
    form: IdeaForm
    until: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawIdeaPage(Page):
    """Asks whether the author is sure: the text does not come back."""

    template: ClassVar[str] = "consultations/withdraw.html"
    secret: str
    idea: Idea
