"""Responses: the commissioner answers each advice with reasons, then tells what was done."""

from datetime import date, datetime, timedelta

from sqlalchemy import String, cast, literal, select

from accounts.actor import Actor
from consultations import ideas
from kernel.db import WriteSession
from kernel.errors import IllegalMove
from kernel.events import EventRecord, record
from kernel.seen import require_seen
from panels import queries, rules
from panels.errors import PromiseIncomplete, ReasonsMissing
from panels.events import ResponseBecameOverdue, ResponseGiven, ResponseProgressReported, ResponseReminded
from panels.models import Recommendation, Response
from panels.report_models import ProgressReport
from panels.states import NEEDS_OWNER_AND_DATE, ResponseState

ANSWERS = (ResponseState.ACCEPTED, ResponseState.PARTLY, ResponseState.REJECTED, ResponseState.DEFERRED)
IN_PROGRESS = NEEDS_OWNER_AND_DATE
REMINDED_BEFORE = (timedelta(days=7), timedelta(days=30), timedelta(days=60))


async def respond(
    tx: WriteSession,
    *,
    response: Response,
    state: ResponseState,
    reasons: str,
    owner: str = "",
    done_by: date | None = None,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Answer an advice, from the page as it stands: always with reasons; what is taken over has an owner and a date.

    The ideas behind it count as answered, unless the answer is put off.
    """
    recommendation = await tx.get_one(Recommendation, response.recommendation_id)
    commissioner = rules.require_commissioner(actor, recommendation.panel_id)
    require_seen(response, seen)
    if state not in ANSWERS:
        raise IllegalMove
    if not reasons:
        raise ReasonsMissing
    if state in NEEDS_OWNER_AND_DATE and not (owner and done_by):
        raise PromiseIncomplete
    response.move_to(state)
    response.reasons, response.owner, response.done_by = reasons, owner, done_by
    response.answered_at, response.answered_by_id = now, commissioner
    await tx.flush()
    if state is not ResponseState.DEFERRED:
        idea_ids = await queries.idea_ids_of(tx, recommendation.agenda_item_id)
        await ideas.mark_answered(tx, idea_ids=idea_ids, actor_id=commissioner, now=now)
    facts = {"response_id": response.id, "recommendation_id": recommendation.id}
    await record(tx, ResponseGiven(at=now, actor_id=commissioner, **facts))


async def report_progress(
    tx: WriteSession,
    *,
    response: Response,
    text: str,
    state: ResponseState | None = None,
    actor: Actor,
    now: datetime,
) -> ProgressReport:
    """Tell what was done with an advice that was taken over; `state` DONE or ABANDONED ends it."""
    recommendation = await tx.get_one(Recommendation, response.recommendation_id)
    commissioner = rules.require_commissioner(actor, recommendation.panel_id)
    if response.state not in IN_PROGRESS:
        raise IllegalMove
    if not text:
        raise ReasonsMissing
    if state is not None:
        response.move_to(state)
    told = ProgressReport(response_id=response.id, text=text, reported_at=now, reported_by_id=commissioner)
    tx.add(told)
    await tx.flush()
    facts = {"response_id": response.id, "recommendation_id": recommendation.id}
    await record(tx, ResponseProgressReported(at=now, actor_id=commissioner, **facts))
    return told


async def record_overdue(tx: WriteSession, *, now: datetime) -> int:
    """Note once, dated at the instant, that a response's due date passed; pages read it from the clock themselves."""
    subject = literal("response:") + cast(Response.id, String)
    noted = select(EventRecord.id).where(EventRecord.subject == subject, EventRecord.name == ResponseBecameOverdue.name)
    wanted = select(Response).where(Response.state == ResponseState.AWAITED, Response.due_at < now, ~noted.exists())
    overdue = (await tx.scalars(wanted.order_by(Response.due_at, Response.id))).all()
    for response in overdue:
        facts = {"response_id": response.id, "recommendation_id": response.recommendation_id}
        await record(tx, ResponseBecameOverdue(at=response.due_at, actor_id=None, **facts))
    return len(overdue)


async def record_reminders(tx: WriteSession, *, now: datetime) -> int:
    """Note the latest of the reminders 60, 30 and 7 days ahead that has come, each once, dated at its instant.

    A reminder that lies before the advice was submitted is left out.
    """
    wanted = (
        select(Response, Recommendation.submitted_at)
        .join(Response.recommendation)
        .where(Response.state == ResponseState.AWAITED, Response.due_at > now)
        .where(Response.due_at <= now + REMINDED_BEFORE[-1])
        .order_by(Response.due_at, Response.id)
    )
    count = 0
    for response, submitted_at in (await tx.execute(wanted)).all():
        at = next(response.due_at - before for before in REMINDED_BEFORE if response.due_at - before <= now)
        if submitted_at is None or at <= submitted_at or await _was_reminded(tx, response, at):
            continue
        facts = {"response_id": response.id, "recommendation_id": response.recommendation_id}
        await record(tx, ResponseReminded(at=at, actor_id=None, **facts))
        count += 1
    return count


async def _was_reminded(tx: WriteSession, response: Response, at: datetime) -> bool:
    noted = select(EventRecord.id).where(
        EventRecord.subject == f"response:{response.id}",
        EventRecord.name == ResponseReminded.name,
        EventRecord.at == at,
    )
    return await tx.scalar(noted) is not None
