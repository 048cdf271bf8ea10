"""How many cases, from which seed; and the sites that they are sent to."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engines import Databases, NoPostgres, leave_out
from tests.fuzz.site import Sites


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is fuzzing: a step of its own."""
    for one in items:
        if Path(__file__).parent in one.path.parents:
            one.add_marker(pytest.mark.fuzz)


@dataclass(frozen=True)
class Plan:
    """CASES in all, SEED of the dice, and the one BATCH to be done again, if any."""

    cases: int
    seed: int
    batch: int | None


@pytest.fixture(scope="session")
def plan() -> Plan:
    """From the environment."""
    batch = os.environ.get("BATCH")
    return Plan(int(os.environ.get("CASES", "500")), int(os.environ.get("SEED", "1")), int(batch) if batch else None)


@pytest.fixture(scope="session")
def sites(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Sites with the same content, one after another."""
    try:
        yield Sites(databases, tmp_path_factory.mktemp("sites"))
    except NoPostgres as none:
        leave_out(none)
