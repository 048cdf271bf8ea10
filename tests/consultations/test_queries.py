import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.actor import ANONYMOUS, Actor
from accounts.states import Role
from consultations import endorsements, ideas, queries
from consultations.ideas import Written
from consultations.ledger import Ledger
from consultations.models import Idea
from consultations.paging import IdeaKey, Sort
from consultations.states import IDEA_MOVES, ConsultationState, IdeaKind, IdeaRoute, IdeaState
from kernel.db import Database, ReadSession, WriteSession
from kernel.errors import DomainError, NotFound
from tests.builders import a_consultation, a_panel, a_person, an_idea, move_idea
from tests.moments import CLOSES, NOON, OPENS

A_DAY = timedelta(days=1)


async def test_what_is_open_announced_and_closed_goes_by_the_clock(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    later: dict[str, Any] = {"opens_at": NOON + A_DAY, "closes_at": NOON + 2 * A_DAY}
    past: dict[str, Any] = {"opens_at": NOON - 3 * A_DAY, "closes_at": NOON}
    last_long = await a_consultation(tx, panel=panel, closes_at=CLOSES + A_DAY)
    open_one = await a_consultation(tx, panel=panel)
    coming = await a_consultation(tx, panel=panel, **later)
    closed = await a_consultation(tx, panel=panel, **past)
    processed = await a_consultation(
        tx, panel=panel, opens_at=OPENS, closes_at=NOON - A_DAY, state=ConsultationState.PROCESSED
    )
    for period in (later, past, {}):
        await a_consultation(tx, panel=panel, state=ConsultationState.DRAFT, **period)
        await a_consultation(tx, panel=panel, state=ConsultationState.CANCELLED, **period)

    assert [one.id for one in await queries.open_now(tx, NOON)] == [open_one.id, last_long.id]
    assert [one.id for one in await queries.upcoming(tx, NOON)] == [coming.id]
    assert [one.id for one in await queries.recently_closed(tx, NOON)] == [closed.id, processed.id]


async def test_what_is_not_there_is_not_found(db: ReadSession) -> None:
    with pytest.raises(NotFound):
        await queries.consultation_by_slug(db, "nergens")
    with pytest.raises(NotFound):
        await queries.by_id(db, 1)
    with pytest.raises(NotFound):
        await queries.idea_by_id(db, 1)


@pytest.mark.parametrize("sort", list(Sort))
async def test_paging_by_key_shows_every_published_idea_once(tx: WriteSession, sort: Sort) -> None:
    consultation = await a_consultation(tx)
    for number in range(8):  # two share each moment and each count
        moment = NOON - timedelta(minutes=number // 2)
        await an_idea(
            tx, consultation=consultation, state=IdeaState.PUBLISHED, published_at=moment, endorsement_count=number // 2
        )
    await an_idea(tx, consultation=consultation, state=IdeaState.HELD)
    await an_idea(tx, state=IdeaState.PUBLISHED)

    seen: list[Idea] = []
    after: IdeaKey | None = None
    for _ in range(4):
        found = await queries.published(tx, consultation.id, sort=sort, after=after, most=3)
        seen += found.ideas
        assert found.total == 8
        after = IdeaKey.parse(str(found.next_key)) if found.next_key else None
        if after is None:
            break

    assert len({idea.id for idea in seen}) == len(seen) == 8
    keys = [(idea.published_at if sort is Sort.NEWEST else idea.endorsement_count, idea.id) for idea in seen]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(
    "written", ["", "x", "1", "1.", ".2", "-1.2", "1.2.3", "９.1", "9" * 30 + ".1", "1." + "9" * 12]
)
def test_an_address_cannot_hold_a_wrong_key(written: str) -> None:
    assert IdeaKey.parse(written) is None


async def test_ideas_are_found_by_kind_and_by_all_words(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    both: dict[str, Any] = {"consultation": consultation, "state": IdeaState.PUBLISHED}
    bench = await an_idea(tx, **both, title="Bankjes bij de kade", body="Voor 100% schaduw")
    bus = await an_idea(tx, **both, title="De bus", body="Hij stopt niet bij de KADE", kind=IdeaKind.EXPERIENCE)

    async def found(words: str = "", kind: IdeaKind | None = None) -> list[int]:
        return [idea.id for idea in (await queries.published(tx, consultation.id, words=words, kind=kind)).ideas]

    assert await found("kade") == [bus.id, bench.id]
    assert await found("bus kade") == [bus.id]
    assert await found("100%") == [bench.id]
    assert await found("1_0") == []
    assert await found(kind=IdeaKind.EXPERIENCE) == [bus.id]
    assert await found(bench.number) == [bench.id]


@pytest.mark.parametrize("size", [1, 3])
async def test_lists_ask_as_many_questions_for_one_as_for_three(
    database: Database, statements: list[str], size: int
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        for _ in range(size):
            await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    statements.clear()

    async with database.read() as db:
        found = await queries.published(db, consultation.id)
        counted = await queries.ledger(db, consultation.id)

    assert (len(found.ideas), counted.published) == (size, size)
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 3


async def test_the_ledger_tells_where_everything_is(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    by_state = {state: await an_idea(tx, consultation=consultation, state=state) for state in IdeaState}
    into = by_state[IdeaState.PUBLISHED]
    await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, merged_into_id=into.id)
    late: dict[str, Any] = {"is_late": True, "kind": IdeaKind.EXPERIENCE, "route": IdeaRoute.NEXT_MEETING}
    await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, **late)

    counted = await queries.ledger(tx, consultation.id)

    assert counted.parts == {
        "in_review": 2,
        "published": 3,
        "rejected": 1,
        "held": 1,
        "returned": 1,
        "withdrawn": 1,
        "removed": 1,
    }
    assert (counted.received, counted.late, counted.experiences) == (10, 1, 1)
    assert counted.routes == {IdeaRoute.UNROUTED: 1, IdeaRoute.MERGED: 1, IdeaRoute.NEXT_MEETING: 1}


async def test_an_empty_ledger_adds_up_too(db: ReadSession) -> None:
    assert await queries.ledger(db, 1) == Ledger()


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_the_ledger_adds_up_and_nothing_is_lost(tx: WriteSession, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a game, repeatable by its seed
    consultation, person = await a_consultation(tx), await a_person(tx)
    known = Actor(person_id=person.id)
    for step in range(60):
        everything = list(await tx.scalars(select(Idea).order_by(Idea.id)))
        now = OPENS + chance.random() * (CLOSES - OPENS) * 1.2
        if not everything or chance.random() < 0.3:
            actor = chance.choice([known, ANONYMOUS])
            written = Written(body=f"Idee {step}.", kind=chance.choice(list(IdeaKind)))
            to = f"inwoner{step}@waterveen.example"
            await ideas.submit(tx, actor=actor, consultation=consultation, written=written, email=to, now=now)
            continue
        idea = chance.choice(everything)
        try:
            await _something(tx, chance, idea, person_id=person.id)
        except DomainError:
            continue
        counted = await queries.ledger(tx, consultation.id)
        rows = list(await tx.scalars(select(Idea)))
        assert counted.received == sum(idea.state is not IdeaState.SUBMITTED for idea in rows)
        assert counted.received == sum(counted.parts.values())
        assert counted.published == sum(counted.routes.values())
        assert counted.late == sum(idea.is_late for idea in rows if idea.state is not IdeaState.SUBMITTED)
        assert all(idea.is_late == (idea.received_at >= CLOSES) for idea in rows)


async def _something(tx: WriteSession, chance: random.Random, idea: Idea, *, person_id: int) -> None:
    match chance.randrange(6):
        case 0:
            await ideas.confirm(tx, idea=idea, now=NOON)
        case 1 | 2 if IDEA_MOVES[idea.state] - {IdeaState.WITHDRAWN}:
            to = chance.choice(sorted(IDEA_MOVES[idea.state] - {IdeaState.WITHDRAWN}))
            await move_idea(tx, idea=idea, to=to, actor_id=person_id, now=NOON)
        case 3:
            await ideas.withdraw(tx, idea=idea, actor_id=person_id, now=NOON)
        case 4:
            route = chance.choice(list(IdeaRoute))
            await ideas.route(tx, idea_ids=[idea.id], route=route, actor_id=person_id, now=NOON)
        case _:
            await endorsements.endorse(tx, idea=idea, person_id=person_id, now=NOON)


async def test_whether_somebody_is_blocked_is_asked_of_the_grants(tx: WriteSession) -> None:
    blocked, other = await a_person(tx, role=Role.BLOCKED), await a_person(tx, role=Role.MEMBER)

    assert [await queries.is_blocked(tx, one.id, now=NOON) for one in (blocked, other)] == [True, False]
