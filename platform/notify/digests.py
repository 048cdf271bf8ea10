"""A follower's period closes: what is new goes into one digest, frozen; nothing new, no letter.

The letter and the web page show the same rows of the digest; both leave out what is no longer public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import ReadSession, WriteSession
from kernel.once import insert_once
from notify import before_meetings, news, outbox, subscriptions, theme_news, work_letters
from notify.models import Digest, Subscription
from notify.news import HEADINGS, About, News, Told
from notify.states import Cadence, Topic

AT_MOST = 20
"""Titles of one kind in one digest; the rest is a number."""
NARROWER = (Topic.IDEA, Topic.THEME, Topic.CONSULTATION, Topic.PANEL)
"""Each lies within the ones after it."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """The news of one kind: a heading (msgid), titles, and how many more there are."""

    heading: str
    news: list[News]
    more: int


async def close_period(
    tx: WriteSession, *, person_id: int, period: str, zone: ZoneInfo, now: datetime
) -> Digest | None:
    """Tell what is new since the last time, and plan the next period. None when there is nothing to tell.

    Moderators who hear at this hour of what waits get that in a letter of its own.
    """
    mine = await subscriptions.of_person(tx, person_id=person_id)
    closing = [one for one in mine if subscriptions.closes(one, period)]
    if period.startswith(before_meetings.PERIOD):
        meeting_id = int(period.removeprefix(before_meetings.PERIOD))
        closing = await before_meetings.concerned(tx, meeting_id=meeting_id, person_id=person_id)
    if not closing:
        return None
    if any(work_letters.is_work(one) for one in closing):
        await work_letters.put_up(tx, person_id=person_id, period=period, zone=zone, now=now)
    until = await news.newest_event_id(tx)
    found = await _news_for(tx, closing, _silent(mine), until=until)
    for one in closing:
        one.told_until, one.told_event_id = now, until
        await subscriptions.plan_next(tx, subscription=one, zone=zone, now=now)
    await tx.flush()
    if not found:
        return None
    return await _freeze(tx, person_id=person_id, period=period, found=found, now=now)


def _silent(mine: Iterable[Subscription]) -> frozenset[About]:
    """What somebody wants to hear nothing of, though they follow more than that."""
    return frozenset((one.topic, one.topic_id) for one in mine if one.cadence is Cadence.NOTHING)


def _hears(sub: Subscription, one: Told, silent: frozenset[About]) -> bool:
    """Whether this is news for a subscription; not when it is about a part of it that they want to hear nothing of."""
    if one.event_id <= sub.told_event_id or (sub.topic, sub.topic_id) not in one.concerns:
        return False
    return not any(NARROWER.index(topic) < NARROWER.index(sub.topic) for topic, _ in one.concerns & silent)


async def _news_for(
    db: ReadSession, closing: list[Subscription], silent: frozenset[About], *, until: int
) -> list[dict[str, Any]]:
    told = await news.stretch(db, after=min(one.told_event_id for one in closing), until=until)
    found: dict[tuple[str, str], News] = {}
    for one in told:
        if any(_hears(sub, one, silent) for sub in closing):
            found[one.news.kind, one.news.path] = one.news
    for sub in closing:
        if sub.topic is Topic.THEME:
            for new in await theme_news.came_in(db, theme_id=sub.topic_id, after=sub.told_event_id, until=until):
                found[new.kind, new.path] = new
    return _shortened(found.values())


def _shortened(found: Iterable[News]) -> list[dict[str, Any]]:
    """In the order of HEADINGS, newest first, at most AT_MOST of a kind and a row that counts the rest."""
    rows: list[dict[str, Any]] = []
    newest_first = list(reversed(list(found)))
    for kind in HEADINGS:
        same = [one for one in newest_first if one.kind == kind]
        rows += [one.frozen() for one in same[:AT_MOST]]
        if len(same) > AT_MOST:
            rows.append({"kind": kind, "more": len(same) - AT_MOST})
    return rows


async def _freeze(
    tx: WriteSession, *, person_id: int, period: str, found: list[dict[str, Any]], now: datetime
) -> Digest | None:
    if not await insert_once(tx, Digest, person_id=person_id, period=period, news=found, made_at=now):
        return None
    digest = (await tx.scalars(select(Digest).where(Digest.person_id == person_id, Digest.period == period))).one()
    key = f"digest:{digest.id}:{person_id}"
    await outbox.enqueue(
        tx, dedup_key=key, person_id=person_id, template="digest", due_at=now, digest_id=digest.id, now=now
    )
    return digest


async def sections(db: ReadSession, digest: Digest) -> list[Section]:
    """The digest as it may be read now, in the order it was made."""
    idea_ids = [row["idea_id"] for row in digest.news if row.get("idea_id")]
    public = set(await db.scalars(select(Idea.id).where(Idea.id.in_(idea_ids), Idea.state == IdeaState.PUBLISHED)))
    made: list[Section] = []
    for kind in dict.fromkeys(row["kind"] for row in digest.news):
        rows = [row for row in digest.news if row["kind"] == kind]
        readable = [News(**row) for row in rows if "more" not in row and row["idea_id"] in {None, *public}]
        more = sum(row.get("more", 0) for row in rows)
        if readable or more:
            made.append(Section(heading=HEADINGS[kind], news=readable, more=more))
    return made


async def is_wanted(db: ReadSession, *, person_id: int) -> bool:
    """Whether somebody still follows anything at some cadence."""
    heard = select(Subscription.id).where(Subscription.person_id == person_id, Subscription.cadence != Cadence.NOTHING)
    return await db.scalar(heard.limit(1)) is not None
