"""How somebody uses a page: by touching what they see, or with the keys of a keyboard and nothing else."""

from dataclasses import dataclass
from re import Pattern
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page

IN_TWO_WAYS = pytest.mark.parametrize(
    ("keys", "javascript"), [(True, True), (False, False)], ids=["keyboard-alone", "without-scripts"]
)
AS_STAFF = pytest.mark.parametrize(
    ("keys", "javascript"),
    [
        pytest.param(True, True, id="keyboard-alone"),
        pytest.param(False, False, id="without_scripts", marks=pytest.mark.slow),
    ],
)
"""The tests over HTTP have no scripts either: what staff do so is told in a browser only when asked for."""
Role = Literal["button", "link"]
FURTHEST = 150
SEEN = """one => {
    const box = one.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 20);
    const outlined = [null, "::after"].some((part) => getComputedStyle(one, part).outlineStyle !== "none");
    return outlined && one.contains(document.elementFromPoint(x, y));
}"""
"""Whether the browser shows where the keyboard is, with nothing lying over it."""
BETWEEN = """one => {
    const shown = { contentVisibilityAuto: true, visibilityProperty: true };
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    const stops = all.filter((stop, number) => {
        if (stop === one || stop === document.activeElement) return true;
        if (stop.tabIndex < 0 || stop.disabled || stop.type === "hidden" || !stop.checkVisibility(shown)) return false;
        if (stop.type !== "radio" || stop.checked) return true;
        const row = all.filter((other) => other.type === "radio" && other.name === stop.name);
        return row[0] === stop && !row.some((other) => other.checked);
    });
    return stops.indexOf(one) - stops.indexOf(document.activeElement);
}"""
"""How many times Tab is pressed to get there, as far as the page tells; below zero it lies behind."""


@dataclass(frozen=True)
class Hands:
    """Somebody at a page. With `keys` nothing is touched: everything is walked to with Tab, and must show its focus."""

    page: Page
    keys: bool = False

    def write(self, label: str, words: str) -> None:
        """Fill a field, in place of what stands there."""
        field = self.page.get_by_label(label, exact=True)
        if not self.keys:
            field.fill(words)
            return
        self._walk_to(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)

    def press(self, name: str | Pattern[str], *, role: Role = "button") -> None:
        """Press a button of the page, or the first whose name fits a pattern, and wait for the page it brings."""
        wanted = self.page.get_by_role("main").get_by_role(role, name=name, exact=True)
        wanted = wanted if isinstance(name, str) else wanted.first
        if self.keys:
            self._walk_to(wanted)
        with self.page.expect_navigation():
            if self.keys:
                self.page.keyboard.press("Enter")
            else:
                wanted.click()

    def follow(self, name: str) -> None:
        """Follow a link of the page."""
        self.press(name, role="link")

    def follow_below(self, name: str) -> None:
        """Follow a link that stands under every page."""
        wanted = self.page.get_by_role("contentinfo").get_by_role("link", name=name, exact=True)
        if self.keys:
            self._walk_to(wanted)
        with self.page.expect_navigation():
            if self.keys:
                self.page.keyboard.press("Enter")
            else:
                wanted.click()

    def tick(self, label: str) -> None:
        """Tick a box."""
        box = self.page.get_by_label(label, exact=True)
        if not self.keys:
            box.check()
            return
        self._walk_to(box)
        self.page.keyboard.press("Space")

    def choose(self, label: str) -> None:
        """Choose one of a row of round buttons: to the first by Tab, on by the arrows."""
        wanted = self.page.get_by_label(label)
        if not self.keys:
            wanted.check()
            return
        self._walk_to(self.page.locator("input[type=radio]").first)
        self.page.keyboard.press("Space")
        for _ in range(FURTHEST):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no way to {label} by the arrows")

    def unfold(self, name: str) -> None:
        """Open what is folded under these words."""
        wanted = self.page.locator("summary", has_text=name)
        if self.keys:
            self._walk_to(wanted)
            self.page.keyboard.press("Enter")
        else:
            wanted.click()

    def reach(self, name: str) -> Locator:
        """Bring the keyboard to what is folded under these words, and leave it there."""
        wanted = self.page.locator("summary", has_text=name)
        self._walk_to(wanted)
        return wanted

    def _walk_to(self, wanted: Locator) -> None:
        between = wanted.evaluate(BETWEEN)
        for _ in range(abs(between)):
            self.page.keyboard.press("Tab" if between > 0 else "Shift+Tab")
        for _ in range(FURTHEST):
            if wanted.evaluate("one => one === document.activeElement"):
                assert wanted.evaluate(SEEN), f"nothing shows that the keyboard is at {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way to {wanted} by keyboard")
