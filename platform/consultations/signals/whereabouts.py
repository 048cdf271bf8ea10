"""Where somebody lives, and what they drive: addresses and number plates. Pure."""

import re
from collections.abc import Iterator

from consultations.signals.kinds import Cause, Finding, Kind
from consultations.signals.level import is_after, is_called

_SIDES = (
    *("LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D", "D-LLL-DD"),
    *("LL-DDD-L", "L-DDD-LL", "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D"),
)
"""The fourteen series of Dutch number plates, one after the other since 1951."""


def _series(letter: str, gap: str) -> re.Pattern[str]:
    told = "|".join(gap.join(side.split("-")) for side in _SIDES).replace("D", "[0-9]").replace("L", letter)
    return re.compile(rf"(?<![0-9A-Za-z\-])(?:{told})(?![0-9A-Za-z]|-[0-9A-Za-z])")


_CONSONANT = "[B-DF-HJ-NP-TV-Z]"
_DASHED = _series("[A-Za-z]", r"(?: ?- ?|\.)")
_APART = _series(_CONSONANT, " ")
_JOINED = _series(_CONSONANT, "")
_LOOSE = _series("[A-Zb-df-hj-np-tv-z]", "[ .-]?")
_CARS = (
    *("kenteken", "nummerbord", "nummerplaat", "auto", "wagen", "bestelbus", "scooter", "motor", "brommer"),
    *("aanhang", "vrachtwagen", "camper", "taxi", "volkswagen", "opel", "renault", "toyota", "ford", "bmw", "audi"),
    *("mercedes", "tesla", "kia", "fiat", "peugeot", "volvo"),
)


def plates(text: str) -> Iterator[Finding]:
    """With hyphens in any spelling; without them in capitals without vowels, or where a car is named."""
    taken: list[tuple[int, int]] = []
    for place in [found.start() for found in _DIGITS.finditer(text)]:
        for pattern in (_DASHED, _APART, _JOINED, _LOOSE):
            found = next((one for one in pattern.finditer(text, max(0, place - 12), place + 16)), None)
            if found is None or any(found.start() < after and before < found.end() for before, after in taken):
                continue
            is_sure = pattern is not _LOOSE and not _POSTCODE.fullmatch(found.group())
            if is_sure or is_called(_CARS, text, found.start()):
                taken.append(found.span())
                yield Finding(*found.span(), Kind.PLATE, Cause.PLATE)


_DIGITS = re.compile("[0-9]+")
_POSTCODE = re.compile(r"(?<![0-9A-Za-z\-.,€])[1-9][0-9]{3} {0,2}(?!S[ADS]\b)[A-Za-z]{2}(?![0-9A-Za-z'\-])")
_SMALL_WORDS = frozenset(
    """
    en in op de is om zo we je te al of na er ze me ga ik ja nu uu wc km kg mm cm eu nl ns ov vw ha ca kw pk tl up to by
    at an am pm bc ad no go so us it do be on or if my he as
    """.split()  # noqa: SIM905 - a list of words reads like one
)
"""What stands after a year or a number without being part of a postcode, in any case of letters."""
_STREETS = (
    *(
        "straat",
        "straatje",
        "laan",
        "weg",
        "plein",
        "pleintje",
        "kade",
        "gracht",
        "singel",
        "dijk",
        "hof",
        "hofje",
        "pad",
    ),
    *(
        "steeg",
        "dreef",
        "plantsoen",
        "markt",
        "burgwal",
        "haven",
        "park",
        "baan",
        "ring",
        "wal",
        "brink",
        "erf",
        "kamp",
    ),
    *("veld", "oord", "rade", "voort", "horst", "stede", "gaard", "tuin", "sloot", "vaart", "zijde", "akker", "kreek"),
    *("meent", "poort", "bos", "allee", "boulevard", "str."),
)
_NUMBER = re.compile(
    r"(?<= )(?:nr\.? ?|nummer |no\.? |huisnr\.? )?[1-9][0-9]{0,3}"
    r"(?:[ -]?(?:[a-zA-Z](?![A-Za-z])|bis|hs|[IVX]{1,4}\b))?(?:[-/][0-9]{1,4})?(?![0-9A-Za-z])"
)
_WORD = re.compile(r"[A-Za-zÀ-ɏ'.\-]+")
_SMALL = frozenset({"van", "de", "der", "den", "het", "ter", "ten", "op", "aan", "in", "'t", "v.d."})
_FIRST = frozenset({"Laan", "Weg", "Plein", "Kade", "Straat", "Hof", "Singel", "Park", "Markt", "Boulevard", "Avenue"})
_TITLES = frozenset(
    """
    Burgemeester Burg. Prins Prinses Koning Koningin Keizer Dokter Dr. Professor Prof. Pastoor Graaf Sint Admiraal
    Generaal Kapitein Minister Mr. Ds. Dominee Ir. Jan Willem Maria Anna
    """.split()  # noqa: SIM905 - a list of words reads like one
)
"""What a street begins with before `van`: a person's greeting before it is no part of the street."""
_LIVES = re.compile(
    r"\b(?:woon|woont|wonen|woonde|woonachtig|adres(?: is)?|bezoekadres|postadres|thuis|bel aan)\b", re.I
)
_MEASURES = (
    *("km", "kilometer", "meter", "m ", "m.", "m,", "cm", "mm", "%", "procent", "euro", "€", "auto", "fiets", "boom"),
    *("bomen", "woning", "huizen", "keer", "maal", "jaar", "uur", "min ", "minuten", "dagen", "weken", "maanden"),
    *("mensen", "inwoners", "parkeer", "plekken", "plaatsen", "per ", "t/m", "tot ", "stuks", "graden", "januari"),
    *("februari", "maart", "april", "mei ", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    *(":0", ":1", ":2", ":3", ":4", ":5", ".0", ",5", "-jarige", "banken", "bankjes", "lantaarn", "kinderen", "ton "),
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}$")


def addresses(text: str) -> Iterator[Finding]:
    """A postcode with its letters; and a street with a number that counts nothing."""
    for found in _POSTCODE.finditer(text):
        letters = found.group()[-2:]
        is_named = is_called(("postcode",), text, found.start())
        is_told = letters.isupper() or is_after(_LIVES, text, found.start(), 60)
        is_word = letters.lower() in _SMALL_WORDS and (not letters.isupper() or _YEAR.match(found.group()[:4]))
        if is_named or (is_told and not is_word):
            yield Finding(found.start(), found.end(), Kind.ADDRESS, Cause.POSTCODE)
    for found in _NUMBER.finditer(text):
        start = _street_before(text, found.start() - 1)
        is_measure = text[found.end() : found.end() + 14].lstrip(" ").lower().startswith(_MEASURES)
        if start is not None and not is_measure and not _YEAR.match(found.group()):
            yield Finding(start, found.end(), Kind.ADDRESS, Cause.STREET)


def _street_before(text: str, end: int) -> int | None:
    """Where the street begins that ends here, or None. Any name is one, where somebody says to live."""
    words = list(_WORD.finditer(text, max(0, end - 60), end))[-4:]
    if not words or words[-1].end() != end or not words[-1].group()[0].isupper():
        return None
    lives = is_after(_LIVES, text, words[-1].start(), 30)
    first = len(words) - 1
    for at in range(first - 1, -1, -1):
        word, following = words[at], words[at + 1]
        if following.start() - word.end() != 1 or not (word.group()[0].isupper() or word.group() in _SMALL):
            break
        begins = word.group() in _FIRST | _TITLES or word.group().lower() in _SMALL
        if following.group() in _SMALL - {"'t"} and not begins:
            break
        first = at if word.group()[0].isupper() or word.group() == "'t" else first
    is_street = words[-1].group().lower().endswith(_STREETS) or words[first].group() in _FIRST
    return words[first].start() if is_street or lives else None
