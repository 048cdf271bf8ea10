"""Every reusable SELECT of conversations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from accounts.models import Person
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from conversations.models import Contribution, Conversation
from conversations.states import Side
from kernel.db import ReadSession

Panels = Collection[int] | None
"""Whose conversations: None means every panel's."""
AT_MOST = 100


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A contribution, who wrote it (for staff only), and whether it is a question that nobody answered."""

    contribution: Contribution
    writer: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A conversation in a list: about what, and since when an answer is there or is waited for."""

    conversation: Conversation
    waits_for_us: bool
    is_open: bool


def is_unanswered() -> ColumnElement[bool]:
    """Of a contribution: staff wait for an answer to it, and there is none."""
    answer = aliased(Contribution)
    return and_(Contribution.asks, ~exists().where(answer.answers_id == Contribution.id))


async def with_idea(db: ReadSession, idea_id: int, side: Side) -> Conversation | None:
    """What the author of an idea and one side said, if they spoke."""
    return await db.scalar(select(Conversation).where(Conversation.idea_id == idea_id, Conversation.side == side))


async def spoken(db: ReadSession, conversation_id: int) -> list[Spoken]:
    """All of it, from the beginning: one question."""
    wanted = (
        select(Contribution, Person.name, is_unanswered())
        .join(Person, Person.id == Contribution.writer_id)
        .where(Contribution.conversation_id == conversation_id)
        .order_by(Contribution.number)
    )
    return [
        Spoken(contribution=one, writer=name, is_open=bool(is_open)) for one, name, is_open in await db.execute(wanted)
    ]


async def newest_open(db: ReadSession, conversation_id: int) -> Contribution | None:
    """The last question that waits for an answer."""
    wanted = select(Contribution).where(Contribution.conversation_id == conversation_id, is_unanswered())
    return await db.scalar(wanted.order_by(Contribution.number.desc()).limit(1))


async def about_idea(db: ReadSession, idea_id: int) -> dict[Side, int]:
    """For an author: with whom there is a conversation, and how many questions wait for an answer in it."""
    counted = (
        select(Conversation.side, func.count(Contribution.id))
        .outerjoin(Contribution, and_(Contribution.conversation_id == Conversation.id, is_unanswered()))
        .where(Conversation.idea_id == idea_id)
        .group_by(Conversation.side)
    )
    return {side: number for side, number in await db.execute(counted)}  # noqa: C416 - rows are not pairs to mypy


# for staff


def _of(readers: Mapping[Side, Panels]) -> ColumnElement[bool]:
    """The conversations of each side that somebody may read, in the panels they may read them for."""
    found: list[ColumnElement[bool]] = []
    for side, panels in readers.items():
        for_panels = true() if panels is None else Consultation.panel_id.in_(panels)
        seen = Idea.state == IdeaState.PUBLISHED if side is Side.PANEL else true()
        found.append(and_(Conversation.side == side, for_panels, seen))
    return or_(*found)


def _waits_for_us() -> ColumnElement[bool]:
    """Its author wrote last, and staff did not deal with that."""
    last = aliased(Contribution)
    is_last = exists().where(
        last.conversation_id == Conversation.id, last.number == Conversation.last_number, last.is_authors
    )
    return and_(Conversation.last_number > Conversation.read_number, is_last)


async def listed(db: ReadSession, readers: Mapping[Side, Panels]) -> list[Waiting]:
    """What waits for staff first, then what waits for authors, then the rest; the newest first in each.

    Where nothing was said but a question to a whole theme, nothing is listed: that question stands in one place.
    """
    alone = exists().where(Contribution.conversation_id == Conversation.id, Contribution.theme_question_id.is_(None))
    is_open = exists().where(Contribution.conversation_id == Conversation.id, is_unanswered())
    wanted = (
        select(Conversation, _waits_for_us(), is_open)
        .join(Conversation.idea)
        .join(Idea.consultation)
        .where(_of(readers), alone)
        .options(joinedload(Conversation.idea).joinedload(Idea.consultation))
        .order_by(_waits_for_us().desc(), is_open.desc(), Conversation.last_at.desc(), Conversation.id.desc())
        .limit(AT_MOST)
    )
    return [
        Waiting(conversation=one, waits_for_us=bool(ours), is_open=bool(open_))
        for one, ours, open_ in await db.execute(wanted)
    ]


async def how_many_wait(db: ReadSession, readers: Mapping[Side, Panels]) -> int:
    """How many authors wrote something that staff did not deal with."""
    wanted = select(func.count(Conversation.id)).join(Conversation.idea).join(Idea.consultation)
    return await db.scalar(wanted.where(_of(readers), _waits_for_us())) or 0
