"""Who read or exported something between two moments: the question and its answer, also at a million records.

What is about a thing stands under its own subject; an idea also stands in lists that were shown, and what is about a
person is all that they sent in, the blocks they were given, and the lists of people with a task.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, desc, func, select, union

from accounts.models import Person
from accounts.people import by_email
from consultations.models import Consultation, Idea
from kernel.db import ReadSession, batched
from kernel.trace import AGAIN, LISTED_AGAIN, AccessIdea, AccessRecord
from moderation.models import Block

WITHOUT_NAME = ("queue", "people", "blocks", "trace")
KINDS = (
    *("idea", "receipt", "person", "reader", "consultation", "panel", "meeting", "briefing", "point", "advice"),
    *("response", "report", "appeal", "block", "endorsement", "digest"),
)
PAGE = 50
MOST_PEOPLE = 200
MOST_IDEAS = 1_000
"""Ideas of one person that are looked for, the newest."""
_EXPORT_BATCH = 1_000


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


async def where(db: ReadSession, question: Question) -> ColumnElement[bool]:
    """Which records answer it. Somebody who read on at the beginning of the period stands just before it."""
    period = AccessRecord.at.between(question.since - AGAIN, question.until)
    if question.kind == "reader":
        return and_(period, AccessRecord.person_id == question.number)
    if question.kind == "idea":
        return _about_ideas(question, [question.number], [])
    if question.kind == "person":
        written = select(Idea.id).where(Idea.author_id == question.number).order_by(Idea.id.desc())
        blocks = select(Block.id).where(Block.person_id == question.number)
        others = [question.about, "people", "blocks", *(f"block:{one}" for one in await db.scalars(blocks))]
        return _about_ideas(question, list(await db.scalars(written.limit(MOST_IDEAS))), others)
    return and_(period, AccessRecord.subject == question.about)


def _about_ideas(question: Question, ideas: Sequence[int], others: Sequence[str]) -> ColumnElement[bool]:
    """Under their own subjects, and in lists: two looks in an index, put together."""
    subjects = [*(f"{kind}:{one}" for one in ideas for kind in ("idea", "receipt")), *others]
    period = AccessRecord.at.between(question.since - AGAIN, question.until)
    listed = AccessIdea.at.between(question.since - LISTED_AGAIN, question.until)
    found = union(
        select(AccessRecord.id).where(AccessRecord.subject.in_(subjects), period),
        select(AccessIdea.record_id).where(AccessIdea.idea_id.in_(ideas), listed),
    )
    return AccessRecord.id.in_(select(found.subquery().c[0]))


async def readers(db: ReadSession, question: Question) -> list[Reader]:
    """Who, how often, and from when to when; who read last on top."""
    last = func.max(AccessRecord.at)
    found = (
        select(
            AccessRecord.person_id,
            func.max(AccessRecord.roles),
            func.count(),
            func.min(AccessRecord.at, type_=AccessRecord.at.type),
            func.max(AccessRecord.at, type_=AccessRecord.at.type),
        )
        .where(await where(db, question))
        .group_by(AccessRecord.person_id)
        .order_by(desc(last))
        .limit(MOST_PEOPLE)
    )
    rows = (await db.execute(found)).all()
    people = await _people(db, [row[0] for row in rows])
    return [
        Reader(person=people.get(id_), roles=roles, times=times, first=first, last=until)
        for id_, roles, times, first, until in rows
    ]


async def readings(db: ReadSession, question: Question, *, before: int | None = None) -> list[Reading]:
    """The records one by one, newest first, a page and one more."""
    return await _read(db, (await _newest_first(db, question, before)).limit(PAGE + 1))


async def all_readings(db: ReadSession, question: Question) -> AsyncIterator[Reading]:
    """All of them, newest first."""
    before: int | None = None
    while some := await _read(db, (await _newest_first(db, question, before)).limit(_EXPORT_BATCH)):
        for one in some:
            yield one
        before = some[-1].record.id
        db.expunge_all()


async def _newest_first(db: ReadSession, question: Question, before: int | None) -> Select[AccessRecord]:
    found = select(AccessRecord).where(await where(db, question)).order_by(AccessRecord.id.desc())
    return found if before is None else found.where(AccessRecord.id < before)


async def _read(db: ReadSession, wanted: Select[AccessRecord]) -> list[Reading]:
    records = list(await db.scalars(wanted))
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
