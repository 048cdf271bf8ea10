"""Which phase a moment lies in, and what it takes. Plain functions of values; no session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consultations.models import Consultation
from consultations.round_models import Phase
from consultations.states import ALLOWS, Act, PhaseKind

FOLLOWING = (PhaseKind.ENDORSE, PhaseKind.DELIBERATE)
"""What can come after collecting, in this order; either may be left out."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """A phase with both its ends: `opens_at <= moment < closes_at`."""

    kind: PhaseKind
    opens_at: datetime
    closes_at: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.opens_at <= moment < self.closes_at

    def is_over(self, moment: datetime) -> bool:
        """Whether it ended before the moment."""
        return self.closes_at <= moment


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Whether an act can be done now, and in which phase it can; without phases there is none."""

    is_now: bool
    span: Span | None


def spans(consultation: Consultation, phases: Sequence[Phase]) -> list[Span]:
    """The phases in their order, each beginning where the one before it ends; none for a consultation without."""
    if not phases:
        return []
    found = [Span(kind=PhaseKind.COLLECT, opens_at=consultation.opens_at, closes_at=consultation.closes_at)]
    for phase in sorted(phases, key=lambda one: FOLLOWING.index(one.kind)):
        found.append(Span(kind=phase.kind, opens_at=found[-1].closes_at, closes_at=phase.closes_at))
    return found


def allows(consultation: Consultation, phases: Sequence[Phase], act: Act, received_at: datetime) -> bool:
    """Whether the phase of the moment of receipt takes this act; without phases nothing is closed by a phase.

    Sending in has a rule of its own (`rules.timing_of`): what comes after its phase is late, and kept.
    """
    known = spans(consultation, phases)
    return not known or any(act in ALLOWS[span.kind] for span in known if span.holds(received_at))


def span_for(consultation: Consultation, phases: Sequence[Phase], act: Act) -> Span | None:
    """When the act can be done; None when the phases leave it free, or have no place for it."""
    return next((span for span in spans(consultation, phases) if act in ALLOWS[span.kind]), None)


def turn_of(consultation: Consultation, phases: Sequence[Phase], act: Act, moment: datetime) -> Turn:
    """Both at once, for pages that tell when it is not yet or no more."""
    is_now = allows(consultation, phases, act, moment)
    return Turn(is_now=is_now, span=span_for(consultation, phases, act))
