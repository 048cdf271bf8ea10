"""The shape of the house."""

import ast
import subprocess
import sys

import pytest

from tests.house.tree import PLATFORM, ROOMS, ROOT, TEMPLATES, modules, parsed, place, templates

LONG_MODULES: dict[str, str] = {}
"""Modules of 250 lines and more, each with its reason."""
LONG_TEMPLATES = {"templates/_macros/form.html": "every field of every form, and the manual above them"}
"""Templates of 120 lines and more, each with its reason."""


def test_platform_is_a_source_root_and_no_package() -> None:
    assert not (PLATFORM / "__init__.py").exists(), "it would hide Python's own `platform` module"
    told = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip()


def test_the_rooms_are_the_folders_of_platform() -> None:
    assert {path.parent.name for path in PLATFORM.glob("*/__init__.py")} == set(ROOMS)


def test_tests_are_packages_from_the_root_up() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [place(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
    assert (ROOT / "tests" / "__init__.py").exists()


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_a_sign(room: str) -> None:
    sign = ast.get_docstring(parsed(PLATFORM / room / "__init__.py")) or ""
    assert 3 <= len(sign.splitlines()) <= 12


def test_no_room_hides_a_module_of_python_itself() -> None:
    assert set(ROOMS) & sys.stdlib_module_names == set()


def test_modules_are_short() -> None:
    long = {place(path) for path in modules() if len(path.read_text(encoding="utf-8").splitlines()) >= 250}
    assert long == set(LONG_MODULES)


def test_templates_are_short() -> None:
    long = {place(path) for path in templates() if len(path.read_text(encoding="utf-8").splitlines()) >= 120}
    assert long == set(LONG_TEMPLATES)


def test_every_module_says_what_it_is_for() -> None:
    assert [place(path) for path in modules() if not ast.get_docstring(parsed(path))] == []


def test_the_folders_that_travel_in_the_wheel_are_there() -> None:
    assert all((ROOT / name).is_dir() and any((ROOT / name).iterdir()) for name in ("templates", "static", "locale"))
    assert TEMPLATES.is_dir()
