"""Take place names out of a text, so that ideas group by what is wanted and not by where.

Never used for the search for similar ideas: there the place *is* the difference.
"""

import re
from collections.abc import Callable, Iterable, Sequence

# A capitalised Dutch compound with one of these endings names a street, a square or a quarter. What stands before its
# capital in the same word is passed over once and for all (`*+`): a long word costs no more than its length.
_STREET = re.compile(
    r"(?<![\w'’-])((?:(?!\b[A-ZÀ-Þ])[\w'’-])*+)([A-ZÀ-Þ][\w'’-]*"
    r"(?:straat|plein|laan|gracht|kade|weg|dijk|singel|hof|steeg|plantsoen|polder|oord|dorp|drecht))\b"
)
GAP = " | "  # no phrase runs across it
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SPACE = re.compile(r"\s+")


class Places:
    """A gazetteer: the names of streets, quarters and villages a municipality hands over; case does not matter."""

    def __init__(self, names: Iterable[str] = (), *, is_word: Callable[[str], bool] | None = None) -> None:
        longest_first = sorted({name.strip() for name in names if len(name.strip()) > 2}, key=lambda name: -len(name))
        spelled = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
        self._listed = re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE) if spelled else None
        self._is_word = is_word or (lambda word: False)

    def mask(self, text: str) -> str:
        """The text with a GAP for each place name; a text that is nothing but a place name is left as it is."""
        masked = self._listed.sub(GAP, text) if self._listed else text
        masked = _STREET.sub(self._street, masked)
        return _SPACE.sub(" ", masked).strip() if _WORD.search(masked) else text

    def _street(self, found: re.Match[str]) -> str:
        # "Schoolplein" opens a sentence as often as "Scheldeplein" does; the first is a word of the language.
        before, name = found.groups()
        return before + (name if self._is_word(name.lower()) else GAP)


def names_among(texts: Sequence[str], *, is_word: Callable[[str], bool]) -> frozenset[str]:
    """Words always written with a capital, also inside a sentence, that no dictionary knows; given in lower case."""
    inside: set[str] = set()
    lower: set[str] = set()
    for text in texts:
        for found in _WORD.finditer(text):
            word = found.group()
            if word[0].islower():
                lower.add(word)
            elif found.start() > 0 and text[max(0, found.start() - 3) : found.start()].rstrip()[-1:] not in ".!?:":
                inside.add(word.lower())
    return frozenset(word for word in inside - lower if not is_word(word))
