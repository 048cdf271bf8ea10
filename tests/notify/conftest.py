"""A worker of this test's own: letters stay in memory, nudges in a list."""

import pytest

from kernel.clock import StandingClock
from kernel.db import Database
from kernel.i18n import load_catalogues
from kernel.settings import Settings
from klankbord import asset_dir
from klankbord.templating import make_environment
from klankbord.worker import Worker
from notify.transport import Memory


class Heard:
    """Keeps the topics that were nudged."""

    def __init__(self) -> None:
        self.topics: list[str] = []

    def nudge(self, topic: str) -> None:
        """Keep it."""
        self.topics.append(topic)


@pytest.fixture
def heard() -> Heard:
    """Every nudge of this test."""
    return Heard()


@pytest.fixture
def post() -> Memory:
    """Every letter that left."""
    return Memory()


@pytest.fixture
def worker(database: Database, settings: Settings, clock: StandingClock, heard: Heard, post: Memory) -> Worker:
    """A worker that turns when it is told to."""
    load_catalogues(asset_dir("locale"))
    return Worker(
        database=database,
        clock=clock,
        settings=settings,
        environment=make_environment(settings),
        hub=heard,
        transport=post,
    )
