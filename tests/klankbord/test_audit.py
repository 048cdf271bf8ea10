"""A changed, missing or moved fact is found, whichever it is and whatever was changed of it."""

import os
import random
import resource
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import process_time
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from accounts.events import PersonConfirmed, PersonSignedIn, RoleGranted
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import Database
from kernel.events import Event, EventRecord, Unrelayed, hash_of, record_all
from klankbord.audit import BATCH, Walk, _some, verify
from moderation import decisions
from moderation.states import Outcome
from tests.builders import a_moderated_consultation, a_moderator, an_idea, put
from tests.moments import NOON

FLIPS = int(os.environ.get("FLIPS", "600"))
FACTS = int(os.environ.get("FACTS", "20000"))
COLUMNS = ("id", "name", "subject", "seq", "at", "actor_id", "facts", "previous_hash", "hash")

Row = tuple[Any, ...]


async def recorded(database: Database, *, many: int = 60) -> None:
    """Facts about seven people, also with letters that JSON can write in two ways."""
    events: list[Event] = []
    for number in range(many):
        at, person_id = NOON + timedelta(seconds=number), number % 7 + 1
        about: dict[str, Any] = {"at": at, "actor_id": person_id if number % 3 else None, "person_id": person_id}
        if number % 5 == 0:
            events.append(RoleGranted(**about, role="voorzitter 'één\u2028\"\\, twee", panel_id=None))
        else:
            events.append((PersonSignedIn if number % 2 else PersonConfirmed)(**about))
    async with database.write() as tx:
        await record_all(tx, events)


async def walked(database: Database, *, kept: tuple[int, str] | None = None) -> Walk:
    walk = Walk(kept=kept)
    async for _count in verify(database, walk):
        pass
    return walk


async def rows_of(database: Database) -> list[Row]:
    async with database.read() as db:
        return [tuple(row) for row in await _some(await db.connection(), 0)]


def flaws(rows: list[Row], *, kept: tuple[int, str] | None = None) -> list[str]:
    walk = Walk(kept=kept)
    walk.take(rows)
    walk.finish()
    return [f"{flaw.subject} {flaw.seq}: {flaw.what}" for flaw in walk.flaws]


def flipped(value: Any, chance: random.Random) -> Any:
    """The value with one bit of one byte changed; an instant and a number by as little as they can."""
    if isinstance(value, datetime):
        return value + timedelta(microseconds=chance.choice([-1, 1, 1000]))
    if value is None or isinstance(value, int):
        return (value or 0) ^ (1 << chance.randrange(20))
    told = bytearray(value.encode())
    if not told:
        return " "
    told[chance.randrange(len(told))] ^= 1 << chance.randrange(7)
    return told.decode(errors="replace")


async def test_a_whole_trail_has_no_flaw_and_its_head_covers_every_fact(database: Database) -> None:
    await recorded(database)

    walk = await walked(database)

    assert (walk.flaws, walk.count, walk.subjects) == ([], 60, 7)
    assert walk.head.startswith("60:")
    assert (await walked(database)).head == walk.head


async def test_one_flipped_bit_anywhere_is_found(database: Database) -> None:
    await recorded(database)
    rows = await rows_of(database)
    head = Walk()
    head.take(rows)
    kept = (60, head.head.partition(":")[2])
    seed = int(os.environ.get("SEED", random.randrange(10**6)))  # noqa: S311 - a game
    chance = random.Random(seed)  # noqa: S311 - repeatable by its seed
    missed = []
    for turn in range(FLIPS):
        at, column = chance.randrange(len(rows)), turn % len(COLUMNS)
        changed = list(rows[at])
        changed[column] = flipped(changed[column], chance)
        if changed[column] == rows[at][column]:
            continue
        # the id is no part of a fact: only the head tells
        found = flaws([*rows[:at], tuple(changed), *rows[at + 1 :]], kept=kept if column == 0 else None)
        if not found:
            missed.append((COLUMNS[column], rows[at][column], changed[column]))

    assert missed == [], f"seed {seed}"


async def test_the_flaw_is_named_by_its_subject_and_number(database: Database) -> None:
    await recorded(database)
    rows = await rows_of(database)
    at = next(place for place, row in enumerate(rows) if row[2:4] == ("person:3", 4))

    rows[at] = (*rows[at][:5], 99, *rows[at][6:])

    assert flaws(rows) == ["person:3 4: was changed: its hash does not fit"]


async def test_a_fact_that_is_gone_is_missed(database: Database) -> None:
    await recorded(database)
    rows = await rows_of(database)
    at = next(place for place, row in enumerate(rows) if row[2:4] == ("person:3", 4))

    assert flaws(rows[:at] + rows[at + 1 :]) == ["person:3 5: comes after its fact 3"]


async def test_two_facts_that_changed_places_are_found(database: Database) -> None:
    await recorded(database)
    rows = await rows_of(database)
    one, other = (next(place for place, row in enumerate(rows) if row[2:4] == ("person:3", seq)) for seq in (4, 5))

    rows[one], rows[other] = (rows[one][0], *rows[other][1:]), (rows[other][0], *rows[one][1:])

    assert flaws(rows) == [
        "person:3 5: comes after its fact 3",
        "person:3 4: comes after its fact 5",
        "person:3 6: comes after its fact 4",
    ]


async def test_the_newest_fact_that_is_gone_is_missed_by_who_kept_the_head(database: Database) -> None:
    await recorded(database)
    count, _, hash_ = (await walked(database)).head.partition(":")
    async with database.write() as tx:
        await tx.execute(text(f"DROP TRIGGER event_stays{'' if database.is_sqlite else ' ON event'}"))
        newest = await tx.scalar(select(EventRecord.id).order_by(EventRecord.id.desc()).limit(1))
        await tx.execute(delete(Unrelayed))
        await tx.execute(delete(EventRecord).where(EventRecord.id == newest))

    assert (await walked(database)).flaws == []
    [flaw] = (await walked(database, kept=(int(count), hash_))).flaws
    assert flaw.what == "there were 60 facts when that head was kept: some are gone"


async def test_an_older_head_still_holds_when_facts_came_since(database: Database) -> None:
    await recorded(database)
    count, _, hash_ = (await walked(database)).head.partition(":")
    await recorded(database)

    assert (await walked(database, kept=(int(count), hash_))).flaws == []
    [flaw] = (await walked(database, kept=(int(count), "0" * 64))).flaws
    assert (flaw.seq, flaw.what) == (60, "these first facts are not those of the head that was kept")


async def test_a_fact_that_was_changed_in_the_database_itself_is_found(database: Database) -> None:
    await recorded(database)
    async with database.write() as tx:
        await tx.execute(text(f"DROP TRIGGER event_never_changes{'' if database.is_sqlite else ' ON event'}"))
        changed = update(EventRecord).where(EventRecord.subject == "person:2", EventRecord.seq == 2)
        await tx.execute(changed.values(facts={"person_id": 3}))

    assert [(flaw.subject, flaw.seq) for flaw in (await walked(database)).flaws] == [("person:2", 2)]


async def test_a_row_that_moved_behind_the_back_of_its_facts_is_found(database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
        await decisions.decide(tx, idea=idea, actor=await a_moderator(tx), outcome=Outcome.PUBLISH, now=NOON)
    assert (await walked(database)).flaws == []

    async with database.write() as tx:
        await put(tx, await tx.get_one(Idea, idea.id), IdeaState.RECEIVED)

    [flaw] = (await walked(database)).flaws
    assert (flaw.subject, flaw.what) == (f"idea:{idea.id}", "its state is received, its facts leave it published")


def many(count: int) -> Iterator[Row]:
    """Facts as the database gives them, about a quarter as many subjects."""
    last: dict[str, tuple[int, str]] = {}
    chance = random.Random(1)  # noqa: S311 - always the same facts
    for id_ in range(1, count + 1):
        idea_id = chance.randrange(1, count // 4)
        seq, previous = last.get(f"idea:{idea_id}", (0, ""))
        moment = (NOON + timedelta(milliseconds=id_)).isoformat(timespec="microseconds")
        facts = {"idea_id": idea_id, "consultation_id": 1}
        told = (previous, "idea.endorsed", f"idea:{idea_id}", seq + 1, moment, idea_id, facts)
        last[f"idea:{idea_id}"] = (seq + 1, hash_of(*told))
        stored = f'{{"idea_id": {idea_id}, "consultation_id": 1}}'
        yield (id_, *told[1:4], moment[:26].replace("T", " "), idea_id, stored, previous, last[f"idea:{idea_id}"][1])


def test_a_million_facts_take_half_a_minute_at_most() -> None:
    """Reading them from SQLite takes another four seconds in a million: docs/reliability.md."""
    walk, batch, spent = Walk(), [], 0.0
    for row in many(FACTS):
        batch.append(row)
        if len(batch) == BATCH or row[0] == FACTS:
            began = process_time()
            walk.take(batch)
            spent += process_time() - began
            batch.clear()

    assert (walk.count, walk.flaws) == (FACTS, [])
    assert spent / FACTS * 10**6 < 26, f"{spent:.1f} s for {FACTS}"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000


@pytest.mark.parametrize("typed", ["12", "12:abc", "x:" + "0" * 64])
def test_a_head_is_typed_as_it_was_printed(typed: str) -> None:
    from click.testing import CliRunner

    from klankbord.cli import main

    told = CliRunner().invoke(main, ["audit", "verify", "--head", typed])

    assert (told.exit_code, told.output) == (
        1,
        "Error: A head looks like 1200:9f86…, with 64 figures after the colon.\n",
    )
