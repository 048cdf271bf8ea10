from datetime import timedelta

import pytest

from kernel.db import WriteSession
from moderation import grounds, queries
from moderation.grounds import DEFAULT_GROUNDS, GroundText
from moderation.rules import GroundsFixed
from tests.builders import a_consultation
from tests.moments import NOON, OPENS

ONE = [GroundText("test", "Een proef", "Dit is een proef.")]


async def test_the_usual_grounds_are_copied_in_their_order(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)

    await grounds.publish(tx, consultation_id=consultation.id)

    published = await queries.grounds(tx, consultation.id)
    assert [(one.code, one.title, one.wording) for one in published] == [
        (one.code, one.title, one.wording) for one in DEFAULT_GROUNDS
    ]
    assert [one.code for one in DEFAULT_GROUNDS] == [
        "incomprehensible",
        "off_topic",
        "insult",
        "commercial",
        "personal_data",
        "duplicate",
        "several",
    ]


async def test_grounds_may_be_replaced_until_the_consultation_opens(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    before = OPENS - timedelta(microseconds=1)
    await grounds.publish(tx, consultation_id=consultation.id, now=before)

    await grounds.publish(tx, consultation_id=consultation.id, grounds=ONE, now=before)
    with pytest.raises(GroundsFixed):
        await grounds.publish(tx, consultation_id=consultation.id, now=OPENS)

    assert [one.code for one in await queries.grounds(tx, consultation.id)] == ["test"]


async def test_grounds_cannot_come_after_the_opening(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)

    with pytest.raises(GroundsFixed):
        await grounds.publish(tx, consultation_id=consultation.id, now=NOON)


async def test_without_a_moment_they_are_published_once(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    await grounds.publish(tx, consultation_id=consultation.id)

    with pytest.raises(GroundsFixed):
        await grounds.publish(tx, consultation_id=consultation.id, grounds=ONE)
