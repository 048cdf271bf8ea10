"""Facts about other ways in: on paper, by telephone, at the counter."""

from dataclasses import dataclass
from typing import ClassVar

from consultations.events import ConsultationEvent, IdeaEvent
from consultations.ways_states import IntakeWay


@dataclass(frozen=True, kw_only=True)
class IdeaEnteredOnBehalf(IdeaEvent):
    """Somebody of the staff wrote it down for its author, who handed it in at a moment of before."""

    name: ClassVar[str] = "idea.entered_on_behalf"
    way: IntakeWay
    handed_in: str  # ISO 8601, UTC


class IdeaReceiptPrinted(IdeaEvent):
    """A receipt was made for paper, with a code of its own."""

    name: ClassVar[str] = "idea.receipt_printed"


class IdeaCodesVoided(IdeaEvent):
    """The codes on paper were lost: they open nothing any more."""

    name: ClassVar[str] = "idea.codes_voided"


class IdeaToldOnPaper(IdeaEvent):
    """Its author, who reads no mail, was sent or told how it stands."""

    name: ClassVar[str] = "idea.told_on_paper"


@dataclass(frozen=True, kw_only=True)
class IdeaFileAdded(IdeaEvent):
    """Its author put a picture or a document with it; a moderator looks first."""

    name: ClassVar[str] = "idea.file_added"
    file_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaFileDecided(IdeaEvent):
    """A moderator let it be shown with the idea, or not; the file's own row says why not."""

    name: ClassVar[str] = "idea.file_decided"
    file_id: int
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class IdeaFileRemoved(IdeaEvent):
    """Its author took the picture or document away."""

    name: ClassVar[str] = "idea.file_removed"
    file_id: int


class ConsultationWaysChanged(ConsultationEvent):
    """The ways in which people can send something in were changed."""

    name: ClassVar[str] = "consultation.ways_changed"
