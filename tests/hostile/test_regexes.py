"""No pattern of ours takes longer as the text grows than the text does: each meets a hundred thousand of its worst."""

import ast
import importlib
import os
import re
import time
from collections import deque
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest

from tests.house.tree import PLATFORM, import_everything, modules, parsed

LENGTH = 100_000
MOST_SECONDS = 0.05
FULL = os.environ.get("HOSTILE") == "full"
OFTEN = (
    "a",
    "0",
    " ",
    "\n",
    "-",
    ".",
    "@",
    "A",
    "é",
    "\u0301",
    "\u200d",
    "a-",
    "a.",
    "A-",
    " \n",
    "a@",
    "Aa'",
    "=\n",
    "'\"",
)


def module_of(path: str) -> ModuleType:
    return importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))


@cache
def patterns() -> dict[str, re.Pattern[Any]]:
    """Every pattern that a module compiles, and every one that it gives to `re` on the spot, by where it stands."""
    import_everything()
    found: dict[str, re.Pattern[Any]] = {}
    for path in modules():
        place = path.relative_to(PLATFORM).as_posix()
        if place.endswith("__main__.py") or "migrations" in place:
            continue
        for name, value in vars(module_of(place)).items():
            if isinstance(value, re.Pattern):
                found[f"{place}:{name}"] = value
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in {f"re.{verb}" for verb in VERBS}:
                continue
            if isinstance(node.args[0], ast.Constant):
                written = node.args[0].value
                found[f"{place}:{node.lineno}"] = re.compile(written if isinstance(written, bytes) else str(written))
    return found


def verbs(place: str) -> list[str]:
    """What a module does with its pattern; everything, when that is not to be seen."""
    path, _, name = place.partition(":")
    found = re.findall(rf"\b{name}\.({'|'.join(VERBS)})\b", (PLATFORM / path).read_text(encoding="utf-8"))
    return sorted(set(found)) or ["search"]


VERBS = ("match", "fullmatch", "search", "sub", "split", "findall", "finditer")


def signs(pattern: re.Pattern[Any]) -> str:
    """The pattern as it is written, also when it reads bytes."""
    return str(pattern.pattern, "latin-1") if isinstance(pattern.pattern, bytes) else str(pattern.pattern)


def pieces(pattern: re.Pattern[Any]) -> Iterator[str]:
    """What to repeat: each sign that stands in the pattern, those that often do harm, and signs side by side."""
    own = list(dict.fromkeys(sign for sign in re.sub(r"\\[UuxwWsSbBdD][0-9a-f]*", "", signs(pattern)) if sign > " "))
    own = own if FULL else own[:: max(1, len(own) // 8)]
    yield from dict.fromkeys((*OFTEN, *own, *("".join(two) for two in pairwise(own))))


def seconds(pattern: re.Pattern[Any], verb: str, given: str) -> float:
    """How long it takes; the best of ten, for the machine has other work too."""
    taken = []
    text, nothing = (given.encode(), b"") if isinstance(pattern.pattern, bytes) else (given, "")
    for _ in range(10):
        began = time.process_time()
        if verb == "sub":
            pattern.sub(nothing, text)
        else:
            deque(getattr(pattern, verb)(text) or (), maxlen=0) if verb == "finditer" else getattr(pattern, verb)(text)
        taken.append(time.process_time() - began)
        if taken[-1] < MOST_SECONDS:
            break
    return min(taken)


@pytest.mark.parametrize("place", sorted(patterns()))
def test_a_pattern_takes_a_hundred_thousand_signs_in_fifty_milliseconds(place: str) -> None:
    pattern = patterns()[place]
    begins = re.match(r"[A-Za-z:/@<#]+", signs(pattern))
    slow: dict[str, float] = {}
    for piece in pieces(pattern):
        for text in (
            piece * (LENGTH // len(piece)) + "\x00",
            (begins.group() if begins else "1") + piece * 9_999 + "!",
        ):
            slow |= {
                f"{verb}: {piece}": taken
                for verb in verbs(place)
                if (taken := seconds(pattern, verb, text)) > MOST_SECONDS
            }
    assert slow == {}


def test_there_are_patterns_to_try() -> None:
    assert len(patterns()) > 30
    assert "kernel/forms.py:_MAILBOX" in patterns()
