import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from accounts.actor import Actor
from accounts.states import Role
from consultations import leaving
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from kernel.errors import NotFound
from kernel.events import EventRecord
from moderation import queries, queue
from moderation.models import Claim
from moderation.rules import CLAIM_LASTS, WAITING
from tests.builders import a_consultation, a_moderator, a_panel, a_person, an_idea
from tests.moments import NOON

ZONE = ZoneInfo("Europe/Amsterdam")


async def claimed_by(tx: WriteSession, *, at_the_moment: bool = True) -> list[str]:
    later = timedelta() if at_the_moment else CLAIM_LASTS
    waiting = await queries.waiting(tx, states=WAITING, panels=None, now=NOON + later)
    return [one.claimed_by for one in waiting]


async def test_a_claim_is_seen_by_the_others_and_expires_by_itself(tx: WriteSession) -> None:
    anna, bram = await a_moderator(tx, name="Anna"), await a_moderator(tx, name="Bram")
    idea = await an_idea(tx)

    assert await queue.claim(tx, idea=idea, actor=anna, now=NOON)
    assert await claimed_by(tx) == ["Anna"]
    assert not await queue.claim(tx, idea=idea, actor=bram, now=NOON + CLAIM_LASTS - timedelta(seconds=1))

    assert await claimed_by(tx, at_the_moment=False) == [""]
    assert await queue.claim(tx, idea=idea, actor=bram, now=NOON + CLAIM_LASTS)
    found = await queries.claim_on(tx, idea.id, now=NOON + CLAIM_LASTS)
    assert found is not None
    assert (found[1], found[0].expires_at) == ("Bram", NOON + 2 * CLAIM_LASTS)


async def test_claiming_again_lasts_ten_minutes_more(tx: WriteSession) -> None:
    moderator, idea = await a_moderator(tx), await an_idea(tx)
    await queue.claim(tx, idea=idea, actor=moderator, now=NOON)

    assert await queue.claim(tx, idea=idea, actor=moderator, now=NOON + timedelta(minutes=9))

    assert await tx.scalar(select(Claim.expires_at)) == NOON + timedelta(minutes=19)


async def test_a_claimed_idea_is_in_review_and_the_queue_hears_of_it(tx: WriteSession) -> None:
    moderator, idea = await a_moderator(tx), await an_idea(tx)

    await queue.claim(tx, idea=idea, actor=moderator, now=NOON)
    await queue.release(tx, idea=idea, actor=moderator, now=NOON)

    assert idea.state is IdeaState.IN_REVIEW
    names = select(EventRecord.name).where(EventRecord.subject == f"idea:{idea.id}").order_by(EventRecord.seq)
    assert (await tx.scalars(names)).all() == ["idea.claim_changed", "idea.claim_changed"]


async def test_an_idea_that_its_author_has_not_confirmed_is_not_looked_at_so_it_can_be_thrown_away(
    tx: WriteSession,
) -> None:
    moderator, idea = await a_moderator(tx), await an_idea(tx, state=IdeaState.SUBMITTED)

    with pytest.raises(NotFound):
        await queue.claim(tx, idea=idea, actor=moderator, now=NOON)

    assert await leaving.discard_unconfirmed(tx, now=NOON + timedelta(days=3)) == 1


async def test_nobody_releases_the_claim_of_another(tx: WriteSession) -> None:
    anna, bram = await a_moderator(tx, name="Anna"), await a_moderator(tx, name="Bram")
    idea = await an_idea(tx)
    await queue.claim(tx, idea=idea, actor=anna, now=NOON)

    await queue.release(tx, idea=idea, actor=bram, now=NOON)

    assert await claimed_by(tx) == ["Anna"]


async def test_of_many_who_claim_at_once_one_gets_it(database: Database) -> None:
    async with database.write() as tx:
        moderators = [await a_moderator(tx) for _ in range(6)]
        idea_id = (await an_idea(tx)).id

    async def try_it(actor: Actor) -> bool:
        async with database.write() as tx:
            return await queue.claim(tx, idea=await tx.get_one(Idea, idea_id), actor=actor, now=NOON)

    got = await asyncio.gather(*(try_it(actor) for actor in moderators))

    assert sum(got) == 1
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Claim)) == 1


async def test_the_next_is_what_waits_longest_and_is_free(tx: WriteSession) -> None:
    anna, bram = await a_moderator(tx), await a_moderator(tx)
    consultation = await a_consultation(tx)
    oldest = await an_idea(tx, consultation=consultation, received_at=NOON - timedelta(hours=3))
    second = await an_idea(tx, consultation=consultation, received_at=NOON - timedelta(hours=2))
    await an_idea(tx, consultation=consultation, received_at=NOON - timedelta(hours=9), state=IdeaState.PUBLISHED)

    first = await queue.claim_next(tx, actor=anna, zone=ZONE, now=NOON)
    other = await queue.claim_next(tx, actor=bram, zone=ZONE, now=NOON)
    none_left = await queue.claim_next(tx, actor=await a_moderator(tx), zone=ZONE, now=NOON)

    assert (first, other, none_left) == (oldest, second, None)


async def test_a_panels_moderator_sees_that_panels_ideas_alone(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    person = await a_person(tx, role=Role.MODERATOR, panel=panel)
    actor = Actor(person_id=person.id, grants=frozenset({(Role.MODERATOR, panel.id)}))
    theirs = await an_idea(tx, consultation=await a_consultation(tx, panel=panel))
    await an_idea(tx, received_at=NOON - timedelta(days=1))

    assert await queue.claim_next(tx, actor=actor, zone=ZONE, now=NOON) == theirs
    shown = await queries.waiting(tx, states=WAITING, panels={panel.id}, now=NOON)
    assert [one.idea for one in shown] == [theirs]


async def test_waiting_begins_when_the_address_was_confirmed(tx: WriteSession) -> None:
    await an_idea(tx, received_at=NOON - timedelta(hours=40), confirmed_at=NOON)

    [waiting] = await queries.waiting(tx, states=WAITING, panels=None, now=NOON)

    assert waiting.since == NOON
