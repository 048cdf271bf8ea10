"""A QR code as the numbers that an SVG needs: its size, and one path of black runs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import segno

BORDER = 4
"""White squares around it: a camera needs them to find it."""


@dataclass(frozen=True)
class QrCode:
    """Squares from side to side with the white around them, and the SVG path of the black ones."""

    size: int
    path: str


def drawn(text: str) -> QrCode:
    """The code that holds this text; still readable when a seventh of it is."""
    matrix = segno.make_qr(text, error="m").matrix
    rows = [run for y, row in enumerate(matrix, start=BORDER) for run in _runs(row, y)]
    return QrCode(len(matrix) + 2 * BORDER, "".join(rows))


def _runs(row: Iterable[int], y: int) -> list[str]:
    """One rectangle of height one for each run of black squares."""
    found, x = [], BORDER
    for is_black, run in groupby(row):
        length = len(list(run))
        if is_black:
            found.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return found
