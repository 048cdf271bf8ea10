"""The corpus in packs, so that a page meets many payloads at once and each place meets every pack in the end."""

from collections.abc import Callable
from functools import cache

from kernel.plain_text import cleaned
from tests.hostile.corpus import corpus

MANY = 40
LONGEST = 600


@cache
def packs() -> tuple[tuple[str, ...], ...]:
    """Forty payloads at a time; what is very long is cut here, and tried at its full length in forms."""
    short = [one[:LONGEST] for one in corpus()]
    return tuple(tuple(short[start : start + MANY]) for start in range(0, len(short), MANY))


def pack_for(turn: int, number: int) -> tuple[str, ...]:
    """Which pack a place meets in which turn: in as many turns as there are packs each place has met all."""
    return packs()[(turn + number * 7) % len(packs())]


@cache
def as_kept(pack: tuple[str, ...], is_line: bool) -> str:
    """A pack as the forms let it in."""
    kept = cleaned("\n".join(pack))
    return " ".join(kept.split()) if is_line else kept


@cache
def as_is(pack: tuple[str, ...], _is_line: bool) -> str:
    """A pack as it never comes through a form: only without what no database keeps."""
    return "\n".join(pack).encode(errors="ignore").decode().replace("\x00", "")


def writer(turn: int, form: Callable[[tuple[str, ...], bool], str]) -> Callable[[int, bool], str]:
    """What stands at each place in a turn: the number of the place first, so that lists keep their order."""
    return lambda number, is_line: f"w{number}z {form(pack_for(turn, number), is_line)}"
