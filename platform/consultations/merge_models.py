"""Tables of ideas that are carried on as part of another, and of submissions that were split into several."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from consultations import merge_keeping as keeping
from consultations.merge_states import Parting
from consultations.states import IdeaRoute
from kernel.db import Base

_STANDS = text("parted_at IS NULL")


class IdeaMerge(Base):
    """One idea was carried on as part of another, by whom and why. It stands until they were parted again.

    `idea.merged_into_id` is the idea that it is carried on in now, at the end of the chain; `into_id` is the one that
    it was put into itself. With a `split_id` it came of a split (the whole went into its first part) or of undoing one.
    """

    __tablename__ = "idea_merge"
    __kept__ = keeping.IDEA_MERGE
    __table_args__ = (
        Index("uq_idea_merge_standing", "idea_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    split_id: Mapped[int | None] = mapped_column(ForeignKey("idea_split.id"))
    route_before: Mapped[IdeaRoute]
    reason: Mapped[str]  # to the authors; empty where a split says why
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    parted_at: Mapped[datetime | None]
    parted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    parting: Mapped[Parting | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name


class IdeaSplit(Base):
    """One submission with several ideas in it became several, by whom and why; until that was undone."""

    __tablename__ = "idea_split"
    __kept__ = keeping.IDEA_SPLIT
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    reason: Mapped[str]  # to the author
    split_at: Mapped[datetime]
    split_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undoing: Mapped[Parting | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name


class IdeaPart(Base):
    """An idea that was cut out of a submission, in its author's own words; its place among the parts."""

    __tablename__ = "idea_part"
    __kept__ = keeping.IDEA_PART
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    split_id: Mapped[int] = mapped_column(ForeignKey("idea_split.id"), index=True)
    position: Mapped[int]
