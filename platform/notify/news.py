"""What there is to tell followers: facts of a stretch of the event table, and whom each of them concerns.

A stretch is told by event ids, never by clock times: a fact whose moment lies before the last digest but which
was committed after it is still told. What is no longer public is left out.
"""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from consultations import merge_queries
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState
from kernel.db import ReadSession
from kernel.events import EventRecord
from kernel.i18n import N_
from notify.states import Topic
from panels.models import AgendaIdea, AgendaItem, Meeting, Recommendation, Response
from themes.models import Placement

HEADINGS = {
    "consultation.announced": N_("Nieuwe vragen"),
    "consultation.opened": N_("Nu kunt u meedoen"),
    "consultation.closing_soon": N_("U kunt nog even meedoen"),
    "consultation.extended": N_("U hebt langer de tijd"),
    "consultation.suspended": N_("Tijdelijk stilgelegd"),
    "consultation.resumed": N_("U kunt weer meedoen"),
    "consultation.cancelled": N_("Gaat niet door"),
    "consultation.closed": N_("De termijn is voorbij"),
    "consultation.support_opened": N_("Nu kunt u ideeën steunen"),
    "consultation.talk_opened": N_("Nu kunt u meepraten over ideeën"),
    "idea.published": N_("Nieuwe ideeën en ervaringen"),
    "idea.commented": N_("Nieuwe aanvullingen bij ideeën"),
    "idea.merged": N_("Ideeën die samen verdergaan"),
    "idea.answered": N_("Er is een antwoord"),
    "meeting.agenda_published": N_("De agenda is klaar"),
    "meeting.rescheduled": N_("De bijeenkomst is verplaatst"),
    "meeting.cancelled": N_("De bijeenkomst gaat niet door"),
    "meeting.minutes_published": N_("Het verslag is klaar"),
    "recommendation.submitted": N_("Nieuwe adviezen"),
    "response.given": N_("Reacties op adviezen"),
    "response.became_overdue": N_("Reactietermijn overschreden"),
    "response.progress_reported": N_("Wat er sindsdien is gedaan"),
}
"""The facts that are news, in the order of a digest, each under its heading."""

TOLD_BY_LETTER = frozenset(
    {
        "consultation.closing_soon",
        "consultation.extended",
        "consultation.suspended",
        "consultation.resumed",
        "consultation.cancelled",
    }
)
"""Those of which all followers get a letter at once, with the reason: no digest says them again. Digests of old do."""
IN_DIGESTS = tuple(HEADINGS.keys() - TOLD_BY_LETTER)
PERIOD_TOLD = frozenset({"consultation.announced", "consultation.opened"})
"""News that also says from when to when people can take part."""

About = tuple[Topic, int]


@dataclass(frozen=True, kw_only=True)
class News:
    """One thing to tell. Title and path are as they stood when the digest was made."""

    kind: str
    title: str
    path: str
    about: str
    idea_id: int | None = None
    opens: str = ""
    closes: str = ""

    @property
    def period(self) -> tuple[datetime, datetime] | None:
        """From when to when people can take part, where it says so."""
        return (datetime.fromisoformat(self.opens), datetime.fromisoformat(self.closes)) if self.opens else None

    def frozen(self) -> dict[str, Any]:
        """As a digest keeps it."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Told:
    """News with the id of its fact and what it concerns."""

    news: News
    event_id: int
    concerns: frozenset[About]


async def newest_event_id(db: ReadSession) -> int:
    """Where the stretch ends that can be told now."""
    return await db.scalar(select(func.max(EventRecord.id))) or 0


async def stretch(db: ReadSession, *, after: int, until: int) -> list[Told]:
    """All news of the facts with `after < id <= until`, oldest first; a subject's repeated news once, the newest."""
    wanted = select(EventRecord).where(
        EventRecord.id > after, EventRecord.id <= until, EventRecord.name.in_(IN_DIGESTS)
    )
    facts = await db.scalars(wanted.order_by(EventRecord.id))
    newest = {(event.name, event.subject, event.facts.get("comment_id")): event for event in facts}
    told: list[Told] = []
    for kind, read in READERS.items():
        events = [event for event in newest.values() if event.subject.startswith(f"{kind}:")]
        if events:
            told += await read(db, events)
    return sorted(told, key=lambda one: one.event_id)


def _ids(events: Iterable[EventRecord], key: str) -> dict[EventRecord, int]:
    return {event: int(event.facts[key]) for event in events}


async def _consultations(db: ReadSession, events: Sequence[EventRecord]) -> list[Told]:
    ids = _ids(events, "consultation_id")
    rows = await db.scalars(select(Consultation).where(Consultation.id.in_(ids.values())))
    found = {row.id: row for row in rows}
    return [
        Told(news=about_consultation(found[id_], event.name), event_id=event.id, concerns=_of_consultation(found[id_]))
        for event, id_ in ids.items()
        if found[id_].state is not ConsultationState.DRAFT
    ]


def about_consultation(consultation: Consultation, kind: str) -> News:
    """News that a consultation itself makes."""
    path = f"/consultations/{consultation.slug}"
    if kind not in PERIOD_TOLD:
        return News(kind=kind, title=consultation.title, path=path, about="")
    opens, closes = consultation.opens_at.isoformat(), consultation.closes_at.isoformat()
    return News(kind=kind, title=consultation.title, path=path, about="", opens=opens, closes=closes)


def _of_consultation(consultation: Consultation) -> frozenset[About]:
    return frozenset({(Topic.CONSULTATION, consultation.id), (Topic.PANEL, consultation.panel_id)})


async def _ideas(db: ReadSession, events: Sequence[EventRecord]) -> list[Told]:
    ids = _ids(events, "idea_id")
    told: list[Told] = []
    for event, id_ in ids.items():  # one by its key each: a list of thousands of ids would not fit in a statement
        wanted = select(Idea, Placement.theme_id).outerjoin(Placement, Placement.idea_id == Idea.id)
        wanted = wanted.where(Idea.id == id_, Idea.readable()).options(joinedload(Idea.consultation))
        row = (await db.execute(wanted)).first()
        comment = await db.get(Idea, event.facts["comment_id"]) if "comment_id" in event.facts else None
        if row is None or (comment and not comment.is_public):
            continue
        idea, theme_id = row
        if (idea.merged_into_id is not None) is not (event.name == "idea.merged"):
            continue  # of what goes on in another idea, that alone is news
        concerns: set[About] = {(Topic.IDEA, one) for one in await merge_queries.with_what_goes_along(db, [idea.id])}
        if event.name == "idea.published":
            concerns |= _of_consultation(idea.consultation) | ({(Topic.THEME, theme_id)} if theme_id else set())
        path = f"/ideas/{idea.id}" + ("/comments" if comment else "")
        news = News(kind=event.name, title=idea.title, path=path, about=idea.consultation.title, idea_id=idea.id)
        told.append(Told(news=news, event_id=event.id, concerns=frozenset(concerns)))
    return told


async def _meetings(db: ReadSession, events: Sequence[EventRecord]) -> list[Told]:
    ids = _ids(events, "meeting_id")
    rows = await db.scalars(select(Meeting).where(Meeting.id.in_(ids.values())).options(joinedload(Meeting.panel)))
    found = {row.id: row for row in rows}
    told: list[Told] = []
    for event, id_ in ids.items():
        meeting = found[id_]
        path = f"/panels/{meeting.panel.slug}/meetings/{meeting.number}"
        news = News(kind=event.name, title=meeting.title, path=path, about=meeting.panel.name)
        told.append(Told(news=news, event_id=event.id, concerns=await _of_meeting(db, meeting)))
    return told


async def _of_meeting(db: ReadSession, meeting: Meeting) -> frozenset[About]:
    asked = await db.scalars(select(Consultation.id).where(Consultation.meeting_id == meeting.id))
    on_agenda = select(AgendaItem.theme_id).where(
        AgendaItem.meeting_id == meeting.id, AgendaItem.theme_id.is_not(None), AgendaItem.is_confidential.is_(False)
    )
    themes = await db.scalars(on_agenda)
    ideas = await db.scalars(_ideas_behind().where(AgendaItem.meeting_id == meeting.id))
    return frozenset(
        {
            (Topic.PANEL, meeting.panel_id),
            *((Topic.CONSULTATION, id_) for id_ in asked),
            *((Topic.THEME, id_) for id_ in themes if id_ is not None),
            *((Topic.IDEA, id_) for id_ in await merge_queries.with_what_goes_along(db, ideas)),
        }
    )


def _ideas_behind() -> Select[int]:
    """The ideas that open points of an agenda rest on."""
    wanted = select(AgendaIdea.idea_id).join(AgendaItem, AgendaItem.id == AgendaIdea.agenda_item_id)
    return wanted.where(AgendaItem.is_confidential.is_(False))


async def _recommendations(db: ReadSession, events: Sequence[EventRecord]) -> list[Told]:
    return [await _advice(db, event, id_) for event, id_ in _ids(events, "recommendation_id").items()]


async def _responses(db: ReadSession, events: Sequence[EventRecord]) -> list[Told]:
    told: list[Told] = []
    for event, id_ in _ids(events, "response_id").items():
        response = await db.get_one(Response, id_)
        told.append(await _advice(db, event, response.recommendation_id))
    return told


async def _advice(db: ReadSession, event: EventRecord, recommendation_id: int) -> Told:
    advice = await db.get_one(
        Recommendation,
        recommendation_id,
        options=[joinedload(Recommendation.agenda_item).joinedload(AgendaItem.meeting).joinedload(Meeting.panel)],
    )
    meeting = advice.agenda_item.meeting
    concerns = await _of_meeting(db, meeting)
    others = {about for about in concerns if about[0] in {Topic.THEME, Topic.IDEA}}
    own: set[About] = {(Topic.THEME, advice.agenda_item.theme_id)} if advice.agenda_item.theme_id else set()
    ideas = await db.scalars(_ideas_behind().where(AgendaItem.id == advice.agenda_item_id))
    own |= {(Topic.IDEA, id_) for id_ in await merge_queries.with_what_goes_along(db, ideas)}
    news = News(kind=event.name, title=advice.title, path=f"/recommendations/{advice.id}", about=meeting.panel.name)
    return Told(news=news, event_id=event.id, concerns=frozenset((concerns - others) | own))


Reader = Callable[[ReadSession, Sequence[EventRecord]], Coroutine[Any, Any, list[Told]]]
READERS: dict[str, Reader] = {
    "consultation": _consultations,
    "idea": _ideas,
    "meeting": _meetings,
    "recommendation": _recommendations,
    "response": _responses,
}


async def concerned(db: ReadSession, event: EventRecord) -> frozenset[About]:
    """What a single fact is news about; nothing when it is no news."""
    told = await stretch(db, after=event.id - 1, until=event.id)
    return told[0].concerns if told else frozenset()
