"""Drafts that come back on another device, languages, translations."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
Rule = guards.Rule

STEPS = {"idea.state": {"published": "received"}}  # its author changed it: it waits for the moderators again
RULES = [
    guards.fixed("kept_draft", "id", "consultation_id", "person_id", "created_at"),
    Rule("translation_never_changes", "translation", "UPDATE", "1 = 1", "a translation is of one text"),
    Rule(
        "idea_version_was_public_once",
        "idea_version",
        "UPDATE OF published_at",
        "OLD.published_at IS NOT NULL AND (NEW.published_at IS NULL OR NEW.published_at <> OLD.published_at)",
        "when a text first stood in public stays",
    ),
]
WAS_PUBLIC = """
    UPDATE idea_version SET published_at = (SELECT idea.published_at FROM idea WHERE idea.id = idea_version.idea_id)
    WHERE number = (SELECT MAX(newest.number) FROM idea_version AS newest WHERE newest.idea_id = idea_version.idea_id)
"""


def upgrade() -> None:
    """To this step."""
    op.add_column("idea_version", sa.Column("published_at", UtcDateTime(), nullable=True))
    op.execute(WAS_PUBLIC)
    op.create_table(
        "kept_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("warned_of", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_kept_draft_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_draft")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kept_draft_consultation_id"), "kept_draft", ["consultation_id"])
    op.create_index(op.f("ix_kept_draft_person_id"), "kept_draft", ["person_id"])
    op.create_index(op.f("ix_kept_draft_kept_at"), "kept_draft", ["kept_at"])
    op.create_table(
        "translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("stuck", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_translation_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint("idea_id", "sha256", "language", name=op.f("uq_translation_idea_id_sha256_language")),
    )
    blocks.make(STEPS, RULES)


def downgrade() -> None:
    """Back from this step."""
