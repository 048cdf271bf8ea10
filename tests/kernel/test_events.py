from sqlalchemy import select

from accounts.events import PersonConfirmed, PersonSignedIn
from kernel.db import WriteSession
from kernel.events import EventRecord, Unrelayed, chain_hash, record
from tests.moments import NOON


async def test_a_fact_is_written_with_who_and_when_and_waits_to_be_told(tx: WriteSession) -> None:
    await record(tx, PersonConfirmed(at=NOON, actor_id=7, person_id=7))

    [fact] = (await tx.scalars(select(EventRecord))).all()
    assert (fact.name, fact.subject, fact.seq, fact.at, fact.actor_id, fact.facts) == (
        "person.confirmed",
        "person:7",
        1,
        NOON,
        7,
        {"person_id": 7},
    )
    assert (await tx.scalars(select(Unrelayed.event_id))).all() == [fact.id]


async def test_facts_of_one_subject_are_a_chain_and_another_subject_has_its_own(tx: WriteSession) -> None:
    await record(tx, PersonConfirmed(at=NOON, actor_id=7, person_id=7))
    await record(tx, PersonConfirmed(at=NOON, actor_id=8, person_id=8))
    await record(tx, PersonSignedIn(at=NOON, actor_id=7, person_id=7))

    first, other, second = (await tx.scalars(select(EventRecord).order_by(EventRecord.id))).all()
    assert (first.seq, other.seq, second.seq) == (1, 1, 2)
    assert (first.previous_hash, other.previous_hash, second.previous_hash) == ("", "", first.hash)


async def test_a_changed_fact_no_longer_fits_its_hash(tx: WriteSession) -> None:
    await record(tx, PersonConfirmed(at=NOON, actor_id=7, person_id=7))
    fact = (await tx.scalars(select(EventRecord))).one()
    assert chain_hash(fact) == fact.hash

    tx.expunge(fact)  # the database would refuse this
    fact.actor_id = 8

    assert chain_hash(fact) != fact.hash
