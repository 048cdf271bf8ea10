import csv
import io
import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consultations import ideas
from consultations.models import Idea
from consultations.states import ConsultationState, IdeaState
from kernel.db import Database
from moderation import appeals, decisions, reports
from moderation.models import Appeal, Report
from moderation.public_record import public_record, shown
from moderation.states import AppealState, Outcome, ReportState
from tests.builders import (
    a_consultation,
    a_moderated_consultation,
    a_moderator,
    a_panel,
    a_rejected_idea,
    an_idea,
)
from tests.moderation.test_staff_routes import Browsers, signed_in
from tests.moments import NOON
from tests.visitor import Visitor

ZONE = ZoneInfo("Europe/Amsterdam")


async def test_from_a_rejection_to_the_site_after_an_appeal(
    database: Database, visitor: Visitor, another: Browsers
) -> None:
    async with database.write() as tx:
        first, second = await a_moderator(tx, name="Anna"), await a_moderator(tx, name="Bram")
        anna, bram = await signed_in(tx, another(), first), await signed_in(tx, another(), second)
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), title="Bankjes van hout")
        receipt = await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)
    await anna.open(f"/moderation/ideas/{idea.id}")
    await anna.press("Afwijzen", ground="commercial", explanation="U noemt een prijs.")

    await visitor.open(f"{receipt}/decision")
    assert "Wij zetten uw inzending niet op de site." in visitor.text
    assert "U noemt een prijs." in visitor.text
    assert "Een mens heeft dit besluit genomen." in visitor.text
    assert "zondag 23 mei 2027" in visitor.text
    assert "Anna" not in visitor.text
    await visitor.follow("Maak bezwaar")
    await visitor.press("Verstuur uw bezwaar", reason="")
    assert visitor.status == 422
    await visitor.press("Verstuur uw bezwaar", reason="Ik verkoop niets, ik maak ze gratis.")
    assert "Wij hebben uw bezwaar ontvangen." in visitor.text
    assert "maandag 7 december 2026" in visitor.text

    await anna.open("/moderation?show=appeals")
    await anna.follow("Bankjes van hout")
    assert "U nam dit besluit." in anna.text
    assert [form for form in anna.forms if form.action.endswith("/decide")] == []
    await bram.open(anna.path)
    await bram.press("Publiceer dit alsnog", answer="U hebt gelijk, excuus.")

    await visitor.open(f"{receipt}/decision")
    assert "U krijgt gelijk: uw inzending staat nu op de site." in visitor.text
    assert "U hebt gelijk, excuus." in visitor.text
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.PUBLISHED


async def test_the_first_decider_is_refused_at_the_door_as_well(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        first = await a_moderator(tx)
        browser = await signed_in(tx, visitor, first)
        idea, _ = await a_rejected_idea(tx, by=first)
        appeal = await appeals.lodge(tx, idea=idea, reason="Ik verkoop niets.", zone=ZONE, now=NOON)
    await browser.open(f"/moderation/appeals/{appeal.id}")
    token = browser.http.cookies.get("csrf")

    answer = await browser.http.post(
        f"/moderation/appeals/{appeal.id}/decide",
        data={"_csrf_token": token, "verdict": "reinstated", "answer": "Toch."},
        headers={"origin": "http://panel.test"},
    )

    assert (answer.status_code, "decided_before" in answer.text) == (403, True)
    async with database.read() as db:
        assert (await db.scalars(select(Appeal.state))).all() == [AppealState.RECEIVED]


async def test_an_undecided_idea_has_a_promise_and_no_appeal(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
        receipt = await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)

    await visitor.open(f"{receipt}/decision")
    assert "uiterlijk op woensdag 25 november 2026" in visitor.text
    await visitor.open(f"{receipt}/appeal")
    assert visitor.status == 409


async def test_a_wrong_receipt_opens_nothing(visitor: Visitor) -> None:
    await visitor.open("/receipts/geraden/decision")

    assert visitor.status == 410


async def test_a_citizen_reports_an_idea(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    await visitor.open(f"/ideas/{idea.id}/report")
    await visitor.press("Verstuur uw melding", reason="Er staat een naam in.", email="geen adres")
    assert visitor.status == 422
    assert ("naar waarheid" in visitor.text, "Dit e-mailadres klopt niet." in visitor.text) == (True, True)

    assert "Vul uw naam in." in visitor.text
    await visitor.press("Verstuur uw melding", name="Mia", email="mia@waterveen.example", good_faith="1")

    assert visitor.status == 200
    assert "Wij hebben uw melding" in visitor.text
    assert "mia@waterveen.example" in visitor.text
    async with database.read() as db:
        assert (await db.scalars(select(Report.reason))).all() == ["Er staat een naam in."]


async def test_what_is_not_public_cannot_be_reported(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx)

    await visitor.open(f"/ideas/{idea.id}/report")

    assert visitor.status == 404


async def test_the_record_holds_grounds_and_numbers_and_no_text(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        first, second = await a_moderator(tx), await a_moderator(tx)
        consultation = await a_moderated_consultation(tx, slug="water")
        rejected, _ = await a_rejected_idea(
            tx, by=first, consultation=consultation, title="Koop nu", body="Alles moet weg."
        )
        appeal = await appeals.lodge(tx, idea=rejected, reason="Onterecht.", zone=ZONE, now=NOON)
        verdict: dict[str, Any] = {"verdict": AppealState.UPHELD, "answer": "Het is reclame."}
        await appeals.decide(tx, appeal=appeal, actor=second, **verdict, now=NOON)
        good = await an_idea(tx, consultation=consultation, received_at=NOON - timedelta(hours=5))
        await decisions.decide(tx, idea=good, actor=first, outcome=Outcome.PUBLISH, now=NOON)
        report = await reports.receive(tx, idea=good, reason="Niet mee eens.", now=NOON)
        await reports.dismiss(tx, report=report, actor=first, answer="Een mening mag.", now=NOON)
        record = await public_record(tx, [consultation.id])

    assert {row.ground.code: row.rejected for row in record.grounds if row.total} == {"commercial": 1}
    assert (record.published, record.restricted, record.median_time) == (1, 1, timedelta(hours=3))
    assert record.appeals == {AppealState.RECEIVED: 0, AppealState.UPHELD: 1, AppealState.REINSTATED: 0}
    assert record.reports == {ReportState.RECEIVED: 0, ReportState.DISMISSED: 1, ReportState.UPHELD: 0}
    await visitor.open("/consultations/water/moderation")
    assert visitor.status == 200
    assert ("Reclame" in visitor.text, "3 uur" in visitor.text) == (True, True)
    assert [word for word in ("Koop nu", "Alles moet weg", "Onterecht", "Niet mee eens") if word in visitor.text] == []


async def test_the_record_asks_as_many_questions_for_one_idea_as_for_three(
    database: Database, visitor: Visitor, statements: list[str]
) -> None:
    async with database.write() as tx:
        consultation, moderator = await a_moderated_consultation(tx, slug="water"), await a_moderator(tx)
    asked = []
    for more in (1, 2):
        async with database.write() as tx:
            for _ in range(more):
                await a_rejected_idea(tx, by=moderator, consultation=consultation)
        statements.clear()
        await visitor.open("/consultations/water/moderation")
        asked.append(len([one for one in statements if one.lstrip().startswith("SELECT")]))

    assert asked == [12, 12]  # two of them since appeals about answers, and a stricter way of moderating, are told too


async def test_the_grounds_are_public_before_the_consultation_opens(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        soon = NOON + timedelta(days=1)
        await a_moderated_consultation(tx, slug="straks", opens_at=soon, closes_at=soon + timedelta(days=7))
        await a_consultation(tx, slug="zonder")

    await visitor.open("/consultations/straks/moderation")
    assert "Gegevens over een ander" in visitor.text
    await visitor.open("/consultations/zonder/moderation")
    assert "De redenen volgen nog" in visitor.text


async def test_the_record_is_a_file_too_for_a_consultation_and_for_the_whole_panel(
    database: Database, visitor: Visitor
) -> None:
    async with database.write() as tx:
        moderator, panel = await a_moderator(tx), await a_panel(tx, slug="panel")
        first, second = [await a_moderated_consultation(tx, slug=slug, panel=panel) for slug in ("water", "groen")]
        await a_moderated_consultation(tx, slug="straks", panel=panel, state=ConsultationState.DRAFT)
        for _ in range(3):
            await a_rejected_idea(tx, by=moderator, consultation=first, title="GEHEIM", body="GEHEIM GEHEIM")
        await a_rejected_idea(tx, by=moderator, consultation=second, title="GEHEIM", body="GEHEIM")

    files = {
        name: (await visitor.http.get(name)).text
        for name in (
            *("/consultations/water/moderation.json", "/consultations/groen/moderation.json"),
            *("/panels/panel/moderation.json", "/panels/panel/moderation.csv", "/consultations/water/moderation.csv"),
        )
    }
    water, groen, together = (json.loads(text) for name, text in files.items() if name.endswith(".json"))
    assert [one["grounds"]["commercial"]["rejected"] for one in (water, groen, together)] == [3, "1-2", 4]
    assert [one["decisions"]["restricted"] for one in (water, groen, together)] == [3, 1, 4]
    assert ["grounds", "commercial rejected", "4"] in list(
        csv.reader(io.StringIO(files["/panels/panel/moderation.csv"]))
    )
    assert ["decisions", "restricted", "3"] in list(
        csv.reader(io.StringIO(files["/consultations/water/moderation.csv"]))
    )
    assert [name for name, text in files.items() if "GEHEIM" in text] == []
    await visitor.open("/panels/panel/moderation")
    assert (visitor.status, "straks" in visitor.text, "GEHEIM" in visitor.text) == (200, False, False)
    assert "Een moderator leest elke inzending" in visitor.text
    await visitor.open("/consultations/groen/moderation")
    assert "1 of 2" in visitor.text


def test_one_or_two_are_not_told_apart() -> None:
    assert [shown(number) for number in range(5)] == [0, "1-2", "1-2", 3, 4]
