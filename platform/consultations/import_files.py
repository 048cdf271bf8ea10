"""The lines of a file as rows of named values, CSV or JSON Lines; which of them are ideas is for `imports` to say."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from math import isfinite
from typing import Any

from consultations.exports import bare_cell

MOST_DEEP = 32
"""Levels of lists and objects in a line of JSON."""


class NotReadable(Exception):
    """The file as a whole cannot be used; the message says why in one sentence."""


@dataclass(frozen=True)
class BadRow:
    """A line that cannot be an idea, and why."""

    line: int
    reason: str


def csv_rows(lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any] | BadRow]]:
    """Cells by the names in the first line; commas, semicolons or tabs between them, whichever there are most of."""
    rest = iter(lines)
    heading = next(rest, "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(chain([heading], rest), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        raise NotReadable(f"This is not CSV: {error}.") from None
    if not {"text", "body"} & set(names):
        raise NotReadable("The first line must name a column `text`, or columns `title` and `body`.")
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, BadRow(line, f"it is not CSV: {error}")
            continue
        if not any(cells):
            continue
        if len(cells) != len(names):
            yield line, BadRow(line, f"it has {len(cells)} columns, the first line has {len(names)}")
        else:
            yield line, dict(zip(names, map(bare_cell, cells), strict=True))


def jsonl_rows(lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any] | BadRow]]:
    """One object a line."""
    for line, written in enumerate(lines, start=1):
        if not written.strip():
            continue
        try:
            values = json.loads(written.removeprefix("\ufeff"), parse_constant=_finite, parse_float=_finite)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            yield line, BadRow(line, "it is not a JSON object")
        elif _is_deeper(values, MOST_DEEP):
            yield line, BadRow(line, f"it is nested deeper than {MOST_DEEP} levels")
        else:
            yield line, {str(name).lower(): value for name, value in values.items()}


def _finite(written: str) -> float:
    """NaN and Infinity are Python's own, also for 1e999: no JSON, and PostgreSQL does not keep them."""
    number = float(written)
    if not isfinite(number):
        raise ValueError(written)
    return number


def _is_deeper(value: Any, most: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(most == 0 or _is_deeper(one, most - 1) for one in inside if isinstance(one, dict | list))
