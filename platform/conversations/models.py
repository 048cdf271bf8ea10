"""Tables of conversations, what was said in them, questions to a theme, and letters that came in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations.models import Idea
from conversations import keeping
from conversations.states import Fate, Side, Way
from kernel.db import Base


class Conversation(Base):
    """One idea's author with one side. `last_…` and `read_number` say whose turn it is."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("idea_id", "side"),)
    __kept__ = keeping.CONVERSATION
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    side: Mapped[Side]
    begun_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_number: Mapped[int]
    read_number: Mapped[int]  # the last of the author's that staff dealt with
    idea: Mapped[Idea] = relationship(lazy="raise")


class Contribution(Base):
    """What somebody wrote in a conversation; never changed, but emptied when its writer's words go."""

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)
    __kept__ = keeping.CONTRIBUTION
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    number: Mapped[int]
    writer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_authors: Mapped[bool]
    asks: Mapped[bool]  # staff wait for an answer to it
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    theme_question_id: Mapped[int | None] = mapped_column(ForeignKey("theme_question.id"), index=True)
    body: Mapped[str]  # plain text; the template escapes it
    way: Mapped[Way]
    written_at: Mapped[datetime]


class ThemeQuestion(Base):
    """One question to all authors of a theme. Each author has it as a contribution, about one idea."""

    __tablename__ = "theme_question"
    __kept__ = keeping.THEME_QUESTION
    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str]
    asked_at: Mapped[datetime]


class ReceivedLetter(Base):
    """A letter that came in, known by its fingerprint, so that it counts once. Nothing of it is kept here."""

    __tablename__ = "received_letter"
    __kept__ = keeping.RECEIVED_LETTER
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    fate: Mapped[Fate]
    received_at: Mapped[datetime] = mapped_column(index=True)
