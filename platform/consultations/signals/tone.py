"""How a text is written: in capitals, full of links, in which language. Pure."""

import re
from collections.abc import Iterator

from consultations.languages import language_of
from consultations.signals.kinds import Cause, Finding, Kind

_RUN = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ'’-]+(?:[ ,.!?]{1,3}[A-ZÀ-Þ][A-ZÀ-Þ'’-]*)*")
_MARKS = re.compile(r"[!?]{4,}")
_LETTERS = 20
_WORDS = 4
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\"']{2,300}"
    r"|(?<![\w.@-])[a-z0-9-]{2,40}\.(?:nl|com|net|org|eu|info|shop|online|xyz|ru|top)"
    r"(?:/[^\s<>()\"']{0,300})?(?![\w@])",
    re.I,
)
_SHORTENED = re.compile(
    r"\b(?:bit\.ly|t\.co|tinyurl\.com|goo\.gl|ow\.ly|is\.gd|buff\.ly|cutt\.ly|rb\.gy|shorturl\.at)/", re.I
)
_OFFERS: tuple[str, ...] = (
    "korting",
    "actiecode",
    "aanbieding",
    "casino",
    "gokken",
    "bitcoin",
    "crypto",
    "snel geld",
    "lening zonder",
)
_OFFERS += ("goedkoopste", "bestel nu", "koop nu", "klik hier", "gratis pro", "beste prijs", "abonneer", "onze webshop")
_OFFERS += ("afslanken", "viagra", "erectie", "backlinks", "investeer", "escort")
# The first letter in both sizes, and only the rest whatever its size: so `re` passes over what begins otherwise.
_SELLS = re.compile("|".join(f"[{one[0]}{one[0].upper()}](?i:{one[1:]})" for one in _OFFERS))
MANY = 3
"""So many links in one text are worth a look."""
_LONG_ENOUGH = 60


def shouting(text: str) -> Iterator[Finding]:
    """Four words or more in capitals in a row, twenty letters together; and `!!!!`."""
    for found in _RUN.finditer(text):
        words = found.group().split()
        if len(words) >= _WORDS and sum(map(str.isalpha, found.group())) >= _LETTERS:
            yield Finding(found.start(), found.end(), Kind.SHOUTING, Cause.CAPITALS)
    for found in _MARKS.finditer(text):
        yield Finding(found.start(), found.end(), Kind.SHOUTING, Cause.EXCLAMATIONS)


def links(text: str) -> Iterator[Finding]:
    """Every link of a text with three, or with one that hides where it goes; and one beside words that sell."""
    found = [one.span() for one in _LINK.finditer(text)]
    if not found:
        return
    if len(found) >= MANY or _SHORTENED.search(text):
        yield from (Finding(start, end, Kind.LINKS, Cause.MANY_LINKS) for start, end in found)
    elif _SELLS.search(text):
        yield from (Finding(start, end, Kind.LINKS, Cause.SELLING) for start, end in found)
        yield from (Finding(*one.span(), Kind.LINKS, Cause.SELLING) for one in _SELLS.finditer(text))


def other_language(text: str, *, expected: str = "nl") -> Iterator[Finding]:
    """The whole text, when it clearly is in another language than the site's."""
    if len(text) >= _LONG_ENOUGH and language_of(text, expected) != expected:
        yield Finding(0, len(text), Kind.LANGUAGE, Cause.OTHER_LANGUAGE)
