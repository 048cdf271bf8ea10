"""A receipt that is read while its idea is confirmed, decided about, withdrawn and erased: a page, at every moment.

ROUNDS=200 python -m pytest tests/klankbord/test_receipts_at_once.py -n 0 -s
"""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from litestar import Litestar

from accounts.actor import Actor
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from moderation import decisions, queue
from moderation.states import Outcome
from notify import departures
from tests.builders import a_moderated_consultation, a_moderator, a_person, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

ROUNDS = int(os.environ.get("ROUNDS", "1"))
READERS = 6
PARTS = ("", "/files", "/decision", "/revise", "/appeal")
Deed = Callable[[WriteSession, Idea], Awaitable[object]]


def deeds(moderator: Actor) -> list[Deed]:
    """What happens to one idea after another, each in its own transaction."""
    return [
        lambda tx, idea: ideas.confirm(tx, idea=idea, now=NOON),
        lambda tx, idea: queue.claim(tx, idea=idea, actor=moderator, now=NOON),
        lambda tx, idea: decisions.decide(tx, idea=idea, actor=moderator, outcome=Outcome.PUBLISH, now=NOON),
        lambda tx, idea: ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON),
        lambda tx, idea: departures.leave(tx, person_id=idea.author_id, by=None, now=NOON),
    ]


@pytest.mark.timeout(900)
async def test_a_receipt_is_a_page_at_every_moment(app: Litestar, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        moderator = await a_moderator(tx)
    met = Counter[tuple[str, int]]()
    for _ in range(ROUNDS):
        met += await one_round(app, database, consultation, moderator)
    print({f"{part or '/'} {status}": count for (part, status), count in sorted(met.items())})
    assert {status for _, status in met} <= {200, 404, 409, 410}
    assert met["", 200] >= ROUNDS


async def one_round(
    app: Litestar, database: Database, consultation: Consultation, moderator: Actor
) -> Counter[tuple[str, int]]:
    async with database.write() as tx:
        author = await a_person(tx, confirmed_at=None)
        idea = await an_idea(tx, consultation=consultation, author=author, state=IdeaState.SUBMITTED)
        receipt = await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)
    met, is_over = Counter[tuple[str, int]](), asyncio.Event()

    async def read(part: str) -> None:
        async with Visitor(app) as visitor:
            while not is_over.is_set():
                answer = await visitor.http.get(receipt + part)
                met[part, answer.status_code] += 1

    readers = [asyncio.create_task(read(PARTS[number % len(PARTS)])) for number in range(READERS)]
    for deed in deeds(moderator):
        async with database.write() as tx:
            await deed(tx, await tx.get_one(Idea, idea.id))
            await asyncio.sleep(0.01)  # done and not yet kept: readers look now
    is_over.set()
    await asyncio.gather(*readers)
    return met
