"""Whether two texts are the same but for a few words. Pure: keys to find candidates by, and a share to judge them by.

A text is a set of every three words in a row. The least of its hashes, three times over, are its keys: two texts have
one in common about as often as their sets overlap, so of texts that overlap nine tenths, all but one in a thousand.
"""

import re
from zlib import crc32

KEYS = 3
SAME = 0.7
"""From this share of triples in common two texts are called alike."""
_WORD = re.compile(r"[^\W_]+")
_SEEDS = (b"", b"klank", b"bord")


def triples(text: str) -> frozenset[str]:
    """Every three words that follow each other, in small letters; of a shorter text, the text."""
    words = _WORD.findall(text.lower())
    if len(words) < 3:
        return frozenset({" ".join(words)} if words else ())
    return frozenset(" ".join(words[at : at + 3]) for at in range(len(words) - 2))


def keys_of(text: str) -> tuple[int, ...]:
    """Three numbers that fit a column of four bytes, or none of a text without words."""
    told = [one.encode() for one in triples(text)]
    return tuple(min(crc32(one, crc32(seed)) for one in told) - (1 << 31) for seed in _SEEDS) if told else ()


def overlap(one: str, other: str) -> float:
    """What they have in common, of all they have: 0 to 1."""
    mine, theirs = triples(one), triples(other)
    return len(mine & theirs) / len(mine | theirs) if mine or theirs else 0.0
