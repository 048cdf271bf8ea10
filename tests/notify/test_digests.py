"""What followers hear: at their own hour, everything that is new, once, and the same on the web."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from litestar import Litestar
from sqlalchemy import select

from accounts.states import Role
from consultations import ideas, lifecycle
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from klankbord.worker import Worker
from notify import subscriptions
from notify.models import Digest, Message, Occurrence
from notify.states import Cadence, MessageState, OccurrenceState, Topic
from notify.transport import Memory
from panels.models import Meeting
from tests.builders import a_consultation, a_meeting, a_panel, a_person, an_idea
from tests.moments import NOON
from tests.notify.stories import a_follower
from tests.notify.test_letters import HOSTILE, kept, text_of
from tests.visitor import Visitor
from themes.models import Placement, Theme
from themes.states import PlacedBy

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEXT_EIGHT = datetime(2026, 11, 24, 8, tzinfo=AMSTERDAM)


async def published(tx: WriteSession, consultation: Consultation, *, at: datetime = NOON, **given: object) -> Idea:
    """An idea that a moderator publishes now."""
    idea = await an_idea(tx, consultation=consultation, **given)  # type: ignore[arg-type]  # as given
    await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=at)
    return idea


def digests_in(post: Memory) -> list[str]:
    """The texts of the digests that left."""
    return [text_of(letter, "plain") for letter in post.letters if letter["List-Id"]]


async def test_a_daily_follower_hears_at_eight_of_what_is_new(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await published(tx, consultation, title="Van voor de tijd")
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation)
        await published(tx, consultation, title="Een bankje bij de sluis")

    await worker.turn(NEXT_EIGHT - timedelta(seconds=1))
    assert digests_in(post) == []
    await worker.turn(NEXT_EIGHT)
    await worker.turn(NEXT_EIGHT + timedelta(minutes=1))

    [letter] = digests_in(post)
    assert "Een bankje bij de sluis" in letter
    assert "Van voor de tijd" not in letter


async def worker_is_up_to_date(tx: WriteSession) -> None:
    """The boundaries of the consultations are on record, so that they are no news."""
    await lifecycle.record_boundaries(tx, now=NOON)


async def test_nothing_new_is_no_letter_and_the_next_period_is_planned(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation)

    await worker.turn(NEXT_EIGHT)

    assert digests_in(post) == []
    async with database.read() as db:
        planned = (await db.scalars(select(Occurrence).order_by(Occurrence.id))).all()
        assert (await db.scalars(select(Digest))).all() == []
    assert [(one.local_slot, one.state) for one in planned] == [
        ("daily:2026-11-24T08:00", OccurrenceState.DONE),
        ("daily:2026-11-25T08:00", OccurrenceState.DUE),
    ]


async def test_a_site_that_was_down_for_three_weeks_sends_one_digest_marked_late(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, closes_at=NOON + timedelta(days=60))
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation, Cadence.WEEKLY, weekday=1)
        await published(tx, consultation)

    await worker.turn(NEXT_EIGHT + timedelta(days=20))
    await worker.turn(NEXT_EIGHT + timedelta(days=20, hours=1))

    assert len(digests_in(post)) == 1
    async with database.read() as db:
        planned = (await db.scalars(select(Occurrence).order_by(Occurrence.id))).all()
    assert [(one.local_slot, one.is_late) for one in planned] == [
        ("weekly:2026-11-24T08:00", True),
        ("weekly:2026-12-15T08:00", False),
    ]


async def test_a_fact_dated_before_the_last_digest_but_committed_after_it_is_told(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation)
    await worker.turn(NEXT_EIGHT)
    async with database.write() as tx:
        await published(tx, consultation, title="Net op tijd", at=NEXT_EIGHT - timedelta(seconds=1))

    await worker.turn(NEXT_EIGHT + timedelta(days=1))

    assert ["Net op tijd" in letter for letter in digests_in(post)] == [True]


async def test_who_wants_to_hear_at_once_does(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation, Cadence.AT_ONCE)
        await a_follower(tx, consultation, Cadence.WEEKLY)
        await published(tx, consultation, title="Eén")
        await published(tx, consultation, title="Twee")

    await worker.turn(NOON)

    [letter] = digests_in(post)
    assert ("Eén" in letter, "Twee" in letter) == (True, True)


async def test_followers_of_a_panel_and_a_theme_hear_of_theirs(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        theme = Theme(consultation_id=consultation.id, name="Groen", created_at=NOON)
        tx.add(theme)
        await tx.flush()
        for topic, topic_id in ((Topic.PANEL, consultation.panel_id), (Topic.THEME, theme.id)):
            await a_follower(tx, consultation, topic=topic, topic_id=topic_id)
        for title, theme_id in (("Meer bomen", theme.id), ("Minder haast", None)):
            idea = await published(tx, consultation, title=title)
            tx.add(
                Placement(
                    idea_id=idea.id,
                    consultation_id=consultation.id,
                    theme_id=theme_id,
                    placed_by=PlacedBy.PERSON,
                    placed_at=NOON,
                )
            )

    await worker.turn(NEXT_EIGHT)

    told = [("Meer bomen" in letter, "Minder haast" in letter) for letter in digests_in(post)]
    assert sorted(told) == [(True, False), (True, True)]


async def test_hostile_titles_never_stop_a_digest(database: Database, worker: Worker, post: Memory) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation)
        for title in HOSTILE:
            await published(tx, consultation, title=kept(title))

    await worker.turn(NEXT_EIGHT)

    [letter] = [letter for letter in post.letters if letter["List-Id"]]
    assert letter["Subject"] == f"Nieuws over wat u volgt: {len(HOSTILE)} berichten"
    assert len(letter["To"].addresses) == 1


async def test_the_letter_and_the_web_page_show_the_same_news(
    app: Litestar, database: Database, worker: Worker, post: Memory, visitor: Visitor
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation)
        for number in range(25):
            await published(tx, consultation, title=f"Idee {number} & meer")
    await worker.turn(NEXT_EIGHT)
    [letter] = [letter for letter in post.letters if letter["List-Id"]]
    link = re.search(r"http://panel\.test(/digests/\S+)", text_of(letter, "plain"))
    assert link

    await visitor.open(link.group(1))

    def titles(html: str) -> list[str]:
        return re.findall(r"<li><a href=\"[^\"]*/ideas/\d+\">([^<]*)</a>", html)

    assert titles(visitor.text) == titles(text_of(letter, "html"))
    assert len(titles(visitor.text)) == 20
    assert "En nog 5." in visitor.text


async def test_what_is_no_longer_public_leaves_the_digest(
    app: Litestar, database: Database, worker: Worker, post: Memory, visitor: Visitor
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        await a_follower(tx, consultation)
        idea = await published(tx, consultation, title="Voor even")
        await published(tx, consultation, title="Voor altijd")
    await worker.turn(NEXT_EIGHT)
    async with database.write() as tx:
        await ideas.withdraw(tx, idea=await tx.get_one(Idea, idea.id), actor_id=idea.author_id, now=NEXT_EIGHT)
    link = re.search(r"http://panel\.test(/digests/\S+)", digests_in(post)[0])
    assert link

    await visitor.open(link.group(1))

    assert ("Voor even" in visitor.text, "Voor altijd" in visitor.text) == (False, True)


async def test_who_stopped_between_digest_and_letter_gets_none(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        await worker_is_up_to_date(tx)
        follower = await a_follower(tx, consultation)
        await published(tx, consultation)
        await subscriptions.silence(tx, person_id=follower.person_id, topic=None, now=NOON)
        digest = Digest(person_id=follower.person_id, period="x", made_at=NOON, news=[])
        tx.add(digest)
        await tx.flush()
        tx.add(a_queued_digest(digest, follower.person_id))

    await worker.turn(NEXT_EIGHT)

    assert digests_in(post) == []
    async with database.read() as db:
        letter = (await db.scalars(select(Message).where(Message.digest_id.is_not(None)))).one()
    assert letter.state is MessageState.SUPPRESSED


def a_queued_digest(digest: Digest, person_id: int) -> Message:
    return Message(
        dedup_key="digest:x",
        message_id="x",
        person_id=person_id,
        template="digest",
        facts={},
        digest_id=digest.id,
        queued_at=NOON,
        due_at=NOON,
    )


async def test_members_get_the_briefing_once_five_days_ahead_at_nine(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        meeting = await a_meeting(tx, panel=panel)
        consultation = await a_consultation(tx, panel=panel, meeting=meeting)
        await worker_is_up_to_date(tx)
        for _ in range(2):
            await a_person(tx, role=Role.MEMBER, panel=panel)
        await a_follower(tx, consultation, Cadence.BEFORE_MEETING)
        await published(tx, consultation, title="Voor de vergadering")
    nine = datetime(2026, 12, 9, 9, tzinfo=AMSTERDAM)  # the meeting is on 14 December

    await worker.turn(nine - timedelta(seconds=1))
    before = subjects(post)
    for _ in range(2):
        await worker.turn(nine)

    assert [subject for subject in subjects(post) if subject not in before] == [
        *([f"Om te lezen voor de bijeenkomst: {meeting.title}"] * 2),
        "Nieuws over wat u volgt: 2 berichten",
    ]
    [letter] = digests_in(post)
    assert "Voor de vergadering" in letter
    briefing = next(one for one in post.letters if str(one["Subject"]).startswith("Om te lezen"))
    assert [one.get_content_type() for one in briefing.iter_attachments()] == ["text/calendar"]


async def test_a_moved_meeting_gets_its_briefing_at_its_new_hour(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        meeting = await a_meeting(tx, panel=panel)
        await a_person(tx, role=Role.MEMBER, panel=panel)
    async with database.write() as tx:
        (await tx.get_one(Meeting, meeting.id)).starts_at = NOON + timedelta(days=28)

    await worker.turn(datetime(2026, 12, 9, 9, tzinfo=AMSTERDAM))
    assert await subjects_besides(database, post, "roles_changed") == []
    await worker.turn(datetime(2026, 12, 16, 9, tzinfo=AMSTERDAM))

    briefing = f"Om te lezen voor de bijeenkomst: {meeting.title}"
    assert await subjects_besides(database, post, "roles_changed") == [briefing]


def subjects(post: Memory) -> list[str]:
    return [str(letter["Subject"]) for letter in post.letters]


async def subjects_besides(database: Database, post: Memory, kind: str) -> list[str]:
    """The subjects of what left, without the letters of one kind."""
    async with database.read() as db:
        of_kind = (await db.scalars(select(Message.message_id).where(Message.template == kind))).all()
    return [str(one["Subject"]) for one in post.letters if one["Message-ID"].strip("<>") not in of_kind]
