"""Who hears of a comment: the author of the idea the next morning, its followers by their cadence, nobody else."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consultations import ideas
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from kernel.errors import NotFound
from kernel.events import EventRecord
from klankbord.worker import Worker
from notify import subscriptions
from notify.states import Cadence, Topic
from notify.topics import touched
from notify.transport import Memory
from tests.builders import a_comment, a_person, let_talk
from tests.moments import NOON
from tests.notify.stories import AMSTERDAM, Story, a_story
from tests.notify.test_digests import worker_is_up_to_date
from tests.notify.test_letters import text_of

NEXT_EIGHT = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Europe/Amsterdam"))


async def begin(tx: WriteSession) -> Story:
    story = await a_story(tx)
    await let_talk(tx, story.consultation)
    await worker_is_up_to_date(tx)
    return story


async def published(tx: WriteSession, under: Idea, **given: Any) -> Idea:
    """A comment that a moderator publishes now."""
    comment = await a_comment(tx, under=under, state=IdeaState.RECEIVED, **given)
    await ideas.move(tx, idea=comment, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)
    return comment


def told(post: Memory, person: Any) -> list[str]:
    """The subjects of what somebody was sent, in order."""
    return sorted(
        str(letter["Subject"]) for letter in post.letters if letter["To"].addresses[0].addr_spec == person.email
    )


async def test_the_author_hears_the_next_morning_once_of_all_that_was_added(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        story = await begin(tx)
        writers = [await a_person(tx), await a_person(tx)]
        for writer in writers:
            await published(tx, story.idea, author=writer)

    await worker.turn(NOON)
    assert told(post, story.author) == []
    for writer in writers:
        [subject] = told(post, writer)
        assert "staat op de site" in subject
    await worker.turn(NEXT_EIGHT)
    await worker.turn(NEXT_EIGHT + timedelta(minutes=1))

    assert told(post, story.author) == ["Iemand vulde uw idee aan"]
    [letter] = [text_of(one, "plain") for one in post.letters if "vulde uw idee aan" in one["Subject"]]
    assert "Er staan nu 2 aanvullingen." in letter
    assert f"/ideas/{story.idea.id}/comments" in letter


@pytest.mark.parametrize("who", ["herself", "a follower of it", "nobody any more"])
async def test_the_author_gets_no_letter_about(database: Database, worker: Worker, post: Memory, who: str) -> None:
    async with database.write() as tx:
        story = await begin(tx)
        if who == "a follower of it":
            follows: dict[str, Any] = {"topic": Topic.IDEA, "topic_id": story.idea.id, "cadence": Cadence.NOTHING}
            await subscriptions.follow(tx, person_id=story.author.id, **follows, zone=AMSTERDAM, now=NOON)
        comment = await published(tx, story.idea, **({"author": story.author} if who == "herself" else {}))
    await worker.turn(NOON)
    if who == "nobody any more":
        async with database.write() as tx:
            gone = await tx.get_one(Idea, comment.id)
            await ideas.withdraw(tx, idea=gone, actor_id=gone.author_id, now=NOON)
    await worker.turn(NEXT_EIGHT)

    assert [subject for subject in told(post, story.author) if "vulde" in subject] == []


async def test_followers_of_the_idea_read_it_in_their_digest_and_followers_of_the_consultation_do_not(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        story = await begin(tx)
        of_idea, of_all = await a_person(tx), await a_person(tx)
        for person, topic, id_ in (
            (of_idea, Topic.IDEA, story.idea.id),
            (of_all, Topic.CONSULTATION, story.consultation.id),
        ):
            chosen: dict[str, Any] = {"topic": topic, "topic_id": id_, "cadence": Cadence.DAILY}
            await subscriptions.follow(tx, person_id=person.id, **chosen, zone=AMSTERDAM, now=NOON)
        gone = await published(tx, story.idea)
        await published(tx, story.idea)
        await ideas.withdraw(tx, idea=gone, actor_id=gone.author_id, now=NOON)
    await worker.turn(NEXT_EIGHT)

    assert told(post, of_all) == []
    assert len(told(post, of_idea)) == 1
    [digest] = [text_of(one, "plain") for one in post.letters if one["To"].addresses[0].addr_spec == of_idea.email]
    assert digest.count("Nieuwe aanvullingen bij ideeën") == 1
    assert digest.count(story.idea.title) == 1
    assert "Nieuwe ideeën en ervaringen" not in digest


async def test_who_wants_to_hear_at_once_does_and_a_comment_that_went_is_no_news(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        story = await begin(tx)
        person = await a_person(tx)
        chosen: dict[str, Any] = {"topic": Topic.IDEA, "topic_id": story.idea.id, "cadence": Cadence.AT_ONCE}
        await subscriptions.follow(tx, person_id=person.id, **chosen, zone=AMSTERDAM, now=NOON)
        gone = await published(tx, story.idea)
        await ideas.withdraw(tx, idea=gone, actor_id=gone.author_id, now=NOON)
    await worker.turn(NOON)
    assert told(post, person) == []

    async with database.write() as tx:
        await published(tx, await tx.get_one(Idea, story.idea.id))
    await worker.turn(NOON)
    await worker.turn(NOON)
    assert len(told(post, person)) == 1


async def test_nobody_follows_a_comment_and_its_coming_nudges_the_thread_alone(tx: WriteSession) -> None:
    story = await begin(tx)
    comment = await a_comment(tx, under=story.idea)
    with pytest.raises(NotFound):
        await subscriptions.title_of(tx, topic=Topic.IDEA, topic_id=comment.id)
    facts = {"idea_id": story.idea.id, "consultation_id": story.consultation.id, "comment_id": comment.id}
    for name in ("idea.commented", "idea.comment_gone"):
        assert touched(EventRecord(name=name, facts=facts)) == (f"thread:{story.idea.id}",)
