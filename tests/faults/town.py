"""A small municipality, ready to be worked on by a crowd: made in this process, served by another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from litestar.middleware.csrf import generate_csrf_token
from sqlalchemy import delete, update

from accounts import sessions
from accounts.models import Person, SessionRecord
from accounts.states import Role
from consultations.models import Consultation
from consultations.states import IdeaState
from kernel.clock import SystemClock
from kernel.db import Database, WriteSession
from kernel.events import Unrelayed
from kernel.settings import DEMO_SECRET
from klankbord.migrate import migrate
from notify import subscriptions
from notify.states import Cadence, Topic
from panels.states import MeetingState
from tests.builders import a_meeting, a_moderated_consultation, a_panel, a_person, an_idea

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LONG = timedelta(days=1000)
"""Longer than any run moves the clock."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """Who is there, each with the cookies of a browser that is signed in."""

    database_url: str
    slug: str
    consultation_id: int
    meeting_id: int
    seeds: list[int]
    residents: list[tuple[int, dict[str, str]]]
    moderators: list[dict[str, str]]
    secretary: dict[str, str]


async def found(url: str, *, residents: int = 8, followers: int = 6) -> Town:
    """Migrate an empty database and settle people in it: an open consultation, a meeting whose agenda is being made."""
    database = Database(url)
    try:
        await migrate(database)
        async with database.write() as tx:
            return await _settle(tx, url, residents, followers, now=SystemClock().now())
    finally:
        await database.close()


async def _settle(tx: WriteSession, url: str, residents: int, followers: int, *, now: datetime) -> Town:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_OPEN, starts_at=now + LONG)
    consultation = await a_moderated_consultation(
        tx,
        panel=panel,
        meeting=meeting,
        opens_at=now - timedelta(days=1),
        closes_at=now + LONG,
        announced_at=now - timedelta(days=2),
    )
    people = [await a_person(tx) for _ in range(residents)]
    moderators = [await a_person(tx, role=Role.MODERATOR, panel=panel) for _ in range(2)]
    secretary = await a_person(tx, role=Role.SECRETARY, panel=panel)
    past = now - timedelta(hours=1)
    seeds = [
        await an_idea(tx, consultation=consultation, received_at=past, state=IdeaState.PUBLISHED) for _ in range(20)
    ]
    for number in range(followers):
        await _follow(tx, consultation, at_once=number == 0, hour=number * 24 // followers, now=now)
    town = Town(
        database_url=url,
        slug=consultation.slug,
        consultation_id=consultation.id,
        meeting_id=meeting.id,
        seeds=[idea.id for idea in seeds],
        residents=[(person.id, await _cookies(tx, person, now=now)) for person in people],
        moderators=[await _cookies(tx, person, now=now) for person in moderators],
        secretary=await _cookies(tx, secretary, now=now),
    )
    await tx.execute(update(SessionRecord).values(expires_at=now + LONG, idle_until=None))
    await tx.execute(delete(Unrelayed))  # all of this is long known: no letters about the tasks just granted
    return town


async def _follow(tx: WriteSession, consultation: Consultation, *, at_once: bool, hour: int, now: datetime) -> None:
    follower = await a_person(tx)
    await subscriptions.follow(
        tx,
        person_id=follower.id,
        topic=Topic.CONSULTATION,
        topic_id=consultation.id,
        cadence=Cadence.AT_ONCE if at_once else Cadence.DAILY,
        hour=hour,
        zone=AMSTERDAM,
        now=now,
    )


async def _cookies(tx: WriteSession, person: Person, *, now: datetime) -> dict[str, str]:
    secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=now)
    return {"session": secret, **stranger()}


def stranger() -> dict[str, str]:
    """The cookies of somebody who looked at one page."""
    return {"csrf": generate_csrf_token(DEMO_SECRET)}


@asynccontextmanager
async def looking(url: str) -> AsyncIterator[Database]:
    """The database beside the site's process; only to read."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()
