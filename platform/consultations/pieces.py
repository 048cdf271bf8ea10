"""A text in pieces that can be told apart and put together again, each word as its author wrote it. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])[^\S\n]++")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A sentence, or a line; `after` is what stood between it and the one before."""

    words: str
    after: str


def pieces_of(text: str) -> list[Piece]:
    """Every sentence and line of a text, in its order. A full stop within a sentence only makes more pieces of it."""
    found: list[Piece] = []
    between = ""
    for line in text.strip().splitlines():
        if not line.strip():
            between = "\n\n"
            continue
        for number, words in enumerate(_SENTENCE_ENDS.split(line.strip())):
            if words:
                found.append(Piece(words=words, after=" " if number else between))
        between = "\n"
    return found


def together(pieces: Sequence[Piece], chosen: Collection[int]) -> str:
    """These pieces as one text, in their order. Where something was left out between two, a new paragraph begins."""
    written, last = "", -1
    for number in sorted(chosen):
        piece = pieces[number]
        between = piece.after if number == last + 1 else "\n\n"
        written += (between if written else "") + piece.words
        last = number
    return written
