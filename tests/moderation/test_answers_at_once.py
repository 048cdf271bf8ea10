"""Two moderators at one report, or at one appeal: each sees the other, and nobody's answer is lost or doubled."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from consultations.models import Idea, IdeaVersion
from consultations.states import IdeaState
from kernel.clock import StandingClock
from kernel.db import Database
from moderation import appeals, reports
from moderation.models import Appeal, Claim, Report
from moderation.rules import CLAIM_LASTS
from tests.builders import a_moderated_consultation, a_moderator, a_rejected_idea, an_idea
from tests.moderation.test_staff_routes import ZONE, signed_in
from tests.moments import NOON
from tests.visitor import Visitor

ANSWERS = {"report": "Laat het idee staan", "appeal": "Laat het besluit staan"}


@pytest.fixture(params=["report", "appeal"])
async def work(request: pytest.FixtureRequest, database: Database) -> str:
    """A report, or an appeal against what a third moderator decided."""
    kind: str = request.param
    async with database.write() as tx:
        if kind == "report":
            consultation = await a_moderated_consultation(tx)
            idea = await an_idea(tx, consultation=consultation, title="Bankjes", state=IdeaState.PUBLISHED)
            await reports.receive(tx, idea=idea, reason="Er staat een naam in.", now=NOON)
        else:
            idea, _ = await a_rejected_idea(tx, by=await a_moderator(tx, name="Cor"), title="Bankjes")
            await appeals.lodge(tx, idea=idea, reason="Ik verkoop niets.", zone=ZONE, now=NOON)
    return kind


@pytest.fixture
async def anna(database: Database, visitor: Visitor) -> Visitor:
    async with database.write() as tx:
        return await signed_in(tx, visitor, await a_moderator(tx, name="Anna"))


@pytest.fixture
async def bram(database: Database, another: Callable[[], Visitor]) -> Visitor:
    async with database.write() as tx:
        return await signed_in(tx, another(), await a_moderator(tx, name="Bram"))


async def test_a_colleague_sees_who_reads_it_and_it_runs_out(
    work: str, anna: Visitor, bram: Visitor, clock: StandingClock
) -> None:
    page = f"/moderation/{work}s/1"
    await anna.open(page)
    await anna.press("Ik lees deze")
    assert (anna.path, "U leest deze inzending." in anna.text) == (page, True)

    await bram.open(f"/moderation?show={work}s")
    assert "Anna" in bram.text
    await bram.open("/moderation?held=others")
    assert "Bankjes" in bram.text
    await bram.open("/moderation?held=free")
    assert "Er wacht niets dat bij dit filter past." in bram.text
    await bram.open(page)
    assert "Anna leest deze inzending nu" in bram.text

    clock.move(CLAIM_LASTS)
    await bram.open(page)
    assert "Anna" not in bram.text


async def test_what_was_taken_over_or_let_go_leads_back_to_it(work: str, anna: Visitor, bram: Visitor) -> None:
    page = f"/moderation/{work}s/1"
    await anna.open(page)
    await anna.press("Ik lees deze")
    await bram.open(page)
    await bram.press("Neem over")
    assert (bram.path, "U leest deze inzending." in bram.text) == (page, True)
    await bram.press("Laat los")
    assert (bram.path, "Ik lees deze" in bram.text) == (page, True)


async def test_an_answer_lets_go_of_it(work: str, anna: Visitor, database: Database) -> None:
    await anna.open(f"/moderation/{work}s/1")
    await anna.press("Ik lees deze")
    await anna.press(ANSWERS[work], answer="Er staat geen naam in.")

    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Claim)) == 0


async def test_who_comes_second_reads_what_the_first_answered_and_keeps_what_was_typed(
    work: str, anna: Visitor, bram: Visitor, database: Database
) -> None:
    for visitor in (anna, bram):
        await visitor.open(f"/moderation/{work}s/1")
    await anna.press(ANSWERS[work], answer="Dit is het antwoord van Anna.")
    await bram.press(ANSWERS[work], answer="Dit typte Bram.")

    assert bram.status == 409
    assert "Uw antwoord is niet verstuurd" in bram.text
    assert ("Dit is het antwoord van Anna." in bram.text, "Dit typte Bram." in bram.text) == (True, True)
    async with database.read() as db:
        kept = Report if work == "report" else Appeal
        assert (await db.scalars(select(kept.answer))).all() == ["Dit is het antwoord van Anna."]


async def test_an_answer_is_about_the_text_that_was_read(anna: Visitor, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        idea = await an_idea(tx, consultation=consultation, body="Bel Jan.", state=IdeaState.PUBLISHED)
        await reports.receive(tx, idea=idea, reason="Er staat een naam in.", now=NOON)
    await anna.open("/moderation/reports/1")
    async with database.write() as tx:
        text = {"title": idea.title, "body": "Bel ons.", "sha256": "b" * 64}
        tx.add(IdeaVersion(idea_id=idea.id, number=2, **text, written_at=NOON))
    await anna.press("Haal het idee weg", answer="Dank u.", ground="personal_data", explanation="Een naam.")

    assert (anna.status, "Uw besluit is niet uitgevoerd." in anna.text) == (409, True)
    assert "Een naam." in anna.text
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.PUBLISHED
