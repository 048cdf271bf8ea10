"""Notices about appeals against answers: who appealed, and the moderators who may decide. See `notices`."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType

from sqlalchemy import select

from accounts import roles
from accounts.states import Role
from consultations.models import Idea
from kernel.db import WriteSession
from kernel.events import EventRecord
from moderation.answer_models import AnswerAppeal
from moderation.models import PageReport, Report
from notify import hearers, outbox


async def who_appealed(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Who reported, or the author who sent the file."""
    appeal = await tx.get(AnswerAppeal, event.facts["answer_appeal_id"])
    if appeal is None:  # gone with the file
        return
    if appeal.report_id is not None:
        whose = await tx.scalar(select(Report.reporter_id).where(Report.id == appeal.report_id))
    elif appeal.page_report_id is not None:
        whose = await tx.scalar(select(PageReport.reporter_id).where(PageReport.id == appeal.page_report_id))
    else:
        whose = await tx.scalar(select(Idea.author_id).where(Idea.id == appeal.idea_id))
    if whose is not None:
        facts = {"answer_appeal_id": appeal.id}
        await outbox.put_up(tx, [whose], letter=letter, about=str(appeal.id), facts=facts, now=now)


async def moderators_who_did_not_answer(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Every moderator of the panel (of all panels, for a page of the whole site) but the one who answered first."""
    appeal = await tx.get(AnswerAppeal, event.facts["answer_appeal_id"])
    if appeal is None:
        return
    if appeal.idea_id is not None:
        panel_id: int | None = await hearers.panel_of_idea(tx, appeal.idea_id)
    else:
        panel_id = await tx.scalar(select(PageReport.panel_id).where(PageReport.id == appeal.page_report_id))
    if panel_id is not None:
        people = await hearers.in_roles(tx, panel_id=panel_id, wanted=[Role.MODERATOR])
    else:
        people = sorted(person.id for person in await roles.holders(tx, role=Role.MODERATOR))
    others = [one for one in people if one != appeal.answered_by_id]
    facts = {"answer_appeal_id": appeal.id}
    await outbox.put_up(tx, others, letter="answer_appeal_waiting", about=str(appeal.id), facts=facts, now=now)


ANSWER_APPEALS: Mapping[str, tuple[Callable[[WriteSession, EventRecord, datetime], Awaitable[None]], ...]] = (
    MappingProxyType(
        {
            "answer_appeal.lodged": (partial(who_appealed, "answer_appeal_lodged"), moderators_who_did_not_answer),
            "answer_appeal.decided": (partial(who_appealed, "answer_appeal_decided"),),
        }
    )
)
