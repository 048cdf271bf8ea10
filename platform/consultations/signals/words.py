"""Words about people: what insults or threatens them, and what tells of their health or belief. Pure."""

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from consultations.signals import word_lists
from consultations.signals.kinds import Cause, Finding, Kind
from consultations.signals.level import lowered

_WORD = re.compile(r"[0-9a-zà-ɏ@$!']{2,40}")
_SIGNS = str.maketrans("013457@$!", "oieastasi")
_SCORN = re.compile(rf"\b(?:{word_lists.SCORN})\b[^.!?\n]{{0,12}}$")
_DOUBLED = re.compile(r"([a-zà-ɏ])\1{2,}")
_SPACED = re.compile(r"(?<![a-zà-ɏ0-9])[a-zà-ɏ](?:[ .*_-][a-zà-ɏ]){3,12}(?![a-zà-ɏ0-9])")
_CURSED = re.compile(rf"(?:{word_lists.CURSES})[a-zà-ɏ]{{2,}}")
_MEDICAL = re.compile(word_lists.MEDICAL)
_THREATS = tuple(re.compile(one) for one in word_lists.THREATS)
_HINT = re.compile(
    "dood|kapot|afge|opge|verga|uitger|gaskam|land|rot op|sodem|donder|vind|weet|weten|krijg|allemaal|slaa|sla |"
    "steek|trap|hang|schiet|maak|crimi|dieven|dom|lui|weg|eruit|oprot|eigen volk|heil|white"
)
_SENTENCE = re.compile(r"[^.!?\n]+")
_SOMEBODY = re.compile(rf"\b{word_lists.SOMEBODY}\b")
_IS = re.compile(rf"\b{word_lists.IS}\b")
_TOLD = {
    Cause.HEALTH: re.compile(rf"\b(?:{word_lists.HEALTH})\b"),
    Cause.BELIEF: re.compile(rf"\b(?:{word_lists.BELIEF})\b"),
}
_HINTS = {
    cause: frozenset(re.findall(r"[0-9a-zà-ɏ']{2,}", told.replace("burn-?out", "burn|burnout|out")))
    for cause, told in ((Cause.HEALTH, word_lists.HEALTH), (Cause.BELIEF, word_lists.BELIEF.replace("in de|een ", "")))
}
_FAR = 60
"""Characters between a person and what is told of them, at most."""


def insults(text: str) -> Iterator[Finding]:
    """Words of scorn, also with signs for letters, letters doubled or spaced out; and whole sentences that threaten."""
    small = lowered(text)
    for found in _WORD.finditer(small):
        scorn = scorn_of(found.group())
        if scorn is Scorn.ALWAYS or (scorn is Scorn.BESIDE and _SCORN.search(small, *_before(found))):
            yield Finding(found.start(), found.end(), Kind.INSULT, Cause.INSULT)
    for found in _SPACED.finditer(small):
        if re.sub("[^a-zà-ɏ]", "", found.group()) in word_lists.INSULTS - word_lists.NOT_ALWAYS:
            yield Finding(found.start(), found.end(), Kind.INSULT, Cause.INSULT)
    if _HINT.search(small):
        for threat in _THREATS:
            for found in threat.finditer(small):
                yield Finding(found.start(), found.end(), Kind.INSULT, Cause.THREAT)


def _before(found: re.Match[str]) -> tuple[int, int]:
    return max(0, found.start() - 24), found.start()


class Scorn(Enum):
    """Whether a word insults."""

    NEVER = 0
    BESIDE = 1  # other words of scorn
    ALWAYS = 2


@lru_cache(maxsize=20_000)
def scorn_of(written: str) -> Scorn:
    """Of a word in small letters, also when signs stand for letters or letters are doubled."""
    bare = written.strip("!'")
    for word in (bare, _DOUBLED.sub(r"\1", bare), _DOUBLED.sub(r"\1", bare.translate(_SIGNS))):
        if word in word_lists.NOT_ALWAYS:
            return Scorn.BESIDE
        if word in word_lists.INSULTS or (_CURSED.fullmatch(word) and not _MEDICAL.match(word)):
            return Scorn.ALWAYS
    return Scorn.NEVER


def special(text: str) -> Iterator[Finding]:
    """Where a sentence tells somebody's health or belief: from the person up to it, or round about."""
    small = lowered(text)
    if not _HINTS[Cause.HEALTH] & (words := set(_WORD.findall(small))) and not _HINTS[Cause.BELIEF] & words:
        return
    for cause, pattern in _TOLD.items():
        for sentence in _SENTENCE.finditer(small):
            for found in pattern.finditer(small, *sentence.span()):
                before = small[max(sentence.start(), found.start() - _FAR) : found.start()]
                person = _SOMEBODY.search(before)
                if person and _IS.search(before):
                    yield Finding(found.start() - len(before) + person.start(), found.end(), Kind.SPECIAL, cause)
