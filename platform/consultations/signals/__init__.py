"""What a moderator should look at in a text, with the words that caused it. A text in, findings out; nothing is hidden.

Pure: the same text always gives the same findings, in time that grows with the text alone. Whether the same text stands
in the consultation already is asked of the database (`consultations.flagging`).
"""

from consultations.signals.contacts import mailboxes, telephones
from consultations.signals.kinds import (
    CAUSES,
    HOLDS,
    INFORMS,
    KIND_NAMES,
    MASKS,
    OMISSION_NAMES,
    PERSONAL,
    Cause,
    Finding,
    Kind,
    Omission,
)
from consultations.signals.level import levelled
from consultations.signals.numbers import accounts, citizen_numbers
from consultations.signals.tone import links, other_language, shouting
from consultations.signals.whereabouts import addresses, plates
from consultations.signals.words import insults, special

__all__ = [
    "CAUSES",
    "HOLDS",
    "INFORMS",
    "KIND_NAMES",
    "MASKS",
    "OMISSION_NAMES",
    "PERSONAL",
    "Cause",
    "Finding",
    "Kind",
    "Omission",
    "findings",
]

_IN_ORDER = (accounts, mailboxes, telephones, citizen_numbers, plates, addresses)
"""What is one thing is not another: the signs of a bank account are no telephone number."""


def findings(text: str) -> list[Finding]:
    """Everything there is in a text, in the order of its words; of personal data none overlaps another."""
    level = levelled(text)
    found: list[Finding] = []
    for finder in _IN_ORDER:
        for one in finder(level):
            if all(one.end <= other.start or other.end <= one.start for other in found):
                found.append(one)
    for finder in (special, insults, shouting, links, other_language):
        found += finder(level)
    return sorted(found)
