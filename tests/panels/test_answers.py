from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.actor import Actor
from accounts.states import Role
from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.errors import IllegalMove, NotFound
from kernel.events import EventRecord
from panels import answering, briefings, recommendations, responses
from panels.errors import NobodyVoted, PromiseIncomplete, ReasonsMissing
from panels.models import AgendaItem, Meeting, Panel, Recommendation
from panels.states import ItemState, MeetingState, RecommendationState, ResponseState
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
from tests.panels.staff import acting


@dataclass
class Table:
    """A discussed point with two ideas, and the people who act on it."""

    panel: Panel
    meeting: Meeting
    point: AgendaItem
    ideas: list[Idea]
    secretary: Actor
    commissioner: Actor

    async def advice(self, tx: WriteSession) -> Recommendation:
        """A first wording."""
        words: dict[str, Any] = {"title": "Een waterveld", "text": "Maak een waterveld."}
        return await recommendations.draft(tx, item=self.point, **words, actor=self.secretary, now=NOON)


@pytest.fixture
async def table(tx: WriteSession) -> Table:
    panel = await a_panel(tx)
    await an_agreement(tx, panel=panel, threshold_percent=75)
    meeting = await a_meeting(tx, panel=panel, state=MeetingState.MINUTES_PUBLISHED, starts_at=NOON - timedelta(days=9))
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    ideas = [
        await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, route=IdeaRoute.DISCUSSED)
        for _ in range(2)
    ]
    point = await a_point(tx, meeting=meeting, ideas=ideas, state=ItemState.DISCUSSED, what_was_said="Veel.")
    people = [await acting(tx, role, panel) for role in (Role.SECRETARY, Role.COMMISSIONER)]
    return Table(panel, meeting, point, ideas, *people)


async def told(tx: WriteSession, name: str) -> list[datetime]:
    return list(await tx.scalars(select(EventRecord.at).where(EventRecord.name == name).order_by(EventRecord.id)))


@pytest.mark.parametrize(
    ("votes", "state", "adopted_at"),
    [((18, 6), RecommendationState.ADOPTED, NOON), ((17, 6), RecommendationState.NOT_ADOPTED, None)],
)
async def test_the_vote_is_held_against_the_agreements_threshold(
    tx: WriteSession, table: Table, votes: tuple[int, int], state: RecommendationState, adopted_at: datetime | None
) -> None:
    advice = await table.advice(tx)
    await recommendations.fix_wording(tx, recommendation=advice, actor=table.secretary, now=NOON)

    await recommendations.adopt(
        tx, recommendation=advice, votes_for=votes[0], votes_against=votes[1], actor=table.secretary, now=NOON
    )

    assert (advice.number, advice.state, advice.adopted_at) == (1, state, adopted_at)


async def test_a_vote_without_votes_decides_nothing(tx: WriteSession, table: Table) -> None:
    advice = await table.advice(tx)

    with pytest.raises(NobodyVoted):
        await recommendations.adopt(
            tx, recommendation=advice, votes_for=0, votes_against=0, actor=table.secretary, now=NOON
        )


async def test_fixed_words_change_only_by_becoming_a_draft_again(tx: WriteSession, table: Table) -> None:
    advice = await table.advice(tx)
    await recommendations.fix_wording(tx, recommendation=advice, actor=table.secretary, now=NOON)

    await recommendations.reword(
        tx, recommendation=advice, title="Twee", text="Twee velden.", actor=table.secretary, now=NOON
    )

    assert (advice.state, advice.title) == (RecommendationState.DRAFT, "Twee")


async def test_a_submitted_advice_is_due_in_the_panels_months_and_its_ideas_are_in_it(
    tx: WriteSession, table: Table
) -> None:
    advice = await table.advice(tx)
    await recommendations.adopt(
        tx, recommendation=advice, votes_for=9, votes_against=0, actor=table.secretary, now=NOON
    )

    response = await recommendations.submit(tx, recommendation=advice, actor=table.secretary, now=NOON)

    assert response.due_at == datetime(2027, 5, 23, 10, 0, tzinfo=UTC)  # 12.00 uur again, in summer time
    assert response.state is ResponseState.AWAITED
    assert [idea.route for idea in table.ideas] == [IdeaRoute.IN_RECOMMENDATION] * 2


async def submitted(tx: WriteSession, table: Table, **given: object) -> tuple[Recommendation, int]:
    advice = await a_recommendation(tx, point=table.point, panel=table.panel)
    return advice, (await a_response(tx, recommendation=advice, **given)).id


@pytest.mark.parametrize(
    ("state", "given", "refusal"),
    [
        (ResponseState.ACCEPTED, {"reasons": "", "owner": "Beheer", "done_by": date(2027, 6, 1)}, ReasonsMissing),
        (ResponseState.ACCEPTED, {"reasons": "Ja.", "owner": "", "done_by": date(2027, 6, 1)}, PromiseIncomplete),
        (ResponseState.PARTLY, {"reasons": "Ja.", "owner": "Beheer", "done_by": None}, PromiseIncomplete),
        (ResponseState.DONE, {"reasons": "Klaar."}, IllegalMove),
        (ResponseState.ACCEPTED, {"reasons": "Ja.", "owner": "Beheer", "done_by": date(2027, 6, 1)}, None),
        (ResponseState.PARTLY, {"reasons": "Deels.", "owner": "Beheer", "done_by": date(2027, 6, 1)}, None),
        (ResponseState.REJECTED, {"reasons": "Te duur."}, None),
    ],
)
async def test_a_response_has_reasons_and_a_promise_has_an_owner_and_a_date(
    tx: WriteSession, table: Table, state: ResponseState, given: dict[str, Any], refusal: type[Exception] | None
) -> None:
    _, response_id = await submitted(tx, table)
    response = await answering.response_by_id(tx, response_id)
    answer = responses.respond(
        tx,
        response=response,
        state=state,
        **given,
        actor=table.commissioner,
        now=NOON,
    )
    if refusal is not None:
        with pytest.raises(refusal):
            await answer
        return

    await answer

    assert (response.state, response.answered_at, response.answered_by_id) == (
        state,
        NOON,
        table.commissioner.person_id,
    )
    assert [(idea.route, idea.answered_at) for idea in table.ideas] == [(IdeaRoute.ANSWERED, NOON)] * 2


async def test_an_answer_put_off_is_not_an_answer_yet(tx: WriteSession, table: Table) -> None:
    _, response_id = await submitted(tx, table)
    response = await answering.response_by_id(tx, response_id)
    given: dict[str, Any] = {"response": response, "actor": table.commissioner, "now": NOON}

    await responses.respond(tx, state=ResponseState.DEFERRED, reasons="Na de begroting.", **given)
    assert [idea.answered_at for idea in table.ideas] == [None, None]
    await responses.respond(tx, state=ResponseState.REJECTED, reasons="Er is geen geld.", **given)

    assert [idea.answered_at for idea in table.ideas] == [NOON, NOON]


async def test_only_the_panels_commissioner_responds(tx: WriteSession, table: Table) -> None:
    _, response_id = await submitted(tx, table)
    response = await answering.response_by_id(tx, response_id)
    stranger = await acting(tx, Role.COMMISSIONER, await a_panel(tx))

    with pytest.raises(NotFound):
        await responses.respond(
            tx, response=response, state=ResponseState.REJECTED, reasons="Nee.", actor=stranger, now=NOON
        )


async def test_progress_is_told_until_it_is_done(tx: WriteSession, table: Table) -> None:
    promise: dict[str, Any] = {
        "reasons": "Ja.",
        "owner": "Beheer",
        "done_by": date(2027, 6, 1),
    }
    _, response_id = await submitted(tx, table, state=ResponseState.ACCEPTED, **promise)
    response = await answering.response_by_id(tx, response_id)
    given: dict[str, Any] = {"response": response, "actor": table.commissioner}

    await responses.report_progress(tx, text="De aannemer is gekozen.", now=NOON, **given)
    later = NOON + timedelta(days=1)
    await responses.report_progress(tx, text="Het veld ligt er.", state=ResponseState.DONE, now=later, **given)

    assert response.state is ResponseState.DONE
    assert [one.text for one in await answering.progress_of(tx, response.id)] == [
        "Het veld ligt er.",
        "De aannemer is gekozen.",
    ]
    with pytest.raises(IllegalMove):
        await responses.report_progress(tx, text="Nog iets.", now=later, **given)


async def test_overdue_is_noted_once_and_dated_at_the_instant(tx: WriteSession, table: Table) -> None:
    due_at = NOON + timedelta(hours=1)
    await submitted(tx, table, due_at=due_at)
    await submitted(tx, table, due_at=NOON, state=ResponseState.REJECTED, reasons="Nee.")

    found = [
        await responses.record_overdue(tx, now=now)
        for now in (due_at, due_at + timedelta(seconds=1), due_at + timedelta(days=3))
    ]

    assert found == [0, 1, 0]
    assert await told(tx, "response.became_overdue") == [due_at]


async def test_the_commissioner_is_reminded_at_three_moments_once_each(tx: WriteSession, table: Table) -> None:
    due_at = NOON + timedelta(days=182)
    await submitted(tx, table, due_at=due_at)

    for days in (61, 60, 59, 30, 29, 7, 6, 0):
        await responses.record_reminders(tx, now=due_at - timedelta(days=days))

    assert await told(tx, "response.reminded") == [due_at - timedelta(days=days) for days in (60, 30, 7)]


async def test_a_term_shorter_than_a_reminder_skips_it(tx: WriteSession, table: Table) -> None:
    due_at = NOON + timedelta(days=20)
    await submitted(tx, table, due_at=due_at)

    await responses.record_reminders(tx, now=NOON + timedelta(days=1))

    assert await told(tx, "response.reminded") == []


async def test_a_briefing_is_made_once_and_stays_as_it_was(tx: WriteSession, table: Table) -> None:
    await submitted(tx, table)
    table.point.follow_up = "De gemeente meet de hoogte."
    coming = await a_meeting(tx, panel=table.panel)
    consultation = await a_consultation(tx, panel=table.panel, meeting=coming)
    old_and_new = [
        await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, received_at=NOON - timedelta(days=days))
        for days in (20, 2)
    ]
    theme = await a_theme(tx, consultation=consultation, ideas=old_and_new)
    await a_point(tx, meeting=coming, ideas=old_and_new, position=1, theme_id=theme.id, is_confidential=True)

    briefing = await briefings.make(tx, meeting=coming, now=NOON)
    theme.name = "Een andere naam"
    again = await briefings.make(tx, meeting=coming, now=NOON + timedelta(days=1))

    assert again is briefing
    [told_theme] = briefing.facts["themes"]
    assert (told_theme["ideas"], told_theme["new"], len(told_theme["quotes"])) == (2, 1, 2)
    [point] = briefing.facts["agenda"]
    assert (point["position"], point["ideas"], point["is_confidential"]) == (1, 2, True)
    assert [one["text"] for one in briefing.facts["open"]["follow_up"]] == ["De gemeente meet de hoogte."]
    assert [one["is_overdue"] for one in briefing.facts["open"]["responses"]] == [False]
    assert await told(tx, "meeting.briefing_made") == [NOON]
