"""The letters of a demo: there for anybody to read, harmless, and nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from tests.application import equipped, registered
from tests.moments import NOON
from tests.notify.test_relay import publish_one
from tests.visitor import Visitor


@pytest.fixture
async def demo(settings: Settings, clock: StandingClock, database: Database) -> AsyncIterator[Visitor]:
    """A visitor of a demo in which one letter was sent."""
    app = equipped(registered(mode="demo"), replace(settings, mode="demo"), clock=clock, database=database)
    await publish_one(database)
    await app.state.worker.turn(NOON)
    async with Visitor(app) as visitor:
        yield visitor


async def test_letters_are_listed_and_read_with_links_to_follow(demo: Visitor) -> None:
    await demo.open("/demo/mail")
    await demo.follow("staat op de site")

    assert "Uw idee staat op de site" in demo.text
    receipts = [address for _, address in demo.links if "/receipts/" in address]
    assert receipts[0].startswith("http://panel.test/receipts/")


async def test_a_letter_is_shown_as_it_looks_under_a_policy_of_its_own(demo: Visitor) -> None:
    await demo.open("/demo/mail")
    await demo.follow("staat op de site")
    await demo.follow("Bekijk hoe de mail eruitziet")

    assert "<h1>Uw idee staat op de site</h1>" in demo.text
    wanted = demo.page.headers["content-security-policy"]
    assert ("default-src 'none'" in wanted, "sandbox allow-top-navigation-by-user-activation" in wanted) == (True, True)
    assert "script-src" not in wanted


@pytest.mark.parametrize("name", ["x.eml", "..%2f..%2fetc%2fpasswd", "klankbord.db", ".eml"])
async def test_only_letters_are_shown(demo: Visitor, name: str) -> None:
    await demo.open(f"/demo/mail/{name}")

    assert demo.status == 404


@pytest.mark.parametrize("address", ["/demo/mail", "/demo/mail/x.eml", "/demo/mail/x.eml/html"])
async def test_there_are_no_such_pages_outside_a_demo(visitor: Visitor, address: str) -> None:
    await visitor.open(address)

    assert visitor.status == 404
