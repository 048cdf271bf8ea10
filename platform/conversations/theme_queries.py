"""Every reusable SELECT about questions: to all authors of a theme, and what is open before a meeting."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaState
from conversations.models import Contribution, Conversation, ThemeQuestion
from conversations.queries import AT_MOST, Panels, is_unanswered
from conversations.states import Side
from kernel.db import ReadSession, batched
from themes.models import Placement, Theme
from themes.states import ThemeState

MOST_OPEN = 50
"""Open questions that one briefing names; the page has all."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question to all authors of a theme, in numbers."""

    question: ThemeQuestion
    theme: Theme
    asked: int
    answered: int


# themes


async def authors_ideas(db: ReadSession, theme_id: int) -> list[int]:
    """One public idea for each author in a theme that can be reached: the one with most support."""
    wanted = (
        select(Idea.id, Idea.author_id)
        .join(Placement, Placement.idea_id == Idea.id)
        .where(Placement.theme_id == theme_id, Idea.state == IdeaState.PUBLISHED)
        .where(or_(Idea.external_id.is_(None), Idea.external_id.startswith("form:")))
        .order_by(Idea.endorsement_count.desc(), Idea.id)
    )
    first: dict[int, int] = {}
    for idea_id, author_id in await db.execute(wanted):
        first.setdefault(author_id, idea_id)
    return sorted(first.values())


async def themes_to_ask(db: ReadSession, panels: Panels) -> Sequence[tuple[Theme, Consultation]]:
    """The current themes of the consultations of these panels, the newest consultation first."""
    wanted = select(Theme, Consultation).join(Consultation, Consultation.id == Theme.consultation_id)
    wanted = wanted.where(Theme.state == ThemeState.CURRENT, Consultation.state != ConsultationState.DRAFT)
    if panels is not None:
        wanted = wanted.where(Consultation.panel_id.in_(panels))
    rows = await db.execute(wanted.order_by(Consultation.opens_at.desc(), Theme.name, Theme.id).limit(AT_MOST))
    return [(theme, consultation) for theme, consultation in rows]


async def asked_of(db: ReadSession, theme_ids: Collection[int]) -> list[Asked]:
    """The questions to these themes, the newest first, with how many were asked and how many answered."""
    answer = aliased(Contribution)
    wanted = (
        select(ThemeQuestion, Theme, func.count(Contribution.id.distinct()), func.count(answer.answers_id.distinct()))
        .join(Theme, Theme.id == ThemeQuestion.theme_id)
        .join(Contribution, Contribution.theme_question_id == ThemeQuestion.id)
        .outerjoin(answer, answer.answers_id == Contribution.id)
        .where(ThemeQuestion.theme_id.in_(theme_ids))
        .group_by(ThemeQuestion.id, Theme.id)
        .order_by(ThemeQuestion.id.desc())
    )
    return [
        Asked(question=question, theme=theme, asked=asked, answered=answered)
        for question, theme, asked, answered in await db.execute(wanted)
    ]


async def answers_to(db: ReadSession, question_ids: Collection[int]) -> dict[int, list[tuple[Contribution, Idea]]]:
    """The answers to each of these questions, in the order they came; only of ideas that are public still."""
    found: dict[int, list[tuple[Contribution, Idea]]] = {one: [] for one in question_ids}
    question = aliased(Contribution)
    wanted = (
        select(question.theme_question_id, Contribution, Idea)
        .join(question, Contribution.answers_id == question.id)
        .join(Conversation, Conversation.id == Contribution.conversation_id)
        .join(Idea, Idea.id == Conversation.idea_id)
        .where(question.theme_question_id.in_(question_ids), Idea.state == IdeaState.PUBLISHED)
        .order_by(Contribution.id)
    )
    for question_id, contribution, idea in await db.execute(wanted):
        if question_id is not None:
            found[question_id].append((contribution, idea))
    return found


# for the meeting


async def unanswered(db: ReadSession, panel_id: int, *, before: datetime) -> tuple[list[int], list[int]]:
    """What the panel asked and nobody answered: questions about one idea, and questions to a theme, oldest first."""
    single = (
        select(Contribution.id)
        .join(Conversation, Conversation.id == Contribution.conversation_id)
        .join(Conversation.idea)
        .join(Idea.consultation)
        .where(Conversation.side == Side.PANEL, Consultation.panel_id == panel_id, Idea.state == IdeaState.PUBLISHED)
        .where(is_unanswered(), Contribution.written_at <= before)
    )
    alone = single.where(Contribution.theme_question_id.is_(None)).order_by(Contribution.id).limit(MOST_OPEN)
    shared = (
        select(Contribution.theme_question_id)
        .join(Conversation, Conversation.id == Contribution.conversation_id)
        .join(Conversation.idea)
        .join(Idea.consultation)
        .where(Consultation.panel_id == panel_id, Contribution.theme_question_id.is_not(None))
        .where(is_unanswered(), Idea.state == IdeaState.PUBLISHED, Contribution.written_at <= before)
        .distinct()
    )
    ids = [one for one in await db.scalars(shared) if one is not None]
    return list(await db.scalars(alone)), sorted(ids)[:MOST_OPEN]


async def questions_told(db: ReadSession, contribution_ids: Collection[int]) -> list[tuple[Contribution, Idea, bool]]:
    """These questions with their ideas, as far as those are public still, and whether they were answered since."""
    found: list[tuple[Contribution, Idea, bool]] = []
    for some in batched(contribution_ids):
        wanted = (
            select(Contribution, Idea, is_unanswered())
            .join(Conversation, Conversation.id == Contribution.conversation_id)
            .join(Idea, Idea.id == Conversation.idea_id)
            .where(Contribution.id.in_(some), Idea.state == IdeaState.PUBLISHED)
            .order_by(Contribution.id)
        )
        found += [(one, idea, not is_open) for one, idea, is_open in await db.execute(wanted)]
    return found


async def theme_questions(db: ReadSession, question_ids: Collection[int]) -> list[Asked]:
    """These questions to themes, in numbers, oldest first."""
    themes = await db.scalars(select(ThemeQuestion.theme_id).where(ThemeQuestion.id.in_(question_ids)))
    asked = await asked_of(db, set(themes))
    return sorted((one for one in asked if one.question.id in set(question_ids)), key=lambda one: one.question.id)
