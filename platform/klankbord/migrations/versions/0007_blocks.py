"""Residents who may not take part for a while, and why."""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
Rule = guards.Rule

IN_FORCE = (
    "other.person_id = NEW.person_id AND (other.until IS NULL OR other.until > NEW.blocked_at)"
    " AND NOT EXISTS (SELECT 1 FROM block_end WHERE block_end.block_id = other.id)"
)
STEPS = {"block_appeal.state": {"received": "upheld reinstated"}}
RULES = [
    guards.steps_of("block_appeal.state"),
    *guards.never_changes("block"),
    *guards.never_changes("block_end"),
    Rule(
        "block_says_why",
        "block",
        "INSERT",
        "TRIM(NEW.explanation) = '' OR NEW.blocked_by_id = NEW.person_id",
        "a block is by somebody else and says why",
    ),
    Rule(
        "block_is_one_at_a_time",
        "block",
        "INSERT",
        f"EXISTS (SELECT 1 FROM block AS other WHERE {IN_FORCE})",  # noqa: S608 - our own words
        "one block a person",
    ),
    Rule(
        "block_end_says_why",
        "block_end",
        "INSERT",
        "NEW.how <> 'lapsed' AND (TRIM(NEW.reason) = '' OR NEW.ended_by_id IS NULL)",
        "a block is lifted by somebody, for a reason",
    ),
    guards.fixed("block_appeal", "id", "block_id", "reason", "lodged_at", "due_at"),
    guards.stays("block_appeal"),
    *guards.both(
        "block_appeal_is_answered",
        "block_appeal",
        "state, answer, decided_at, decided_by_id",
        "NEW.state <> 'received'"
        " AND (TRIM(NEW.answer) = '' OR NEW.decided_at IS NULL OR NEW.decided_by_id IS NULL OR NEW.decided_by_id ="
        " (SELECT blocked_by_id FROM block WHERE id = NEW.block_id))",
        "an appeal is decided by another moderator, in writing",
    ),
]


def conduct() -> sa.Enum:
    """Kinds of conduct, with the CHECK that holds them."""
    kinds = ("threats", "hate", "spam", "impersonation", "personal_data", "faked_support", "unfounded_reports")
    return sa.Enum(*kinds, name="conduct", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """To this step."""
    op.add_column("grant", sa.Column("ends_at", UtcDateTime(), nullable=True))
    op.add_column("report", sa.Column("is_signed_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("ground", conduct(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("blocked_at", UtcDateTime(), nullable=False),
        sa.Column("blocked_by_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.CheckConstraint("until > blocked_at", name=op.f("ck_block_ends_later")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_block_person_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_block_consultation_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_block_idea_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_block_report_id")),
        sa.ForeignKeyConstraint(["blocked_by_id"], ["person.id"], name=op.f("fk_block_blocked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_block_person_id_number")),
    )
    op.create_index(op.f("ix_block_consultation_id"), "block", ["consultation_id"])
    op.create_table(
        "block_end",
        sa.Column("block_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                *("lifted", "on_appeal", "lapsed"),
                name="ending",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_block_end_block_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_block_end_ended_by_id")),
        sa.PrimaryKeyConstraint("block_id", name=op.f("pk_block_end")),
    )
    op.create_table(
        "block_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *("received", "upheld", "reinstated"),
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("lodged_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_block_appeal_block_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_block_appeal_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_appeal")),
        sa.UniqueConstraint("block_id", name=op.f("uq_block_appeal_block_id")),
    )
    make(STEPS, RULES)


def make(steps: dict[str, dict[str, str]], rules: list[Any]) -> None:
    """Let the database know these steps, and keep these rules."""
    step = sa.table("state_step", *(sa.column(name) for name in ("machine", "present", "following")))
    op.bulk_insert(
        step,
        [
            {"machine": machine, "present": present, "following": following}
            for machine, moves in steps.items()
            for present, after in moves.items()
            for following in after.split()
        ],
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for rule in rules:
        written = {**rule._asdict(), "row": "OLD" if rule.on == "DELETE" else "NEW"}
        for statement in [guards.SQLITE] if is_sqlite else [guards.POSTGRESQL, guards.POSTGRESQL_TRIGGER]:
            op.get_bind().exec_driver_sql(statement.format(**written))


def downgrade() -> None:
    """Back from this step."""
