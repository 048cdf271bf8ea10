"""Conversations with authors, questions to the authors of a theme, letters that came in."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
make = import_module("klankbord.migrations.versions.0007_blocks").make
Rule = guards.Rule

A_QUESTION = (
    "SELECT 1 FROM contribution AS asked WHERE asked.id = NEW.answers_id AND asked.asks AND NOT asked.is_authors"
    " AND asked.conversation_id = NEW.conversation_id"
)
RULES = [
    guards.fixed("conversation", "id", "idea_id", "side", "begun_at"),
    guards.stays("conversation"),
    guards.fixed("contribution", "id", "conversation_id", "number", "writer_id", "is_authors", "asks", "written_at"),
    Rule(
        "contribution_is_only_emptied",
        "contribution",
        "UPDATE OF body",
        "NEW.body <> OLD.body AND NEW.body <> ''",
        "what was said is emptied with its writer, and never changed",
    ),
    guards.stays("contribution"),
    Rule(
        "contribution_answers_a_question",
        "contribution",
        "INSERT",
        f"TRIM(NEW.body) = '' OR (NEW.asks AND NEW.is_authors) OR (NEW.answers_id IS NOT NULL"
        f" AND (NOT NEW.is_authors OR NOT EXISTS ({A_QUESTION})))",
        "an author answers a question of the same conversation, in words",
    ),
    guards.fixed("theme_question", "id", "theme_id", "asked_by_id", "asked_at"),
    Rule(
        "theme_question_is_only_emptied",
        "theme_question",
        "UPDATE OF body",
        "NEW.body <> OLD.body AND NEW.body <> ''",
        "what was asked is emptied with its writer, and never changed",
    ),
    guards.stays("theme_question"),
]


def one_of(name: str, *words: str) -> sa.Enum:
    """A column of these words, with the CHECK that holds them."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("side", one_of("side", "moderators", "panel"), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("read_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_conversation_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("idea_id", "side", name=op.f("uq_conversation_idea_id_side")),
    )
    op.create_table(
        "theme_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_question_theme_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_theme_question_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_question")),
    )
    op.create_index(op.f("ix_theme_question_theme_id"), "theme_question", ["theme_id"])
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=False),
        sa.Column("is_authors", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("theme_question_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("way", one_of("way", "web", "mail"), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_contribution_conversation_id")),
        sa.ForeignKeyConstraint(["writer_id"], ["person.id"], name=op.f("fk_contribution_writer_id")),
        sa.ForeignKeyConstraint(["answers_id"], ["contribution.id"], name=op.f("fk_contribution_answers_id")),
        sa.ForeignKeyConstraint(
            ["theme_question_id"], ["theme_question.id"], name=op.f("fk_contribution_theme_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_contribution_conversation_id_number")),
    )
    for column in ("writer_id", "answers_id", "theme_question_id"):
        op.create_index(op.f(f"ix_contribution_{column}"), "contribution", [column])
    fates = ("taken", "not_ours", "seen_before", "automatic", "wrong_sender", "empty", "too_long", "unreadable")
    op.create_table(
        "received_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("fate", one_of("fate", *fates, "too_late", "too_often"), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_letter")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_received_letter_fingerprint")),
    )
    op.create_index(op.f("ix_received_letter_received_at"), "received_letter", ["received_at"])
    make({}, RULES)


def downgrade() -> None:
    """Back from this step."""
    for table in ("received_letter", "contribution", "theme_question", "conversation"):
        op.drop_table(table)
