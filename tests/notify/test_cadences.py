"""Whoever follows an idea, a theme, a consultation or a panel hears as often as they chose, and no more."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.states import Role
from consultations.models import Consultation
from kernel.db import Database, WriteSession
from kernel.events import record
from klankbord.worker import Worker
from notify import subscriptions
from notify.models import Subscription
from notify.states import Cadence, Topic
from notify.transport import Memory
from panels import rules
from panels.events import MeetingAgendaPublished
from tests.builders import a_consultation, a_person, a_placement, a_theme
from tests.moments import NOON
from tests.notify.stories import AMSTERDAM, Story, a_follower, a_story
from tests.notify.test_digests import NEXT_EIGHT, digests_in, published, worker_is_up_to_date
from tests.panels.staff import acting
from themes import themes
from themes.events import ThemesMade

NEXT_MONDAY = datetime(2026, 11, 30, 8, tzinfo=AMSTERDAM)
SECOND = timedelta(seconds=1)


async def a_followed_story(tx: WriteSession) -> tuple[Story, dict[Topic, int]]:
    """A published idea in a theme on an agenda, and what can be followed of it."""
    story = await a_story(tx)
    theme = await a_theme(tx, consultation=story.consultation, ideas=[story.idea])
    story.point.theme_id = theme.id
    await tx.flush()
    await worker_is_up_to_date(tx)
    return story, {
        Topic.IDEA: story.idea.id,
        Topic.THEME: theme.id,
        Topic.CONSULTATION: story.consultation.id,
        Topic.PANEL: story.panel.id,
    }


def heard_by(post: Memory) -> set[str]:
    """Who got a digest since the letters were last taken out."""
    found = {str(letter["To"]).partition("@")[0] for letter in post.letters if letter["List-Id"]}
    post.letters.clear()
    return found


@pytest.mark.parametrize("topic", Topic)
async def test_followers_hear_at_their_own_moment(
    database: Database, worker: Worker, post: Memory, topic: Topic
) -> None:
    async with database.write() as tx:
        story, ids = await a_followed_story(tx)
        for cadence in Cadence:
            person = await a_person(tx, email=f"{cadence}@waterveen.example")
            given = {"topic": topic, "topic_id": ids[topic], "zone": AMSTERDAM, "now": NOON}
            await subscriptions.follow(tx, person_id=person.id, cadence=cadence, **given)  # type: ignore[arg-type]  # as it asks
        fact = {"meeting_id": story.meeting.id, "panel_id": story.panel.id}
        await record(tx, MeetingAgendaPublished(at=NOON, actor_id=None, **fact))
    briefed = rules.briefing_date(story.meeting, story.panel, AMSTERDAM).replace(hour=9, minute=0) + timedelta(hours=3)
    heard = []

    for moment in (NOON, NEXT_EIGHT - SECOND, NEXT_EIGHT, NEXT_MONDAY - SECOND, NEXT_MONDAY, briefed, briefed + SECOND):
        await worker.turn(moment)
        heard.append(heard_by(post))

    assert heard[:5] == [{"at_once"}, set(), {"daily"}, set(), {"weekly"}]
    assert [("before_meeting" in one, "nothing" in one) for one in heard[5:]] == [(True, False), (False, False)]


async def test_who_no_longer_follows_hears_nothing_more(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        _, ids = await a_followed_story(tx)
        consultation = await tx.get_one(Consultation, ids[Topic.CONSULTATION])
        follower = await a_follower(tx, consultation)
        await published(tx, consultation, title="Een bankje")
        await subscriptions.unfollow(tx, person_id=follower.person_id, subscription_id=follower.id)

    await worker.turn(NEXT_EIGHT)

    assert heard_by(post) == set()


async def test_before_a_meeting_only_what_that_meeting_is_about_is_told(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        story, _ = await a_followed_story(tx)
        elsewhere = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        here = await a_follower(tx, story.consultation, Cadence.BEFORE_MEETING)
        await subscriptions.follow(
            tx,
            person_id=here.person_id,
            topic=Topic.CONSULTATION,
            topic_id=elsewhere.id,
            cadence=Cadence.BEFORE_MEETING,
            zone=AMSTERDAM,
            now=NOON,
        )
        await published(tx, story.consultation, title="Voor deze avond")
        await published(tx, elsewhere, title="Voor een andere avond")

    await worker.turn(NOON + timedelta(days=17))

    [letter] = digests_in(post)
    assert ("Voor deze avond" in letter, "Voor een andere avond" in letter) == (True, False)


async def test_a_follower_of_a_theme_hears_at_once_of_an_idea_that_a_run_puts_in_it(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        theme = await a_theme(tx, consultation=consultation)
        await a_follower(tx, consultation, Cadence.AT_ONCE, topic=Topic.THEME, topic_id=theme.id)
        idea = await published(tx, consultation, title="Nieuw in dit thema")
        await published(tx, consultation, title="Ergens anders")
    await worker.turn(NOON)
    assert digests_in(post) == []
    later = NOON + timedelta(minutes=10)

    async with database.write() as tx:
        await a_placement(tx, idea=idea, theme=theme, placed_at=later)
        await record(tx, ThemesMade(at=later, actor_id=None, consultation_id=consultation.id, run_id=1))
    for moment in (later, later + timedelta(minutes=1)):
        await worker.turn(moment)

    [letter] = digests_in(post)
    assert ("Nieuw in dit thema" in letter, "Ergens anders" in letter) == (True, False)


async def test_followers_of_a_theme_go_along_into_the_one_it_is_merged_into(database: Database, worker: Worker) -> None:
    async with database.write() as tx:
        story, ids = await a_followed_story(tx)
        into = await a_theme(tx, consultation=story.consultation)
        one = await a_follower(tx, story.consultation, topic=Topic.THEME, topic_id=ids[Topic.THEME])
        both = await a_follower(tx, story.consultation, topic=Topic.THEME, topic_id=ids[Topic.THEME])
        given = {"topic": Topic.THEME, "topic_id": into.id, "zone": AMSTERDAM, "now": NOON}
        await subscriptions.follow(tx, person_id=both.person_id, cadence=Cadence.NOTHING, **given)  # type: ignore[arg-type]  # as it asks
        secretary = await acting(tx, Role.SECRETARY, story.panel)
        theme = await tx.get_one(type(into), ids[Topic.THEME])
        await themes.merge(tx, theme=theme, into=into, actor=secretary, now=NOON)

    await worker.turn(NOON)

    async with database.read() as db:
        found = (await db.scalars(select(Subscription).order_by(Subscription.id))).all()
    assert [(sub.person_id, sub.topic_id, sub.cadence) for sub in found] == [
        (one.person_id, into.id, Cadence.DAILY),
        (both.person_id, into.id, Cadence.NOTHING),
    ]


async def test_what_somebody_wants_to_hear_nothing_of_stays_out_of_the_news_of_their_panel(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        loud = await a_consultation(tx)
        panel_id = loud.panel_id
        quiet = await a_consultation(tx, panel_id=panel_id)
        await worker_is_up_to_date(tx)
        sub = await a_follower(tx, loud, topic=Topic.PANEL, topic_id=panel_id)
        given = {"topic": Topic.CONSULTATION, "topic_id": quiet.id, "zone": AMSTERDAM, "now": NOON}
        await subscriptions.follow(tx, person_id=sub.person_id, cadence=Cadence.NOTHING, **given)  # type: ignore[arg-type]  # as it asks
        await published(tx, loud, title="Wel")
        await published(tx, quiet, title="Niet")

    await worker.turn(NEXT_EIGHT)

    [letter] = digests_in(post)
    assert ("Wel" in letter, "Niet" in letter) == (True, False)
