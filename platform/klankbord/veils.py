"""What logs never hold: addresses of people, addresses of machines, and secrets out of links.

Errors of libraries quote what they were given, so every text is looked through just before it is written.
"""

import re
from collections.abc import MutableMapping
from typing import Any

_MAIL = re.compile(r"(?<![^\s@<>()\[\]\"',;:=])[^\s@<>()\[\]\"',;:=]++@[^\s@<>()\[\]\"',;:=]++")
_FOUR = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_SIX = re.compile(r"(?<![\w:])(?=[0-9a-fA-F]*:[0-9a-fA-F:]*:)[0-9a-fA-F:]{3,39}(?![\w:])")
_SECRET = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{22,255}(?![\w-])")
_TIME = re.compile(r"\d{1,2}(?::\d{2}){1,2}")
LONGEST = 20_000
"""Characters of one text that are logged; a traceback is shorter."""


def veiled(_logger: Any, _method: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The same line with `[mail]`, `[address]` and `[secret]` in their place."""
    return {name: veil(value) if isinstance(value, str) else value for name, value in told.items()}


def veil(text: str) -> str:
    """A text without what names or lets in somebody."""
    text = _MAIL.sub("[mail]", text[:LONGEST])
    text = _SIX.sub(lambda found: found.group() if _TIME.fullmatch(found.group()) else "[address]", text)
    return _SECRET.sub("[secret]", _FOUR.sub("[address]", text))
