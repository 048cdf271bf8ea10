"""What waits goes to moderators at their own hour, the first promised first; nothing waits, no letter."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from accounts import roles
from accounts.models import Person
from accounts.states import Role
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from klankbord.worker import Worker
from moderation import decisions, page_reports, reports
from moderation.states import Outcome
from notify import subscriptions, work_letters
from notify.models import Subscription
from notify.states import Cadence
from notify.transport import Memory
from tests.builders import a_moderated_consultation, a_panel, a_person, an_idea
from tests.moments import NOON
from tests.notify.test_letters import text_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TUESDAY = datetime(2026, 11, 24, 8, tzinfo=AMSTERDAM)
DAY = timedelta(days=1)
SATURDAY = TUESDAY + 4 * DAY


def about_work(post: Memory) -> list[str]:
    return [text_of(letter, "plain") for letter in post.letters if "wacht" in letter["Subject"]]


async def a_working_moderator(tx: WriteSession, **given: Any) -> Person:
    return await a_person(tx, role=Role.MODERATOR, name="Mo", **given)


async def test_a_letter_leaves_at_eight_where_people_live_when_something_waits(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        await a_working_moderator(tx)
        consultation = await a_moderated_consultation(tx)
        await an_idea(tx, consultation=consultation, title="GEHEIM", received_at=NOON - 3 * DAY)
        public = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        await reports.receive(tx, idea=public, reason="GEHEIM", now=NOON)
        await page_reports.receive(tx, address="/panels", panel_id=None, reason="GEHEIM", now=NOON)

    await worker.turn(NOON)
    await worker.turn(TUESDAY - timedelta(seconds=1))
    assert about_work(post) == []
    await worker.turn(TUESDAY)
    await worker.turn(TUESDAY + timedelta(minutes=1))

    [letter] = about_work(post)
    lines = [line for line in letter.splitlines() if line.startswith("- ")]
    assert [line.partition(":")[0] for line in lines] == [
        *("- Inzending om te lezen", "- Melding over een inzending", "- Melding over een pagina")
    ]
    assert lines[0].endswith("beloofd dinsdag 24 november 2026, 17.00 uur")
    assert "GEHEIM" not in letter


async def test_nothing_waits_and_there_is_no_letter(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        moderator = await a_working_moderator(tx)
        actor = await roles.actor_for(tx, person=moderator)
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    await worker.turn(NOON)
    async with database.write() as tx:
        idea = await tx.get_one(type(idea), idea.id)
        await decisions.decide(tx, idea=idea, actor=actor, outcome=Outcome.PUBLISH, now=NOON)

    for day in range(3):
        await worker.turn(TUESDAY + day * DAY)

    assert about_work(post) == []


async def test_nobody_hears_on_a_day_off_of_another_panel_or_after_they_stopped(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        elsewhere = await a_panel(tx)
        stopped, other = await a_working_moderator(tx), await a_working_moderator(tx, panel=elsewhere)
        await an_idea(tx, consultation=await a_moderated_consultation(tx))
    await worker.turn(TUESDAY - timedelta(hours=1))
    async with database.write() as tx:
        person = await tx.get_one(Person, stopped.id)
        await roles.revoke(tx, person=person, role=Role.MODERATOR, now=TUESDAY - timedelta(minutes=30))
        last = await a_working_moderator(tx)

    await worker.turn(TUESDAY)
    assert (about_work(post), other.id) == ([], other.id)
    await worker.turn(SATURDAY)
    assert about_work(post) == []
    await worker.turn(SATURDAY + 2 * DAY)
    assert [letter["To"] for letter in post.letters if "wacht" in letter["Subject"]] == [last.email]


async def test_a_moderator_chooses_how_often(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        moderator = await a_working_moderator(tx)
        await an_idea(tx, consultation=await a_moderated_consultation(tx))
    await worker.turn(NOON)
    async with database.write() as tx:
        [mine] = await subscriptions.of_person(tx, person_id=moderator.id)
        assert work_letters.is_work(mine)
        await subscriptions.change(
            tx, subscription=mine, cadence=Cadence.WEEKLY, hour=9, weekday=2, zone=AMSTERDAM, now=NOON
        )

    await worker.turn(TUESDAY)
    assert about_work(post) == []
    await worker.turn(TUESDAY + DAY + timedelta(hours=1))
    assert len(about_work(post)) == 1
    async with database.write() as tx:
        [mine] = await tx.scalars(select(Subscription))
        mine.cadence = Cadence.NOTHING
    await worker.turn(TUESDAY + 8 * DAY + timedelta(hours=1))
    assert len(about_work(post)) == 1
