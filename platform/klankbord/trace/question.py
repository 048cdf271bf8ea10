"""Who read or exported something between two moments: the question and its answer, also at a million records.

What is about a thing stands under its own subject; an idea also stands in lists that were shown, and what is about a
person is all that they sent in, the blocks they were given, and the lists of people with a task.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from accounts.models import Person
from accounts.people import by_email
from consultations.models import Consultation, Idea
from kernel.db import ReadSession, batched
from kernel.trace import AGAIN, LISTED_AGAIN, AccessIdea, AccessRecord
from moderation.models import Block

WITHOUT_NAME = ("queue", "people", "blocks", "trace", "conversations")
KINDS = (
    *("idea", "receipt", "person", "reader", "consultation", "panel", "meeting", "briefing", "point", "advice"),
    *("response", "report", "appeal", "block", "endorsement", "digest", "theme", "page_report", "answer_appeal"),
)
PAGE = 50
MOST_PEOPLE = 200
MOST_IDEAS = 1_000
"""Ideas of one person that are looked for, the newest."""
_EXPORT_BATCH = 1_000


_Place = tuple[InstrumentedAttribute[int], type[AccessRecord] | type[AccessIdea], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Question:
    """`about` is a subject as `idea:12`, or `reader:7` for all that one person read."""

    about: str
    since: datetime
    until: datetime

    @property
    def kind(self) -> str:
        """The word before the colon."""
        return self.about.partition(":")[0]

    @property
    def number(self) -> int:
        """The number behind it; 0 where there is none."""
        return int(self.about.partition(":")[2] or 0)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who read or exported it in the period; `person` is None for a command or the holder of a link."""

    person: Person | None
    roles: str
    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One record, with who it was and the ideas that stood in a list on the page."""

    record: AccessRecord
    person: Person | None
    listed: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class _Sought:
    """Where the answer stands: under these subjects, in lists beside something else, or all of one reader."""

    question: Question
    subjects: Sequence[str] = ()
    ideas: Sequence[int] = ()

    def places(self) -> list[_Place]:
        """Each table to look in, with what to look for; each has an index that answers by itself.

        Somebody who read on at the beginning of the period stands just before it.
        """
        since, until = self.question.since, self.question.until
        period = AccessRecord.at.between(since - AGAIN, until)
        if self.question.kind == "reader":
            return [(AccessRecord.id, AccessRecord, and_(period, AccessRecord.person_id == self.question.number))]
        named: _Place = (AccessRecord.id, AccessRecord, and_(period, AccessRecord.subject.in_(self.subjects)))
        if not self.ideas:
            return [named]
        listed = AccessIdea.at.between(since - LISTED_AGAIN, until)
        return [named, (AccessIdea.record_id, AccessIdea, and_(listed, AccessIdea.idea_id.in_(self.ideas)))]


async def _sought(db: ReadSession, question: Question) -> _Sought:
    if question.kind == "idea":
        return _Sought(question=question, subjects=_of_ideas([question.number]), ideas=[question.number])
    if question.kind == "person":
        written = select(Idea.id).where(Idea.author_id == question.number).order_by(Idea.id.desc()).limit(MOST_IDEAS)
        ideas = list(await db.scalars(written))
        blocks = [
            f"block:{one}" for one in await db.scalars(select(Block.id).where(Block.person_id == question.number))
        ]
        others = [question.about, "people", "blocks", *blocks]
        return _Sought(question=question, subjects=[*_of_ideas(ideas), *others], ideas=ideas)
    return _Sought(question=question, subjects=[question.about])


def _of_ideas(ideas: Sequence[int]) -> list[str]:
    return [f"{kind}:{one}" for one in ideas for kind in ("idea", "receipt")]


async def readers(db: ReadSession, question: Question) -> list[Reader]:
    """Who, how often, and from when to when; who read last on top."""
    places = (await _sought(db, question)).places()
    found = union_all(
        *(
            select(id_.label("id"), table.at.label("at"), table.person_id.label("person_id")).where(where)
            for id_, table, where in places
        )
    ).subquery()
    moment = AccessRecord.at.type
    times = func.count() if len(places) == 1 else func.count(found.c.id.distinct())  # a record can stand in both
    counted = (
        select(
            found.c.person_id,
            times,
            func.min(found.c.at, type_=moment),
            func.max(found.c.at, type_=moment),
            func.max(found.c.id),
        )
        .group_by(found.c.person_id)
        .order_by(func.max(found.c.id).desc())
        .limit(MOST_PEOPLE)
    )
    rows = (await db.execute(counted)).all()
    people = await _people(db, [row[0] for row in rows])
    last = {one.id: one.roles for one in await db.scalars(_records([row[4] for row in rows]))}
    return [
        Reader(person=people.get(id_), roles=last[last_id], times=number, first=first, last=until)
        for id_, number, first, until, last_id in rows
    ]


async def readings(
    db: ReadSession, question: Question, *, before: int | None = None, most: int = PAGE + 1
) -> list[Reading]:
    """The records one by one, newest first, a page and one more; `before` is the last one of the page before."""
    ids: set[int] = set()
    upto = await db.scalar(select(AccessRecord.at).where(AccessRecord.id == before)) if before is not None else None
    for id_, table, where in (await _sought(db, question)).places():
        newest = select(id_).where(where).order_by(table.at.desc(), id_.desc()).limit(most)
        if upto is not None:
            newest = newest.where(or_(table.at < upto, and_(table.at == upto, id_ < before)))
        ids.update(await db.scalars(newest))
    found = await _read(db, ids)
    return found[:most]


async def all_readings(db: ReadSession, question: Question) -> AsyncIterator[Reading]:
    """All of them, newest first."""
    before: int | None = None
    while some := await readings(db, question, before=before, most=_EXPORT_BATCH):
        for one in some:
            yield one
        before = some[-1].record.id
        db.expunge_all()


def _records(ids: Collection[int]) -> Select[AccessRecord]:
    return select(AccessRecord).where(AccessRecord.id.in_(ids))


async def _read(db: ReadSession, ids: Collection[int]) -> list[Reading]:
    records: list[AccessRecord] = []
    for some in batched(ids):
        records += await db.scalars(_records(some))
    records.sort(key=lambda one: (one.at, one.id), reverse=True)
    people = await _people(db, [one.person_id for one in records])
    listed: dict[int, list[int]] = {}
    for some in batched(one.id for one in records):
        ideas = select(AccessIdea.record_id, AccessIdea.idea_id).where(AccessIdea.record_id.in_(some))
        for record_id, idea_id in await db.execute(ideas.order_by(AccessIdea.idea_id)):
            listed.setdefault(record_id, []).append(idea_id)
    return [Reading(record=one, person=people.get(one.person_id), listed=listed.get(one.id, ())) for one in records]


async def _people(db: ReadSession, ids: Sequence[int | None]) -> dict[int | None, Person]:
    wanted = {one for one in ids if one is not None}
    found = await db.scalars(select(Person).where(Person.id.in_(wanted)))
    return {person.id: person for person in found}


async def numbers_of(db: ReadSession, records: Sequence[AccessRecord], *, about: str) -> dict[int, str]:
    """The numbers that ideas go by, for those that stand as a subject in the question and in these records."""
    subjects = [about, *(one.subject for one in records)]
    ids = {int(one.partition(":")[2]) for one in subjects if one.startswith(("idea:", "receipt:"))}
    found = await db.execute(select(Idea.id, Idea.number).where(Idea.id.in_(ids)))
    return {id_: number for id_, number in found}  # noqa: C416 - rows are not pairs to mypy


async def subject_named(db: ReadSession, kind: str, which: str) -> str | None:
    """What somebody means by a kind and a name for it: the number of an idea, an e-mail address, the last word of a
    consultation's address; or the number it has here. None when there is no such thing."""
    if kind in WITHOUT_NAME:
        return kind
    found: int | None = None
    if kind == "idea":
        found = await db.scalar(select(Idea.id).where(Idea.number == which))
    elif kind == "consultation":
        found = await db.scalar(select(Consultation.id).where(Consultation.slug == which))
    elif kind in {"person", "reader"} and "@" in which:
        person = await by_email(db, which)
        found = person.id if person else None
    if found is None and which.isdecimal() and len(which) < 10 and kind in KINDS:
        found = int(which)
    return f"{kind}:{found}" if found else None
