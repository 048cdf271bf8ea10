from datetime import timedelta
from itertools import accumulate
from typing import Any

import pytest
from sqlalchemy import select

from kernel.db import Database, WriteSession
from notify import outbox
from notify.models import Digest, Message
from notify.outbox import LEASE, wait_after
from notify.states import MessageState
from tests.builders import a_person, put
from tests.moments import NOON


async def a_letter(
    tx: WriteSession, key: str = "idea_published:1:1", person_id: int | None = None, **given: object
) -> bool:
    person_id = person_id or (await a_person(tx)).id
    values: dict[str, Any] = {"dedup_key": key, "template": "idea_published", "due_at": NOON, "now": NOON, **given}
    return await outbox.enqueue(tx, person_id=person_id, **values)


async def the_letter(tx: WriteSession) -> Message:
    return (await tx.scalars(select(Message).execution_options(populate_existing=True))).one()


def test_waiting_goes_1_5_15_60_minutes_then_hourly_and_ends_within_a_day() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 60)]
    minutes = [int(wait.total_seconds() // 60) for wait in waits if wait is not None]

    assert minutes[:6] == [1, 5, 15, 60, 60, 60]
    assert set(minutes[3:]) == {60}
    assert list(accumulate(minutes))[-1] <= 24 * 60 < list(accumulate(minutes))[-1] + 60
    assert waits[len(minutes) :] == [None] * (59 - len(minutes))


async def test_the_same_letter_is_queued_once_and_keeps_its_message_id(tx: WriteSession) -> None:
    assert await a_letter(tx) is True
    first = (await the_letter(tx)).message_id

    assert await a_letter(tx, due_at=NOON + timedelta(days=1)) is False

    assert (await the_letter(tx)).message_id == first == outbox.fixed_part("idea_published:1:1")


async def test_a_letter_is_claimed_once_and_not_before_it_is_due(tx: WriteSession) -> None:
    await a_letter(tx)

    assert await outbox.claim(tx, now=NOON - timedelta(seconds=1)) == []
    [claimed] = await outbox.claim(tx, now=NOON, most=5)
    assert (claimed.state, claimed.attempts, claimed.fence) == (MessageState.SENDING, 1, 1)
    assert await outbox.claim(tx, now=NOON) == []


async def test_what_people_did_goes_before_digests(tx: WriteSession) -> None:
    person = await a_person(tx)
    digest = Digest(person_id=person.id, period="daily:x", news=[], made_at=NOON)
    tx.add(digest)
    await tx.flush()
    await a_letter(tx, key="digest:1:1", digest_id=digest.id, due_at=NOON - timedelta(hours=1))
    await a_letter(tx, key="sign_in_link:9")

    one_by_one = [message.dedup_key for _ in range(2) for message in await outbox.claim(tx, now=NOON)]
    await a_letter(tx, key="digest:1:2", digest_id=digest.id, due_at=NOON - timedelta(hours=1))
    await a_letter(tx, key="sign_in_link:10")
    together = [message.dedup_key for message in await outbox.claim(tx, now=NOON, most=5)]

    assert one_by_one == ["sign_in_link:9", "digest:1:1"]
    assert together == ["sign_in_link:10", "digest:1:2"]


async def test_a_letter_that_never_leaves_bounces_after_a_day_of_trying(tx: WriteSession) -> None:
    await a_letter(tx)
    now, attempts = NOON, 0
    while claimed := await outbox.claim(tx, now=now):
        [message] = claimed
        attempts += 1
        await outbox.deferred(tx, message=message, error="no answer", now=now)
        now = (await the_letter(tx)).due_at

    bounced = await the_letter(tx)
    assert (bounced.state, bounced.attempts, attempts) == (MessageState.BOUNCED, 27, 27)
    assert timedelta(hours=23) < now - NOON <= timedelta(hours=24)


async def test_a_letter_whose_sender_died_is_sent_again_and_the_dead_one_changes_nothing(database: Database) -> None:
    async with database.write() as tx:
        await a_letter(tx)
        [dead] = await outbox.claim(tx, now=NOON)
    async with database.write() as tx:
        assert await outbox.release_stuck(tx, now=NOON + LEASE) == 0
        assert await outbox.release_stuck(tx, now=NOON + LEASE + timedelta(seconds=1)) == 1
    later = NOON + LEASE + timedelta(seconds=2)
    async with database.write() as tx:
        [again] = await outbox.claim(tx, now=later)
        assert again.message_id == dead.message_id
        await outbox.bounced(tx, message=dead, error="too late")
        await outbox.sent(tx, message=again, now=later)
        sent = await the_letter(tx)

    assert (sent.state, sent.attempts, sent.sent_at) == (MessageState.SENT, 2, later)


async def test_a_letter_that_was_freed_while_it_left_does_not_leave_again_when_nobody_took_it_meanwhile(
    tx: WriteSession,
) -> None:
    await a_letter(tx)
    [sending] = await outbox.claim(tx, now=NOON)
    put_forward = NOON + timedelta(hours=1)
    assert await outbox.release_stuck(tx, now=put_forward) == 1

    await outbox.sent(tx, message=sending, now=put_forward)

    assert (await the_letter(tx)).state is MessageState.SENT
    assert await outbox.claim(tx, now=put_forward) == []


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.BOUNCED])
async def test_the_outbox_counts_what_waits_and_what_bounced(tx: WriteSession, state: MessageState) -> None:
    await a_letter(tx)
    await put(tx, await the_letter(tx), state)

    counted = await outbox.counts(tx)

    assert (counted.queued, counted.bounced) == ((1, 0) if state is MessageState.QUEUED else (0, 1))
