"""Who put a picture or document with an idea hears when a moderator does not show it, with the reason."""

from typing import Any

from sqlalchemy import delete, select

from consultations import attachments
from consultations.models import Idea
from consultations.states import IdeaState
from consultations.ways_models import Attachment
from kernel.db import Database
from klankbord.worker import Worker
from notify.models import Message
from notify.states import MessageState
from notify.transport import Memory
from tests.builders import a_moderator, an_idea
from tests.moments import NOON
from tests.notify.files import a_file
from tests.notify.test_letters import text_of


async def looked_at(database: Database, *, reason: str = "", is_picture: bool = True, file_id: int = 0) -> int:
    """A moderator looks at a new picture, or at this one again; shows it when there is no reason not to."""
    async with database.write() as tx:
        if file_id:
            file = await tx.get_one(Attachment, file_id)
            idea = await tx.get_one(Idea, file.idea_id)
        else:
            idea = await an_idea(tx, state=IdeaState.PUBLISHED)
            file = await a_file(tx, idea=idea, is_picture=is_picture)
        moderator_id = (await a_moderator(tx)).person_id or 0
        verdict: dict[str, Any] = {"is_shown": not reason, "reason": reason, "actor_id": moderator_id}
        await attachments.decide(tx, file=file, idea=idea, **verdict, now=NOON)
        return file.id


async def test_the_author_hears_why_a_picture_is_not_shown(database: Database, worker: Worker, post: Memory) -> None:
    await looked_at(database, reason="Er staat een kenteken op.")
    await worker.turn(NOON)

    [letter] = post.letters
    assert letter["Subject"].startswith("Over uw inzending 2025-")
    assert letter["Subject"].endswith(": uw foto komt niet op de site, met de reden")
    told = text_of(letter, "plain")
    assert ("Er staat een kenteken op." in told, "De kade zonder bankje." in told) == (True, True)
    assert "/files\n" in told


async def test_of_a_document_it_says_document_and_in_their_language(
    database: Database, worker: Worker, post: Memory
) -> None:
    await looked_at(database, reason="Er staat een naam op.", is_picture=False)
    await worker.turn(NOON)

    assert [letter["Subject"].partition(": ")[2] for letter in post.letters] == [
        "uw document komt niet op de site, met de reden"
    ]


async def test_nobody_is_written_to_when_it_is_shown(database: Database, worker: Worker, post: Memory) -> None:
    await looked_at(database)
    await worker.turn(NOON)

    assert post.letters == []


async def test_each_refusal_has_its_letter_and_none_leaves_that_is_no_longer_true(
    database: Database, worker: Worker, post: Memory
) -> None:
    file_id = await looked_at(database, reason="Er staat een kenteken op.")
    await worker.turn(NOON)
    await looked_at(database, file_id=file_id)
    await looked_at(database, file_id=file_id, reason="Bij nader inzien toch niet.")
    await worker.turn(NOON)
    assert ["Bij nader inzien" in text_of(letter, "plain") for letter in post.letters] == [False, True]

    gone = await looked_at(database, reason="Er staat een huisnummer op.")
    async with database.write() as tx:
        await tx.execute(delete(Attachment).where(Attachment.id == gone))
    await worker.turn(NOON)

    assert len(post.letters) == 2
    async with database.read() as db:
        assert (await db.scalars(select(Message.state).order_by(Message.id.desc()).limit(1))).one() is (
            MessageState.SUPPRESSED
        )
