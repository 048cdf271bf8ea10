"""Following: what somebody wants to hear of, how often, at which local hour."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consultations.models import Consultation, Idea
from consultations.states import ConsultationState
from kernel.db import ReadSession, WriteSession, batched
from kernel.errors import NotFound
from notify import news, occurrences
from notify.models import Subscription
from notify.slots import Rule, Slot, next_slot
from notify.states import Cadence, OccurrenceState, Topic
from panels.models import Panel
from panels.states import PanelState
from themes.models import Theme
from themes.states import ThemeState

DIGEST = "digest"
RULED = (Cadence.DAILY, Cadence.WEEKLY)
"""How often a clock decides."""


async def title_of(db: ReadSession, *, topic: Topic, topic_id: int) -> tuple[str, str]:
    """Name and path of what can be followed; raises NotFound when it is not public."""
    if topic is Topic.CONSULTATION:
        consultation = await db.get(Consultation, topic_id)
        if consultation is not None and await _is_announced(db, topic_id):
            return consultation.title, f"/consultations/{consultation.slug}"
    elif topic is Topic.PANEL:
        panel = await db.get(Panel, topic_id)
        if panel is not None and panel.state is not PanelState.DRAFT:
            return panel.name, f"/panels/{panel.slug}"
    elif topic is Topic.THEME:
        theme = await db.get(Theme, topic_id)
        if theme is not None and theme.state is ThemeState.CURRENT and await _is_announced(db, theme.consultation_id):
            return theme.name, f"/themes/{theme.id}"
    else:
        idea = await db.get(Idea, topic_id)
        if idea is not None and idea.is_public and not idea.is_comment:
            return idea.title, f"/ideas/{idea.id}"
    raise NotFound


async def _is_announced(db: ReadSession, consultation_id: int) -> bool:
    consultation = await db.get(Consultation, consultation_id)
    return consultation is not None and consultation.state is not ConsultationState.DRAFT


async def of_person(db: ReadSession, *, person_id: int) -> list[Subscription]:
    """Everything somebody follows, oldest first."""
    mine = select(Subscription).where(Subscription.person_id == person_id).order_by(Subscription.id)
    return list((await db.scalars(mine)).all())


async def _one(tx: WriteSession, person_id: int, topic: Topic, topic_id: int) -> Subscription | None:
    wanted = select(Subscription).where(
        Subscription.person_id == person_id, Subscription.topic == topic, Subscription.topic_id == topic_id
    )
    return await tx.scalar(wanted)


async def follow(
    tx: WriteSession,
    *,
    person_id: int,
    topic: Topic,
    topic_id: int,
    cadence: Cadence = Cadence.WEEKLY,
    hour: int = 8,
    weekday: int = 0,
    zone: ZoneInfo,
    now: datetime,
) -> Subscription:
    """Begin to hear of it, from now on; following again only changes how often. Raises NotFound."""
    await title_of(tx, topic=topic, topic_id=topic_id)
    subscription = await _one(tx, person_id, topic, topic_id)
    if subscription is None:
        subscription = Subscription(
            person_id=person_id,
            topic=topic,
            topic_id=topic_id,
            cadence=cadence,
            hour=hour,
            weekday=weekday,
            started_at=now,
            told_until=now,
            told_event_id=await news.newest_event_id(tx),
        )
        tx.add(subscription)
    await change(tx, subscription=subscription, cadence=cadence, hour=hour, weekday=weekday, zone=zone, now=now)
    return subscription


async def change(
    tx: WriteSession,
    *,
    subscription: Subscription,
    cadence: Cadence,
    hour: int,
    weekday: int,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Another cadence, hour or day. What was missed while it was set to nothing is not told afterwards."""
    if subscription.cadence is Cadence.NOTHING and cadence is not Cadence.NOTHING:
        subscription.told_until, subscription.told_event_id = now, await news.newest_event_id(tx)
    subscription.cadence, subscription.hour, subscription.weekday = cadence, hour, weekday
    await tx.flush()
    await plan_next(tx, subscription=subscription, zone=zone, now=now)


async def unfollow(tx: WriteSession, *, person_id: int, subscription_id: int) -> None:
    """Stop, and forget that it was followed. Raises NotFound for somebody else's."""
    await tx.delete(await own(tx, person_id=person_id, subscription_id=subscription_id))


async def own(db: ReadSession, *, person_id: int, subscription_id: int) -> Subscription:
    """One of somebody's own subscriptions; raises NotFound."""
    subscription = await db.get(Subscription, subscription_id)
    if subscription is None or subscription.person_id != person_id:
        raise NotFound
    return subscription


async def silence(tx: WriteSession, *, person_id: int, topic: Topic | None, topic_id: int = 0, now: datetime) -> None:
    """One click in a letter: nothing more about this, or (without a topic) about anything followed. Repeatable."""
    if topic is None:
        for subscription in await of_person(tx, person_id=person_id):
            subscription.cadence = Cadence.NOTHING
        return
    known = await _one(tx, person_id, topic, topic_id)
    if known is not None:
        known.cadence = Cadence.NOTHING
        return
    tx.add(
        Subscription(
            person_id=person_id,
            topic=topic,
            topic_id=topic_id,
            cadence=Cadence.NOTHING,
            hour=8,
            weekday=0,
            started_at=now,
            told_until=now,
            told_event_id=0,
        )
    )


async def is_silenced(db: ReadSession, *, person_id: int, topic: Topic, topic_id: int) -> bool:
    """Whether somebody asked not to hear of this."""
    silent = select(Subscription.id).where(
        Subscription.person_id == person_id,
        Subscription.topic == topic,
        Subscription.topic_id == topic_id,
        Subscription.cadence == Cadence.NOTHING,
    )
    return await db.scalar(silent) is not None


def rule_of(subscription: Subscription) -> Rule | None:
    """When its periods close; None when no clock decides it."""
    if subscription.cadence not in RULED:
        return None
    return _rule(subscription.cadence, subscription.hour, subscription.weekday)


def _rule(cadence: Cadence, hour: int, weekday: int) -> Rule:
    return Rule(hour=hour, weekday=weekday if cadence is Cadence.WEEKLY else None)


async def plan_next(tx: WriteSession, *, subscription: Subscription, zone: ZoneInfo, now: datetime) -> None:
    """Plan the end of the present period; a person's subscriptions with the same hour share one digest."""
    rule = rule_of(subscription)
    if rule is not None:
        slot = next_slot(rule, zone, now)
        while not await _is_planned(tx, subscription, slot):  # a clock that was put back comes by what it did before
            slot = next_slot(rule, zone, slot.at)


async def unplanned(db: ReadSession, *, zone: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    """What `plan` takes for the period ends that should stand in the plan and do not: after a clock was put back."""
    to_come = await occurrences.to_come(db, kind=DIGEST, now=now)
    wanted = select(Subscription.person_id, Subscription.cadence, Subscription.hour, Subscription.weekday)
    missing: dict[tuple[int, str], datetime] = {}
    for person_id, cadence, hour, weekday in await db.execute(wanted.where(Subscription.cadence.in_(RULED)).distinct()):
        rule, after = _rule(cadence, hour, weekday), now
        while True:
            slot = next_slot(rule, zone, after)
            state = to_come.get((f"person:{person_id}", f"{cadence}:{slot.local}"))
            if state is not OccurrenceState.DONE:
                break
            after = slot.at
        if state is None:
            missing[person_id, f"{cadence}:{slot.local}"] = slot.at
    return [{"person_id": person_id, "period": period, "due_at": at} for (person_id, period), at in missing.items()]


async def _is_planned(tx: WriteSession, subscription: Subscription, slot: Slot) -> bool:
    """Whether this period will end; False when it has ended already."""
    person_id, period = subscription.person_id, f"{subscription.cadence}:{slot.local}"
    if await plan(tx, person_id=person_id, period=period, due_at=slot.at):
        return True
    return not await occurrences.is_done(tx, kind=DIGEST, subject=f"person:{person_id}", local_slot=period)


async def plan(tx: WriteSession, *, person_id: int, period: str, due_at: datetime) -> bool:
    """Plan a digest of one period of one person; False when it was planned before."""
    return await occurrences.plan(tx, kind=DIGEST, subject=f"person:{person_id}", local_slot=period, due_at=due_at)


def closes(subscription: Subscription, period: str) -> bool:
    """Whether the end of this period (`weekly:2026-11-23T08:00`) is one of the subscription's own."""
    cadence, _, slot = period.partition(":")
    if subscription.cadence != cadence:
        return False
    rule = rule_of(subscription)
    if rule is None:
        return True
    day, _, hour = slot.partition("T")
    return hour == f"{rule.hour:02}:00" and rule.holds_on(datetime.fromisoformat(day).date())


async def followers(db: ReadSession, *, about: frozenset[news.About], cadence: Cadence) -> set[int]:
    """The people who want to hear of one of these at this cadence."""
    found: set[int] = set()
    for topic in sorted({topic for topic, _ in about}):
        for ids in batched(topic_id for kind, topic_id in about if kind is topic):
            wanted = select(Subscription.person_id).where(
                Subscription.topic == topic, Subscription.topic_id.in_(ids), Subscription.cadence == cadence
            )
            found |= set(await db.scalars(wanted))
    return found
