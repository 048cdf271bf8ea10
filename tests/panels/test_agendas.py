from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from accounts.actor import Actor
from accounts.states import Role
from consultations.models import Consultation, Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.errors import NotAllowed
from kernel.events import EventRecord
from panels import agendas, meetings, places, queries, waiting
from panels.errors import AgendaEmpty, AgendaSettled, AlreadyOnAgenda, NotThisOrder, ReasonsMissing
from panels.models import AgendaItem, Meeting, Panel
from panels.states import ItemState, MeetingState
from tests.builders import a_consultation, a_meeting, a_panel, a_placement, a_theme, an_idea, put
from tests.moments import NOON
from tests.panels.staff import acting
from themes.models import Theme


@dataclass
class Table:
    """A meeting with a theme of two ideas that could come on its agenda."""

    panel: Panel
    meeting: Meeting
    consultation: Consultation
    theme: Theme
    ideas: list[Idea]
    secretary: Actor


@pytest.fixture
async def table(tx: WriteSession) -> Table:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    ideas = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(2)]
    theme = await a_theme(tx, consultation=consultation, ideas=ideas)
    return Table(panel, meeting, consultation, theme, ideas, await acting(tx, Role.SECRETARY, panel))


async def three_points(tx: WriteSession, table: Table) -> list[AgendaItem]:
    return [
        await agendas.add(tx, meeting=table.meeting, title=title, minutes=20, actor=table.secretary, now=NOON)
        for title in ("Opening", "Water", "Rondvraag")
    ]


async def order_of(tx: WriteSession, meeting: Meeting) -> list[tuple[int | None, str]]:
    wanted = select(AgendaItem.position, AgendaItem.title).where(AgendaItem.meeting_id == meeting.id)
    return [(place, title) for place, title in (await tx.execute(wanted.order_by(AgendaItem.position))).all()]


async def told(tx: WriteSession) -> list[str]:
    mine = EventRecord.subject.like("meeting:%") | EventRecord.subject.like("agenda_item:%")
    return list(await tx.scalars(select(EventRecord.name).where(mine).order_by(EventRecord.id)))


async def test_a_theme_becomes_a_point_in_one_step_with_the_ideas_it_rests_on(tx: WriteSession, table: Table) -> None:
    point = await agendas.add_theme(
        tx,
        meeting=table.meeting,
        theme=table.theme,
        title="",
        question="Waar eerst?",
        minutes=30,
        presenter="Anouk",
        actor=table.secretary,
        now=NOON,
    )

    assert (point.position, point.title, point.state) == (1, table.theme.name, ItemState.SCHEDULED)
    assert await queries.idea_ids_of(tx, point.id) == [idea.id for idea in table.ideas]
    assert [idea.route for idea in table.ideas] == [IdeaRoute.ON_AGENDA, IdeaRoute.ON_AGENDA]
    assert await told(tx) == ["meeting.agenda_opened", "agenda_item.added"]
    assert await waiting.themes(tx, table.meeting) == []


async def test_a_theme_stands_on_an_agenda_once(tx: WriteSession, table: Table) -> None:
    given: dict[str, Any] = {"meeting": table.meeting, "theme": table.theme, "question": "", "minutes": 10}
    await agendas.add_theme(tx, **given, actor=table.secretary, now=NOON)

    with pytest.raises(AlreadyOnAgenda):
        await agendas.add_theme(tx, **given, actor=table.secretary, now=NOON)


async def test_late_ideas_wait_for_the_meeting_after(tx: WriteSession, table: Table) -> None:
    late = await an_idea(tx, consultation=table.consultation, state=IdeaState.PUBLISHED, is_late=True)
    await a_placement(tx, idea=late, theme=table.theme)
    following = await a_meeting(tx, panel=table.panel, starts_at=table.meeting.starts_at.replace(year=2027))
    point = await agendas.add_theme(
        tx, meeting=table.meeting, theme=table.theme, question="", minutes=10, actor=table.secretary, now=NOON
    )

    [found] = await waiting.themes(tx, following)

    assert await queries.idea_ids_of(tx, point.id) == [idea.id for idea in table.ideas]
    assert (found.theme, found.ideas, found.experiences) == (table.theme, 1, 0)
    assert await waiting.ideas_in(tx, table.theme.id, meeting=following) == [late.id]


async def test_a_theme_without_a_place_waits_for_the_next_meeting_once_this_one_is_over(
    tx: WriteSession, table: Table
) -> None:
    following = await a_meeting(tx, panel=table.panel, starts_at=table.meeting.starts_at.replace(year=2027))
    assert await waiting.themes(tx, following) == []

    await put(tx, table.meeting, MeetingState.HELD)
    await tx.flush()

    [found] = await waiting.themes(tx, following)
    assert (found.theme, found.ideas) == (table.theme, len(table.ideas))


async def test_a_theme_that_came_off_an_agenda_waits_for_the_next_one_and_one_left_out_does_not(
    tx: WriteSession, table: Table
) -> None:
    following = await a_meeting(tx, panel=table.panel, starts_at=table.meeting.starts_at.replace(year=2027))
    given: dict[str, Any] = {"meeting": table.meeting, "theme": table.theme, "actor": table.secretary, "now": NOON}
    point = await agendas.add_theme(tx, **given, question="", minutes=10)
    await agendas.withdraw(tx, point=point, reason="Te vol.", actor=table.secretary, now=NOON)
    await put(tx, table.meeting, MeetingState.HELD)
    await tx.flush()
    assert [one.theme for one in await waiting.themes(tx, following)] == [table.theme]

    await put(tx, table.meeting, MeetingState.AGENDA_OPEN)
    await agendas.leave_out(tx, **given, reason="Dit gebeurt al.")
    await put(tx, table.meeting, MeetingState.HELD)
    await tx.flush()

    assert await waiting.themes(tx, following) == []


async def test_an_idea_that_came_into_the_theme_later_is_taken_along_at_the_freeze(
    tx: WriteSession, table: Table
) -> None:
    point = await agendas.add_theme(
        tx, meeting=table.meeting, theme=table.theme, question="", minutes=10, actor=table.secretary, now=NOON
    )
    newer = await an_idea(tx, consultation=table.consultation, state=IdeaState.PUBLISHED)
    await a_placement(tx, idea=newer, theme=table.theme)

    await agendas.freeze(tx, meeting=table.meeting, actor=table.secretary, now=NOON)

    assert await queries.idea_ids_of(tx, point.id) == [*(idea.id for idea in table.ideas), newer.id]
    assert newer.route is IdeaRoute.ON_AGENDA


async def test_points_take_any_order_in_one_transaction(tx: WriteSession, table: Table) -> None:
    first, second, third = await three_points(tx, table)

    await agendas.reorder(
        tx, meeting=table.meeting, order=[third.id, first.id, second.id], actor=table.secretary, now=NOON
    )

    assert await order_of(tx, table.meeting) == [(1, "Rondvraag"), (2, "Opening"), (3, "Water")]
    assert [first.position, second.position, third.position] == [2, 3, 1]


async def test_an_order_that_misses_a_point_is_refused(tx: WriteSession, table: Table) -> None:
    first, second, _ = await three_points(tx, table)

    with pytest.raises(NotThisOrder):
        await agendas.reorder(tx, meeting=table.meeting, order=[second.id, first.id], actor=table.secretary, now=NOON)


async def test_a_point_leaves_the_agenda_with_a_reason_and_the_rest_moves_up(tx: WriteSession, table: Table) -> None:
    point = await agendas.add_theme(
        tx, meeting=table.meeting, theme=table.theme, question="", minutes=10, actor=table.secretary, now=NOON
    )
    await three_points(tx, table)
    with pytest.raises(ReasonsMissing):
        await agendas.withdraw(tx, point=point, reason="", actor=table.secretary, now=NOON)

    await agendas.withdraw(tx, point=point, reason="De spreker is ziek.", actor=table.secretary, now=NOON)

    assert (point.state, point.position, point.reason) == (ItemState.WITHDRAWN, None, "De spreker is ziek.")
    left = [place for place in await order_of(tx, table.meeting) if place[0] is not None]
    assert left == [(1, "Opening"), (2, "Water"), (3, "Rondvraag")]
    assert [idea.route for idea in table.ideas] == [IdeaRoute.POSTPONED, IdeaRoute.POSTPONED]
    assert [one.theme.id for one in await waiting.themes(tx, table.meeting)] == [table.theme.id]


async def test_a_theme_is_left_out_only_with_a_reason_its_authors_can_read(tx: WriteSession, table: Table) -> None:
    point = await agendas.leave_out(
        tx, meeting=table.meeting, theme=table.theme, reason="Hierover ging advies 3.", actor=table.secretary, now=NOON
    )

    assert (point.state, point.position, point.reason) == (ItemState.DECLINED, None, "Hierover ging advies 3.")
    assert [idea.route for idea in table.ideas] == [IdeaRoute.NOT_TAKEN, IdeaRoute.NOT_TAKEN]


async def test_the_agenda_is_settled_then_public_and_later_changes_are_marked(tx: WriteSession, table: Table) -> None:
    with pytest.raises(AgendaEmpty):
        await agendas.freeze(tx, meeting=table.meeting, actor=table.secretary, now=NOON)
    first, second, third = await three_points(tx, table)
    await agendas.freeze(tx, meeting=table.meeting, actor=table.secretary, now=NOON)
    with pytest.raises(AgendaSettled):
        await three_points(tx, table)
    await agendas.publish(tx, meeting=table.meeting, actor=table.secretary, now=NOON)

    later = await agendas.add(tx, meeting=table.meeting, title="Nieuw", minutes=5, actor=table.secretary, now=NOON)
    order = [first.id, third.id, second.id, later.id]
    await agendas.reorder(tx, meeting=table.meeting, order=order, actor=table.secretary, now=NOON)

    assert table.meeting.state is MeetingState.AGENDA_PUBLISHED
    assert (first.changed_at, second.changed_at, third.changed_at) == (None, NOON, NOON)
    assert (first.added_after_publication, later.added_after_publication) == (False, True)


async def test_a_frozen_agenda_can_be_opened_again(tx: WriteSession, table: Table) -> None:
    await three_points(tx, table)
    await agendas.freeze(tx, meeting=table.meeting, actor=table.secretary, now=NOON)

    await meetings.open_agenda(tx, meeting=table.meeting, actor=table.secretary, now=NOON)

    assert (table.meeting.state, table.meeting.agenda_frozen_at) == (MeetingState.AGENDA_OPEN, None)


async def test_the_clock_runs_on_through_the_agenda(tx: WriteSession, table: Table) -> None:
    points = await three_points(tx, table)

    clock = places.running_clock(table.meeting, points)

    assert [int((clock[point.id] - table.meeting.starts_at).total_seconds()) // 60 for point in points] == [0, 20, 40]
    assert places.minutes_used(points) == 60


async def test_the_chair_may_look_and_not_write(tx: WriteSession, table: Table) -> None:
    chair = await acting(tx, Role.CHAIR, table.panel)

    with pytest.raises(NotAllowed):
        await agendas.add(tx, meeting=table.meeting, title="Mijn punt", minutes=5, actor=chair, now=NOON)
