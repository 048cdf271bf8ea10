"""What somebody wrote in a letter, without what they answered to. Pure; time in proportion to the text."""

import re

MARK = "##-"
"""Begins the line of our letters above which the answer is written."""
_QUOTED = re.compile(r"^[ \t]*(?:[>|]|&gt;)")
_WROTE = re.compile(
    r"^(?:op|on|am|le|el|il)\b.{4,200}\b(?:schreef|wrote|schrieb|écrit|escribió)\b.{0,120}:?\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"^(?:op|on|am|le|el|il)\b.{4,200}$", re.IGNORECASE)
_FORWARD = re.compile(
    r"^-{2,}\s*(?:oorspronkelijk bericht|original message|doorgestuurd bericht|forwarded message|ursprüngl).{0,60}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^_{20,}\s*$")
_HEADER = re.compile(r"^\**(?:van|from|von|de):\**\s.{2,200}$", re.IGNORECASE)
_SENT = re.compile(r"^\**(?:verzonden|datum|sent|date|gesendet|envoyé|aan|to|an):\**\s.{2,200}$", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^(?:--\s?|(?:verstuurd|verzonden|sent|von|envoyé)\b.{0,20}\b(?:vanaf|met|via|from|meinem|de mon)\b.{0,60})$",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """What stands above the letter that was answered, or, when nothing does, between its quoted lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    above = lines[: _end(lines)]
    while above and (not above[-1].strip() or _QUOTED.match(above[-1])):
        above.pop()
    own = "\n".join(line for line in _without_signature(above) if not _QUOTED.match(line)).strip()
    return own or _between(lines)


def _end(lines: list[str]) -> int:
    """The line where the other letter begins."""
    for number, line in enumerate(lines):
        bare = line.lstrip("> \t|")[:400].strip()
        if bare.startswith(MARK) or _FORWARD.match(bare) or _RULE.match(bare) or _WROTE.match(bare):
            return number
        following = lines[number + 1].lstrip("> \t|")[:400].strip() if number + 1 < len(lines) else ""
        if _HEADER.match(bare) and _SENT.match(following):
            return number
        if _BEGINS.match(bare) and following and _WROTE.match(f"{bare} {following}"):
            return number
    return len(lines)


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if number and _SIGNATURE.match(line.strip()[:200]) and len(lines) - number <= 12:
            return lines[:number]
    return lines


def _between(lines: list[str]) -> str:
    """Answers written below or between the quoted lines: what is not quoted after the first that is."""
    first = next((n for n, line in enumerate(lines) if _QUOTED.match(line)), None)
    if first is None:
        return ""
    own = [line for line in _without_signature(lines[first:]) if not _QUOTED.match(line) and MARK not in line]
    return "\n".join(own).strip()
