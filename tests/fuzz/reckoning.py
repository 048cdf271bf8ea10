"""What must be true of the database after a batch, and of the letters that its rubbish causes."""

from collections import Counter
from datetime import timedelta

from litestar import Litestar
from sqlalchemy import select

from consultations import queries
from consultations.ledger import COUNTED_AS
from consultations.models import Consultation, Idea
from kernel.db import Database
from klankbord.audit import Walk, verify
from tests.faults.reckoning import is_sound, rows
from tests.moments import NOON

TURNS = (timedelta(0), timedelta(days=1), timedelta(days=9))
"""When the worker has its turn afterwards: letters, digests, what runs out."""
CONTRADICTIONS = {
    "support is counted wrong": "SELECT id FROM idea WHERE endorsement_count <>"
    " (SELECT count(*) FROM endorsement WHERE endorsement.idea_id = idea.id)",
    "restricted without a decision": "SELECT id FROM idea WHERE state IN ('held', 'rejected', 'removed', 'returned')"
    " AND id NOT IN (SELECT idea_id FROM moderation_decision)",
    "a text without a version": "SELECT id FROM idea WHERE id NOT IN (SELECT idea_id FROM idea_version)",
    "letters that could not be written": "SELECT id, template, last_error FROM message"
    " WHERE state IN ('deferred', 'bounced')",
    "two at one place of an agenda": "SELECT meeting_id, position FROM agenda_item WHERE position IS NOT NULL"
    " GROUP BY meeting_id, position HAVING count(*) > 1",
    "closes before it opens": "SELECT id FROM consultation WHERE opens_at >= closes_at",
    "U+0000 in a text": "SELECT id FROM idea WHERE instr(title || body, char(0)) > 0",
}


async def contradictions(app: Litestar, database: Database) -> list[str]:
    """Have the worker do its turns, then look whether everything still fits."""
    worker = app.state.worker
    for later in TURNS:
        await worker.turn(NOON + later)
    found = [f"the worker says {worker.last_error}"] if worker.last_error else []
    found += await is_sound(database)
    async with database.read() as db:
        for what, statement in CONTRADICTIONS.items():
            if "char(0)" in statement and not database.is_sqlite:
                continue  # cannot be there: the server refuses it
            found += [f"{what}: {row}" for row in await rows(db, statement)]
        for consultation_id in await db.scalars(select(Consultation.id)):
            ledger = await queries.ledger(db, consultation_id)
            states = Counter(await db.scalars(select(Idea.state).where(Idea.consultation_id == consultation_id)))
            counted = sum(number for state, number in states.items() if state in COUNTED_AS)
            if (ledger.received, sum(ledger.routes.values())) != (counted, ledger.published):
                found.append(f"the ledger of {consultation_id} counts {ledger}, the table holds {states}")
    walk = Walk()
    async for _ in verify(database, walk):
        pass
    return found + [f"the record is not whole: {flaw}" for flaw in walk.flaws]
