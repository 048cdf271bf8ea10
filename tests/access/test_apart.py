"""Two people at once never see each other's page (T18), and how long an answer takes tells nobody what exists."""

import asyncio
import os
from statistics import median
from time import perf_counter

import pytest

from tests.access.conftest import Site

TIMES = int(os.environ.get("APART_TIMES", "500"))
AT_ONCE = 16
PAGES = ("/follow/asked", "/sign-in/code", "/blocked")
PEOPLE = ("resident", "author")
TRIES = 60
APART_AT_MOST = 0.005
"""Seconds between the medians of what is hidden and what is not there."""


async def test_pages_of_two_people_are_never_mixed_up(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    names = {person: f"Naam van {person}" for person in PEOPLE}
    mixed: list[str] = []

    async def read(turn: int) -> None:
        person, other = PEOPLE[turn % 2], PEOPLE[1 - turn % 2]
        answer = await site.asker.ask("GET", PAGES[turn % len(PAGES)], who=site.town.people[person])
        if names[person] not in answer.text or names[other] in answer.text:
            mixed.append(f"{turn}: {answer.status}")

    for start in range(0, TIMES, AT_ONCE):
        await asyncio.gather(*(read(turn) for turn in range(start, min(start + AT_ONCE, TIMES))))
    with capsys.disabled():
        print(f"\nPages of two people: {TIMES} answers, {AT_ONCE} at once, {len(mixed)} mixed up")
    assert mixed == []


@pytest.mark.parametrize("word", ["idea:held", "idea:draft"])
async def test_what_is_hidden_takes_as_long_as_what_is_not_there(
    site: Site, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = [site.town.address("/ideas/{idea_id:int}", one) for one in (word, "idea:absent")]
    took: dict[str, list[float]] = {address: [] for address in addresses}
    for _ in range(TRIES):
        for address in addresses:
            began = perf_counter()
            answer = await site.asker.ask("GET", address)
            took[address].append(perf_counter() - began)
            assert answer.status == 404
    hidden, absent = (median(took[address]) for address in addresses)
    with capsys.disabled():
        print(f"\n{word}: {1000 * hidden:.2f} ms, not there: {1000 * absent:.2f} ms")
    assert abs(hidden - absent) < APART_AT_MOST
