"""One question to all authors of a theme: each has it in a conversation of their own, and answers when it suits."""

from datetime import datetime, timedelta

from sqlalchemy import select

from accounts import access
from accounts.actor import Actor
from consultations.models import Consultation, Idea
from conversations import rules, theme_queries
from conversations.conversations import begin, say
from conversations.events import ConversationAsked, ThemeQuestionAsked
from conversations.models import ThemeQuestion
from conversations.states import Side
from kernel import allowances
from kernel.db import WriteSession, batched
from kernel.events import Event, record, record_all
from themes.models import Theme


async def ask(tx: WriteSession, *, theme: Theme, actor: Actor, body: str, now: datetime) -> ThemeQuestion:
    """Ask every author in the theme who can be reached, once each. Raises NobodyToAsk, TooOften."""
    consultation = await tx.get_one(Consultation, theme.consultation_id)
    writer_id = access.require(actor, rules.WRITES[Side.PANEL], panel_id=consultation.panel_id)
    ids = await theme_queries.authors_ideas(tx, theme.id)
    if not ids:
        raise rules.NobodyToAsk
    week, day = timedelta(days=7), timedelta(days=1)
    per_theme = {"whose": f"theme:{theme.id}", "most": rules.THEME_A_WEEK, "within": week}
    per_member = {"whose": f"person:{writer_id}", "most": rules.MEMBER_A_DAY, "within": day}
    await allowances.require(tx, kind="theme_question", **per_theme, now=now)  # type: ignore[arg-type]  # as it asks
    await allowances.require(tx, kind="theme_question", **per_member, now=now)  # type: ignore[arg-type]  # as it asks
    question = ThemeQuestion(theme_id=theme.id, asked_by_id=writer_id, body=body, asked_at=now)
    tx.add(question)
    await tx.flush()
    facts: list[Event] = []
    for some in batched(ids):
        for idea in (await tx.scalars(select(Idea).where(Idea.id.in_(some)).order_by(Idea.id))).all():
            conversation = await begin(tx, idea=idea, side=Side.PANEL, now=now)
            written = await say(
                tx,
                conversation,
                writer_id=writer_id,
                is_authors=False,
                body=body,
                asks=True,
                theme_question_id=question.id,
                now=now,
            )
            about = {"conversation_id": conversation.id, "contribution_id": written.id, "idea_id": idea.id}
            facts.append(ConversationAsked(at=now, actor_id=writer_id, **about))
    await record(tx, ThemeQuestionAsked(at=now, actor_id=writer_id, theme_question_id=question.id, theme_id=theme.id))
    await record_all(tx, facts)
    return question
