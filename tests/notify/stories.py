"""A whole small municipality for letters: an idea that went all the way, and the people around it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Person
from accounts.states import Role
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import WriteSession
from notify import subscriptions
from notify.models import Subscription
from notify.states import Cadence, Topic
from panels.models import AgendaIdea, AgendaItem, Meeting, Panel, Recommendation, Response
from panels.states import ItemState, MeetingState, RecommendationState
from tests.builders import a_meeting, a_moderated_consultation, a_panel, a_person, an_idea
from tests.moments import NOON

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, kw_only=True)
class Story:
    """Rows that belong together."""

    panel: Panel
    meeting: Meeting
    consultation: Consultation
    author: Person
    idea: Idea
    point: AgendaItem
    advice: Recommendation
    response: Response


async def a_story(tx: WriteSession, **given: Any) -> Story:
    """A published idea on the agenda of a meeting to come, with an advice that waits for its answer."""
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_PUBLISHED, agenda_published_at=NOON)
    consultation = await a_moderated_consultation(tx, panel=panel, meeting=meeting)
    author = await a_person(tx, name="Aaltje Bron")
    idea = await an_idea(tx, consultation=consultation, author=author, **{"state": IdeaState.PUBLISHED, **given})
    point = AgendaItem(
        meeting_id=meeting.id, position=1, title="Zitten langs het water", minutes=15, state=ItemState.SCHEDULED
    )
    tx.add(point)
    await tx.flush()
    tx.add(AgendaIdea(agenda_item_id=point.id, idea_id=idea.id))
    advice = Recommendation(
        panel_id=panel.id,
        number=1,
        agenda_item_id=point.id,
        title="Plaats bankjes langs het water",
        text="Om de honderd meter een bankje.",
        state=RecommendationState.SUBMITTED,
        submitted_at=NOON - timedelta(days=1),
        adopted_at=NOON - timedelta(days=2),
    )
    tx.add(advice)
    await tx.flush()
    response = Response(recommendation_id=advice.id, due_at=NOON + timedelta(days=60))
    tx.add(response)
    await tx.flush()
    return Story(
        panel=panel,
        meeting=meeting,
        consultation=consultation,
        author=author,
        idea=idea,
        point=point,
        advice=advice,
        response=response,
    )


async def a_follower(
    tx: WriteSession, consultation: Consultation, cadence: Cadence = Cadence.DAILY, **given: Any
) -> Subscription:
    """Somebody who follows the consultation from NOON, and hears at eight."""
    person = await a_person(tx)
    values = {"topic": Topic.CONSULTATION, "topic_id": consultation.id, "zone": AMSTERDAM, "now": NOON, **given}
    return await subscriptions.follow(tx, person_id=person.id, cadence=cadence, **values)


async def a_member(tx: WriteSession, panel: Panel) -> Person:
    """Somebody who sits in the panel."""
    return await a_person(tx, role=Role.MEMBER, panel=panel)
