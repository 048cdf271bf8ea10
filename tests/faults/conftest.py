"""What suites share: a recorded crowd is recorded once."""

import asyncio
import os
import secrets

import pytest

from tests.faults import recording
from tests.faults.recorded import Recorded, record

ANSWERS = int(os.environ.get("ANSWERS", "120"))
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))


@pytest.fixture(scope="session")
def sqlite_within_reach() -> None:
    """Python's SQLite can be watched."""
    if not recording.is_possible():
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse("this Python carries SQLite inside itself, where it cannot be watched")


@pytest.fixture(scope="session")
def recorded(sqlite_within_reach: None, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """A crowd's work on the site as it is."""
    return asyncio.run(record(tmp_path_factory.mktemp("recorded"), answers=ANSWERS, seed=SEED))


@pytest.fixture(scope="session")
def recorded_with_less(sqlite_within_reach: None, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """The same on a site that does not sync each commit: whoever looks for what is lost must find it here."""
    return asyncio.run(record(tmp_path_factory.mktemp("less"), answers=40, seed=SEED, synchronous="NORMAL"))
