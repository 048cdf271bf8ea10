"""Facts this room announces."""

from dataclasses import dataclass
from typing import ClassVar

from consultations.states import IdeaState
from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsultationEvent(Event):
    """A fact about one consultation."""

    consultation_id: int


class ConsultationDrafted(ConsultationEvent):
    """Somebody began to prepare it; only they and their colleagues read it."""

    name: ClassVar[str] = "consultation.drafted"


class ConsultationAnnounced(ConsultationEvent):
    """It will open, at a date all may know."""

    name: ClassVar[str] = "consultation.announced"


class ConsultationOpened(ConsultationEvent):
    """It opened, dated at the instant."""

    name: ClassVar[str] = "consultation.opened"


class ConsultationClosed(ConsultationEvent):
    """It closed, dated at the instant."""

    name: ClassVar[str] = "consultation.closed"


@dataclass(frozen=True, kw_only=True)
class ConsultationExtended(ConsultationEvent):
    """It closes later; `extension_id` holds the reason."""

    name: ClassVar[str] = "consultation.extended"
    extension_id: int


@dataclass(frozen=True, kw_only=True)
class ConsultationTightened(ConsultationEvent):
    """From now on moderators read more before it is published: `policy`."""

    name: ClassVar[str] = "consultation.tightened"
    policy: str


class ConsultationSuspended(ConsultationEvent):
    """It takes no input for now."""

    name: ClassVar[str] = "consultation.suspended"


class ConsultationResumed(ConsultationEvent):
    """It takes input again."""

    name: ClassVar[str] = "consultation.resumed"


class ConsultationCancelled(ConsultationEvent):
    """It will not go on."""

    name: ClassVar[str] = "consultation.cancelled"


class ConsultationProcessed(ConsultationEvent):
    """Nothing is left in review."""

    name: ClassVar[str] = "consultation.processed"


class ConsultationReported(ConsultationEvent):
    """Its outcome was reported."""

    name: ClassVar[str] = "consultation.reported"


class ConsultationAnswered(ConsultationEvent):
    """Every published idea has an outcome."""

    name: ClassVar[str] = "consultation.answered"


class ConsultationArchived(ConsultationEvent):
    """It was put away, to be read."""

    name: ClassVar[str] = "consultation.archived"


@dataclass(frozen=True, kw_only=True)
class IdeaEvent(Event):
    """A fact about one idea."""

    idea_id: int
    consultation_id: int


class IdeaSubmitted(IdeaEvent):
    """Sent in; its author's address waits for confirmation."""

    name: ClassVar[str] = "idea.submitted"


class IdeaReceived(IdeaEvent):
    """Confirmed by its author, or sent by somebody we know: it has a receipt."""

    name: ClassVar[str] = "idea.received"


@dataclass(frozen=True, kw_only=True)
class IdeaImported(IdeaEvent):
    """Read from a file by `actor_id`, in this state; nobody is written to."""

    name: ClassVar[str] = "idea.imported"
    state: str


class IdeaPublished(IdeaEvent):
    """Anybody may read it."""

    name: ClassVar[str] = "idea.published"


class IdeaReturned(IdeaEvent):
    """Back to its author, to be revised once."""

    name: ClassVar[str] = "idea.returned"


class IdeaCorrected(IdeaEvent):
    """Its author sent another text in its place, before anybody had read it."""

    name: ClassVar[str] = "idea.corrected"


class IdeaRevised(IdeaEvent):
    """Its author changed it; it waits for the moderators again."""

    name: ClassVar[str] = "idea.revised"


class IdeaHeld(IdeaEvent):
    """Kept back because of personal data."""

    name: ClassVar[str] = "idea.held"


class IdeaRejected(IdeaEvent):
    """Not published, on a ground."""

    name: ClassVar[str] = "idea.rejected"


class IdeaRemoved(IdeaEvent):
    """No longer public, on a ground."""

    name: ClassVar[str] = "idea.removed"


class IdeaWithdrawn(IdeaEvent):
    """Taken back by its author; it stays counted."""

    name: ClassVar[str] = "idea.withdrawn"


@dataclass(frozen=True, kw_only=True)
class IdeaRouted(IdeaEvent):
    """It went a step further with the panel."""

    name: ClassVar[str] = "idea.routed"
    route: str


class IdeaAnswered(IdeaEvent):
    """Its author was given an outcome."""

    name: ClassVar[str] = "idea.answered"


class IdeaEndorsed(IdeaEvent):
    """Somebody supports it."""

    name: ClassVar[str] = "idea.endorsed"


class IdeaEndorsementRetracted(IdeaEvent):
    """Somebody no longer supports it."""

    name: ClassVar[str] = "idea.endorsement_retracted"


@dataclass(frozen=True, kw_only=True)
class IdeaEndorsementAsked(IdeaEvent):
    """Somebody with an unconfirmed address wants to support it; the letter carries the link."""

    name: ClassVar[str] = "idea.endorsement_asked"
    person_id: int
    request_id: int


@dataclass(frozen=True, kw_only=True)
class QuarantineEvent(Event):
    """A fact about the support from one network."""

    quarantine_id: int
    consultation_id: int


class QuarantineSetApart(QuarantineEvent):
    """The rule set it apart; it does not count until a person looked."""

    name: ClassVar[str] = "quarantine.set_apart"


class QuarantineReleased(QuarantineEvent):
    """A moderator lets it count."""

    name: ClassVar[str] = "quarantine.released"


class QuarantineKept(QuarantineEvent):
    """A moderator keeps it apart."""

    name: ClassVar[str] = "quarantine.kept"


TOLD_BY: dict[IdeaState, type[IdeaEvent]] = {
    IdeaState.PUBLISHED: IdeaPublished,
    IdeaState.RETURNED: IdeaReturned,
    IdeaState.HELD: IdeaHeld,
    IdeaState.REJECTED: IdeaRejected,
    IdeaState.REMOVED: IdeaRemoved,
}
"""The fact that each step of moderation leaves; looking at an idea (in review) leaves none."""
