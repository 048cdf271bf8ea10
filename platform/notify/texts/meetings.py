"""Letters around meetings: to the members, and to the authors whose ideas are talked about."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consultations import ideas
from consultations.models import Idea
from consultations.states import IdeaState
from notify.drafts import Draft, Words
from panels import briefings, calendars, queries
from panels.models import AgendaIdea, AgendaItem, Meeting
from panels.states import ItemState, MeetingState

OFF = frozenset({MeetingState.CANCELLED, MeetingState.POSTPONED})
OVER = frozenset(
    {MeetingState.HELD, MeetingState.MINUTES_DRAFTED, MeetingState.MINUTES_ADOPTED, MeetingState.MINUTES_PUBLISHED}
)
OUT = frozenset({ItemState.WITHDRAWN, ItemState.DECLINED, ItemState.PROPOSED})
ENDED = frozenset({ItemState.DISCUSSED, ItemState.KEPT, ItemState.POSTPONED})


@dataclass(frozen=True, kw_only=True)
class Discussed:
    """One of the author's own ideas at one agenda item. A confidential item has no title here."""

    title: str
    point: str
    state: ItemState
    said: str
    advice: str
    reason: str
    receipt: str


async def meeting_of(draft: Draft) -> tuple[Meeting, Words]:
    """The meeting, with the words that every letter about it has."""
    wanted = select(Meeting).where(Meeting.id == draft.fact("meeting_id")).options(joinedload(Meeting.panel))
    meeting = (await draft.tx.scalars(wanted)).one()
    return meeting, {
        "panel": meeting.panel.name,
        "meeting": meeting.title,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "reason": meeting.reason,
        "contact": meeting.panel.contact_name,
        "contact_email": meeting.panel.contact_email,
        "meeting_url": draft.link(f"/panels/{meeting.panel.slug}/meetings/{meeting.number}"),
    }


def _calendar(draft: Draft, meeting: Meeting, words: Words) -> bytes:
    host = urlsplit(draft.settings.public_url).hostname or "klankbord"
    return calendars.ics(meeting, host=host, url=words["meeting_url"], now=draft.now, zone=draft.settings.zone)


async def _to_come(draft: Draft) -> Words | None:
    meeting, words = await meeting_of(draft)
    if meeting.state in OFF | OVER or meeting.starts_at <= draft.now:
        return None
    return words | {"calendars": [_calendar(draft, meeting, words)]}


async def meeting_convened(draft: Draft) -> Words | None:
    """While the meeting is still to come."""
    return await _to_come(draft)


async def meeting_moved(draft: Draft) -> Words | None:
    """While the meeting is still to come."""
    return await _to_come(draft)


async def meeting_cancelled(draft: Draft) -> Words | None:
    """While it is still off."""
    meeting, words = await meeting_of(draft)
    return words | {"calendars": [_calendar(draft, meeting, words)]} if meeting.state in OFF else None


async def agenda_published(draft: Draft) -> Words | None:
    """While the meeting is still to come."""
    return await _to_come(draft)


async def briefing(draft: Draft) -> Words | None:
    """While the meeting is still to come: what was frozen for the members, as on its page.

    What a confidential point is about stays on the page, behind the sign-in.
    """
    words = await _to_come(draft)
    made = await queries.briefing_of(draft.tx, draft.fact("meeting_id"))
    if words is None or made is None:
        return None
    page = draft.link(f"/meetings/{draft.fact('meeting_id')}/briefing")
    return words | {"briefing": page, "told": await briefings.told(draft.tx, made)}


async def _own_ideas(draft: Draft) -> list[Discussed]:
    """The receiver's own public ideas at this meeting, each with its agenda item."""
    wanted = (
        select(Idea, AgendaItem, AgendaIdea)
        .join(AgendaIdea, AgendaIdea.idea_id == func.coalesce(Idea.merged_into_id, Idea.id))
        .join(AgendaItem, AgendaItem.id == AgendaIdea.agenda_item_id)
        .where(AgendaItem.meeting_id == draft.fact("meeting_id"), AgendaItem.state.not_in(OUT))
        .where(Idea.author_id == draft.receiver.id, Idea.state == IdeaState.PUBLISHED)
        .order_by(AgendaItem.position, Idea.id)
    )
    found: list[Discussed] = []
    for idea, point, link in await draft.tx.execute(wanted):
        hidden = point.is_confidential
        path = await ideas.receipt_link(draft.tx, idea_id=idea.id, now=draft.now)
        found.append(
            Discussed(
                title=idea.title,
                point="" if hidden else point.title,
                state=point.state,
                said="" if hidden else point.what_was_said,
                advice="" if hidden else point.advice,
                reason=link.own_reason or point.reason,
                receipt=draft.link(path),
            )
        )
    return found


async def on_the_agenda(draft: Draft) -> Words | None:
    """To an author with a public idea on the agenda of a meeting that is still to come."""
    words = await _to_come(draft)
    if words:
        del words["calendars"]  # the members' own appointment
    mine = await _own_ideas(draft) if words else []
    return words | {"ideas": mine} if words and mine else None


async def idea_discussed(draft: Draft) -> Words | None:
    """To an author, once the minutes are public."""
    meeting, words = await meeting_of(draft)
    mine = [one for one in await _own_ideas(draft) if one.state in ENDED]
    if meeting.minutes_published_at is None or not mine:
        return None
    return words | {"ideas": mine}
