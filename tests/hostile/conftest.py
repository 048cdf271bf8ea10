"""The town, built once for each test that shows it."""

import os

import pytest

FULL = os.environ.get("HOSTILE") == "full"


@pytest.fixture(scope="session")
def is_full() -> bool:
    """Whether everything is tried with everything."""
    return FULL
