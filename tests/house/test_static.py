"""What a strict Content-Security-Policy needs: no inline script or style, nothing from elsewhere."""

import re
from pathlib import Path

from tests.house.tree import STATIC, TEMPLATES, place, templates

INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|<script[^>]*>\s*[^<\s]|\son[a-z]+\s*=\s*[\"']|javascript:",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.-]+[^\s\"'<)]*", re.IGNORECASE)
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"}


def bare(path: Path) -> str:
    """A file's text without the comments of templates and style sheets."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}|/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)


def test_pages_hold_no_inline_script_or_style() -> None:
    letters = TEMPLATES / "emails"  # mail programs read no style sheets
    found = [
        f"{place(path)}: {match.group()}"
        for path in templates()
        if not path.is_relative_to(letters)
        for match in INLINE.finditer(bare(path))
    ]
    assert found == []


def test_letters_hold_no_script() -> None:
    letters = TEMPLATES / "emails"
    assert [place(path) for path in templates() if path.is_relative_to(letters) and "<script" in bare(path)] == []


def test_nothing_comes_from_another_site() -> None:
    files = [*templates(), *(path for path in sorted(STATIC.rglob("*")) if path.suffix in {".css", ".js", ".svg"})]
    found = {
        f"{place(path)}: {match.group()}"
        for path in files
        for match in ELSEWHERE.finditer(bare(path))
        if match.group() not in NAMESPACES and ".example" not in match.group()
    }
    assert sorted(found) == []
