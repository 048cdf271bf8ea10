"""The house as files: what the tests of the house read."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = ROOT / "platform"
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
ROOMS = (
    *("kernel", "accounts", "consultations", "themes", "conversations"),
    *("moderation", "panels", "notify", "klankbord"),
)


def place(path: Path) -> str:
    """A file as people name it: from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()


def modules() -> list[Path]:
    """Every module of ours, the migrations' steps left out."""
    return sorted(path for path in PLATFORM.rglob("*.py") if "versions" not in path.parts)


def templates() -> list[Path]:
    """Every template: pages, partials, macros and letters."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


@cache
def parsed(path: Path) -> ast.Module:
    """A module's source as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def subclasses(base: type) -> list[type]:
    """Every class of the house below a base, after importing all rooms."""
    import_everything()
    return sorted(_below(base), key=lambda kind: (kind.__module__, kind.__qualname__))


def _below(base: type) -> Iterator[type]:
    found: list[type] = base.__subclasses__()
    for kind in found:
        yield from _below(kind)
        if kind.__module__.partition(".")[0] in ROOMS:
            yield kind


@cache
def import_everything() -> None:
    """Import every module, so that every class and table is known."""
    for room in ROOMS:
        for found in pkgutil.walk_packages([str(PLATFORM / room)], prefix=f"{room}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def table_rows(document: str, *, after: str) -> list[list[str]]:
    """The cells of the Markdown table below a heading, its two heading rows left out."""
    lines = (ROOT / document).read_text(encoding="utf-8").partition(f"\n{after}\n")[2].splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("|")), len(lines))
    rows: list[list[str]] = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows
