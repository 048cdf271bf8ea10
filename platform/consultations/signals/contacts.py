"""How to reach somebody: telephone numbers and e-mail addresses, as people write them. Pure."""

import re
from collections.abc import Iterator
from itertools import islice

from consultations.signals.kinds import Cause, Finding, Kind
from consultations.signals.level import is_after, is_called

_DUTCH = re.compile(
    r"(?<![0-9A-Za-z+€])(?<![0-9][.,\-/])"
    r"(?:\+ ?31|0031|\(\+31\)|\(0031\))[ .\-/]{0,2}(?:\(0\)[ .\-]?)?[1-9](?:[ .\-/()]{0,3}[0-9]){8}(?![0-9])"
    r"|(?<![0-9A-Za-z+€])(?<![0-9][.,\-/])\(?0[1-9](?:[ .\-/()]{0,3}[0-9]){8}(?![0-9A-Za-z]|[.,\-/:][0-9])"
)
_FOREIGN = re.compile(r"(?<![0-9A-Za-z+])(?:\+|00)[1-9](?:[ .\-/()]{0,2}[0-9]){7,13}(?![0-9])")
_LOCAL = re.compile(r"(?<![0-9A-Za-z+,.\-/])(?!14 ?0)[1-9](?:[ .\-]?[0-9]){5,8}(?![0-9A-Za-z]|[.,\-/:][0-9])")
_NAMED = re.compile(
    r"\b(?:tel|telefoon|telefoonnummer|telnr|mobiel|mobieltje|gsm|whatsapp|bel(?:len)?(?: (?:mij|me|ons|hem|haar))?|"
    r"nummer is|app)"
    r"(?: ?(?:nummer|nr|is|op|via|naar|kan))*[ .:]{0,3}$",
    re.I,
)
_DATE = re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_SERVICE = re.compile(r"0(?:8(?:00|8)|9[0-9]{2}|14)")
"""Numbers of services and organisations: nobody in particular picks up."""
_OTHER = (
    *("order", "bestel", "factu", "zaak", "dossier", "klant", "melding", "referentie", "kenmerk", "artikel", "serie"),
    *("kvk", "rsin", "btw", "isbn", "barcode", "rekening", "contract", "polis", "ticket", "track", "pakket"),
)
"""What a number of ten digits is the number of, when one of these words stands before it."""


def telephones(text: str) -> Iterator[Finding]:
    """Dutch ones with their zone or `+31`, foreign ones with their country; shorter ones that are called so."""
    taken: list[tuple[int, int]] = []
    for pattern, cause in ((_DUTCH, Cause.DUTCH_PHONE), (_FOREIGN, Cause.FOREIGN_PHONE), (_LOCAL, Cause.NAMED_PHONE)):
        for found in pattern.finditer(text):
            start, end = found.span()
            start += found.group().startswith("(") and ")" not in found.group()
            if any(start < after and before < end for before, after in taken):
                continue
            is_named = is_after(_NAMED, text, start)
            if not is_named and (cause is Cause.NAMED_PHONE or not _is_telephone(text, found)):
                continue
            taken.append((start, end))
            yield Finding(start, end, Kind.PHONE, cause)


def _is_telephone(text: str, found: re.Match[str]) -> bool:
    digits = re.sub("[^0-9]", "", found.group())
    is_service = _SERVICE.match(digits) is not None and not digits.startswith("00")
    return not (is_service or _DATE.match(text, found.start()) or is_called(_OTHER, text, found.start()))


_NAME, _HOST = r"[A-Za-z0-9À-ɏ._%+'\-]{1,64}", r"[A-Za-z0-9À-ɏ\-]{1,63}(?:\.[A-Za-z0-9À-ɏ\-]{1,63}){0,4}"
_EMAIL = re.compile(rf"(?<![A-Za-z0-9À-ɏ._%+'\-]){_NAME}@{_HOST}\.[A-Za-z]{{2,24}}(?![A-Za-z0-9])")
_AT = r"(?: ?[(\[{<] ?(?:at|apenstaart|apestaart|@) ?[)\]}>] ?| (?:at|apenstaart|apestaartje|apenstaartje|@) | ?@ ?)"
_HINT = re.compile(r"@|\b(?:at|apen?staart(?:je)?)\b", re.I)
_POINT = r"(?: ?[(\[{] ?(?:dot|punt|\.) ?[)\]}] ?| (?:dot|punt) |\.| \. )"
_TOP = r"(?:nl|com|net|org|eu|be|de|info|me|online|amsterdam|frl)"
_SPELLED = re.compile(
    rf"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9_%+\-]{{1,40}}(?:{_POINT}[A-Za-z0-9_%+\-]{{1,40}}){{0,2}}{_AT}"
    rf"[A-Za-z0-9\-]{{1,40}}(?:{_POINT}[A-Za-z0-9\-]{{1,40}}){{0,2}}{_POINT}{_TOP}(?![A-Za-z0-9])",
    re.I,
)


_MOST_HINTS = 200


def mailboxes(text: str) -> Iterator[Finding]:
    """As they are, and with `at` and `punt` in words."""
    plain = [found.span() for found in _EMAIL.finditer(text)] if "@" in text else []
    yield from (Finding(start, end, Kind.EMAIL, Cause.EMAIL) for start, end in plain)
    for hint in islice(_HINT.finditer(text), _MOST_HINTS):
        found = _SPELLED.search(text, max(0, hint.start() - 140), hint.end() + 160)
        if found is None or not found.start() < hint.end() <= found.end():
            continue
        start, end = found.span()
        if not any(start < after and before < end for before, after in plain):
            yield Finding(start, end, Kind.EMAIL, Cause.SPELLED_EMAIL)
