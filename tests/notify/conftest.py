"""A worker of this test's own: letters stay in memory, nudges in a list."""

import pytest
from jinja2 import Environment

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


@pytest.fixture(scope="session")
def environment() -> Environment:
    """The templates of letters, parsed once for all tests; they ask the settings only for zone and address."""
    load_catalogues(asset_dir("locale"))
    return make_environment(Settings(mode="test", public_url="http://panel.test"))


@pytest.fixture
def worker(
    database: Database,
    settings: Settings,
    clock: StandingClock,
    heard: Heard,
    post: Memory,
    environment: Environment,
) -> Worker:
    """A worker that turns when it is told to."""
    return Worker(
        database=database,
        clock=clock,
        settings=settings,
        environment=environment,
        hub=heard,
        transport=post,
    )
