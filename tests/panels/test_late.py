"""What came in too late for one meeting stands on the page of the next one."""

from datetime import timedelta

import pytest

from consultations import ideas
from consultations.models import Consultation
from consultations.states import IdeaState
from kernel.db import Database, ReadSession, WriteSession
from panels import late
from panels.models import Meeting, Panel
from panels.states import MeetingState
from tests.builders import a_consultation, a_meeting, a_panel, an_idea, put
from tests.moments import CLOSES, NOON
from tests.visitor import Visitor

AFTER = CLOSES + timedelta(hours=1)


async def two_evenings(tx: WriteSession) -> tuple[Panel, Consultation, list[Meeting]]:
    """A panel with three meetings, and a question for the first of them."""
    panel = await a_panel(tx, slug="waterveen")
    meetings = [await a_meeting(tx, panel=panel, starts_at=NOON + timedelta(days=days)) for days in (21, 50, 80)]
    return panel, await a_consultation(tx, panel=panel, meeting=meetings[0]), meetings


async def shown(db: ReadSession, meeting: Meeting) -> list[str]:
    return [idea.title for one in await late.for_meeting(db, meeting) for idea in one.ideas]


async def test_a_late_idea_stands_on_the_next_meeting_and_on_no_other(tx: WriteSession) -> None:
    _, consultation, meetings = await two_evenings(tx)
    given = {"consultation": consultation, "state": IdeaState.PUBLISHED}
    await an_idea(tx, **given, title="Op tijd")  # type: ignore[arg-type]  # as it asks
    await an_idea(tx, **given, title="Te laat", is_late=True, received_at=AFTER)  # type: ignore[arg-type]  # as it asks
    await an_idea(tx, consultation=consultation, title="Nog niet gelezen", is_late=True, received_at=AFTER)

    assert [await shown(tx, meeting) for meeting in meetings] == [[], ["Te laat"], []]


@pytest.mark.parametrize("called_off", [0, 1])
async def test_a_meeting_that_is_called_off_passes_them_on(tx: WriteSession, called_off: int) -> None:
    _, consultation, meetings = await two_evenings(tx)
    await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title="Te laat", is_late=True)
    meetings[called_off].reason = "Storm."
    await put(tx, meetings[called_off], MeetingState.CANCELLED)

    found = [await shown(tx, meeting) for meeting in meetings]

    assert found == ([[], ["Te laat"], []] if called_off == 0 else [[], [], ["Te laat"]])


async def test_its_page_shows_ten_and_links_to_all(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        _, consultation, meetings = await two_evenings(tx)
        for number in range(12):
            title = f"Bankje {number}"
            await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title=title, is_late=True)
        await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title="Op tijd")

    await visitor.open(f"/panels/waterveen/meetings/{meetings[1].number}")
    assert visitor.text.count("Bankje ") == 10
    await visitor.follow("Bekijk alle 12 inzendingen")

    assert (visitor.text.count("card-idea"), "Op tijd" in visitor.text) == (12, False)


async def test_its_author_is_led_to_that_meeting(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        _, consultation, meetings = await two_evenings(tx)
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, is_late=True, title="Te laat")
        receipt = await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)

    await visitor.open(receipt)
    await visitor.follow("Bekijk die bijeenkomst")

    assert visitor.path == f"/panels/waterveen/meetings/{meetings[1].number}"
    assert "Te laat" in visitor.text
