"""What is pointed out in an idea that a moderator reads: the findings in each of its texts, and texts like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consultations import flagging, signal_queries
from consultations.models import Idea
from consultations.rules import title_from
from consultations.signals import CAUSES, KIND_NAMES, PERSONAL, Cause, Finding, Kind
from kernel.db import ReadSession


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """Some words of a text and why a moderator should look at them. Names and sentences are msgids."""

    field: str
    finding: Finding
    words: str

    @property
    def name(self) -> str:
        """What it is."""
        return KIND_NAMES[self.finding.kind]

    @property
    def why(self) -> str:
        """What made us think so."""
        return CAUSES[self.finding.cause]

    @property
    def can_be_masked(self) -> bool:
        """Whether it is something about a person."""
        return self.finding.kind in PERSONAL

    @property
    def place(self) -> str:
        """Where it stands, as a form sends it back."""
        return f"{self.field}:{self.finding.start}:{self.finding.end}:{self.finding.kind}"


@dataclass(frozen=True, kw_only=True)
class Pointed:
    """Everything that is pointed out in one idea."""

    fields: Mapping[str, Sequence[Finding]]
    pointers: Sequence[Pointer]
    same: Sequence[Idea]
    asks_second_look: bool

    def __bool__(self) -> bool:
        return bool(self.pointers or self.same)

    @property
    def has_citizen_number(self) -> bool:
        """Whether one of them is a number that is not kept."""
        return any(one.finding.kind is Kind.BSN for one in self.pointers)

    @property
    def alike(self) -> str:
        """Why texts that are the same are shown."""
        return CAUSES[Cause.ALIKE]


def pointers_in(texts: Mapping[str, str]) -> list[Pointer]:
    """What there is in each text; of a title made of the first sentence, what stands in the text itself."""
    is_made = texts["title"] == title_from(texts["body"])
    return [
        Pointer(field=field, finding=one, words="" if one.kind is Kind.LANGUAGE else texts[field][one.start : one.end])
        for field, found in flagging.in_fields(texts).items()
        for one in found
        if not (is_made and field == "title")
    ]


async def pointed(db: ReadSession, idea: Idea) -> Pointed:
    """Read from the text as it stands."""
    texts = flagging.texts_of(idea)
    return Pointed(
        fields=flagging.in_fields(texts),
        pointers=pointers_in(texts),
        same=await signal_queries.same_as(db, idea),
        asks_second_look=idea.is_public and await signal_queries.asks_a_second_look(db, idea.id),
    )
