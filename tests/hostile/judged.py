"""What a moderator did that can be undone or objected to: a plan, ideas put together, one split, words left out."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from consultations import ideas, merging, splitting
from consultations.masking import Cut
from consultations.models import Consultation, Idea
from consultations.signals import Omission
from consultations.states import IdeaState
from kernel.db import WriteSession
from moderation import masking, page_reports, plans
from moderation.states import Outcome, ReportState
from tests.builders import a_moderator, a_person, an_idea
from tests.moments import NOON

WHOLE_TEXT = 1_000_000
"""An end that is beyond every text: another one is written in its place."""


async def fill(tx: WriteSession) -> list[str]:
    """The addresses where all of it is to be seen."""
    consultation = (await tx.scalars(select(Consultation).where(Consultation.slug == "buurt"))).one()
    mine: dict[str, Any] = {"consultation": consultation, "author": await a_person(tx)}
    public: dict[str, Any] = {**mine, "state": IdeaState.PUBLISHED}
    idea, into = await an_idea(tx, **public), await an_idea(tx, **public)
    whole, masked = await an_idea(tx, **public, body="Zet bankjes neer. Plant bomen."), await an_idea(tx, **public)
    planned, moderator = await an_idea(tx, **mine), await a_moderator(tx)
    by: dict[str, Any] = {"actor_id": moderator.person_id, "now": NOON}
    why: dict[str, Any] = {"ground_code": "personal_data", "explanation": "Hierom."}

    await merging.merge(tx, idea=idea, into=into, reason="Beide over bankjes.", **by)
    await splitting.split(tx, idea=whole, shares=[[0], [1]], reason="Twee ideeën.", **by)
    cuts = [Cut("body", 0, WHOLE_TEXT, Omission.NAME)]
    await masking.mask(tx, idea=masked, actor=moderator, cuts=cuts, **why, now=NOON)
    wait = timedelta(minutes=10)
    await plans.plan(tx, seen={planned.id: None}, actor=moderator, outcome=Outcome.REJECT, **why, wait=wait, now=NOON)
    told = await page_reports.receive(tx, address="/panels", panel_id=None, reason="Nee.", name="Ria", now=NOON)
    verdict: dict[str, Any] = {"verdict": ReportState.UPHELD, "answer": "U hebt gelijk."}
    await page_reports.answer(tx, report=told, actor=moderator, **verdict, now=NOON)

    addresses = [f"/moderation/page-reports/{told.id}", "/consultations/buurt/moderation"]
    for one in (idea, into, whole, masked, planned):
        receipt = urlsplit(await ideas.receipt_link(tx, idea_id=one.id, now=NOON)).path
        addresses += [f"/moderation/ideas/{one.id}", receipt]
        addresses += [f"{receipt}/together"] if one in {idea, whole} else []
        addresses += [f"{receipt}/decision"] if one is masked else []
        addresses += _of_public(one) if one.is_public else []
    return addresses


def _of_public(idea: Idea) -> list[str]:
    return [f"/ideas/{idea.id}", f"/ideas/{idea.id}/versions", f"/moderation/ideas/{idea.id}/together"]
