"""Prompts, phases and moved closes of consultations."""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
Rule = guards.Rule

STATE = "SELECT state FROM consultation WHERE id = {0}.consultation_id"
NOT_A_DRAFT = f"COALESCE(({STATE}), '') <> 'draft'"
PROMISED = "what was announced is a promise"
BEFORE = (
    "SELECT 1 FROM phase AS other WHERE other.consultation_id = NEW.consultation_id AND other.kind = 'endorse'"
    " AND NEW.kind = 'deliberate' AND other.closes_at >= NEW.closes_at"
)
PERIOD = (
    "SELECT 1 FROM consultation WHERE id = NEW.consultation_id"
    " AND (closes_at >= NEW.closes_at OR agenda_deadline_at < NEW.closes_at)"
)
PHASES = (
    "SELECT 1 FROM phase WHERE consultation_id = NEW.id"
    " AND (phase.closes_at <= NEW.closes_at OR phase.closes_at > NEW.agenda_deadline_at)"
)


def set_in_the_draft(table: str) -> list[Any]:
    """Rows come and go while nobody was told of them."""
    return [
        Rule(f"{table}_is_set_in_the_draft", table, "INSERT", NOT_A_DRAFT.format("NEW"), PROMISED),
        Rule(f"{table}_stays_once_announced", table, "DELETE", NOT_A_DRAFT.format("OLD"), PROMISED),
    ]


RULES = [
    *set_in_the_draft("prompt"),
    Rule("prompt_keeps_its_words", "prompt", "UPDATE", NOT_A_DRAFT.format("OLD"), PROMISED),
    *guards.both(
        "idea_answers_a_prompt_of_its_own_consultation",
        "idea",
        "prompt_id",
        "NEW.prompt_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM prompt WHERE id = NEW.prompt_id AND consultation_id = NEW.consultation_id)",
        "an idea answers a question that was asked there",
    ),
    *set_in_the_draft("phase"),
    guards.fixed("phase", "consultation_id", "kind"),
    Rule(
        "phase_closes_later_only",
        "phase",
        "UPDATE OF closes_at",
        f"NEW.closes_at < OLD.closes_at AND {NOT_A_DRAFT.format('OLD')}",
        "what was announced can only close later",
    ),
    *guards.both(
        "phase_follows_the_one_before_it",
        "phase",
        "closes_at",
        f"EXISTS ({PERIOD}) OR EXISTS ({BEFORE})",
        "phases follow one another, before the agenda is settled",
    ),
    Rule(
        "consultation_closes_before_its_phases",
        "consultation",
        "UPDATE OF closes_at, agenda_deadline_at",
        f"EXISTS ({PHASES})",
        "phases follow one another, before the agenda is settled",
    ),
]


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "prompt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_prompt_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
        sa.UniqueConstraint("consultation_id", "position", name=op.f("uq_prompt_consultation_id_position")),
    )
    kinds = ("collect", "endorse", "deliberate")
    op.create_table(
        "phase",
        sa.Column("consultation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="phasekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind <> 'collect'", name=op.f("ck_phase_collecting_is_the_period_itself")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_phase_consultation_id")),
        sa.PrimaryKeyConstraint("consultation_id", "kind", name=op.f("pk_phase")),
    )
    # no foreign key: SQLite would make the table anew for it and drop its triggers; the rule above holds it
    op.add_column("idea", sa.Column("prompt_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_idea_prompt_id"), "idea", ["prompt_id"])
    blocks.make({}, RULES)


def downgrade() -> None:
    """Back from this step."""
