"""Who wakes the worker, and with what: the scheduler library knows nothing of ours, and the lock keeps it mended."""

import ast
import os
import re
import subprocess
import sys

import pytest

from tests.house.tree import ROOT, modules, parsed, place


def test_one_module_uses_the_scheduler_library_and_only_to_be_called_each_second() -> None:
    found = {
        f"{place(path)}: {name}"
        for path in modules()
        for node in ast.walk(parsed(path))
        for name in _imported(node)
        if name.startswith("apscheduler")
    }
    assert found == {
        "platform/klankbord/ticking.py: apscheduler.job.Job",
        "platform/klankbord/ticking.py: apscheduler.schedulers.asyncio.AsyncIOScheduler",
        "platform/klankbord/ticking.py: apscheduler.triggers.base.BaseTrigger",
    }


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{one.name}" for one in node.names]
    return []


@pytest.mark.parametrize(("name", "floor"), [("apscheduler", (3, 11, 3)), ("tzdata", (2026, 1))])
def test_the_lock_has_a_version_without_the_known_faults(name: str, floor: tuple[int, ...]) -> None:
    """APScheduler 3.11.0 and 3.11.1 never leave the night on which the clocks go back."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = re.search(rf"^{name}==([0-9.]+)", lock, re.MULTILINE)
    assert locked
    assert tuple(int(part) for part in locked[1].split(".")) >= floor


def test_time_zones_are_known_on_a_machine_that_has_none() -> None:
    ask = "from kernel.settings import read_settings; print(read_settings({'KLANKBORD_MODE': 'test'}).zone)"
    bare = {**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": str(ROOT / "platform")}
    told = subprocess.run([sys.executable, "-c", ask], env=bare, capture_output=True, text=True, check=False)

    assert (told.stdout.strip(), told.stderr) == ("Europe/Amsterdam", "")
