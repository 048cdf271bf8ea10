"""Whatever everybody can read can be reported within two clicks, is acknowledged, and answered in writing."""

from typing import Any

import pytest
from sqlalchemy import select

from consultations.models import Idea
from consultations.states import IdeaState
from consultations.ways_models import Attachment
from kernel.db import Database, WriteSession
from kernel.errors import IllegalMove, NotFound
from klankbord.page_reports import panel_of
from klankbord.shell import is_reportable
from moderation import page_reports
from moderation.models import PageReport, Report
from moderation.states import ReportState
from panels.models import Panel
from tests.builders import (
    a_comment,
    a_meeting,
    a_moderated_consultation,
    a_moderator,
    a_panel,
    a_point,
    a_recommendation,
    a_response,
    a_theme,
    an_idea,
    let_talk,
)
from tests.moderation.test_staff_routes import Browsers, signed_in
from tests.moments import NOON
from tests.visitor import Visitor

WHO = {"name": "Mia", "email": "mia@waterveen.example", "good_faith": "1"}


class Square:
    """A town square with one of everything that everybody can read."""

    panel: Panel
    idea: Idea
    comment: Idea
    file: Attachment
    pages: tuple[str, ...]


async def a_square(tx: WriteSession) -> Square:
    square = Square()
    square.panel = await a_panel(tx, slug="water")
    consultation = await a_moderated_consultation(tx, slug="bankjes", panel=square.panel)
    await let_talk(tx, consultation)
    square.idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    square.comment = await a_comment(tx, under=square.idea)
    square.file = Attachment(
        idea_id=square.idea.id,
        is_picture=True,
        width=10,
        height=10,
        alternative="Een bankje",
        size=9,
        sha256="a" * 64,
        body=b"\xff\xd8",
        added_at=NOON,
        decided_at=NOON,
        decided_by_id=square.idea.author_id,
        is_shown=True,
    )
    tx.add(square.file)
    theme = await a_theme(tx, consultation=consultation, ideas=[square.idea])
    meeting = await a_meeting(tx, panel=square.panel)
    point = await a_point(tx, meeting=meeting, ideas=[square.idea])
    advice = await a_recommendation(tx, point=point, panel=square.panel)
    await a_response(tx, recommendation=advice)
    await tx.flush()
    square.pages = (
        *("/", "/panels", "/panels/water", f"/panels/water/meetings/{meeting.number}", "/panels/water/moderation"),
        *("/recommendations", f"/recommendations/{advice.id}", f"/themes/{theme.id}"),
        *("/consultations/bankjes", "/consultations/bankjes/ideas", "/consultations/bankjes/themes"),
    )
    return square


async def test_every_public_page_leads_to_a_form_in_one_click_that_knows_its_address(
    database: Database, visitor: Visitor
) -> None:
    async with database.write() as tx:
        square = await a_square(tx)

    for place in square.pages:
        await visitor.open(place)
        assert visitor.status == 200, place
        await visitor.follow("Meld iets op deze pagina")
        assert (visitor.status, f"http://panel.test{place}" in visitor.text) == (200, True), place


async def test_what_residents_sent_in_has_a_form_of_its_own_in_one_click(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        square = await a_square(tx)
    idea, comment, file = f"/ideas/{square.idea.id}", f"/ideas/{square.comment.id}", square.file.id

    for place, link, form, exactly in (
        (idea, "Meld dit idee", f"{idea}/report", idea),
        (idea, "Meld deze foto: Een bankje", f"{idea}/report", f"{idea}#file-{file}"),
        (idea, f"Meld deze aanvulling: {square.comment.number}", f"{comment}/report", comment),
        (idea, "Meld iets op deze pagina", f"{idea}/report", idea),
    ):
        await visitor.open(place)
        await visitor.follow(link)
        assert (visitor.status, visitor.path, f"http://panel.test{exactly}" in visitor.text) == (200, form, True)
        await visitor.press("Verstuur uw melding", reason="Er staat een naam in.", **WHO)
        assert "Wij hebben uw melding" in visitor.text
    async with database.read() as db:
        told = [tuple(one) for one in await db.execute(select(Report.address, Report.name).order_by(Report.id))]
    assert told == [(idea, "Mia"), (f"{idea}#file-{file}", "Mia"), (comment, "Mia")]


async def test_a_page_is_reported_and_answered(database: Database, visitor: Visitor, another: Browsers) -> None:
    async with database.write() as tx:
        await a_square(tx)
        anna = await signed_in(tx, another(), await a_moderator(tx, name="Anna"))
    await visitor.open("/recommendations")
    await visitor.follow("Meld iets op deze pagina")
    await visitor.press("Verstuur uw melding", reason="Dit klopt niet.")
    wanted = ["Vul uw naam in.", "Vul uw e-mailadres in.", "naar waarheid"]
    assert (visitor.status, [word for word in wanted if word in visitor.text]) == (422, wanted)
    await visitor.press("Verstuur uw melding", **WHO)
    assert "mia@waterveen.example" in visitor.text

    await anna.open("/moderation?show=reports")
    await anna.follow("Pagina /recommendations")
    assert "Dit klopt niet." in anna.text
    await anna.press("De melder heeft gelijk", answer="")
    assert anna.status == 422
    await anna.press("De melder heeft gelijk", answer="Wij veranderen de datum.")
    assert "De melding is beantwoord." in anna.text
    async with database.read() as db:
        [told] = await db.scalars(select(PageReport))
    assert (told.state, told.answer, told.panel_id) == (ReportState.UPHELD, "Wij veranderen de datum.", None)


async def test_who_reports_the_abuse_of_a_child_need_not_say_who_they_are(database: Database, visitor: Visitor) -> None:
    async with database.write() as tx:
        square = await a_square(tx)
    await visitor.open("/report?next=/panels/water")

    await visitor.press("Verstuur uw melding", reason="Zie de foto.", is_abuse="1", good_faith="1")

    assert visitor.status == 200
    async with database.read() as db:
        [told] = await db.scalars(select(PageReport))
    assert (told.reporter_id, told.panel_id) == (None, square.panel.id)


async def test_a_page_belongs_to_its_panel_and_is_answered_once_by_its_moderators(tx: WriteSession) -> None:
    square = await a_square(tx)
    found = {place: await panel_of(tx, place) for place in square.pages}
    whole_site = {"/", "/panels", "/recommendations"}
    assert found == {place: None if place in whole_site else square.panel.id for place in square.pages}
    assert [await panel_of(tx, place) for place in ("/panels/nergens", "/themes/0", "/themes/x")] == [None] * 3

    about: dict[str, Any] = {"address": "/panels/water", "panel_id": square.panel.id, "reason": "Nee.", "now": NOON}
    first, again = [await page_reports.receive(tx, **about) for _ in range(2)]
    assert first is again
    verdict: dict[str, Any] = {"report": first, "verdict": ReportState.DISMISSED, "now": NOON}
    stranger = await a_moderator(tx, panel=await a_panel(tx))
    with pytest.raises(NotFound):
        await page_reports.answer(tx, actor=stranger, answer="Nee.", **verdict)
    with pytest.raises(IllegalMove):
        await page_reports.answer(tx, actor=await a_moderator(tx), answer=" ", **verdict)
    await page_reports.answer(tx, actor=await a_moderator(tx), answer="Dit mag.", **verdict)
    with pytest.raises(IllegalMove):
        await page_reports.answer(tx, actor=await a_moderator(tx), answer="Toch niet.", **verdict)


def test_what_only_its_reader_sees_is_no_public_address() -> None:
    private = ("/receipts/geheim", "/account", "/moderation", "//evil.example", "/panels/x?y", "/desk", "x")
    assert [one for one in private if is_reportable(one)] == []
    assert [one for one in ("/", "/panels", "/themes/4", "/ideas/12/thread") if not is_reportable(one)] == []
    assert not is_reportable("/panels/" + "a" * 300)
