"""What is pointed out in texts, who reads it afterwards, and words that are left out of a text.

A text changes from now on in one more way: to the last version that was kept, when a moderator left words out of that
one. Versions that hold such words are hidden; digits of theirs can be blotted out, sign for sign.
"""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
own_data = import_module("klankbord.migrations.versions.0010_own_data")
Rule = guards.Rule

KINDS = (
    *("bsn", "iban", "phone", "email", "plate", "address", "special", "insult", "shouting", "links", "duplicate"),
    "language",
)
KEPT = "SELECT 1 FROM idea_version AS kept WHERE"
AS_MASKED = (
    "kept.idea_id = NEW.id AND kept.is_masked"  # noqa: S608 - our own words
    " AND kept.number = (SELECT MAX(number) FROM idea_version WHERE idea_id = NEW.id) AND "
    + " AND ".join(f"kept.{column} = NEW.{column}" for column in guards.TEXT)
)
SAME_LENGTH = " AND ".join(f"LENGTH(NEW.{column}) = LENGTH(OLD.{column})" for column in guards.TEXT)
GONE = f"EXISTS ({guards.WITHDRAWN}) OR {own_data.gone(own_data.AUTHOR_OF.format('NEW.idea_id'))}"
RULES = [
    Rule(
        "idea_text_is_its_authors",
        "idea",
        f"UPDATE OF {', '.join(guards.TEXT)}",
        f"({guards.NEW_TEXT}) AND NOT ((OLD.state IN ('draft', 'submitted', 'received', 'returned')"
        f" AND NEW.state IN ('draft', 'submitted', 'received')) OR EXISTS ({KEPT} {AS_MASKED})"
        f" OR ((NEW.state = 'withdrawn' OR {own_data.gone('NEW.author_id')}) AND NOT ({guards.SOME_TEXT})))",
        "the text changes only when its author corrects, revises, withdraws or erases it, or words are left out",
    ),
    Rule(
        "idea_version_is_only_emptied",
        "idea_version",
        f"UPDATE OF {', '.join(guards.TEXT)}",
        f"({guards.NEW_TEXT}) AND NOT ((NOT ({guards.SOME_TEXT}) AND ({GONE}))"
        f" OR (NEW.hidden_at IS NOT NULL AND {SAME_LENGTH}))",
        "a version is emptied with its idea, blotted when it is hidden, and never changed",
    ),
]
NEW_RULES = [
    Rule(
        "idea_version_stays_hidden",
        "idea_version",
        "UPDATE OF hidden_at, is_masked",
        "NEW.is_masked <> OLD.is_masked OR (OLD.hidden_at IS NOT NULL AND NEW.hidden_at IS NULL)",
        "what words were left out of stays hidden",
    ),
    Rule("masking_never_changes", "masking", "UPDATE", "1 = 1", "masking is written once"),
    Rule(
        "masking_stays",
        "masking",
        "DELETE",
        f"NOT ({own_data.gone(own_data.AUTHOR_OF.format('OLD.idea_id'))})",
        "what was left out is told until its author leaves",
    ),
]


def upgrade() -> None:
    """To this step."""
    op.add_column("idea_version", sa.Column("is_masked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("idea_version", sa.Column("hidden_at", UtcDateTime(), nullable=True))
    kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_signal_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("idea_id", "kind", name=op.f("uq_signal_idea_id_kind")),
    )
    op.create_index("ix_signal_kind", "signal", ["kind", "idea_id"])
    op.create_table(
        "likeness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_likeness_consultation_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_likeness_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness")),
        sa.UniqueConstraint("idea_id", "position", name=op.f("uq_likeness_idea_id_position")),
    )
    op.create_index("ix_likeness_key", "likeness", ["consultation_id", "key"])
    op.create_table(
        "second_look",
        sa.Column("idea_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("looked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_second_look_idea_id")),
        sa.ForeignKeyConstraint(["looked_by_id"], ["person.id"], name=op.f("fk_second_look_looked_by_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_second_look")),
    )
    op.create_index("ix_second_look_asked_at", "second_look", ["looked_at", "asked_at"])
    op.create_table(
        "masking",
        sa.Column("decision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cuts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["moderation_decision.id"], name=op.f("fk_masking_decision_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_masking_idea_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_masking")),
    )
    op.create_index(op.f("ix_masking_idea_id"), "masking", ["idea_id"])
    _drop(RULES)
    blocks.make({}, RULES + NEW_RULES)


def downgrade() -> None:
    """Back from this step."""
    _drop(RULES + NEW_RULES)
    names = {rule.name for rule in RULES}
    blocks.make({}, [rule for rule in own_data.RULES if rule.name in names])
    for table in ("masking", "second_look", "likeness", "signal"):
        op.drop_table(table)
    op.drop_column("idea_version", "hidden_at")
    op.drop_column("idea_version", "is_masked")


def _drop(rules: list[Any]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for rule in rules:
        op.execute(f"DROP TRIGGER {rule.name}" if is_sqlite else f"DROP FUNCTION {rule.name}() CASCADE")
