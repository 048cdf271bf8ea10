"""Tables of messages (the outbox), subscriptions, digests and occurrences."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from kernel.db import Base
from notify import keeping
from notify.states import Cadence, MessageState, OccurrenceState, Topic


class Message(Base):
    """One letter to one person, or to an address that is nobody's (yet).

    `dedup_key` makes it one; its Message-ID is fixed before it is sent.
    """

    __tablename__ = "message"
    __kept__ = keeping.MESSAGE
    __table_args__ = (
        Index("ix_message_due", "state", "due_at"),
        Index("uq_message_digest_id_person_id", "digest_id", "person_id", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    dedup_key: Mapped[str] = mapped_column(String(160), unique=True)
    message_id: Mapped[str] = mapped_column(String(160), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: for a mere address
    template: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # ids only; the letter reads the rest when written
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digest.id"))
    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
    person: Mapped[Person | None] = relationship(lazy="raise")


class Subscription(Base):
    """Somebody follows something, at a cadence and a local hour of their choice."""

    __tablename__ = "subscription"
    __kept__ = keeping.SUBSCRIPTION
    __table_args__ = (
        UniqueConstraint("person_id", "topic", "topic_id"),
        CheckConstraint("hour BETWEEN 0 AND 23 AND weekday BETWEEN 0 AND 6", name="a_real_hour"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[Topic]
    topic_id: Mapped[int]
    cadence: Mapped[Cadence]
    hour: Mapped[int] = mapped_column(default=8)
    weekday: Mapped[int] = mapped_column(default=0)  # 0 is Monday
    started_at: Mapped[datetime]
    told_until: Mapped[datetime]  # news up to here was told
    told_event_id: Mapped[int] = mapped_column(default=0)  # the last fact that was up for telling then
    person: Mapped[Person] = relationship(lazy="raise")


class Digest(Base):
    """What one follower was told of one period; the letter and the web page show the same."""

    __tablename__ = "digest"
    __kept__ = keeping.DIGEST
    __table_args__ = (UniqueConstraint("person_id", "period"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    period: Mapped[str] = mapped_column(String(64))  # the local slot, as weekly:2026-11-23T08
    news: Mapped[list[Any]]
    made_at: Mapped[datetime]


class Occurrence(Base):
    """One planned run of one kind of work, in the municipality's local time; done once, however many tickers."""

    __tablename__ = "occurrence"
    __kept__ = keeping.OCCURRENCE
    __table_args__ = (
        UniqueConstraint("kind", "subject", "local_slot"),
        Index("ix_occurrence_due", "state", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(64))
    local_slot: Mapped[str] = mapped_column(String(32))
    due_at: Mapped[datetime]
    state: Mapped[OccurrenceState] = mapped_column(default=OccurrenceState.DUE)
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    is_late: Mapped[bool] = mapped_column(default=False)


class SpentTicket(Base):
    """A ticket for a socket with something on it that is not public, once it was used; until it would have run out."""

    __tablename__ = "spent_ticket"
    __kept__ = keeping.SPENT_TICKET
    nonce: Mapped[str] = mapped_column(String(32), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
