"""Names reduced to how they look: what reads the same to a person becomes the same text."""

import re
import unicodedata

_SAME = {
    "a": "аαɑ4@ᴀ∀",
    "b": "ьвβ8ʙ฿",
    "c": "сϲ¢ᴄ©",
    "d": "ԁđᴅð",
    "e": "еёεэ3€ᴇəєҽ",
    "f": "ƒꜰ",
    "g": "ɡց9ɢ",
    "h": "һհнħʜη",
    "i": "іїιɩı1!|lӏɪʟł¡ⅼ",
    "j": "јյᴊ",
    "k": "кκᴋ",
    "m": "мᴍ",
    "n": "пոᴎɴ",
    "o": "оοօσ0øᴏ○◯",
    "p": "рρᴘ",
    "q": "ԛզ",
    "r": "гʀ®",
    "s": "ѕ5$ꜱ§",
    "t": "тτ7ŧᴛ†",
    "u": "υսᴜμ",
    "v": "νᴠѵ",
    "w": "ԝωᴡшщ",
    "x": "хχ×",
    "y": "уүγʏ¥",
    "z": "ᴢ2ʐ",
}
_LETTERS = {ord(sign): letter for letter, signs in _SAME.items() for sign in signs}
for _first in (
    0x1F150,
    0x1F170,
    0x1F1E6,
):  # letters in black circles and squares, and of flags
    _LETTERS |= {_first + number: chr(ord("a") + number) for number in range(26)}
_GREEK_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")  # their small letters look otherwise
_TWO_AS_ONE = (("rn", "m"), ("vv", "w"), ("ij", "y"))
_CLOSING = re.compile(r"[!|]+(?!\w)")  # no letter there
_NO_LETTER = re.compile(r"[^a-z]+")


def skeleton(text: str) -> str:
    """How a name looks, in small plain letters and single spaces: `M0dеrаtоr` becomes `moderator`.

    Not to be shown: figures become the letters that they look like, and l becomes i. Compare it with the skeleton of
    something else.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).translate(_GREEK_CAPITALS).casefold())
    marked = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "M")
    looks = _NO_LETTER.sub(" ", _CLOSING.sub("", marked).translate(_LETTERS)).strip()
    for two, one in _TWO_AS_ONE:
        looks = looks.replace(two, one)
    return looks
