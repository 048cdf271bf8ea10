"""Who reported something, or sent a file, does not agree: another moderator decides, once, in writing."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from litestar import Litestar
from sqlalchemy import func, select

from accounts.actor import Actor
from consultations import attachments, ideas
from consultations.ideas import receipt_link
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from consultations.ways_models import Attachment
from kernel.db import Database, WriteSession
from kernel.errors import IllegalMove, NotFound
from kernel.events import EventRecord
from moderation import answer_appeals, answer_queries, page_reports, reports, rules, statements, yearly
from moderation.answer_models import AnswerAppeal
from moderation.models import Decision, Report
from moderation.public_record import public_record
from moderation.statements import Frame
from moderation.states import AppealState, Outcome, ReportState
from moderation.yearly import Year
from notify.models import Message
from tests.builders import a_moderated_consultation, a_moderator, a_panel, an_idea
from tests.moderation.test_staff_routes import Browsers, signed_in
from tests.moments import NOON
from tests.notify.files import a_file
from tests.visitor import Visitor

ZONE = ZoneInfo("Europe/Amsterdam")
AS = Frame(zone=ZONE, public_url="https://panel.test")
WHY: dict[str, Any] = {"reason": "U las er overheen.", "zone": ZONE, "now": NOON}
RIGHT: dict[str, Any] = {"verdict": AppealState.REINSTATED, "words": "U hebt gelijk.", "now": NOON}
WRONG: dict[str, Any] = {"verdict": AppealState.UPHELD, "words": "Het mag echt.", "now": NOON}
GROUND: dict[str, Any] = {"ground_code": "insult", "explanation": "U scheldt iemand uit."}


async def dismissed(tx: WriteSession, *, by: Actor, email: str = "mia@x.example") -> Report:
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)
    report = await reports.receive(tx, idea=idea, reason="Dit is schelden.", email=email, now=NOON)
    await reports.dismiss(tx, report=report, actor=by, answer="Dit mag.", now=NOON)
    return report


async def test_a_reporter_appeals_and_another_moderator_removes_the_idea_after_all(tx: WriteSession) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    report = await dismissed(tx, by=first)
    answer = await answer_queries.of_report(tx, report.id)
    appeal = await answer_appeals.lodge(tx, answer=answer, **WHY)
    assert (appeal.due_at, appeal.answered_by_id) == (datetime(2026, 12, 7, 17, tzinfo=ZONE), first.person_id)

    with pytest.raises(rules.DecidedBefore):
        await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=first, **RIGHT, **GROUND)
    with pytest.raises(rules.GroundNeeded):
        async with tx.begin_nested():
            await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=second, **RIGHT)
    await tx.refresh(appeal)
    await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=second, **RIGHT, **GROUND)

    decision = (await tx.scalars(select(Decision))).one()
    idea = await tx.get_one(Idea, report.idea_id)
    assert (idea.state, decision.outcome, decision.report_id) == (IdeaState.REMOVED, Outcome.REMOVE, report.id)
    assert (report.state, appeal.state) == (ReportState.DISMISSED, AppealState.REINSTATED)
    with pytest.raises(IllegalMove):
        await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=second, **WRONG)
    with pytest.raises(rules.NoAppealNow):
        await answer_appeals.lodge(tx, answer=await answer_queries.of_report(tx, report.id), **WHY)
    told = await tx.scalars(
        select(EventRecord.name).where(EventRecord.name.startswith("answer_appeal.")).order_by(EventRecord.id)
    )
    assert list(told) == ["answer_appeal.lodged", "answer_appeal.decided"]


async def test_only_an_answer_that_holds_can_be_appealed_against_and_within_six_months(tx: WriteSession) -> None:
    report = await dismissed(tx, by=await a_moderator(tx))
    answer = await answer_queries.of_report(tx, report.id)
    until = rules.appeal_until(NOON, ZONE)
    for words, now in (("  ", NOON), ("Toch.", until)):
        with pytest.raises(rules.NoAppealNow):
            await answer_appeals.lodge(tx, answer=answer, reason=words, zone=ZONE, now=now)
    assert answer_appeals.may_lodge(answer, zone=ZONE, now=until - timedelta(microseconds=1))

    idea = await tx.get_one(Idea, report.idea_id)
    await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)
    with pytest.raises(rules.NoAppealNow):
        await answer_appeals.lodge(tx, answer=await answer_queries.of_report(tx, report.id), **WHY)

    other = await dismissed(tx, by=await a_moderator(tx))
    waiting = await reports.receive(tx, idea=await tx.get_one(Idea, other.idea_id), reason="En dit?", now=NOON)
    with pytest.raises(NotFound):
        await answer_queries.of_report(tx, waiting.id)


async def test_a_report_of_a_page_is_looked_at_again_by_another_of_its_moderators(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    first, second = await a_moderator(tx), await a_moderator(tx)
    about: dict[str, Any] = {"address": "/panels/water", "panel_id": panel.id, "reason": "Dit klopt niet."}
    report = await page_reports.receive(tx, **about, email="mia@x.example", now=NOON)
    await page_reports.answer(tx, report=report, actor=first, verdict=ReportState.DISMISSED, answer="Jawel.", now=NOON)
    answer = await answer_queries.of_page_report(tx, report.id)
    appeal = await answer_appeals.lodge(tx, answer=answer, **WHY)

    stranger = await a_moderator(tx, panel=await a_panel(tx))
    with pytest.raises(NotFound):
        await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=stranger, **RIGHT)
    await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=second, **RIGHT)

    assert (appeal.state, appeal.decided_by_id) == (AppealState.REINSTATED, second.person_id)


async def a_refused_file(tx: WriteSession, *, by: Actor) -> Attachment:
    consultation = await a_moderated_consultation(tx)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    file = await a_file(tx, idea=idea)
    await refuse(tx, file, by=by, now=NOON)
    return file


async def refuse(tx: WriteSession, file: Attachment, *, by: Actor, now: datetime) -> None:
    idea = await tx.get_one(Idea, file.idea_id)
    why: dict[str, Any] = {"is_shown": False, "reason": "Er staat een kenteken op.", "actor_id": by.person_id or 0}
    await attachments.decide(tx, file=file, idea=idea, **why, now=now)


async def test_a_file_that_was_refused_is_shown_after_all_and_the_numbers_and_statements_say_so(
    tx: WriteSession,
) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    file = await a_refused_file(tx, by=first)
    year = Year.of(2026, AS)
    answer = await answer_queries.of_file(tx, file.id)
    appeal = await answer_appeals.lodge(tx, answer=answer, **WHY)
    await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=second, **RIGHT | {"now": NOON + timedelta(1)})

    assert (file.is_shown, file.decided_by_id) == (True, second.person_id)
    [made] = await yearly.of_year(tx, year, as_=AS)
    assert (made["puid"], made["application_date"]) == (f"file-{file.id}", "2026-11-23")
    assert made["end_date_visibility_restriction"] == "2026-11-24"
    jsonschema.validate({"statements": [made]}, statements.schema())
    told = await yearly.report(tx, year, as_=AS)
    assert (told.answer_appeals[AppealState.REINSTATED], told.reversals, told.statements) == (1, 1, 1)
    assert told.median_appeal == timedelta(1)
    idea = await tx.get_one(Idea, file.idea_id)
    record = await public_record(tx, [idea.consultation_id])
    assert record.answer_appeals == {AppealState.RECEIVED: 0, AppealState.UPHELD: 0, AppealState.REINSTATED: 1}


async def test_an_appeal_about_a_file_overrules_no_later_look_and_goes_with_the_file(tx: WriteSession) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    file = await a_refused_file(tx, by=first)
    answer = await answer_queries.of_file(tx, file.id)
    appeal = await answer_appeals.lodge(tx, answer=answer, **WHY)
    await refuse(tx, file, by=second, now=NOON + timedelta(hours=1))

    third = await a_moderator(tx)
    with pytest.raises(IllegalMove):
        async with tx.begin_nested():
            await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=third, **RIGHT)
    await tx.refresh(appeal)
    newest = await answer_queries.of_file(tx, file.id)
    assert (newest.appeal, answer_appeals.may_lodge(newest, zone=ZONE, now=NOON)) == (None, True)
    await answer_appeals.decide(tx, appeal=appeal, answer=newest, actor=third, **WRONG)

    await attachments.remove(tx, file=file, idea=await tx.get_one(Idea, file.idea_id), now=NOON)
    assert await tx.scalar(select(func.count(AnswerAppeal.id))) == 0


async def letters_of(database: Database, app: Litestar) -> list[str]:
    await app.state.worker.turn(NOON)
    async with database.read() as db:
        return list(await db.scalars(select(Message.template).order_by(Message.id)))


async def test_a_reporter_reads_the_answer_behind_the_letter_and_another_moderator_decides(
    app: Litestar, database: Database, visitor: Visitor, another: Browsers
) -> None:
    async with database.write() as tx:
        first = await a_moderator(tx, name="Anna")
        report = await dismissed(tx, by=first)
        anna = await signed_in(tx, another(), first)
        bram = await signed_in(tx, another(), await a_moderator(tx, name="Bram"))
        link = await answer_appeals.link(tx, subject=f"report:{report.id}", now=NOON)
    await visitor.open(link)
    assert (visitor.status, "Dit mag." in visitor.text, "tot en met" in visitor.text) == (200, True, True)
    await visitor.press("Verstuur uw bezwaar", reason="")
    assert visitor.status == 422
    await visitor.press("Verstuur uw bezwaar", reason="U las de laatste zin niet.")
    assert "Wij hebben uw bezwaar ontvangen." in visitor.text
    told = await letters_of(database, app)
    assert [told.count(f"answer_appeal_{one}") for one in ("lodged", "waiting")] == [1, 1]

    await anna.open("/moderation?show=appeals")
    await anna.follow("Bankjes langs het water")
    assert ("U gaf het eerste antwoord." in anna.text, "Haal het idee alsnog weg" in anna.text) == (True, False)
    await bram.open(anna.path)
    assert "U las de laatste zin niet." in bram.text
    await bram.press("Haal het idee alsnog weg", answer="U hebt gelijk.")
    assert (bram.status, "Kies de reden die hierbij past." in bram.text) == (422, True)
    await bram.press("Haal het idee alsnog weg", ground="insult", explanation="U scheldt iemand uit.")
    assert "Over het bezwaar is beslist." in bram.text
    await visitor.open(link)
    assert ("U kreeg gelijk." in visitor.text, "U hebt gelijk." in visitor.text) == (True, True)
    told = await letters_of(database, app)
    assert [told.count(one) for one in ("answer_appeal_decided", "idea_removed")] == [1, 1]


async def test_an_author_reads_why_a_file_is_not_shown_and_appeals_behind_the_receipt(
    app: Litestar, database: Database, visitor: Visitor, another: Browsers
) -> None:
    async with database.write() as tx:
        file = await a_refused_file(tx, by=await a_moderator(tx))
        other = await an_idea(tx, consultation=await tx.get_one(Consultation, 1))
        receipt = await receipt_link(tx, idea_id=file.idea_id, now=NOON)
        strangers = await receipt_link(tx, idea_id=other.id, now=NOON)
        bram = await signed_in(tx, another(), await a_moderator(tx, name="Bram"))
    await visitor.open(f"{strangers}/files/{file.id}/decision")
    assert visitor.status == 404
    await visitor.open(f"{receipt}/files")
    await visitor.follow(f"Lees het besluit, of maak bezwaar: {file.alternative}")
    assert ("Er staat een kenteken op." in visitor.text, visitor.status) == (True, 200)
    await visitor.press("Verstuur uw bezwaar", reason="Dat is een huisnummer.")
    assert "Wij hebben uw bezwaar ontvangen." in visitor.text

    await bram.open("/moderation?show=appeals")
    await bram.follow("Bankjes langs het water")
    await bram.press("Toon het bestand alsnog", answer="U hebt gelijk, het is een huisnummer.")
    assert "Over het bezwaar is beslist." in bram.text
    await visitor.open(f"{receipt}/files/{file.id}/decision")
    assert ("U kreeg gelijk." in visitor.text, "Dit staat op de site" in visitor.text) == (True, True)
    assert (await letters_of(database, app)).count("answer_appeal_decided") == 1
