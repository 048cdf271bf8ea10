"""Moving a meeting asks its secretary whether the question to residents closes later too."""

from datetime import timedelta

import pytest

from accounts.states import Role
from consultations.models import Consultation
from kernel.db import Database
from panels.models import Meeting
from tests.builders import a_consultation, a_meeting, a_panel
from tests.moments import CLOSES, NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor

LATER = {"starts_date": "2026-12-21", "reason": "De zaal is bezet."}


@pytest.mark.parametrize(
    ("choice", "closes"),
    [("along", CLOSES + timedelta(days=7)), ("deadline", NOON + timedelta(days=20)), ("stays", CLOSES)],
)
async def test_a_secretary_is_asked_and_what_she_chooses_is_done(
    visitor: Visitor, database: Database, choice: str, closes: object
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        meeting = await a_meeting(tx, panel=panel)
        consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    await signed_in(visitor, database, Role.SECRETARY, panel)
    await visitor.open(f"/desk/meetings/{meeting.id}/change")
    await visitor.press("Verplaats de bijeenkomst", **LATER)
    assert "Sluit de vraag aan inwoners ook later?" in visitor.text
    async with database.read() as db:
        assert (await db.get_one(Meeting, meeting.id)).starts_at == meeting.starts_at

    await visitor.press("Verplaats de bijeenkomst", closes=choice)

    assert (visitor.status, visitor.path) == (200, f"/desk/meetings/{meeting.id}")
    async with database.read() as db:
        assert (await db.get_one(Meeting, meeting.id)).starts_at == meeting.starts_at + timedelta(days=7)
        assert (await db.get_one(Consultation, consultation.id)).closes_at == closes


async def test_nothing_is_asked_of_a_meeting_that_comes_earlier_or_has_no_open_question(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        meeting = await a_meeting(tx, panel=panel, starts_at=NOON + timedelta(days=28))
        await a_consultation(tx, panel=panel, meeting=meeting)
        other = await a_meeting(tx, panel=panel)
        await a_consultation(tx, panel=panel, meeting=other, closes_at=NOON, opens_at=NOON - timedelta(days=3))
    await signed_in(visitor, database, Role.SECRETARY, panel)

    for one, day in ((meeting, "2026-12-19"), (other, "2026-12-29")):
        await visitor.open(f"/desk/meetings/{one.id}/change")
        await visitor.press("Verplaats de bijeenkomst", starts_date=day, reason="Storm.")
        assert visitor.path == f"/desk/meetings/{one.id}"
