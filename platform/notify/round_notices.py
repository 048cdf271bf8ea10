"""Who hears of a turn in a consultation: its followers, those of its panel, and whoever sent something in."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select

from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import ReadSession, WriteSession
from kernel.events import EventRecord
from notify import hearers, outbox
from notify.models import Subscription
from notify.states import Cadence, Topic

TELLS_ALL = frozenset(Cadence) - {Cadence.NOTHING}
TELLS_BETWEEN_MEETINGS = TELLS_ALL - {Cadence.BEFORE_MEETING}
SENT_NOTHING = (IdeaState.DRAFT, IdeaState.SUBMITTED, IdeaState.WITHDRAWN)


async def everybody_concerned(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Followers, however often they hear, and the authors: each one letter, at once, with the reason."""
    consultation = await tx.get_one(Consultation, event.facts["consultation_id"])
    people = await _followers(tx, consultation, TELLS_ALL) | await _authors(tx, consultation)
    await _tell(tx, people, letter, event, consultation, now)


async def followers_reminded(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Followers, before the close: a digest of once a week would come too late for most."""
    consultation = await tx.get_one(Consultation, event.facts["consultation_id"])
    people = await _followers(tx, consultation, TELLS_BETWEEN_MEETINGS)
    await _tell(tx, people, "consultation_closing", event, consultation, now)


async def _tell(
    tx: WriteSession, people: set[int], letter: str, event: EventRecord, consultation: Consultation, now: datetime
) -> None:
    heard = sorted(people - await _silenced(tx, consultation))
    facts = {"consultation_id": consultation.id} | {
        name: event.facts[name] for name in ("extension_id",) if name in event.facts
    }
    about = f"{consultation.id}:{event.seq}"
    await outbox.put_up(tx, heard, letter=letter, about=about, facts=facts, now=now)


async def _followers(db: ReadSession, consultation: Consultation, cadences: Iterable[Cadence]) -> set[int]:
    is_followed = or_(
        and_(Subscription.topic == Topic.CONSULTATION, Subscription.topic_id == consultation.id),
        and_(Subscription.topic == Topic.PANEL, Subscription.topic_id == consultation.panel_id),
    )
    wanted = select(Subscription.person_id).where(is_followed, Subscription.cadence.in_(list(cadences)))
    return set(await db.scalars(wanted))


async def _authors(db: ReadSession, consultation: Consultation) -> set[int]:
    """Whoever sent something in that still stands there, unless they asked to hear nothing about it."""
    wanted = (
        select(Idea.author_id)
        .where(Idea.consultation_id == consultation.id, Idea.state.not_in(SENT_NOTHING), hearers.not_imported())
        .distinct()
    )
    return set(await db.scalars(wanted))


async def _silenced(db: ReadSession, consultation: Consultation) -> set[int]:
    """Whoever wants to hear nothing of this consultation, though they follow its panel or sent something in."""
    wanted = select(Subscription.person_id).where(
        Subscription.topic == Topic.CONSULTATION,
        Subscription.topic_id == consultation.id,
        Subscription.cadence == Cadence.NOTHING,
    )
    return set(await db.scalars(wanted))
