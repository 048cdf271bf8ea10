"""What the desk puts before whom."""

from collections.abc import Callable
from datetime import timedelta

from accounts.states import Role
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database
from panels.states import ItemState, MeetingState
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


async def test_a_moderator_sees_how_much_waits(visitor: Visitor, database: Database, clock: StandingClock) -> None:
    async with database.write() as tx:
        panel, elsewhere = await a_panel(tx), await a_panel(tx)
        for place, count in ((panel, 2), (elsewhere, 3)):
            consultation = await a_consultation(tx, panel=place)
            for _ in range(count):
                await an_idea(tx, consultation=consultation, state=IdeaState.RECEIVED)
    await signed_in(visitor, database, Role.MODERATOR, panel, now=clock.now())

    await visitor.open("/desk")

    assert "2 inzendingen wachten op een moderator." in visitor.text


async def test_the_secretary_sees_the_next_step_and_who_still_waits_for_an_answer(
    visitor: Visitor, database: Database, clock: StandingClock
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        before = await a_meeting(
            tx, panel=panel, title="Water", state=MeetingState.MINUTES_PUBLISHED, starts_at=NOON - timedelta(days=30)
        )
        meeting = await a_meeting(tx, panel=panel, title="Wonen", state=MeetingState.AGENDA_OPEN)
        consultation = await a_consultation(tx, panel=panel, meeting=meeting)
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        await a_theme(tx, consultation=consultation, ideas=[idea], name="Even zitten")
        spoken_of = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        await a_point(tx, meeting=before, ideas=[spoken_of], state=ItemState.DISCUSSED)
    await signed_in(visitor, database, Role.SECRETARY, panel, now=clock.now())

    await visitor.open("/desk")

    assert "1 thema heeft nog geen plaats" in visitor.text
    assert "1 inzending wacht na ‘Water’ nog op een antwoord" in visitor.text
    await visitor.follow("Werk aan de agenda")
    assert visitor.path == f"/desk/meetings/{meeting.id}"


async def test_an_overdue_response_is_named_to_who_watches_over_it(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, clock: StandingClock
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        await an_agreement(tx, panel=panel)
        meeting = await a_meeting(tx, panel=panel, state=MeetingState.MINUTES_PUBLISHED)
        point = await a_point(tx, meeting=meeting, state=ItemState.DISCUSSED)
        advice = await a_recommendation(tx, point=point, panel=panel, title="Bankjes")
        await a_response(tx, recommendation=advice, due_at=NOON - timedelta(days=1))
    chair, member = visitor, another()
    await signed_in(chair, database, Role.CHAIR, panel, now=clock.now())
    await signed_in(member, database, Role.MEMBER, panel, now=clock.now())

    await chair.open("/desk")
    await member.open("/desk")

    assert "reactietermijn overschreden" in chair.text
    assert "reactietermijn overschreden" not in member.text
    await chair.follow("Bankjes")
    assert chair.path == f"/recommendations/{advice.id}"
    await member.open("/desk/meetings")
    assert member.status == 403
