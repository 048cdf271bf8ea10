from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from accounts.models import Person
from consultations.models import Idea
from consultations.states import IdeaState
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import EventRecord
from moderation import queries, reports
from moderation.models import Report
from moderation.reasons import ON_REPORT, statement
from moderation.rules import GroundNeeded, NotToReport
from moderation.states import ReportState
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.moments import NOON

WHY = {"ground_code": "personal_data", "explanation": "U noemt een huisnummer."}


async def a_published_idea(tx: WriteSession) -> Idea:
    return await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)


async def names(tx: WriteSession, prefix: str) -> list[str]:
    found = select(EventRecord.name).where(EventRecord.name.startswith(prefix)).order_by(EventRecord.id)
    return list((await tx.scalars(found)).all())


async def test_a_report_can_be_sent_with_and_without_an_address(tx: WriteSession) -> None:
    idea = await a_published_idea(tx)

    unknown = await reports.receive(tx, idea=idea, reason="Een naam.", now=NOON)
    known = await reports.receive(tx, idea=idea, reason="Een nummer.", email="mia@waterveen.example", now=NOON)

    reporter = (await tx.scalars(select(Person).where(Person.email == "mia@waterveen.example"))).one()
    assert (unknown.reporter_id, known.reporter_id, reporter.confirmed_at) == (None, reporter.id, None)
    assert await names(tx, "report.") == ["report.received", "report.received"]


async def test_the_same_report_twice_is_one(tx: WriteSession) -> None:
    idea = await a_published_idea(tx)

    first = await reports.receive(tx, idea=idea, reason="Een naam.", now=NOON)
    again = await reports.receive(tx, idea=idea, reason="Een naam.", now=NOON)

    assert first is again
    assert await names(tx, "report.") == ["report.received"]


@pytest.mark.parametrize("state", sorted(set(IdeaState) - {IdeaState.PUBLISHED}))
async def test_only_what_stands_in_public_can_be_reported(tx: WriteSession, state: IdeaState) -> None:
    with pytest.raises(NotToReport):
        await reports.receive(tx, idea=await an_idea(tx, state=state), reason="Een naam.", now=NOON)


async def test_a_dismissed_report_leaves_the_idea_and_is_answered_once(tx: WriteSession) -> None:
    idea, moderator = await a_published_idea(tx), await a_moderator(tx)
    report = await reports.receive(tx, idea=idea, reason="Niet mee eens.", now=NOON)

    await reports.dismiss(tx, report=report, actor=moderator, answer="Een mening mag.", now=NOON)

    assert (report.state, report.answer, idea.state) == (
        ReportState.DISMISSED,
        "Een mening mag.",
        IdeaState.PUBLISHED,
    )
    assert await names(tx, "report.decided") == ["report.decided"]
    with pytest.raises(IllegalMove):
        await reports.dismiss(tx, report=report, actor=moderator, answer="Nog eens.", now=NOON)


async def test_an_upheld_report_removes_the_idea_on_a_ground(tx: WriteSession) -> None:
    idea, moderator = await a_published_idea(tx), await a_moderator(tx)
    report = await reports.receive(tx, idea=idea, reason="Een huisnummer.", now=NOON)

    await reports.uphold(tx, report=report, actor=moderator, answer="Dank u.", **WHY, now=NOON)

    decision = await queries.latest_decision(tx, idea.id)
    assert decision is not None
    assert (idea.state, report.state, decision.report_id) == (IdeaState.REMOVED, ReportState.UPHELD, report.id)
    assert statement(decision, ground=decision.ground, zone=ZoneInfo("Europe/Amsterdam")).source == ON_REPORT
    assert await names(tx, "idea.removed") == ["idea.removed"]


async def test_a_second_report_can_be_upheld_after_the_idea_has_gone(tx: WriteSession) -> None:
    idea, moderator = await a_published_idea(tx), await a_moderator(tx)
    first = await reports.receive(tx, idea=idea, reason="Een huisnummer.", now=NOON)
    second = await reports.receive(tx, idea=idea, reason="Een naam.", now=NOON)
    await reports.uphold(tx, report=first, actor=moderator, answer="Dank u.", **WHY, now=NOON)

    await reports.uphold(tx, report=second, actor=moderator, answer="Dank u.", ground_code="", explanation="", now=NOON)

    assert (await tx.scalars(select(Report.state))).all() == [ReportState.UPHELD, ReportState.UPHELD]
    assert await names(tx, "idea.removed") == ["idea.removed"]


async def test_a_report_is_not_upheld_without_a_ground(tx: WriteSession) -> None:
    idea, moderator = await a_published_idea(tx), await a_moderator(tx)
    report = await reports.receive(tx, idea=idea, reason="Een huisnummer.", now=NOON)

    with pytest.raises(GroundNeeded):
        await reports.uphold(
            tx, report=report, actor=moderator, answer="Dank u.", ground_code="", explanation="", now=NOON
        )
