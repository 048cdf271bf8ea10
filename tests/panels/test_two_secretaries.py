"""What a walk with two secretaries at once found in agendas and minutes."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.states import Role
from consultations.states import IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.errors import ChangedMeanwhile, IllegalMove, NotFound
from panels import agendas, meetings, minutes, queries
from panels.errors import AgendaSettled, AlreadyOnAgenda
from panels.states import ItemState, MeetingState
from tests.builders import a_consultation, a_meeting, a_panel, a_point, a_theme, an_idea
from tests.moments import NOON
from tests.panels.staff import acting
from themes import themes


async def a_desk(tx: WriteSession, **given: Any) -> dict[str, Any]:
    """A meeting and the next one, a theme with an idea, a secretary."""
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel, **given)
    following = await a_meeting(tx, panel=panel, starts_at=meeting.starts_at + timedelta(days=30))
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    theme = await a_theme(tx, consultation=consultation, ideas=[idea])
    secretary = await acting(tx, Role.SECRETARY, panel)
    return {
        "panel": panel,
        "meeting": meeting,
        "following": following,
        "consultation": consultation,
        "idea": idea,
        "theme": theme,
        "by": {"actor": secretary, "now": NOON},
    }


async def test_a_theme_is_left_out_of_an_agenda_once_and_only_while_it_is_made(tx: WriteSession) -> None:
    desk = await a_desk(tx)
    left_out: dict[str, Any] = {"theme": desk["theme"], "reason": "Dit gebeurt al.", **desk["by"]}
    await agendas.leave_out(tx, meeting=desk["meeting"], **left_out)

    with pytest.raises(AlreadyOnAgenda):
        await agendas.leave_out(tx, meeting=desk["meeting"], **left_out)

    held = await a_meeting(tx, panel=desk["panel"], state=MeetingState.HELD)
    with pytest.raises(AgendaSettled):
        await agendas.leave_out(tx, meeting=held, **left_out)


async def test_a_change_from_an_old_page_does_not_overwrite_that_of_a_colleague(tx: WriteSession) -> None:
    desk = await a_desk(tx)
    point = await agendas.add(tx, meeting=desk["meeting"], title="Opening", minutes=10, **desk["by"])
    given: dict[str, Any] = {"question": "", "minutes": 5, "presenter": "", "is_confidential": False, **desk["by"]}
    seen = point.version
    await agendas.change(tx, point=point, title="Welkom", seen=seen, **given)

    with pytest.raises(ChangedMeanwhile):
        await agendas.change(tx, point=point, title="Begin", seen=seen, **given)

    assert point.title == "Welkom"


async def test_a_late_idea_comes_on_the_next_agenda_with_the_point_that_was_kept(tx: WriteSession) -> None:
    desk = await a_desk(tx, state=MeetingState.AGENDA_OPEN)
    point = await agendas.add_theme(
        tx, meeting=desk["meeting"], theme=desk["theme"], question="", minutes=10, **desk["by"]
    )
    await agendas.freeze(tx, meeting=desk["meeting"], **desk["by"])
    await agendas.publish(tx, meeting=desk["meeting"], **desk["by"])
    carried = await minutes.note(tx, item=point, outcome=ItemState.KEPT, reason="Geen tijd.", **desk["by"])
    assert carried is not None
    late: dict[str, Any] = {"is_late": True, "state": IdeaState.PUBLISHED, "route": IdeaRoute.NEXT_MEETING}
    idea = await an_idea(tx, consultation=desk["consultation"], **late)
    await themes.move(tx, idea=idea, to=desk["theme"], **desk["by"])

    await meetings.open_agenda(tx, meeting=desk["following"], **desk["by"])
    await agendas.freeze(tx, meeting=desk["following"], **desk["by"])

    assert await queries.idea_ids_of(tx, carried.id) == [desk["idea"].id, idea.id]
    assert idea.route is IdeaRoute.ON_AGENDA


async def test_an_idea_has_an_outcome_of_its_own_only_where_its_point_is(tx: WriteSession) -> None:
    desk = await a_desk(tx, state=MeetingState.AGENDA_PUBLISHED)
    point = await a_point(tx, meeting=desk["meeting"], ideas=[desk["idea"]])
    apart: dict[str, Any] = {"item": point, "route": IdeaRoute.NOT_TAKEN, "reason": "Dat loopt al.", **desk["by"]}
    elsewhere = await an_idea(tx, consultation=desk["consultation"], state=IdeaState.PUBLISHED)

    with pytest.raises(NotFound):
        await minutes.set_apart(tx, idea_id=elsewhere.id, **apart)
    await minutes.note(tx, item=point, outcome=ItemState.KEPT, reason="Geen tijd.", **desk["by"])
    with pytest.raises(IllegalMove):
        await minutes.set_apart(tx, idea_id=desk["idea"].id, **apart)
