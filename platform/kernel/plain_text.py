"""Plain text as people type it: what nobody sees goes out, what a language needs stays exactly as it was typed.

Done once, at the edge, by `kernel.forms`; what was cleaned does not change when it is cleaned again. Every step takes
time in proportion to the text, whatever is in it.
"""

import re
import unicodedata
from collections.abc import Callable

MOST_MARKS = 3
"""Accents of the kind that fits on any letter (U+0301 and its like) that one letter carries."""
MOST_SCRIPT_MARKS = 6
"""Vowels, tones and points of a script's own on one letter: Burmese words have four."""
_LONGEST_RUN = 30  # marks in a row before they are put in order: sorting them takes quadratic time


def _of(*bounds: int) -> str:
    """A part of a character class: first and last of each stretch."""
    return "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in zip(bounds[::2], bounds[1::2], strict=True))


def _stretches(is_one: Callable[[str], bool]) -> str:
    """A part of a character class: all characters for which this is so, where there are marks at all."""
    found: list[int] = []
    for code in (*range(0x300, 0x3400), *range(0xA000, 0xAC00), *range(0xFB00, 0x20000)):
        if is_one(chr(code)):
            if found and found[-1] == code - 1:
                found[-1] = code
            else:
                found += [code, code]
    return _of(*found)


_VARIATIONS = _of(0x180B, 0x180D, 0x180F, 0x180F, 0xFE00, 0xFE0F, 0xE0100, 0xE01EF)
_JOINERS = _of(0x180E, 0x180E, 0x200C, 0x200D)
_DIRECTIONS = _of(0x61C, 0x61C, 0x200E, 0x200F)
_IN_PLACE = f"{_VARIATIONS}{_JOINERS}{_DIRECTIONS}\u200b"  # unseen themselves, seen in what they do to their neighbours
_GENERAL = _of(0x300, 0x36F, 0x483, 0x489, 0x1AB0, 0x1AFF, 0x1DC0, 0x1DFF, 0x20D0, 0x20FF, 0xFE20, 0xFE2F)
_MARKS = _stretches(
    lambda sign: (
        (unicodedata.category(sign) in {"Mn", "Me"} or unicodedata.combining(sign) > 0)
        and not re.match(f"[{_VARIATIONS}]", sign)
    )
)
_NEVER = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u17b4\u17b5\u3164\uffa0\ufeff"
    + _of(0x202A, 0x202E, 0x2060, 0x206F, 0xFDD0, 0xFDEF, 0xFFF0, 0xFFFC, 0xFFFE, 0xFFFF)  # directions, no characters
    + _of(0xD800, 0xDFFF, 0xE000, 0xF8FF, 0xF0000, 0x10FFFF)  # halves of characters; private ones
    + _of(0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0000, 0xE001F, 0xE0080, 0xE00FF, 0xE01F0, 0xE0FFF)
    + "".join(_of(plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF) for plane in range(1, 15))
    + "]"
)
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BULLETS = re.compile("[\uf0a7\uf0b7]")  # what a list in a text processor leaves behind
_TAGGED_FLAGS = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in country) for country in ("gbeng", "gbsct", "gbwls")
)
_TAGS = re.compile(f"(\U0001f3f4(?:{_TAGGED_FLAGS})\U000e007f)|[\U000e0020-\U000e007f]")
_LONG_RUN = re.compile(f"([{_MARKS}]{{{_LONGEST_RUN}}})[{_MARKS}]+")
_PILE = re.compile(f"[{_MARKS}{_IN_PLACE}]{{{MOST_MARKS + 1},}}")
_IS_MARK, _IS_GENERAL = re.compile(f"[{_MARKS}]"), re.compile(f"[{_GENERAL}]")
_LOOSE_MARKS = re.compile(f"(?<!\\S)[{_MARKS}{_VARIATIONS}{_JOINERS}]+")
_UNSEEN = re.compile(f"[{_IN_PLACE}]+")
_RIGHT_TO_LEFT = re.compile(
    f"[{_of(0x590, 0x61B, 0x61D, 0x8FF, 0xFB1D, 0xFDFF, 0xFE70, 0xFEFC, 0x10800, 0x10FFF, 0x1E800, 0x1EFFF)}]"
)
_JOINED_SCRIPT = re.compile(  # Arabic and its kin, the scripts of India and of what lies around it, Mongolian
    f"[{_of(0x600, 0x8FF, 0x900, 0xDFF, 0xF00, 0x109F, 0x1780, 0x18AF, 0x1A20, 0x1AAF, 0x1B00, 0x1BFF, 0xA800, 0xABFF)}"
    f"{_of(0xFB50, 0xFDFF, 0xFE70, 0xFEFC, 0x10A00, 0x10AFF, 0x10D00, 0x10FFF, 0x11000, 0x11FFF, 0x1E900, 0x1E95F)}]"
)
_UNSPACED_SCRIPT = re.compile(f"[{_of(0xE00, 0x109F, 0x1780, 0x17FF, 0x1950, 0x1AAF, 0xA980, 0xA9FF, 0xAA00, 0xAADF)}]")
_PICTURE = re.compile(f"[{_of(0x2190, 0x2BFF, 0x1F000, 0x1FAFF, 0x1FC00, 0x1FFFD)}\xa9\xae\u203c\u2049\u2122\u2139]")
_IDEOGRAPH = re.compile(f"[{_of(0x2E80, 0x2FDF, 0x3005, 0x3007, 0x3400, 0x9FFF, 0xF900, 0xFAFF, 0x20000, 0x3FFFF)}]")
_SEEN = re.compile(f"[^\\s\u115f\u1160\u2800{_MARKS}{_IN_PLACE}]")


def cleaned(text: str) -> str:
    """Several lines: NFC, `\\n` line ends, without controls, unseen or private characters or piles of accents.

    Empty when nothing in it can be seen. What joins letters or emoji stays where it does so, and nowhere else.
    """
    text = _BREAKS.sub("\n", text)
    if text.isascii():
        return _NEVER.sub("", text).strip()
    text = _TAGS.sub(r"\1", _NEVER.sub("", _BULLETS.sub("•", text)))
    text = unicodedata.normalize("NFC", _LONG_RUN.sub(r"\1", text))
    text = unicodedata.normalize("NFC", _PILE.sub(_lowered, text))
    text = _LOOSE_MARKS.sub("", text)
    is_right_to_left = _RIGHT_TO_LEFT.search(text) is not None
    text = _UNSEEN.sub(lambda found: _kept(found, keeps_directions=is_right_to_left), text)
    return unicodedata.normalize("NFC", text).strip() if _SEEN.search(text) else ""


def cleaned_name(text: str) -> str:
    """One line for a name: cleaned, with nothing unseen in it but what joins the letters of its script."""
    without = re.sub(f"[{_DIRECTIONS}\u200b]", "", cleaned(text))
    return unicodedata.normalize("NFC", " ".join(without.split()))


def _lowered(pile: re.Match[str]) -> str:
    """A pile of marks with as many as a letter carries."""
    kept: list[str] = []
    general = own = 0
    for sign in pile.group():
        if not _IS_MARK.match(sign):
            if not kept or kept[-1] != sign:
                kept.append(sign)
        elif _IS_GENERAL.match(sign):
            general += 1
            if general <= MOST_MARKS:
                kept.append(sign)
        else:
            own += 1
            if own <= MOST_SCRIPT_MARKS:
                kept.append(sign)
    return "".join(kept)


def _kept(found: re.Match[str], *, keeps_directions: bool) -> str:
    """What stays of unseen characters in a row: each once, and only where it does its work."""
    text, start, end = found.string, found.start(), found.end()
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    kept: list[str] = []
    for sign in found.group():
        beside = kept[-1] if kept else before
        if sign not in kept and _is_in_place(sign, beside, after, keeps_directions):
            kept.append(sign)
    return "".join(kept)


def _is_in_place(sign: str, before: str, after: str, keeps_directions: bool) -> bool:
    if sign in "\u200e\u200f\u061c":
        return keeps_directions
    if sign == "\u200b":
        return bool(_UNSPACED_SCRIPT.match(before) and _UNSPACED_SCRIPT.match(after))
    if sign in "\u200c\u200d\u180e":
        joins_emoji = sign == "\u200d" and _PICTURE.match(after) and (_PICTURE.match(before) or before == "\ufe0f")
        return bool(joins_emoji or _JOINED_SCRIPT.match(before))
    if sign in "\ufe0e\ufe0f":
        return unicodedata.category(before)[0] in "SPN" or before == "\u2139"
    if "\ufe00" <= sign <= "\ufe0d":
        return unicodedata.category(before) in {"Lo", "Sm"}
    is_mongolian = "\u1820" <= before <= "\u18aa"
    return bool(_IDEOGRAPH.match(before)) if sign > "\uffff" else is_mongolian
