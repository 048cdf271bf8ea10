"""News of themes: what came into one, and who follows one that went into another."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import joinedload

from consultations.models import Idea
from kernel.db import ReadSession, WriteSession
from kernel.events import EventRecord
from notify import subscriptions
from notify.models import Subscription
from notify.news import News
from notify.states import Cadence, Topic
from themes.models import Placement, Theme

MOVES = ("theme.merged", "theme.split", "theme.idea_moved")
MADE = "consultation.themes_made"


async def came_in(db: ReadSession, *, theme_id: int, after: int, until: int) -> list[News]:
    """The public ideas that came into a theme by the facts with `after < id <= until`, oldest first.

    A placement bears the instant of the fact that made it, and is committed with it.
    """
    theme = await db.get(Theme, theme_id)
    if theme is None:
        return []
    is_ours = or_(EventRecord.name.in_(MOVES), EventRecord.subject == f"consultation:{theme.consultation_id}")
    facts = select(func.min(EventRecord.at)).where(
        EventRecord.id > after, EventRecord.id <= until, EventRecord.name.in_((MADE, *MOVES)), is_ours
    )
    since = await db.scalar(facts)
    if since is None:
        return []
    wanted = (
        select(Idea)
        .join(Placement, Placement.idea_id == Idea.id)
        .where(Placement.theme_id == theme_id, Placement.placed_at >= since, Idea.listed())
        .options(joinedload(Idea.consultation))
        .order_by(Idea.published_at, Idea.id)
    )
    return [
        News(
            kind="idea.published",
            title=idea.title,
            path=f"/ideas/{idea.id}",
            about=idea.consultation.title,
            idea_id=idea.id,
        )
        for idea in await db.scalars(wanted)
    ]


async def followers_at_once(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Whoever follows a theme of this consultation and wants to hear at once; who has no news gets no letter."""
    wanted = (
        select(Subscription.person_id)
        .join(Theme, Theme.id == Subscription.topic_id)
        .where(Subscription.topic == Topic.THEME, Subscription.cadence == Cadence.AT_ONCE)
        .where(Theme.consultation_id == event.facts["consultation_id"])
        .distinct()
    )
    for person_id in sorted(await tx.scalars(wanted)):
        await subscriptions.plan(tx, person_id=person_id, period=f"{Cadence.AT_ONCE}:{event.id}", due_at=now)


async def followers_go_along(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Whoever follows a theme that went into another follows that one from now on, as often as before."""
    theme = await tx.get_one(Theme, event.facts["theme_id"])
    if theme.merged_into_id is None:
        return
    of_theme = (Subscription.topic == Topic.THEME, Subscription.topic_id == theme.id)
    follows_both = select(Subscription.person_id).where(
        Subscription.topic == Topic.THEME, Subscription.topic_id == theme.merged_into_id
    )
    apart = {"synchronize_session": False}
    known = list(await tx.scalars(follows_both))
    await tx.execute(delete(Subscription).where(*of_theme, Subscription.person_id.in_(known)), execution_options=apart)
    moved = update(Subscription).where(*of_theme).values(topic_id=theme.merged_into_id)
    await tx.execute(moved, execution_options=apart)
