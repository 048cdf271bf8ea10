from datetime import date, timedelta
from typing import Any

import pytest

from accounts.states import Role
from consultations import ideas
from consultations.models import Consultation
from consultations.states import IdeaState
from kernel.db import Database
from panels.models import Meeting, Panel
from panels.states import ItemState, MeetingState, ResponseState
from tests.builders import (
    a_consultation,
    a_meeting,
    a_panel,
    a_point,
    a_recommendation,
    a_response,
    a_theme,
    an_agreement,
    an_idea,
)
from tests.moments import NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor

WHO_ASKS = 2
"""The session with its person, and her grants."""


async def a_row_of_everything(
    database: Database, panel: Panel, coming: Meeting, held: Meeting, consultation: Consultation
) -> None:
    """A waiting theme, a past meeting, a discussed point with ideas, an advice with its response."""
    async with database.write() as tx:
        found = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(2)]
        await a_theme(tx, consultation=consultation, ideas=found)
        for meeting in (coming, held):
            state = ItemState.DISCUSSED if meeting is held else ItemState.SCHEDULED
            others = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(2)]
            point = await a_point(tx, meeting=meeting, ideas=others, state=state)
        advice = await a_recommendation(tx, point=point, panel=panel)
        promise: dict[str, Any] = {
            "reasons": "Ja.",
            "owner": "Beheer",
            "done_by": date(2027, 6, 1),
        }
        await a_response(tx, recommendation=advice, state=ResponseState.ACCEPTED, answered_at=NOON, **promise)
        await a_meeting(tx, panel=panel, state=MeetingState.HELD, starts_at=NOON - timedelta(days=20))


@pytest.mark.parametrize(
    ("role", "path", "questions"),
    [
        (None, "/panels", 3),
        (None, "/panels/waterveen", 7),
        (None, "/panels/waterveen/meetings/2", 7),
        (None, "/recommendations", 3),
        (None, "/receipt", 15),
        (Role.SECRETARY, "/desk", 9),
        (Role.SECRETARY, "/desk/meetings", 2),
        (Role.SECRETARY, "/desk/meetings/{coming}", 6),
        (Role.SECRETARY, "/desk/meetings/{coming}/minutes", 4),
        (Role.COMMISSIONER, "/desk/responses", 2),
    ],
)
async def test_a_page_asks_as_many_questions_for_three_rows_as_for_one(
    visitor: Visitor, database: Database, statements: list[str], role: Role | None, path: str, questions: int
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx, slug="waterveen")
        await an_agreement(tx, panel=panel)
        coming = await a_meeting(tx, panel=panel, number=1)
        published: dict[str, Any] = {"state": MeetingState.MINUTES_PUBLISHED, "starts_at": NOON - timedelta(days=9)}
        held = await a_meeting(tx, panel=panel, number=2, **published)
        consultation = await a_consultation(tx, panel=panel, meeting=coming)
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        point = await a_point(tx, meeting=held, ideas=[idea], state=ItemState.DISCUSSED)
        await a_recommendation(tx, point=point, panel=panel)
        receipt = await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)
    if role is not None:
        await signed_in(visitor, database, role, panel)
    address = receipt if path == "/receipt" else path.format(coming=coming.id)

    found = []
    for rows in (1, 2):
        for _ in range(rows):
            await a_row_of_everything(database, panel, coming, held, consultation)
        statements.clear()
        await visitor.open(address)
        assert visitor.status == 200
        asked = len([one for one in statements if one.startswith("SELECT")])
        found.append(asked - (WHO_ASKS if role is not None else 0))

    assert found == [questions, questions]
