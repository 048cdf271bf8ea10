"""Citizen service numbers and bank accounts: digits that add up. Pure."""

import re
from collections.abc import Iterator

from consultations.signals.kinds import Cause, Finding, Kind
from consultations.signals.level import is_after, is_called

_NINE = re.compile(
    r"(?<![0-9A-Za-z€$£+#/_])(?<![0-9][.,\-/ ])[0-9](?:[ .\-]?[0-9]){7,8}(?![0-9A-Za-z_/%€]|[ .,\-:]?[0-9])"
)
_SHAPES = frozenset(
    {"9", "423", "333", "111111111", "2223", "45", "54", "36", "63", "3222", "234", "432", "22221", "1332"}
)
_NAMED = re.compile(
    r"\b(?:bsn|sofi|burger ?service ?nummer|sofi-? ?nummer|citizen service number|persoonsnummer)", re.I
)
_OTHER = (
    *("order", "bestel", "factu", "zaak", "dossier", "klant", "melding", "referentie", "kenmerk", "artikel", "serie"),
    *(
        "kvk",
        "rsin",
        "btw",
        "project",
        "contract",
        "polis",
        "ticket",
        "object",
        "perceel",
        "kavel",
        "kadast",
        "track",
        "pakket",
    ),
    *("eur", "bedrag", "budget", "getal"),
)
"""What a number of nine digits is the number of, when one of these words stands before it."""
_COUNTED = re.compile(
    r"[ ]?(?:euro|eur\b|€|mensen|inwoners|stuks|kilo|kg|km|m2|m3|kwh|liter|ton\b|x\b|bezoekers|stemmen|bomen)", re.I
)


def bsn_adds_up(digits: str) -> bool:
    """The eleven-test: nine times the first, eight times the second, … minus the last, is a multiple of eleven."""
    nine = digits.zfill(9)
    total = sum(int(digit) * (9 - at) for at, digit in enumerate(nine[:8])) - int(nine[8])
    return len(nine) == 9 and total % 11 == 0 and int(nine) > 0


def citizen_numbers(text: str) -> Iterator[Finding]:
    """What adds up and is not called something else; and whatever its writer calls so."""
    for found in _NINE.finditer(text):
        digits = re.sub("[^0-9]", "", found.group())
        is_named = is_after(_NAMED, text, found.start(), 40)
        if is_named:
            cause = Cause.BSN_ADDS_UP if bsn_adds_up(digits) else Cause.BSN_IS_NAMED
            yield Finding(found.start(), found.end(), Kind.BSN, cause)
            continue
        if len(digits) == 9 and _is_grouped(found.group()) and bsn_adds_up(digits) and not _is_other(text, found):
            yield Finding(found.start(), found.end(), Kind.BSN, Cause.BSN_ADDS_UP)


def _is_grouped(written: str) -> bool:
    shape = "".join(str(len(group)) for group in re.split("[ .-]", written))
    return shape in _SHAPES and len(set(re.sub("[0-9]", "", written))) <= 1


def _is_other(text: str, found: re.Match[str]) -> bool:
    is_money = text[max(0, found.start() - 3) : found.start()].rstrip()[-1:] in {"€", "$"}
    return is_money or is_called(_OTHER, text, found.start()) or _COUNTED.match(text, found.end()) is not None


LENGTHS = {
    "AD": 24,
    "AE": 23,
    "AL": 28,
    "AT": 20,
    "AZ": 28,
    "BA": 20,
    "BE": 16,
    "BG": 22,
    "BH": 22,
    "BR": 29,
    "CH": 21,
    "CR": 22,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "DO": 28,
    "EE": 20,
    "EG": 29,
    "ES": 24,
    "FI": 18,
    "FO": 18,
    "FR": 27,
    "GB": 22,
    "GE": 22,
    "GI": 23,
    "GL": 18,
    "GR": 27,
    "GT": 28,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IL": 23,
    "IQ": 23,
    "IS": 26,
    "IT": 27,
    "JO": 30,
    "KW": 30,
    "KZ": 20,
    "LB": 28,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MD": 24,
    "ME": 22,
    "MK": 19,
    "MR": 27,
    "MT": 31,
    "MU": 30,
    "NL": 18,
    "NO": 15,
    "PK": 24,
    "PL": 28,
    "PS": 29,
    "PT": 25,
    "QA": 29,
    "RO": 24,
    "RS": 22,
    "SA": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "TN": 24,
    "TR": 26,
    "UA": 29,
    "VA": 22,
    "XK": 20,
}
"""Signs of a bank account's number, by country (ISO 13616)."""
_BEGINS = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[ .\-]?[0-9][ .\-]?[0-9](?=[ .\-]?[0-9A-Za-z])")
_WORD = re.compile("[A-Za-z]{5}")
"""No bank has five letters in a row: sixteen digits and words between them are no account."""
_SIGN = re.compile("[0-9A-Za-z]")


def iban_adds_up(signs: str) -> bool:
    """The test of ISO 7064: the letters as numbers and the first four signs last, it leaves 1 when divided by 97."""
    turned = signs[4:] + signs[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def accounts(text: str) -> Iterator[Finding]:
    """Whole numbers alone: what goes on with letters or digits is something else."""
    until = 0
    for found in _BEGINS.finditer(text):
        length = LENGTHS.get(found.group()[:2].upper())
        if length is None or found.start() < until:
            continue
        signs, end = _taken(text, found.start(), length)
        is_whole = len(signs) == length and not text[end : end + 1].isalnum()
        is_whole = is_whole and not _WORD.search(text, found.start() + 2, end)
        if is_whole and iban_adds_up(signs.upper()):
            until = end
            yield Finding(found.start(), end, Kind.IBAN, Cause.IBAN_ADDS_UP)


def _taken(text: str, start: int, length: int) -> tuple[str, int]:
    """So many letters and digits from here on, one space, point or hyphen at most between two; and where it ends."""
    signs, at = "", start
    while at < len(text) and len(signs) < length:
        if _SIGN.match(text, at):
            signs += text[at]
        elif text[at] not in " .-" or text[at - 1] in " .-":
            break
        at += 1
    return signs, at
