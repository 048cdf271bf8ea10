"""A text made easier to read for the finders, character for character: every place in it stays where it is. Pure."""

import re
import unicodedata

_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_POINTS = "\u00b7\u2022\u2024\u2027\uff0e\u30fb"
_LEVEL = str.maketrans(
    {**dict.fromkeys(_SPACES, " "), **dict.fromkeys(_HYPHENS, "-"), **dict.fromkeys(_POINTS, "."), "\uff20": "@"}
)


def levelled(text: str) -> str:
    """Spaces, hyphens, points and digits of every kind as the plain ones."""
    if text.isascii():
        return text.replace("\t", " ")
    return "".join(_plain(sign) for sign in text.translate(_LEVEL))


def lowered(text: str) -> str:
    """In small letters; a letter whose small form is two stays as it is."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    return chr(ord(sign) - 0xFEE0) if "\uff21" <= sign <= "\uff5a" else sign


_LETTERS = re.compile("[a-zà-ɏ]+")


def is_called(names: tuple[str, ...], text: str, start: int) -> bool:
    """Whether one of the five words before this place begins so: an order's number is no citizen's."""
    return any(word.startswith(names) for word in _LETTERS.findall(lowered(_before(text, start, 40)))[-5:])


def is_after(words: re.Pattern[str], text: str, start: int, within: int = 30) -> bool:
    """Whether one of these words stands shortly before this place, in the same sentence."""
    return words.search(_before(text, start, within)) is not None


def _before(text: str, start: int, within: int) -> str:
    before = text[max(0, start - within) : start]
    cut = max(before.rfind(". "), before.rfind("\n"), before.rfind("? "), before.rfind("! "))
    return before[cut + 1 :]
