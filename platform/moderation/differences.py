"""What changed between two texts, word by word. Pure."""

import re
from difflib import SequenceMatcher

_WORDS = re.compile(r"\S+\s*|\s+")
_ALIKE = 0.5
"""Below this share of common words a reader is better off with the two texts one after the other."""


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """The later text in parts: `same`, `added`, and in between what is `gone`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    compared = SequenceMatcher(None, old, new, autojunk=False)
    if compared.ratio() < _ALIKE:
        return [("gone", before), ("same", "\n"), ("added", after)]
    parts: list[tuple[str, str]] = []
    for kind, old_from, old_to, new_from, new_to in compared.get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            parts.append(("gone", "".join(old[old_from:old_to])))
        if new_to > new_from:
            parts.append(("added", "".join(new[new_from:new_to])))
    return parts
