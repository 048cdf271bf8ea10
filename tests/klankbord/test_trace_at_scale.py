"""Who read or exported something, asked among very many records: within five seconds. And what a record costs.

TRACE_RECORDS=1000000 python -m pytest tests/klankbord/test_trace_at_scale.py -s
TEST_ENGINE=postgresql TRACE_RECORDS=1000000 python -m pytest tests/klankbord/test_trace_at_scale.py -s
"""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from accounts import sessions
from accounts.models import Person
from accounts.states import Role
from consultations.models import Idea
from kernel.db import Database, batched
from kernel.trace import AccessIdea, AccessRecord
from klankbord.trace.witness import Witness
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

RECORDS = int(os.environ.get("TRACE_RECORDS", "20000"))
WITHIN = 5.0
STAFF, IDEAS = 30, 5_000
SPREAD = timedelta(days=729)
SHORT = timedelta(days=7)
PAGES = int(os.environ.get("TRACE_PAGES", "20"))

pytestmark = [pytest.mark.slow]


def made_up(people: list[int]) -> Iterator[dict[str, Any]]:
    """Records of two years: moderators at their lists most of all, evenly over time."""
    dice = Random(7)  # noqa: S311 - a test must be repeatable
    for number in range(RECORDS):
        first = dice.randrange(1, IDEAS)
        kind = dice.choices(
            (f"idea:{first}", "queue", f"receipt:{first}", f"consultation:{dice.randrange(1, 40)}", "desk", "people"),
            weights=(35, 35, 10, 8, 10, 2),
        )[0]
        yield {
            "id": number + 1,
            "at": NOON - SPREAD + SPREAD * number / RECORDS,
            "person_id": None if kind.startswith("receipt") else dice.choice(people),
            "roles": "link" if kind.startswith("receipt") else "moderator",
            "act": "read",
            "subject": kind,
            "route": "queue.idea",
        }


def listed() -> Iterator[dict[str, Any]]:
    """What stood in lists: three ideas at every second record."""
    dice = Random(8)  # noqa: S311 - a test must be repeatable
    for number in range(0, RECORDS, 2):
        first = dice.randrange(1, IDEAS)
        at = NOON - SPREAD + SPREAD * number / RECORDS
        for idea_id in (1, first + 1, first + 2):
            yield {"record_id": number + 1, "idea_id": idea_id, "at": at}


@pytest.mark.timeout(1800)
async def test_an_answer_takes_less_than_five_seconds(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        author = await a_person(tx)
        ideas = [await an_idea(tx, consultation=consultation, author=author) for _ in range(12)]
        staff = [await a_person(tx, role=Role.MODERATOR) for _ in range(STAFF)]
        auditor = await a_person(tx, role=Role.AUDITOR)
        secret, _ = await sessions.begin(tx, person=auditor, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    for some in batched(made_up([one.id for one in staff]), 10_000):
        async with database.write() as tx:
            await tx.execute(insert(AccessRecord), some)
    for some in batched(listed(), 10_000):
        async with database.write() as tx:
            await tx.execute(insert(AccessIdea), some)
    async with database.write() as tx:
        await tx.execute(text("ANALYZE"))
        if not database.is_sqlite:
            await tx.execute(text("SELECT setval('access_record_id_seq', :last)"), {"last": RECORDS})

    asked = {
        "one idea": f"idea:{ideas[3].id}",
        "an idea in every second list": f"idea:{ideas[0].id}",
        "an idea that nobody read": "idea:999999",
        "a person with 12 ideas": f"person:{author.id}",
        "a consultation": f"consultation:{consultation.id}",
        "the queue": "queue",
        "all that one moderator read": f"reader:{staff[0].id}",
    }
    took: dict[str, float] = {}
    for name, about in asked.items():
        for period, since in (("two years", NOON - SPREAD), ("a week", NOON - SHORT)):
            address = f"/desk/trace?about={about}&since={since:%Y-%m-%dT%H:%M}&until={NOON:%Y-%m-%dT%H:%M}"
            began = time.perf_counter()
            await visitor.open(address)
            took[f"{name}, {period}"] = time.perf_counter() - began
            assert visitor.status == 200
    engine = "SQLite" if database.is_sqlite else "PostgreSQL"
    print(f"\n{RECORDS:,} records on {engine}: the page with the answer, in seconds")
    for name, seconds in took.items():
        print(f"  {name}: {seconds:.2f}")
    assert max(took.values()) < WITHIN


async def test_what_a_record_costs_a_page(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue with 25 ideas in it, read by a moderator: with the record and without."""
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        for _ in range(25):
            await an_idea(tx, consultation=consultation)
        person = await a_person(tx, role=Role.MODERATOR)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    write = Witness.write

    async def each_time(witness: Witness, *given: Any, **named: Any) -> None:
        witness._lately.clear()
        witness._listed.clear()
        await write(witness, *given, **named)

    async def never(*_: Any, **__: Any) -> None:
        pass

    took: dict[str, list[float]] = {"with": [], "without": []}
    for number in range(2 * PAGES):
        way = ("with", "without")[number % 2]
        monkeypatch.setattr(Witness, "write", each_time if way == "with" else never)
        began = time.perf_counter()
        await visitor.open("/moderation")
        took[way].append(time.perf_counter() - began)
    middle = {way: sorted(times)[len(times) // 2] * 1000 for way, times in took.items()}
    print(
        f"\nthe queue, {PAGES} times: half within {middle['with']:.1f} ms with a record,"
        f" {middle['without']:.1f} ms without"
    )

    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(AccessRecord)) == PAGES
        assert await db.scalar(select(func.count()).select_from(Idea)) == 25
        assert await db.get(Person, person.id) is not None
