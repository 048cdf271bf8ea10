"""What changed between two texts, word by word. Pure.

Eugene Myers' way (An O(ND) Difference Algorithm, 1986): its work is bounded by how much differs, whatever was typed.
Python's own difflib takes minutes over a few hundred words that were chosen for it.
"""

import re
from itertools import groupby, takewhile

_WORDS = re.compile(r"\S+\s*|\s+")
_ALIKE = 0.5
"""Below this share of common words a reader is better off with the two texts one after the other."""
_MOST = 400
"""Words gone and added that are looked for, within a fifth of a second; beyond, a text counts as another one."""

Parts = list[tuple[str, str]]


def difference(before: str, after: str) -> Parts:
    """The later text in parts: `same`, `added`, and in between what is `gone`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    begin, end = old[:first], old[len(old) - last :]
    most = min(_MOST, int((len(old) + len(new)) * (1 - _ALIKE)))
    changed = _compared(old[first : len(old) - last], new[first : len(new) - last], most)
    if changed is None:
        parts = [("gone", before), ("same", "\n"), ("added", after)]
        return [(kind, text) for kind, text in parts if text]
    parts = [("same", "".join(begin)), *changed, ("same", "".join(end))]
    return [(kind, text) for kind, text in parts if text]


def _common(one: list[str], other: list[str]) -> int:
    """How many words two texts begin with together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _compared(old: list[str], new: list[str], most: int) -> Parts | None:
    """The parts, gone before added; None when more than `most` words are gone and added."""
    reached = {1: 0}
    rounds: list[dict[int, int]] = []
    for changed in range(most + 1):
        rounds.append(dict(reached))
        for diagonal in range(-changed, changed + 1, 2):
            x = _step(reached, diagonal, changed)
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reached[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _told(_way_back(rounds, old, new))
    return None


def _step(reached: dict[int, int], diagonal: int, changed: int) -> int:
    """How far in the old text one gets on this diagonal by one word added or gone."""
    is_added = diagonal == -changed or (diagonal != changed and reached[diagonal - 1] < reached[diagonal + 1])
    return reached[diagonal + 1] if is_added else reached[diagonal - 1] + 1


def _way_back(rounds: list[dict[int, int]], old: list[str], new: list[str]) -> Parts:
    """Word by word, from the end to the beginning, and turned round."""
    x, y = len(old), len(new)
    words: Parts = []
    for changed in range(len(rounds) - 1, -1, -1):
        reached, diagonal = rounds[changed], x - y
        is_added = diagonal == -changed or (diagonal != changed and reached[diagonal - 1] < reached[diagonal + 1])
        before = diagonal + 1 if is_added else diagonal - 1
        from_x = reached[before]
        from_y = from_x - before
        while x > from_x and y > from_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            words.append(("same", old[x]))
        if changed:
            words.append(("added", new[from_y]) if is_added else ("gone", old[from_x]))
            x, y = from_x, from_y
    return words[::-1]


def _told(words: Parts) -> Parts:
    """Runs of words; of what changed in one place, what is gone comes first."""
    parts: Parts = []
    for is_same, run in groupby(words, key=lambda word: word[0] == "same"):
        some = list(run)
        for kind in ("same",) if is_same else ("gone", "added"):
            parts.append((kind, "".join(word for one, word in some if one == kind)))
    return [(kind, text) for kind, text in parts if text]
