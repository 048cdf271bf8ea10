from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.actor import Actor
from accounts.states import Role
from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import Database, WriteSession
from kernel.errors import IllegalMove
from panels import minutes, queries
from panels.errors import NoNextMeeting, PointsOpen, ReasonsMissing
from panels.models import AgendaItem, Meeting, Panel
from panels.states import ItemState, MeetingState
from tests.builders import a_consultation, a_meeting, a_panel, a_point, an_idea, put
from tests.moments import NOON
from tests.panels.staff import acting


@dataclass
class Table:
    """A held meeting with one point that rests on two ideas."""

    panel: Panel
    meeting: Meeting
    point: AgendaItem
    ideas: list[Idea]
    secretary: Actor


async def a_table(tx: WriteSession) -> Table:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel, state=MeetingState.HELD, starts_at=NOON - timedelta(days=1))
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    ideas = [
        await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, route=IdeaRoute.ON_AGENDA)
        for _ in range(2)
    ]
    point = await a_point(tx, meeting=meeting, ideas=ideas, title="Water op straat", minutes=25)
    return Table(panel, meeting, point, ideas, await acting(tx, Role.SECRETARY, panel))


@pytest.fixture
async def table(tx: WriteSession) -> Table:
    return await a_table(tx)


async def test_what_was_said_is_kept_and_the_ideas_were_discussed(tx: WriteSession, table: Table) -> None:
    carried = await minutes.note(
        tx,
        item=table.point,
        outcome=ItemState.DISCUSSED,
        what_was_said="Iedereen kent de plas.",
        advice="Maak een waterveld.",
        follow_up="De gemeente meet de hoogte.",
        actor=table.secretary,
        now=NOON,
    )

    point = table.point
    assert carried is None
    assert (point.state, point.what_was_said, point.advice, point.follow_up, point.discussed_at) == (
        ItemState.DISCUSSED,
        "Iedereen kent de plas.",
        "Maak een waterveld.",
        "De gemeente meet de hoogte.",
        NOON,
    )
    assert [idea.route for idea in table.ideas] == [IdeaRoute.DISCUSSED, IdeaRoute.DISCUSSED]


@pytest.mark.parametrize("outcome", [ItemState.KEPT, ItemState.POSTPONED])
async def test_a_kept_or_postponed_point_is_on_the_next_agenda_at_once(
    tx: WriteSession, table: Table, outcome: ItemState
) -> None:
    following = await a_meeting(tx, panel=table.panel)
    await a_meeting(tx, panel=table.panel, starts_at=following.starts_at + timedelta(days=30))
    await a_point(tx, meeting=following, position=4)

    carried = await minutes.note(
        tx, item=table.point, outcome=outcome, reason="Er was te weinig tijd.", actor=table.secretary, now=NOON
    )

    assert carried is not None
    assert (carried.meeting_id, carried.position, carried.title, carried.minutes, carried.carried_from_id) == (
        following.id,
        5,
        "Water op straat",
        25,
        table.point.id,
    )
    assert await queries.idea_ids_of(tx, carried.id) == [idea.id for idea in table.ideas]
    assert (table.point.state, table.point.reason) == (outcome, "Er was te weinig tijd.")
    assert [idea.route for idea in table.ideas] == [IdeaRoute.POSTPONED, IdeaRoute.POSTPONED]


async def test_without_a_next_meeting_nothing_is_written(database: Database) -> None:
    async with database.write() as tx:
        table = await a_table(tx)
        await a_meeting(tx, panel=table.panel, state=MeetingState.CANCELLED, reason="De zaal is bezet.")
    with pytest.raises(NoNextMeeting):
        async with database.write() as tx:
            point = await tx.get_one(AgendaItem, table.point.id)
            await minutes.note(tx, item=point, outcome=ItemState.KEPT, reason="Tijd.", actor=table.secretary, now=NOON)

    async with database.read() as db:
        rows = (await db.execute(select(AgendaItem.state, AgendaItem.reason))).all()
        assert [tuple(row) for row in rows] == [(ItemState.SCHEDULED, "")]


async def test_an_outcome_needs_its_words_and_is_given_once(tx: WriteSession, table: Table) -> None:
    given: dict[str, Any] = {"item": table.point, "actor": table.secretary, "now": NOON}
    with pytest.raises(ReasonsMissing):
        await minutes.note(tx, outcome=ItemState.DISCUSSED, **given)
    with pytest.raises(ReasonsMissing):
        await minutes.note(tx, outcome=ItemState.KEPT, what_was_said="Veel.", **given)
    with pytest.raises(IllegalMove):
        await minutes.note(tx, outcome=ItemState.WITHDRAWN, reason="Weg.", **given)
    await minutes.note(tx, outcome=ItemState.DISCUSSED, what_was_said="Veel.", **given)
    with pytest.raises(IllegalMove):
        await minutes.note(tx, outcome=ItemState.DISCUSSED, what_was_said="Nog meer.", **given)

    await minutes.rewrite(
        tx, item=table.point, what_was_said="Iets anders.", advice="", follow_up="", actor=table.secretary
    )

    assert table.point.what_was_said == "Iets anders."


async def test_one_idea_can_get_an_outcome_of_its_own(tx: WriteSession, table: Table) -> None:
    first, second = table.ideas

    await minutes.set_apart(
        tx,
        item=table.point,
        idea_id=first.id,
        route=IdeaRoute.NOT_TAKEN,
        reason="De kavels zijn verkocht.",
        actor=table.secretary,
        now=NOON,
    )
    said: dict[str, Any] = {"what_was_said": "Besproken."}
    await minutes.note(tx, item=table.point, outcome=ItemState.DISCUSSED, **said, actor=table.secretary, now=NOON)

    assert [idea.route for idea in (first, second)] == [IdeaRoute.NOT_TAKEN, IdeaRoute.DISCUSSED]


async def test_minutes_are_public_once_every_point_has_its_outcome(tx: WriteSession, table: Table) -> None:
    with pytest.raises(PointsOpen, match="Water op straat"):
        await minutes.publish(tx, meeting=table.meeting, actor=table.secretary, now=NOON)
    said: dict[str, Any] = {"what_was_said": "Besproken."}
    await minutes.note(tx, item=table.point, outcome=ItemState.DISCUSSED, **said, actor=table.secretary, now=NOON)

    await minutes.publish(tx, meeting=table.meeting, intro="Dertig leden.", actor=table.secretary, now=NOON)

    meeting = table.meeting
    assert (meeting.state, meeting.minutes_intro, meeting.minutes_published_at) == (
        MeetingState.MINUTES_PUBLISHED,
        "Dertig leden.",
        NOON,
    )


async def test_the_opening_of_the_minutes_is_markdown_and_cleaned_when_it_is_written(
    tx: WriteSession, table: Table
) -> None:
    await put(tx, table.meeting, MeetingState.HELD)
    intro = "**Dertig** leden, zie [de stukken](https://waterveen.example/stukken).<script>alert(1)</script>"

    await minutes.draft(tx, meeting=table.meeting, intro=intro, actor=table.secretary, now=NOON)

    assert table.meeting.minutes_intro == intro
    assert table.meeting.minutes_intro_html == (
        '<p><strong>Dertig</strong> leden, zie <a href="https://waterveen.example/stukken">de stukken</a>.'
        "&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    )


async def test_published_minutes_can_be_the_answer_to_the_authors(tx: WriteSession, table: Table) -> None:
    said: dict[str, Any] = {"what_was_said": "Besproken."}
    await minutes.note(tx, item=table.point, outcome=ItemState.DISCUSSED, **said, actor=table.secretary, now=NOON)
    with pytest.raises(IllegalMove):
        await minutes.answer(tx, item=table.point, actor=table.secretary, now=NOON)
    await minutes.publish(tx, meeting=table.meeting, actor=table.secretary, now=NOON)

    answered = await minutes.answer(tx, item=table.point, actor=table.secretary, now=NOON)

    assert answered == [idea.id for idea in table.ideas]
    assert [(idea.route, idea.answered_at) for idea in table.ideas] == [(IdeaRoute.ANSWERED, NOON)] * 2
