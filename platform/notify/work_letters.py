"""To moderators: what waits, at their own hour, and only when something does.

Whoever moderates hears each working day at eight until they choose otherwise; that choice is a subscription like any
other, to a panel that does not exist. It carries no word that a resident wrote.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, or_, select

from accounts import roles
from accounts.models import Grant, Person
from accounts.states import Role
from kernel import working_days
from kernel.db import ReadSession, WriteSession
from moderation.filters import Wanted
from moderation.rows import Row
from moderation.worklist import worklist
from notify import news, outbox, subscriptions
from notify.jobs import A_MINUTE, Job, Turn
from notify.models import Subscription
from notify.states import Cadence, Topic

WORK = (Topic.PANEL, 0)
"""What the subscription is to."""
HOUR = 8
AT_MOST = 10
"""Rows in one letter; the rest is a number."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits for one moderator: the first to come due first."""

    rows: list[Row]
    total: int

    @property
    def late(self) -> int:
        """How many of the rows are past what was promised."""
        return sum(row.is_overdue for row in self.rows)


def is_work(one: Subscription) -> bool:
    """Whether it is about work, and not about news."""
    return (one.topic, one.topic_id) == WORK


async def waiting_for(db: ReadSession, person: Person, *, zone: ZoneInfo, now: datetime) -> Waiting:
    """Ideas to read, reports to answer and appeals to decide, for the panels that this person moderates."""
    actor = await roles.actor_for(db, person=person)
    work = await worklist(db, actor=actor, wanted=Wanted(), zone=zone, now=now)
    return Waiting(rows=work.rows, total=work.total)


async def put_up(tx: WriteSession, *, person_id: int, period: str, zone: ZoneInfo, now: datetime) -> bool:
    """The letter of one period: none on a day off, none when nothing waits, none to who moderates no longer."""
    person = await tx.get_one(Person, person_id)
    if not working_days.is_working_day(now.astimezone(zone).date()) or not await _moderates(tx, person_id, now):
        return False
    if not (await waiting_for(tx, person, zone=zone, now=now)).total:
        return False
    key = f"work_waiting:{period}:{person_id}"
    return await outbox.enqueue(tx, dedup_key=key, person_id=person_id, template="work_waiting", due_at=now, now=now)


async def _moderates(db: ReadSession, person_id: int, now: datetime) -> bool:
    return await db.scalar(select(Grant.id).where(_held(now), Grant.person_id == person_id).limit(1)) is not None


def _held(now: datetime) -> ColumnElement[bool]:
    is_held = Grant.revoked_at.is_(None) & or_(Grant.ends_at.is_(None), Grant.ends_at > now)
    return (Grant.role == Role.MODERATOR) & is_held


async def _begin(turn: Turn) -> int:
    """Whoever moderates and has not chosen yet hears each day from now on; how many began."""
    chosen = exists().where(
        Subscription.person_id == Grant.person_id, Subscription.topic == WORK[0], Subscription.topic_id == WORK[1]
    )
    people = (await turn.tx.scalars(select(Grant.person_id).where(_held(turn.now), ~chosen).distinct())).all()
    until = await news.newest_event_id(turn.tx) if people else 0
    for person_id in sorted(people):
        begun = Subscription(
            person_id=person_id,
            topic=WORK[0],
            topic_id=WORK[1],
            cadence=Cadence.DAILY,
            hour=HOUR,
            weekday=0,
            started_at=turn.now,
            told_until=turn.now,
            told_event_id=until,
        )
        turn.tx.add(begun)
        await turn.tx.flush()
        await subscriptions.plan_next(turn.tx, subscription=begun, zone=turn.settings.zone, now=turn.now)
    return len(people)


BEGIN = Job(
    name="letters about work",
    when="each minute: somebody moderates and has not chosen how often to hear what waits",
    run=_begin,
    why_then="They hear from the next morning on; what waits today stands in the queue that they were just given.",
    every=A_MINUTE,
)
