"""Tables of themes, who is in them and why, and the vectors of ideas."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations.models import Idea
from kernel.db import Base
from kernel.moves import step
from themes import keeping
from themes.states import THEME_MOVES, DecisionKind, PlacedBy, ThemeState, WhyInRest


class Theme(Base):
    """A group of ideas under a name. People's names, merges and locks outlive every re-clustering."""

    __tablename__ = "theme"
    __kept__ = keeping.THEME
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    machine_name: Mapped[str] = mapped_column(String(120), default="")
    is_named_by_people: Mapped[bool] = mapped_column(default=False)
    is_locked: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ThemeState] = mapped_column(default=ThemeState.CURRENT)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    colour: Mapped[int] = mapped_column(default=0)
    cohesion: Mapped[float | None]
    representative_ids: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name

    def move_to(self, state: ThemeState) -> None:
        """Take the step, or raise IllegalMove when it is no longer current."""
        self.state = step(THEME_MOVES, self.state, state)


class Placement(Base):
    """Where an idea stands: in a theme, or openly in none ("Overig", `theme_id` empty), and why.

    `is_locked`: a person's decision holds it here, so the machine never moves it; `fit` is how near it lies to the
    middle of its theme (cosine; unknown until the machine has read it there).
    """

    __tablename__ = "placement"
    __kept__ = keeping.PLACEMENT
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    placed_by: Mapped[PlacedBy]
    is_locked: Mapped[bool] = mapped_column(default=False)
    fit: Mapped[float | None]
    why_in_rest: Mapped[WhyInRest | None]
    shared_terms: Mapped[list[Any]] = mapped_column(default=list)
    nearest_ids: Mapped[list[Any]] = mapped_column(default=list)
    placed_at: Mapped[datetime]
    idea: Mapped[Idea] = relationship(lazy="raise")


class ClusterRun(Base):
    """One run of the machine over a consultation's published ideas."""

    __tablename__ = "cluster_run"
    __kept__ = keeping.CLUSTER_RUN
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    model: Mapped[str] = mapped_column(String(80))
    seed: Mapped[int]
    idea_count: Mapped[int]
    theme_count: Mapped[int]
    rest_count: Mapped[int]
    seconds: Mapped[float]
    finished_at: Mapped[datetime]


class ThemeDecision(Base):
    """What a person decided about a theme or a placement; the why beside the fact."""

    __tablename__ = "theme_decision"
    __kept__ = keeping.THEME_DECISION
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    kind: Mapped[DecisionKind]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class IdeaVector(Base):
    """An idea's vector by one model, as the worker stores it; the hash tells of which text."""

    __tablename__ = "idea_vector"
    __kept__ = keeping.IDEA_VECTOR
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    model: Mapped[str] = mapped_column(String(80), primary_key=True)
    text_sha256: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
