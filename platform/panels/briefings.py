"""What members read before a meeting: frozen when it is made, so that everybody read the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from consultations.models import Consultation, Idea
from consultations.states import IdeaKind, IdeaState
from conversations import theme_queries as conversations
from kernel.db import ReadSession, WriteSession
from kernel.events import record
from panels import answering, places, queries
from panels.events import MeetingBriefingMade
from panels.models import AgendaItem, Meeting
from panels.report_models import Briefing
from panels.states import ItemState, ResponseState
from themes.models import Placement, Theme
from themes.states import ThemeState

QUOTES = 2


async def make(tx: WriteSession, *, meeting: Meeting, now: datetime) -> Briefing:
    """The briefing of a meeting, made once; a second call gives the first."""
    made = await queries.briefing_of(tx, meeting.id)
    if made is not None:
        return made
    since = await _since(tx, meeting)
    facts: dict[str, Any] = {
        "since": since.isoformat() if since else None,
        "themes": await _themes(tx, meeting, since),
        "agenda": await _agenda(tx, meeting),
        "open": await _open_questions(tx, meeting, now),
    }
    briefing = Briefing(meeting_id=meeting.id, facts=facts, made_at=now)
    try:
        async with tx.begin_nested():
            tx.add(briefing)
    except IntegrityError:  # another process made it a moment earlier
        return (await tx.scalars(select(Briefing).where(Briefing.meeting_id == meeting.id))).one()
    facts_of_event = {"meeting_id": meeting.id, "panel_id": meeting.panel_id}
    await record(tx, MeetingBriefingMade(at=now, actor_id=None, **facts_of_event))
    return briefing


async def told(db: ReadSession, briefing: Briefing) -> dict[str, Any]:
    """The facts as they were frozen, with instants instead of their spelling. Whose idea left the site since, is not
    quoted any more."""
    facts = briefing.facts
    quoted = {quote["idea_id"] for theme in facts["themes"] for quote in theme["quotes"]}
    public = await _titles(db, quoted)
    themes = [
        {**theme, "quotes": [quote for quote in theme["quotes"] if quote["idea_id"] in public]}
        for theme in facts["themes"]
    ]
    agenda = [{**point, "starts_at": datetime.fromisoformat(point["starts_at"])} for point in facts["agenda"]]
    responses = [{**one, "due_at": datetime.fromisoformat(one["due_at"])} for one in facts["open"]["responses"]]
    open_ = {**facts["open"], "responses": responses, "questions": await _questions_told(db, facts["open"])}
    return {**facts, "themes": themes, "agenda": agenda, "open": open_}


async def _questions_told(db: ReadSession, frozen: dict[str, Any]) -> dict[str, Any]:
    """What the panel asked authors and nobody had answered by then. Of what is public no more, nothing is told."""
    ids = frozen.get("questions", {"ideas": [], "themes": []})
    return {
        "ideas": await conversations.questions_told(db, ids["ideas"]),
        "themes": await conversations.theme_questions(db, ids["themes"]),
    }


async def _since(tx: WriteSession, meeting: Meeting) -> datetime | None:
    """The start of the meeting before this one: what came in later is new."""
    earlier = select(func.max(Meeting.starts_at)).where(
        Meeting.panel_id == meeting.panel_id, Meeting.starts_at < meeting.starts_at
    )
    return await tx.scalar(earlier)


async def _themes(tx: WriteSession, meeting: Meeting, since: datetime | None) -> list[dict[str, Any]]:
    """Every theme of the meeting's consultations: how much there is, how much is new, whose words stand for it."""
    new = func.count().filter(Idea.received_at > since) if since else func.count()
    wanted = (
        select(
            Theme.id,
            func.count(),
            func.count().filter(Idea.kind == IdeaKind.EXPERIENCE),
            new,
        )
        .join(Consultation, Consultation.id == Theme.consultation_id)
        .join(Placement, Placement.theme_id == Theme.id)
        .join(Idea, (Idea.id == Placement.idea_id) & Idea.listed())
        .where(Consultation.meeting_id == meeting.id, Theme.state == ThemeState.CURRENT)
        .group_by(Theme.id)
        .order_by(func.count().desc(), Theme.id)
    )
    counted = (await tx.execute(wanted)).all()
    themes = {theme.id: theme for theme in await tx.scalars(select(Theme).where(Theme.id.in_([c[0] for c in counted])))}
    speaking = {idea_id for theme in themes.values() for idea_id in theme.representative_ids[:QUOTES]}
    titles = await _titles(tx, speaking)
    return [
        {
            "theme_id": theme_id,
            "name": themes[theme_id].name,
            "ideas": count - experiences,
            "experiences": experiences,
            "new": newer,
            "quotes": [
                {"idea_id": idea_id, "title": titles[idea_id]}
                for idea_id in themes[theme_id].representative_ids[:QUOTES]
                if idea_id in titles
            ],
        }
        for theme_id, count, experiences, newer in counted
    ]


async def _titles(db: ReadSession, idea_ids: set[int]) -> dict[int, str]:
    wanted = select(Idea.id, Idea.title).where(Idea.id.in_(idea_ids), Idea.state == IdeaState.PUBLISHED)
    rows = await db.execute(wanted)
    return {idea_id: title for idea_id, title in rows.all()}  # noqa: C416 - rows are not tuples to mypy


async def _agenda(tx: WriteSession, meeting: Meeting) -> list[dict[str, Any]]:
    """The points in order; members also see what a confidential point is about."""
    points = await queries.agenda(tx, meeting.id)
    clock = places.running_clock(meeting, points)
    behind = await queries.ideas_behind(tx, [point.id for point in points])
    return [
        {
            "item_id": point.id,
            "position": point.position,
            "title": point.title,
            "question": point.question,
            "minutes": point.minutes,
            "presenter": point.presenter,
            "starts_at": clock[point.id].isoformat(),
            "theme_id": point.theme_id,
            "ideas": len(behind[point.id]),
            "is_confidential": point.is_confidential,
            "is_carried": point.carried_from_id is not None,
        }
        for point in points
        if point.position is not None
    ]


async def _open_questions(tx: WriteSession, meeting: Meeting, now: datetime) -> dict[str, Any]:
    """What earlier meetings left: actions agreed, and advice that waits for an answer. And what authors were asked."""
    about_ideas, to_themes = await conversations.unanswered(tx, meeting.panel_id, before=now)
    before = (
        select(AgendaItem.title, AgendaItem.follow_up, Meeting.number)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.panel_id == meeting.panel_id, Meeting.starts_at < meeting.starts_at)
        .where(AgendaItem.state == ItemState.DISCUSSED, AgendaItem.follow_up != "")
        .order_by(Meeting.starts_at.desc(), AgendaItem.position)
        .limit(10)
    )
    waiting = [
        response
        for response in await answering.responses(tx, [meeting.panel_id])
        if response.state is ResponseState.AWAITED
    ]
    return {
        "questions": {"ideas": about_ideas, "themes": to_themes},
        "follow_up": [
            {"title": title, "text": text, "meeting_number": number} for title, text, number in await tx.execute(before)
        ],
        "responses": [
            {
                "recommendation_id": response.recommendation_id,
                "number": response.recommendation.number,
                "title": response.recommendation.title,
                "due_at": response.due_at.isoformat(),
                "is_overdue": response.is_overdue(now),
            }
            for response in waiting
        ],
    }
