"""Ideas on behalf of others, places on the map, pictures and documents with ideas."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")

RULES = [
    guards.fixed("intake", "idea_id", "way", "is_without_mail", "entered_at", "entered_by_id"),
    guards.stays("intake"),
    guards.fixed("attachment", "id", "idea_id", "is_picture", "sha256", "alternative", "added_at"),
    guards.Rule(
        "attachment_says_what_it_shows",
        "attachment",
        "INSERT",
        "TRIM(NEW.alternative) = ''",
        "who does not see it is told what is on it",
    ),
    *guards.both(
        "attachment_says_why",
        "attachment",
        "is_shown, reason, decided_at, decided_by_id",
        "NEW.decided_at IS NOT NULL AND (NEW.decided_by_id IS NULL OR (NOT NEW.is_shown AND TRIM(NEW.reason) = ''))",
        "a moderator shows it, or says why not",
    ),
    guards.Rule("printed_code_never_changes", "printed_code", "UPDATE", "1 = 1", "printed_code is written once"),
]


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "ways_in",
        sa.Column("consultation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offline_help", sa.String(), nullable=False),
        sa.Column("takes_files", sa.Boolean(), nullable=False),
        sa.Column("has_map", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_ways_in_changed_by_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_ways_in_consultation_id")),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_ways_in")),
    )
    way = sa.Enum("paper", "phone", "counter", name="intakeway", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "intake",
        sa.Column("idea_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("way", way, nullable=False),
        sa.Column("is_without_mail", sa.Boolean(), nullable=False),
        sa.Column("reach", sa.String(length=300), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_intake_entered_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_intake_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_intake")),
    )
    op.create_table(
        "printed_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", UtcDateTime(), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_printed_code_idea_id")),
        sa.ForeignKeyConstraint(["printed_by_id"], ["person.id"], name=op.f("fk_printed_code_printed_by_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_printed_code")),
    )
    op.create_index(op.f("ix_printed_code_idea_id"), "printed_code", ["idea_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("is_picture", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alternative", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("decided_at IS NOT NULL OR NOT is_shown", name=op.f("ck_attachment_shown_by_somebody")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_attachment_decided_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_attachment_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("idea_id", "sha256", name=op.f("uq_attachment_idea_id_sha256")),
    )
    op.create_index(op.f("ix_attachment_idea_id"), "attachment", ["idea_id"])
    blocks.make({}, RULES)


def downgrade() -> None:
    """Back from this step."""
    for table in ("attachment", "printed_code", "intake", "ways_in"):
        op.drop_table(table)
