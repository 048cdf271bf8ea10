"""Tables of what members read before a meeting, and of what was done with an advice after it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base
from panels import keeping


class ProgressReport(Base):
    """What was done with an accepted advice since."""

    __tablename__ = "progress_report"
    __kept__ = keeping.PROGRESS_REPORT
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    text: Mapped[str]
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Briefing(Base):
    """What panel members were given to read before a meeting: frozen when it is made, readable on the web."""

    __tablename__ = "briefing"
    __kept__ = keeping.BRIEFING
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
