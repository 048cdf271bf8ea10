"""Pages and templates belong together, one to one."""

from collections import Counter

from kernel.pages import Page
from tests.house.tree import ROOMS, TEMPLATES, subclasses


def given() -> list[str]:
    """The template of every page of the house."""
    return [kind.template for kind in subclasses(Page) if "template" in vars(kind)]  # type: ignore[attr-defined]  # Page


def test_every_page_has_its_template() -> None:
    assert [name for name in given() if not (TEMPLATES / name).is_file()] == []


def test_no_two_pages_share_a_template() -> None:
    assert [name for name, times in Counter(given()).items() if times > 1] == []


def test_every_page_template_has_its_page() -> None:
    found = {
        path.relative_to(TEMPLATES).as_posix()
        for room in ROOMS
        for path in (TEMPLATES / room).rglob("*.html")
        if not path.name.startswith("_")
    }
    assert sorted(found - set(given())) == []


def test_pages_are_frozen() -> None:
    loose = [kind.__name__ for kind in subclasses(Page) if not kind.__dataclass_params__.frozen]  # type: ignore[attr-defined]  # dataclasses
    assert loose == []
