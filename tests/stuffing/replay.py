"""Plays a town's support back through the product: its verb, its rule, its worker's turn, a real database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from time import perf_counter

from sqlalchemy import func, insert, select, update

from accounts.models import Person
from consultations import quarantine, support_queries
from consultations.models import Endorsement, Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from kernel.networks import fingerprint
from tests.builders import a_consultation, an_idea
from tests.moments import NOON
from tests.stuffing.town import IDEAS, Given

EACH = timedelta(hours=12)
"""How often networks are compared in a replay; in truth it is each minute, and faked support is noticed sooner."""


@dataclass(frozen=True)
class Outcome:
    """What became of the faked and of the genuine ones."""

    faked: int
    faked_apart: int
    genuine: int
    genuine_apart: int
    places: Counter[str]  # of the genuine ones that were set apart
    took: float
    judging: float  # the longest turn

    @property
    def caught(self) -> float:
        """The share of the faked ones that is set apart."""
        return self.faked_apart / self.faked if self.faked else 1.0

    @property
    def wronged(self) -> float:
        """The share of the genuine ones that is set apart."""
        return self.genuine_apart / self.genuine

    def __str__(self) -> str:
        places = ", ".join(f"{place} {number}" for place, number in self.places.most_common())
        return (
            f"faked {self.faked_apart}/{self.faked} ({self.caught:.2%}), genuine {self.genuine_apart}/{self.genuine}"
            f" ({self.wronged:.2%}{'; ' + places if places else ''}), {self.took:.0f} s, a turn {self.judging:.2f} s"
        )


async def play(database: Database, given: Sequence[Given]) -> Outcome:
    """Give every support in its order, comparing networks twice a day of it; then count.

    Support is written in bulk, by the same `note_all` that one endorsement goes through; what the verb and the pages
    make of one is in tests/consultations/test_quarantine.py.
    """
    began = perf_counter()
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        ideas = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(IDEAS)]
        people = await _people(tx, given)
    turns = []
    for _, some in groupby(zip(people, given, strict=True), key=lambda one: one[1].at // EACH.total_seconds()):
        async with database.write() as tx:
            at = await _give(tx, list(some), consultation_id=consultation.id, idea_ids=[idea.id for idea in ideas])
        async with database.write() as tx:
            turn = perf_counter()
            await quarantine.judge_news(tx, now=at + EACH)
            turns.append(perf_counter() - turn)
    apart = await _apart(database)
    await _counts_are_right(database)
    wronged = [one for person_id, one in zip(people, given, strict=True) if person_id in apart and not one.is_faked]
    return Outcome(
        faked=sum(one.is_faked for one in given),
        faked_apart=len(apart) - len(wronged),
        genuine=sum(not one.is_faked for one in given),
        genuine_apart=len(wronged),
        places=Counter(one.place for one in wronged),
        took=perf_counter() - began,
        judging=max(turns),
    )


async def _give(
    tx: WriteSession, some: Sequence[tuple[int, Given]], *, consultation_id: int, idea_ids: Sequence[int]
) -> datetime:
    """These supports, as the verb would have written them; the moment of the last."""
    rows = [
        {"idea_id": idea_ids[one.idea], "person_id": person_id, "endorsed_at": NOON + timedelta(seconds=one.at)}
        for person_id, one in some
    ]
    await tx.execute(insert(Endorsement), rows)
    newest = select(Endorsement.person_id, Endorsement.id).where(Endorsement.person_id >= some[0][0])
    ids = {person_id: number for person_id, number in await tx.execute(newest)}  # noqa: C416 - rows are not tuples to mypy
    traces = [
        {
            "endorsement_id": ids[person_id],
            "network": fingerprint(one.network, "a secret of this test"),
            "idea_id": idea_ids[one.idea],
            "host": one.host,
            "is_new": not one.was_here,
            "is_hasty": timedelta(seconds=one.waited) < quarantine.HASTY_WITHIN,
            "hour": int(one.at) // 3600,
            "at": NOON + timedelta(seconds=one.at),
        }
        for person_id, one in some
    ]
    at: datetime = traces[-1]["at"]  # type: ignore[assignment]  # that is what it holds
    apart = await quarantine.note_all(tx, consultation_id=consultation_id, traces=traces, now=at)
    counted = Counter(idea_ids[one.idea] for person_id, one in some if ids[person_id] not in apart)
    for idea_id, number in counted.items():
        more = update(Idea).where(Idea.id == idea_id).values(endorsement_count=Idea.endorsement_count + number)
        await tx.execute(more.execution_options(synchronize_session=False))
    return at


async def _people(tx: WriteSession, given: Sequence[Given]) -> list[int]:
    """A person for each support, in the same order."""
    emails = [f"persoon{number:06d}@{one.host}" for number, one in enumerate(given)]
    rows = [{"email": one, "mailbox": one, "name": "", "created_at": NOON, "confirmed_at": NOON} for one in emails]
    await tx.execute(insert(Person), rows)
    wanted = select(Person.id).where(Person.email.startswith("persoon")).order_by(Person.email)
    people = list(await tx.scalars(wanted))
    assert people == sorted(people)
    return people


async def _apart(database: Database) -> set[int]:
    async with database.read() as db:
        return set(await db.scalars(select(Endorsement.person_id).where(support_queries.uncounted())))


async def _counts_are_right(database: Database) -> None:
    """The public numbers are what is not set apart, and nothing that anybody gave is gone."""
    async with database.read() as db:
        counting = select(Endorsement.idea_id, func.count()).where(~support_queries.uncounted())
        rows = {idea_id: number for idea_id, number in await db.execute(counting.group_by(Endorsement.idea_id))}  # noqa: C416 - rows are not tuples to mypy
        shown = {idea_id: number for idea_id, number in await db.execute(select(Idea.id, Idea.endorsement_count))}  # noqa: C416 - as above
        assert shown == {idea_id: rows.get(idea_id, 0) for idea_id in shown}
