"""The panel's questions and the phases of a draft, typed by its secretary."""

import pytest

from consultations import round_queries
from consultations.states import PhaseKind
from kernel.db import Database
from panels.models import Meeting
from tests.klankbord.set_up.test_consultations import drafted, meeting, secretary, the_only
from tests.visitor import Visitor

__all__ = ["meeting", "secretary"]
ROUND = {
    "prompts": "Waar mist u een bank?\n\n Waar is het te donker? \nWaar mist u een bank?",
    "endorse_date": "2026-12-05",
    "endorse_time": "12:00",
}


async def questions_of(database: Database) -> list[str]:
    consultation = await the_only(database)
    async with database.read() as db:
        return [one.text for one in await round_queries.prompts_of(db, consultation.id)]


async def phases_of(database: Database) -> dict[PhaseKind, str]:
    consultation = await the_only(database)
    async with database.read() as db:
        return {one.kind: one.closes_at.isoformat() for one in await round_queries.phases_of(db, consultation.id)}


async def test_a_draft_has_questions_and_phases_that_stand_once_it_is_announced(
    secretary: Visitor, database: Database, meeting: Meeting
) -> None:
    await drafted(secretary, meeting, **ROUND)
    assert await questions_of(database) == ["Waar mist u een bank?", "Waar is het te donker?"]
    assert await phases_of(database) == {PhaseKind.ENDORSE: "2026-12-05T11:00:00+00:00"}
    await secretary.follow("Wijzig het concept")
    await secretary.press("Bewaar het concept", prompts="Waar is het te donker?", closes_date="2026-12-05")
    assert (secretary.status, "Deze fase begint als de vorige eindigt." in secretary.text) == (422, True)
    await secretary.press("Bewaar het concept", endorse_date="", deliberate_date="2026-12-06", deliberate_time="09:00")
    await secretary.press("Kondig deze consultatie aan")

    assert secretary.status == 200
    assert await questions_of(database) == ["Waar is het te donker?"]
    assert await phases_of(database) == {PhaseKind.DELIBERATE: "2026-12-06T08:00:00+00:00"}
    assert ("Waar is het te donker?" in secretary.text, "Samen bespreken" in secretary.text) == (True, True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"prompts": "\n".join(f"Vraag {number}?" for number in range(11))}, "Stel ten hoogste 10 vragen."),
        ({"prompts": "x" * 301}, "Een vraag is ten hoogste 300 tekens lang."),
        ({"endorse_date": "2026-12-05", "endorse_time": ""}, "Vul een datum en een tijd in"),
        ({"endorse_date": "2026-12-07", "endorse_time": "12:00"}, "Dat is te laat voor deze bijeenkomst."),
        (
            {**ROUND, "deliberate_date": "2026-12-05", "deliberate_time": "11:00"},
            "Deze fase begint als de vorige eindigt.",
        ),
    ],
)
async def test_a_mistake_in_a_round_is_told(
    secretary: Visitor, meeting: Meeting, wrong: dict[str, str], told: str
) -> None:
    await drafted(secretary, meeting, **wrong)

    assert (secretary.status, told in secretary.text) == (422, True)
