"""Who wants to hear before a meeting only: whose subscriptions a meeting is about."""

from sqlalchemy import ColumnElement, and_, or_, select

from consultations.models import Consultation, Idea
from kernel.db import ReadSession
from notify.models import Subscription
from notify.states import Cadence, Topic
from panels.models import AgendaIdea, AgendaItem, Meeting
from themes.models import Theme

PERIOD = f"{Cadence.BEFORE_MEETING}:"


def period_of(meeting_id: int) -> str:
    """The period that ends before this meeting."""
    return f"{PERIOD}{meeting_id}"


async def concerned(db: ReadSession, *, meeting_id: int, person_id: int | None = None) -> list[Subscription]:
    """What is followed before meetings only and comes up at this one: its panel, the consultations that feed it with
    their themes and ideas, and what stands on its agenda in public. Of one person, or of all.
    """
    meeting = await db.get_one(Meeting, meeting_id)
    wanted = select(Subscription).where(Subscription.cadence == Cadence.BEFORE_MEETING, _is_about(meeting))
    if person_id is not None:
        wanted = wanted.where(Subscription.person_id == person_id)
    return list(await db.scalars(wanted.order_by(Subscription.id)))


def _is_about(meeting: Meeting) -> ColumnElement[bool]:
    feeding = select(Consultation.id).where(Consultation.meeting_id == meeting.id)
    open_points = and_(AgendaItem.meeting_id == meeting.id, AgendaItem.is_confidential.is_(False))
    themes = select(AgendaItem.theme_id).where(open_points, AgendaItem.theme_id.is_not(None))
    ideas = select(AgendaIdea.idea_id).join(AgendaItem, AgendaItem.id == AgendaIdea.agenda_item_id).where(open_points)
    return or_(
        and_(Subscription.topic == Topic.PANEL, Subscription.topic_id == meeting.panel_id),
        and_(Subscription.topic == Topic.CONSULTATION, Subscription.topic_id.in_(feeding)),
        and_(
            Subscription.topic == Topic.THEME,
            or_(
                Subscription.topic_id.in_(select(Theme.id).where(Theme.consultation_id.in_(feeding))),
                Subscription.topic_id.in_(themes),
            ),
        ),
        and_(
            Subscription.topic == Topic.IDEA,
            or_(
                Subscription.topic_id.in_(select(Idea.id).where(Idea.consultation_id.in_(feeding))),
                Subscription.topic_id.in_(ideas),
                Subscription.topic_id.in_(select(Idea.id).where(Idea.merged_into_id.in_(ideas))),
            ),
        ),
    )
