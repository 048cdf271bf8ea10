"""Two people with the same form open: the second to send it does not overwrite the first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.states import Role
from kernel.db import Database
from panels.states import ItemState, MeetingState, RecommendationState
from tests.builders import a_meeting, a_panel, a_point, a_recommendation, a_response
from tests.moments import NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor


async def a_desk(database: Database) -> dict[str, Any]:
    """A meeting that was held, with a point in its minutes and an advice that is being worded."""
    async with database.write() as tx:
        panel = await a_panel(tx)
        held = await a_meeting(tx, panel=panel, state=MeetingState.HELD, starts_at=NOON - timedelta(days=3))
        coming = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_OPEN)
        said = await a_point(tx, meeting=held, state=ItemState.DISCUSSED, what_was_said="Iedereen kent de plas.")
        point = await a_point(tx, meeting=coming, position=1)
        unvoted: dict[str, Any] = {"votes_for": None, "votes_against": None, "adopted_at": None, "submitted_at": None}
        draft = await a_recommendation(tx, point=said, panel=panel, state=RecommendationState.DRAFT, **unvoted)
        fixed = await a_recommendation(tx, point=said, panel=panel, state=RecommendationState.WORDING_FIXED, **unvoted)
        submitted = await a_recommendation(tx, point=said, panel=panel)
        response = await a_response(tx, recommendation=submitted)
    return {
        "panel": panel,
        "change a point": f"/desk/points/{point.id}",
        "rewrite the minutes": f"/desk/points/{said.id}/minutes",
        "open the minutes": f"/desk/meetings/{held.id}/minutes",
        "word an advice": f"/desk/advice/{draft.id}",
        "vote": f"/desk/advice/{fixed.id}",
        "move a meeting": f"/desk/meetings/{coming.id}/change",
        "respond": f"/desk/responses/{response.id}",
    }


@pytest.mark.parametrize(
    ("what", "first", "second"),
    [
        ("change a point", ("Bewaar het punt", {"title": "Eerst"}), ("Bewaar het punt", {"title": "Daarna"})),
        (
            "rewrite the minutes",
            ("Bewaar de tekst", {"what_was_said": "Eerst"}),
            ("Bewaar de tekst", {"what_was_said": "Daarna"}),
        ),
        ("open the minutes", ("Bewaar de inleiding", {"intro": "Eerst"}), ("Bewaar de inleiding", {"intro": "Daarna"})),
        ("word an advice", ("Bewaar als concept", {"text": "Eerst"}), ("Bewaar als concept", {"text": "Daarna"})),
        (
            "vote",
            ("Bewaar als concept", {"text": "Eerst"}),
            ("Leg de stemming vast", {"votes_for": "9", "votes_against": "1"}),
        ),
        (
            "move a meeting",
            ("Verplaats de bijeenkomst", {"starts_date": "2026-12-21", "reason": "Storm"}),
            ("Verplaats de bijeenkomst", {"starts_date": "2026-12-22", "reason": "Regen"}),
        ),
        (
            "respond",
            ("Publiceer uw reactie", {"state": "deferred", "reasons": "Eerst"}),
            ("Publiceer uw reactie", {"state": "rejected", "reasons": "Daarna"}),
        ),
    ],
)
async def test_a_form_that_somebody_else_was_ahead_of_is_refused(
    visitor: Visitor,
    another: Callable[[], Visitor],
    database: Database,
    what: str,
    first: tuple[str, dict[str, str]],
    second: tuple[str, dict[str, str]],
) -> None:
    desk = await a_desk(database)
    role = Role.COMMISSIONER if what == "respond" else Role.SECRETARY
    colleague = another()
    for one in (visitor, colleague):
        await signed_in(one, database, role, desk["panel"])
        await one.open(desk[what])
        assert one.status == 200

    await visitor.press(first[0], **first[1])
    await colleague.press(second[0], **second[1])

    assert visitor.status == 200
    assert colleague.status == 409
    assert "Iemand anders heeft dit net veranderd" in colleague.text
    await colleague.open(desk[what])
    assert "Daarna" not in colleague.text
