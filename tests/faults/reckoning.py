"""What must be true of a town's database after a crowd worked on it and the site was killed again and again."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from consultations import queries
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import Database, ReadSession
from kernel.events import EventRecord, chain_hash
from moderation.models import Decision
from notify.states import MessageState
from panels.models import AgendaItem
from tests.faults.crowd import Crowd
from tests.faults.town import Town, looking

KEPT_UNCONFIRMED = timedelta(hours=47)
"""An idea that nobody confirmed is thrown away after 48 hours, as its letter says."""
SETTLED = {MessageState.SENT, MessageState.SUPPRESSED}
_TOLD_OF_EACH = {"idea_received": None, "idea_published": IdeaState.PUBLISHED, "idea_rejected": IdeaState.REJECTED}


async def rows(db: ReadSession, statement: str) -> list[tuple[Any, ...]]:
    """What a plain SELECT finds."""
    return [tuple(row) for row in await db.execute(text(statement))]


async def is_sound(database: Database) -> list[str]:
    """What SQLite finds wrong with its file; nothing, on PostgreSQL."""
    if not database.is_sqlite:
        return []
    async with database.read() as db:
        verdict = [row[0] for row in await rows(db, "PRAGMA integrity_check")]
        orphans = await rows(db, "PRAGMA foreign_key_check")
    return ([] if verdict == ["ok"] else verdict) + [f"orphan: {row}" for row in orphans]


async def in_flight(url: str) -> set[str]:
    """The Message-IDs of letters that were on their way."""
    async with looking(url) as database, database.read() as db:
        return {f"<{row[0]}>" for row in await rows(db, "SELECT message_id FROM message WHERE state = 'sending'")}


async def unsettled(url: str) -> int:
    """How much is still to be told, done or sent."""
    async with looking(url) as database, database.read() as db:
        letters = "SELECT count(*) FROM message WHERE state IN ('queued', 'sending', 'deferred')"
        facts = "SELECT count(*) FROM unrelayed"
        runs = "SELECT count(*) FROM occurrence WHERE state = 'claimed'"
        return sum([(await rows(db, statement))[0][0] for statement in (letters, facts, runs)])


async def lost_and_doubled(database: Database, crowd: Crowd, *, now: datetime) -> tuple[list[str], list[str]]:
    """What was answered with a yes and is not there, and what is there more than once."""
    kept = list(crowd.kept)  # before the tables are read: answers go on coming meanwhile
    names: dict[str, list[str]] = defaultdict(list)
    for one in kept:
        names[one.what].append(one.name)
    async with database.read() as db:
        written = await rows(db, "SELECT title, state FROM idea")
        ideas, titles = {row[0]: row[1] for row in written}, Counter(row[0] for row in written)
        support = {f"{idea}/{person}" for idea, person in await rows(db, "SELECT idea_id, person_id FROM endorsement")}
        decisions = Counter(str(one) for one in await db.scalars(select(Decision.idea_id)))
        points = Counter(await db.scalars(select(AgendaItem.title)))
    asked = {one.name for one in kept if one.what == "asked" and now - one.at < KEPT_UNCONFIRMED}
    confirmed = {name for name in names["confirmed"] if ideas.get(name) in {None, IdeaState.SUBMITTED}}
    lost = [
        *_missing(names["idea"], titles),
        *_missing(asked, titles),
        *sorted(confirmed),
        *_missing(names["support"], support),
        *_missing(names["decision"], decisions),
        *_missing(names["point"], points),
    ]
    doubled = [name for counted in (titles, decisions, points) for name, times in counted.items() if times > 1]
    return lost, doubled


def _missing(names: Iterable[str], there: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(there))


async def contradictions(database: Database, town: Town) -> list[str]:
    """Where tables do not agree with each other: numbers, support, facts and their hashes, letters for facts."""
    found: list[str] = []
    async with database.read() as db:
        ledger = await queries.ledger(db, town.consultation_id)
        states = Counter(await db.scalars(select(Idea.state)))
        if ledger.received != sum(number for state, number in states.items() if state is not IdeaState.SUBMITTED):
            found.append(f"the ledger counts {ledger.received}, the table holds {states}")
        wrong = (
            "SELECT id FROM idea WHERE endorsement_count <>"
            " (SELECT count(*) FROM endorsement WHERE endorsement.idea_id = idea.id)"
        )
        found += [f"idea {row[0]} counts its support wrong" for row in await rows(db, wrong)]
        found += await _broken_chains(db)
        found += await _untold(db, states, seeds=len(town.seeds))
    return found


async def _broken_chains(db: ReadSession) -> list[str]:
    last: dict[str, EventRecord] = {}
    broken = []
    for record in await db.scalars(select(EventRecord).order_by(EventRecord.subject, EventRecord.seq)):
        before = last.get(record.subject)
        expected = (before.seq + 1, before.hash) if before else (1, "")
        if (record.seq, record.previous_hash) != expected or record.hash != chain_hash(record):
            broken.append(f"the chain of {record.subject} breaks at {record.seq}")
        last[record.subject] = record
    return broken


async def _untold(db: ReadSession, states: Counter[IdeaState], *, seeds: int) -> list[str]:
    """Each idea that was received, published or rejected: one fact, one letter."""
    facts = Counter(row[0] for row in await rows(db, "SELECT name FROM event"))
    letters = Counter(row[0] for row in await rows(db, "SELECT template FROM message"))
    found = []
    for template, state in _TOLD_OF_EACH.items():
        number = states[state] if state else sum(states.values()) - states[IdeaState.SUBMITTED]
        number -= seeds if state in {None, IdeaState.PUBLISHED} else 0
        fact = template.replace("_", ".")
        if (facts[fact], letters[template]) != (number, number):
            found.append(f"{number} ideas were {fact}, with {facts[fact]} facts and {letters[template]} letters")
    return found


async def letters(database: Database) -> dict[str, str]:
    """The state of each letter, by Message-ID."""
    async with database.read() as db:
        return {f"<{one}>": state for one, state in await rows(db, "SELECT message_id, state FROM message")}


async def published_titles(database: Database) -> set[str]:
    """The titles of the ideas that everybody may read."""
    async with database.read() as db:
        return set(await db.scalars(select(Idea.title).where(Idea.state == IdeaState.PUBLISHED)))
