"""The queue costs as much for ten thousand that wait as for a hundred thousand; a thousand are decided in one go.

CI asks it of a hundred, and of the thousand that are decided together, by the rows and questions it takes. How long it
takes, for docs/measurements.md:

    QUEUE=10000 pytest -n 0 -s tests/moderation/test_queue_at_scale.py
"""

import os
from datetime import timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any

import pytest
from sqlalchemy import event, func, select

from consultations import imports
from consultations.imports import Row
from consultations.models import Consultation, Idea
from consultations.states import IdeaKind, IdeaState
from kernel.db import Database
from moderation import candidates, plan_queries, plans
from moderation.filters import Cursor, Filters
from moderation.models import Decision
from moderation.states import Outcome
from moderation.waiting_queries import Reader, next_to_read, to_read
from tests.builders import a_moderated_consultation, a_moderator
from tests.moderation.test_staff_routes import signed_in
from tests.moments import NOON
from tests.visitor import Visitor

MANY = int(os.environ.get("QUEUE", "120"))
TEN = timedelta(minutes=10)


def a_row(number: int) -> Row:
    """One of many: the oldest was sent first."""
    text = f"Zet een bankje bij halte {number}, dan kan mijn moeder daar even zitten als de bus op zich laat wachten."
    told = {"place": "", "service": "", "stuck": "", "author": "", "language": "nl", "others": None}
    return Row(
        line=number,
        external_id=str(number),
        title=f"Bankje {number}",
        body=text,
        kind=IdeaKind.IDEA,
        created_at=NOON - timedelta(days=3),
        **told,  # type: ignore[arg-type]  # each of its own type
    )


async def fill(database: Database, many: int) -> Consultation:
    """A consultation with so many ideas that wait."""
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        for start in range(0, many, imports.BATCH):
            rows = [a_row(number) for number in range(start, min(start + imports.BATCH, many))]
            await imports.add(
                tx,
                consultation=consultation,
                rows=rows,
                state=IdeaState.RECEIVED,
                by=1,
                now=NOON - timedelta(days=2) + timedelta(seconds=start // imports.BATCH),
            )
    return consultation


@pytest.fixture
async def filled(database: Database) -> Consultation:
    """More than two pages, or as many as are asked for."""
    return await fill(database, MANY)


async def test_a_page_of_the_queue_reads_a_page_of_rows(
    database: Database, filled: Consultation, visitor: Visitor, statements: list[str]
) -> None:
    async with database.write() as tx:
        await signed_in(tx, visitor, await a_moderator(tx))
    shown: list[str] = []
    for address in (
        "/moderation",
        f"/moderation?consultation={filled.id}",
        "/moderation?overdue=1",
        "/moderation?q=zz",
    ):
        cost = []
        for _ in range(3 if MANY < 5_000 else 25):
            statements.clear()
            began = process_time()
            await visitor.open(address)
            cost.append(process_time() - began)
        shown.append(f"{address}: {median(cost) * 1000:.1f} ms of CPU, {len(statements)} questions")
    assert visitor.status == 200
    await visitor.open("/moderation")
    assert visitor.text.count('class="queue-row"') == 50
    first = visitor.text
    await visitor.follow("Volgende")
    assert visitor.text.count('class="queue-row"') == 50
    assert [words for words, _ in visitor.links if words == "Bankje 50"] == ["Bankje 50"]
    assert "Bankje 50<" not in first
    print(f"\n{MANY} that wait: " + "; ".join(shown))


async def test_the_database_goes_through_the_queue_by_its_index(database: Database, filled: Consultation) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL chooses by what it has counted")
    asked: list[tuple[str, Any]] = []

    @event.listens_for(database.reader.sync_engine, "before_cursor_execute")
    def note(_c: object, _cur: object, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    async with database.read() as db:
        for panels in (None, {filled.panel_id}):
            reader = Reader(person_id=1, panels=panels, overdue_before=NOON, now=NOON)
            for filters in (Filters(), Filters(is_overdue=True), Filters(consultation_id=filled.id)):
                after = Cursor.parse("i1700000000000000.5").places["i"]
                await to_read(db, filters=filters, reader=reader, after=after, most=51)
                await next_to_read(db, filters=filters, reader=reader)
        connection = await db.connection()
        for statement, values in asked[:]:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            told = [str(row.detail) for row in plan]
            assert any("ix_idea_to_read" in line for line in told), told
            assert not any("TEMP B-TREE FOR ORDER BY" in line for line in told), told


async def test_a_thousand_are_planned_and_carried_out_in_one_transaction_each(
    database: Database,
) -> None:
    await fill(database, max(MANY, 1_000))
    async with database.write() as tx:
        moderator = await a_moderator(tx)
        wanted = select(Idea.id).order_by(Idea.waiting_since, Idea.id).limit(candidates.MOST)
        numbers = (await tx.scalars(wanted)).all()
    started: list[str] = []

    @event.listens_for(database.writer.sync_engine, "commit")
    def note(_connection: object) -> None:
        started.append("commit")

    began, cpu = perf_counter(), process_time()
    async with database.write() as tx:
        seen: dict[int, str | None] = {one.idea.id: one.mark for one in await candidates.look(tx, numbers, now=NOON)}
        together = await plans.plan(tx, seen=seen, actor=moderator, outcome=Outcome.PUBLISH, wait=TEN, now=NOON)
    planned, planned_cpu = perf_counter() - began, process_time() - cpu
    began, cpu = perf_counter(), process_time()
    async with database.write() as tx:
        found = await plan_queries.plans_together(tx, together)
        done = await plans.hasten(tx, plans=found, actor=moderator, now=NOON)
    carried, carried_cpu = perf_counter() - began, process_time() - cpu
    assert (done, len(started)) == (1_000, 2)
    print(
        f"\n{done} planned in {planned:.2f} s ({planned_cpu:.2f} s of CPU),"
        f" carried out in {carried:.2f} s ({carried_cpu:.2f} s of CPU), each in one transaction"
    )
    async with database.read() as db:
        assert await db.scalar(select(func.count(Decision.id))) == done
        public = select(func.count(Idea.id)).where(Idea.state == IdeaState.PUBLISHED)
        assert await db.scalar(public) == done
