"""Walls that imports alone cannot show. The import walls themselves are contracts in pyproject.toml."""

import ast
import subprocess
import sys

import pytest

from tests.house.tree import PLATFORM, ROOMS, ROOT, modules, parsed, place

DOORS = {PLATFORM / "kernel" / "db.py", PLATFORM / "klankbord" / "migrations" / "env.py"}
DOORS.add(PLATFORM / "kernel" / "turns.py")  # what the doors do, said to the driver
HEAVY = ("numpy", "scipy", "sklearn", "sknetwork", "alembic", "faker", "polyfactory")


def test_only_the_doors_commit_and_roll_back() -> None:
    found = [
        f"{place(path)}:{node.lineno}"
        for path in modules()
        if path not in DOORS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]
    assert found == []


@pytest.mark.slow
def test_the_web_process_never_loads_the_heavy_libraries() -> None:
    look = "import klankbord.app, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    told = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "litestar" in told.stdout.split()
    assert sorted(set(told.stdout.split()) & set(HEAVY)) == []


@pytest.mark.slow
def test_help_loads_no_room() -> None:
    look = "import klankbord.__main__, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    told = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(told.stdout.split()) & {*ROOMS, "sqlalchemy", "litestar"} == {"klankbord"}
