"""The table of appeals against an answer: to a report that was dismissed, or about a file that is not shown."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations.models import Idea
from consultations.ways_models import Attachment
from kernel.db import Base
from kernel.moves import step
from moderation import keeping
from moderation.models import PageReport, Report
from moderation.states import APPEAL_MOVES, AppealState


class AnswerAppeal(Base):
    """Who reported something, or put a file with an idea, does not agree; another moderator decides, once.

    It is about one answer: of a report, of a report of a page, or about a file, given at `answered_at`. `idea_id` is
    the idea that it is about, when it is about one.
    """

    __tablename__ = "answer_appeal"
    __kept__ = keeping.ANSWER_APPEAL
    __table_args__ = (
        UniqueConstraint("file_id", "answered_at"),
        CheckConstraint(
            "(CASE WHEN report_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN page_report_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN file_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="about_one_answer",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), unique=True)
    page_report_id: Mapped[int | None] = mapped_column(ForeignKey("page_report.id"), unique=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    state: Mapped[AppealState] = mapped_column(default=AppealState.RECEIVED)
    answer: Mapped[str] = mapped_column(default="")
    lodged_at: Mapped[datetime]
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    report: Mapped[Report | None] = relationship(lazy="raise")
    page_report: Mapped[PageReport | None] = relationship(lazy="raise")
    file: Mapped[Attachment | None] = relationship(lazy="raise", passive_deletes="all")
    idea: Mapped[Idea | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: AppealState) -> None:
        """Take the step, or raise IllegalMove when it was decided before."""
        self.state = step(APPEAL_MOVES, self.state, state)
