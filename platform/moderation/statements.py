"""Restrictions in the fields of the European database of statements of reasons (DSA art. 17 and 24). Pure.

What a moderator typed is left out: it may tell who it is about. The facts are told by the ground that was published
before the consultation opened; `statement.schema.json` beside this module says which fields there are and how long.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from itertools import islice
from json import loads
from typing import Any
from zoneinfo import ZoneInfo

from consultations.models import Consultation, Idea
from consultations.support_models import Quarantine, QuarantineDecision
from consultations.ways_models import Attachment
from moderation.conduct import CONDUCT
from moderation.grounds import DEFAULT_GROUNDS
from moderation.models import Block, BlockEnd, Decision, Ground
from moderation.states import Outcome

Statement = dict[str, Any]

BATCH = 100
"""The European database takes at most so many at once, all or none of them."""
VISIBILITY: Mapping[Outcome, tuple[str, str]] = {
    Outcome.PUBLISH: ("DECISION_VISIBILITY_OTHER", "Woorden over een persoon zijn weggelaten; de rest is te lezen"),
    Outcome.RETURN: ("DECISION_VISIBILITY_OTHER", "Terug naar de inzender om aan te passen; zo lang niet te lezen"),
    Outcome.HOLD: ("DECISION_VISIBILITY_CONTENT_DISABLED", ""),
    Outcome.REJECT: ("DECISION_VISIBILITY_CONTENT_DISABLED", ""),
    Outcome.REMOVE: ("DECISION_VISIBILITY_CONTENT_REMOVED", ""),
}
CATEGORIES: Mapping[str, str] = {
    "insult": "ILLEGAL_OR_HARMFUL_SPEECH",
    "personal_data": "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
}
OTHER_CATEGORY = "OTHER_VIOLATION_TC"
ON_REPORT = "Na een melding heeft een moderator de inzending gelezen."
ON_READING = "Een moderator heeft de inzending gelezen; er was geen melding."
RULES_OF_THE_HOUSE = "De inzending past niet bij de spelregels van deze consultatie."
_NAMES_SOMEBODY = re.compile(r"@|(?:\d[\s.\-/]?){6,}|\b\d{4}\s?[A-Z]{2}\b|https?://|\bwww\.")
"""Addresses, and numbers as long as a telephone number: a ground has no use for them."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every statement of one installation shares."""

    zone: ZoneInfo
    public_url: str

    def day(self, at: datetime) -> str:
        """The day on which it was, where people live."""
        return at.astimezone(self.zone).date().isoformat()

    def rules_of(self, consultation: Consultation) -> str:
        """Where everybody can read the grounds."""
        return f"{self.public_url.rstrip('/')}/consultations/{consultation.slug}/moderation"


def schema() -> dict[str, Any]:
    """The JSON Schema of a batch."""
    found: dict[str, Any] = loads(files("moderation").joinpath("statement.schema.json").read_text("utf-8"))
    return found


def category_of(ground_code: str) -> str:
    """The category of the European database that a ground belongs to; a panel's own ground is its own rule."""
    return f"STATEMENT_CATEGORY_{CATEGORIES.get(ground_code, OTHER_CATEGORY)}"


def of_decision(
    decision: Decision, *, idea: Idea, ground: Ground, consultation: Consultation, ended_at: datetime | None, as_: Frame
) -> Statement:
    """A decision that kept an idea, experience or comment back, or took it away."""
    visibility, other = VISIBILITY[decision.outcome]
    title, wording = told_of(ground)
    made: Statement = {
        "decision_visibility": [visibility],
        **({"decision_visibility_other": other} if other else {}),
        **_incompatible(title, wording, as_.rules_of(consultation)),
        "decision_facts": f"{ON_REPORT if decision.report_id else ON_READING} {wording}",
        "category": category_of(ground.code),
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": as_.day(idea.received_at),
        "application_date": as_.day(decision.decided_at),
        **_by_a_person(is_on_report=decision.report_id is not None),
        "puid": f"decision-{decision.id}",
    }
    if ended_at is not None:
        made["end_date_visibility_restriction"] = as_.day(ended_at)
    if len(idea.language) == 2 and idea.language.isalpha():
        made["content_language"] = idea.language.upper()
    return made


def of_file(
    file: Attachment,
    *,
    idea: Idea,
    decided_at: datetime,
    ended_at: datetime | None = None,
    consultation: Consultation,
    as_: Frame,
) -> Statement:
    """A picture or document that a moderator does not show with its idea, or did not until an appeal (`ended_at`)."""
    kind = "CONTENT_TYPE_IMAGE" if file.is_picture else "CONTENT_TYPE_OTHER"
    what = (
        "De foto hoort niet bij deze inzending." if file.is_picture else "Het document hoort niet bij deze inzending."
    )
    return {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        **_incompatible("Foto of document niet getoond", what, as_.rules_of(consultation)),
        "decision_facts": f"Een moderator heeft het bestand bekeken en de inzender de reden geschreven. {what}",
        "category": f"STATEMENT_CATEGORY_{OTHER_CATEGORY}",
        "content_type": [kind],
        **({} if file.is_picture else {"content_type_other": "PDF"}),
        "content_date": as_.day(file.added_at),
        "application_date": as_.day(decided_at),
        **({"end_date_visibility_restriction": as_.day(ended_at)} if ended_at is not None else {}),
        **_by_a_person(),
        "puid": f"file-{file.id}",
    }


def of_block(block: Block, *, end: BlockEnd | None, consultation: Consultation, as_: Frame) -> Statement:
    """Somebody may not take part for a while. One without an end suspends too: any moderator can lift it."""
    text = CONDUCT[block.ground]
    until = end.ended_at if end is not None else block.until
    return {
        "decision_account": "DECISION_ACCOUNT_SUSPENDED",
        "account_type": "ACCOUNT_TYPE_PRIVATE",
        **_incompatible(text.title, text.wording, as_.rules_of(consultation)),
        "decision_facts": f"{ON_REPORT if block.report_id else ON_READING} {text.wording}",
        "category": f"STATEMENT_CATEGORY_{text.category}",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": as_.day(block.blocked_at),
        "application_date": as_.day(block.blocked_at),
        **({"end_date_account_restriction": as_.day(until)} if until is not None else {}),
        **_by_a_person(),
        "puid": f"block-{block.id}",
    }


def of_support(
    case: Quarantine, *, decision: QuarantineDecision | None, at: datetime, ended_at: datetime | None, as_: Frame
) -> Statement:
    """Support that is stored and does not count: set apart by the rule (no decision), or kept apart by a person."""
    what = "Steun van één internetverbinding die nagebootst lijkt, telt niet mee tot een moderator keek."
    by_rule = decision is None
    return {
        "decision_visibility": ["DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": "Steun telt niet mee in het aantal",
        **_incompatible("Steun nabootsen", what, as_.rules_of(case.consultation)),
        "decision_facts": what,
        "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "content_type": ["CONTENT_TYPE_OTHER"],
        "content_type_other": "Steun voor een idee",
        "content_date": as_.day(case.opened_at),
        "application_date": as_.day(at),
        **({"end_date_visibility_restriction": as_.day(ended_at)} if ended_at is not None else {}),
        **_by_a_person(),
        "automated_detection": "Yes" if case.signs.get("signs") else "No",
        "automated_decision": f"AUTOMATED_DECISION_{'FULLY' if by_rule else 'NOT_AUTOMATED'}",
        "puid": f"support-{case.id}" if decision is None else f"support-{case.id}-{decision.id}",
    }


def in_batches(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """As the European database takes them."""
    left = iter(statements)
    while some := list(islice(left, BATCH)):
        yield some


def told_of(ground: Ground) -> tuple[str, str]:
    """A ground's own texts; where somebody's address or number slipped into them, the usual ones in their place."""
    usual = next((one for one in DEFAULT_GROUNDS if one.code == ground.code), None)
    title, wording = ground.title, ground.wording
    if _NAMES_SOMEBODY.search(title):
        title = usual.title if usual else "Spelregels"
    if _NAMES_SOMEBODY.search(wording) or not wording.strip():
        wording = usual.wording if usual else RULES_OF_THE_HOUSE
    return title[:500], wording[:2000]


def _incompatible(title: str, wording: str, reference: str) -> Statement:
    """Every restriction rests on the published rules of the house; what is against the law is for a judge."""
    return {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": title,
        "incompatible_content_explanation": wording,
        "incompatible_content_illegal": "No",
        "decision_ground_reference_url": reference,
        "territorial_scope": ["NL"],
    }


def _by_a_person(*, is_on_report: bool = False) -> Statement:
    return {
        "source_type": "SOURCE_ARTICLE_16" if is_on_report else "SOURCE_VOLUNTARY",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }
