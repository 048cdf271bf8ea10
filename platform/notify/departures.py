"""Somebody leaves: their ideas are taken back, every word of theirs goes, and the account is nobody's.

What others rest on stays without them: the number of an idea, the support that was given, a point on an agenda, the
chain of facts. Whoever has a task or a seat leaves when that has ended.
"""

from datetime import datetime

from sqlalchemy import or_, select, update

from accounts import belongings, people, queries, sessions
from accounts.belongings import Whose
from accounts.errors import StillHasTask
from accounts.events import PersonErased
from accounts.models import Person
from accounts.states import Ended
from consultations import ideas
from consultations.models import Idea
from consultations.states import IDEA_MOVES, IdeaState
from kernel.db import ReadSession, WriteSession
from kernel.events import record
from kernel.tokens import Token
from moderation import block_queries, plans
from panels.models import Seat
from themes import forgetting


async def has_task(db: ReadSession, *, person_id: int, now: datetime) -> bool:
    """Whether somebody works here or sits in a panel now."""
    if await queries.has_task(db, person_id=person_id):
        return True
    sits = select(Seat.id).where(Seat.person_id == person_id, or_(Seat.to_at.is_(None), Seat.to_at > now))
    return await db.scalar(sits.limit(1)) is not None


async def leave(tx: WriteSession, *, person_id: int, by: int | None, now: datetime) -> None:
    """Erase somebody's account; twice comes to the same. `by` is None when nobody came for two years.

    Raises StillHasTask. While a block runs, the address stays known by its hash, so that it is not a way out of
    the block: whoever comes back with it finds the block, and nothing else.
    """
    person = await tx.get_one(Person, person_id)
    if person.erased_at is not None:
        return
    if await has_task(tx, person_id=person_id, now=now):
        raise StillHasTask
    whose = Whose(id=person.id, mailbox=person.mailbox)
    theirs = list(await tx.scalars(select(Idea).where(Idea.author_id == person_id).order_by(Idea.id)))
    await forgetting.forget(tx, idea_ids=[idea.id for idea in theirs])
    for idea in theirs:
        if IdeaState.WITHDRAWN in IDEA_MOVES[idea.state]:
            await ideas.withdraw(tx, idea=idea, actor_id=person_id, now=now)
    await plans.lapse(tx, idea_ids=[idea.id for idea in theirs], now=now)
    await sessions.end_all(tx, person_id=person_id, why=Ended.ERASED, by=by, now=now)
    await _void_links(tx, whose, now)
    blocked = await block_queries.in_force(tx, person_id, now=now) is not None
    person.mailbox = people.known_as(whose.mailbox) if blocked else f"erased:{person_id}"
    person.email = person.name = ""
    person.confirmed_at = None
    person.erased_at = now
    await tx.flush()
    await belongings.take_away(tx, whose)
    await tx.execute(update(Idea).where(Idea.author_id == person_id).values(erased_at=now))
    for idea in theirs:
        await tx.refresh(idea)
    await record(tx, PersonErased(at=now, actor_id=by, person_id=person_id))


async def forget_the_blocked(tx: WriteSession, *, now: datetime) -> int:
    """Forget the addresses that were only kept while a block ran; how many."""
    kept = select(Person).where(Person.erased_at.is_not(None), Person.mailbox.startswith(people.KNOWN_AS))
    over = [one for one in await tx.scalars(kept) if await block_queries.in_force(tx, one.id, now=now) is None]
    for person in over:
        person.mailbox = f"erased:{person.id}"
    await tx.flush()
    return len(over)


async def _void_links(tx: WriteSession, whose: Whose, now: datetime) -> None:
    """No link that we sent them does anything any more; the receipt of an idea only says what became of it."""
    condition = belongings.theirs(Token.__tablename__, whose)
    if condition is not None:
        links = update(Token).where(condition, Token.used_at.is_(None))
        receipts = links.where(Token.purpose == ideas.RECEIPT).values(purpose=ideas.ERASED_RECEIPT)
        await tx.execute(receipts.execution_options(synchronize_session=False))
        others = links.where(Token.purpose != ideas.ERASED_RECEIPT).values(used_at=now)
        await tx.execute(others.execution_options(synchronize_session=False))
