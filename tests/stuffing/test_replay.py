"""Attacks like Breda's are set apart, and honest people count. One small replay here; all of them by a command:

    STUFFING_SEEDS=4 .venv/bin/python -m pytest tests/stuffing -s -n 0

plays each of the six attacks with that many seeds, whole: 7,000 faked supports from fifty networks among 900 genuine.
"""

import os

import pytest

from kernel.db import Database
from tests.stuffing.replay import play
from tests.stuffing.town import ATTACKS, DAYS, Town, attacked, shrunk

SEEDS = range(1, int(os.environ.get("STUFFING_SEEDS", "0")) + 1)
FIRST = int(os.environ.get("STUFFING_FIRST", "0"))
IS_LONG = bool(SEEDS)
long = pytest.mark.skipif(not IS_LONG, reason="the whole replay is a command: STUFFING_SEEDS=4")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ATTACKS)
@long
async def test_an_attack_like_breda_is_set_apart_and_honest_people_count(
    database: Database, kind: str, seed: int
) -> None:
    outcome = await play(database, attacked(FIRST + seed, kind).in_order)
    print(f"\n{kind}, seed {FIRST + seed}: {outcome}")

    assert (outcome.faked, outcome.genuine) == (7_000, 900)
    assert outcome.caught >= 0.99
    assert outcome.wronged <= 0.01


@pytest.mark.parametrize(("kind", "seed"), [("in one night", 1), ("with cover", 2)])
async def test_a_small_attack_is_set_apart_and_honest_people_count(database: Database, kind: str, seed: int) -> None:
    outcome = await play(database, shrunk(attacked(seed, kind).in_order, to=0.14, seed=seed))
    print(f"\n{kind}, a seventh of it, seed {seed}: {outcome}")

    assert outcome.faked > 500
    assert outcome.caught >= 0.99
    assert outcome.wronged <= 0.01


@pytest.mark.parametrize("seed", SEEDS or [1])
async def test_a_crowd_after_an_article_counts(database: Database, seed: int) -> None:
    town = Town(seed)
    town.crowd_after_an_article()
    outcome = await play(database, town.in_order)
    print(f"\nafter an article, seed {seed}: {outcome}")

    assert (outcome.genuine, len({one.network for one in town.given})) == (500, 430)
    assert outcome.wronged <= 0.01


@long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
async def test_the_school_that_supports_just_the_idea_that_is_attacked_waits_for_a_person(
    database: Database, seed: int
) -> None:
    """What the rule cannot tell apart, told: forty pupils who lean to the flooded idea look like one more network."""
    town = attacked(seed, "like people")
    school = [one for one in town.given if one.place == "school"]
    outcome = await play(
        database,
        [one if one not in school else type(one)(**(vars(one) | {"idea": town.target})) for one in town.in_order],
    )
    print(f"\nthe school and the attack want the same, seed {seed}: {outcome}")

    assert outcome.caught >= 0.99
    assert set(outcome.places) <= {"school"}


@long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_network_for_every_few_addresses_looks_like_a_town(database: Database, seed: int) -> None:
    """The limit, told: IPv6 with a /64 for every three addresses, or a botnet. The mailbox is all that it costs."""
    town = Town(seed)
    town.genuine()
    for number in range(700):
        network = f"hop-{number // 3}"
        town.fake(network, town.target, town.random.random() * DAYS * 86400, town.host(), town.waiting())
    outcome = await play(database, town.in_order)
    print(f"\na /64 for every three addresses, seed {seed}: {outcome}")

    assert outcome.genuine_apart == 0
    assert outcome.caught == 0.0
