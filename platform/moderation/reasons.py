"""A decision as its author reads it: what, the facts, the ground, who or what decided, how to appeal. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kernel.i18n import N_
from moderation import rules
from moderation.models import Decision, Ground
from moderation.states import APPEALABLE, Outcome

WHAT = {
    Outcome.PUBLISH: N_("Uw inzending staat op de site."),
    Outcome.RETURN: N_("Wij sturen uw inzending aan u terug. Zo kunnen wij haar nog niet publiceren."),
    Outcome.HOLD: N_("Wij houden uw inzending vast. Zij staat niet op de site."),
    Outcome.REJECT: N_("Wij zetten uw inzending niet op de site."),
    Outcome.REMOVE: N_("Wij hebben uw inzending van de site gehaald."),
}
NEXT = {
    Outcome.PUBLISH: N_("U hoeft niets te doen."),
    Outcome.RETURN: N_(
        "Uw tekst staat voor u klaar. U kunt hem één keer aanpassen. Dat kan zeven dagen lang. Daarna lezen wij hem "
        "opnieuw en beslissen wij. Wij sturen hem dan niet nog een keer terug."
    ),
}
MASKED = N_("Uw inzending staat op de site, zonder een paar woorden. Die gaan over een persoon.")
HOW_TO_APPEAL = N_(
    "Bent u het niet eens met dit besluit? Dan kunt u één keer bezwaar maken. Het kost niets. "
    "Een andere moderator beslist binnen tien werkdagen en legt uit waarom."
)
ON_REPORT = N_("Iemand heeft uw inzending gemeld. Daarna heeft een moderator haar beoordeeld.")
ON_READING = N_("Een moderator leest elke inzending. Er was geen melding.")
BY_A_PERSON = N_("Een mens heeft dit besluit genomen. Er is geen computer gebruikt om te beslissen.")


@dataclass(frozen=True, kw_only=True)
class StatementOfReasons:
    """What the law wants an author to know. Sentences are msgids; `facts` is the moderator's own text."""

    outcome: Outcome
    what: str
    facts: str
    ground: str
    wording: str
    source: str
    is_automated: bool
    automated: str
    decided_at: datetime
    next: str
    appeal_until: datetime | None
    is_masking: bool = False

    @property
    def is_restriction(self) -> bool:
        """Whether it keeps the idea, or words of it, from the public."""
        return self.outcome is not Outcome.PUBLISH or self.is_masking


def statement(decision: Decision, *, ground: Ground | None, zone: ZoneInfo) -> StatementOfReasons:
    """The decision in full sentences; a person took it, always."""
    can_appeal = decision.outcome in APPEALABLE or decision.is_masking
    return StatementOfReasons(
        outcome=decision.outcome,
        what=MASKED if decision.is_masking else WHAT[decision.outcome],
        is_masking=decision.is_masking,
        facts=decision.explanation,
        ground=ground.title if ground else "",
        wording=ground.wording if ground else "",
        source=ON_REPORT if decision.report_id else ON_READING,
        is_automated=False,
        automated=BY_A_PERSON,
        decided_at=decision.decided_at,
        next=HOW_TO_APPEAL if can_appeal else NEXT[decision.outcome],
        appeal_until=rules.appeal_until(decision.decided_at, zone) if can_appeal else None,
    )
