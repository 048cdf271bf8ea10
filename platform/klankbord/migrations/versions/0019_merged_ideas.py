"""Ideas that are carried on as part of another, and submissions that were split."""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
own_data = import_module("klankbord.migrations.versions.0010_own_data")
Rule = guards.Rule

STEPS = {"idea.route": {"merged": "unrouted in_theme"}}  # parted again, an idea is where it was
INTO = (
    "SELECT 1 FROM idea AS other WHERE other.id = NEW.merged_into_id AND other.id <> NEW.id"
    " AND other.consultation_id = NEW.consultation_id AND other.under_id IS NULL AND other.merged_into_id IS NULL"
)
BEHIND = "SELECT 1 FROM idea AS behind WHERE behind.merged_into_id = NEW.id"
PART_OF_ITS_OWN = (
    "SELECT 1 FROM idea JOIN idea AS whole ON whole.author_id = idea.author_id"
    " AND whole.consultation_id = idea.consultation_id AND whole.id <> idea.id"
    " JOIN idea_split ON idea_split.idea_id = whole.id"
    " WHERE idea.id = NEW.idea_id AND idea_split.id = NEW.split_id"
)


def ends_once(name: str, table: str, ended: str, *rest: str, about: tuple[str, ...] = ("idea_id",)) -> list[Any]:
    """A row is made, ends once, and is emptied when somebody leaves whose idea it is about."""
    author = " OR ".join(own_data.gone(own_data.AUTHOR_OF.format(f"NEW.{column}")) for column in about)
    kept = own_data.other("id", *rest)
    emptied = f"(NEW.reason <> OLD.reason AND (NEW.reason <> '' OR NOT ({author})))"
    again = f"OLD.{ended} IS NOT NULL AND (NEW.{ended} IS NULL OR NEW.{ended} <> OLD.{ended})"
    broken = f"{kept} OR {emptied} OR ({again})"
    return [Rule(f"{table}_ends_once", table, "UPDATE", broken, f"{name} is made and undone once"), guards.stays(table)]


RULES = [
    *guards.both(
        "idea_goes_on_in_one_that_stands",
        "idea",
        "merged_into_id",
        f"NEW.merged_into_id IS NOT NULL AND (NOT EXISTS ({INTO}) OR EXISTS ({BEHIND}))",
        "an idea is carried on in one of its own consultation that stands by itself",
    ),
    *guards.both(
        "idea_is_merged_into_something",
        "idea",
        "route, merged_into_id",
        "(NEW.route = 'merged') <> (NEW.merged_into_id IS NOT NULL)",
        "a merged idea says in which it is carried on",
    ),
    *ends_once(
        "a merge",
        "idea_merge",
        "parted_at",
        *("idea_id", "into_id", "split_id", "route_before", "merged_at", "merged_by_id"),
        about=("idea_id", "into_id"),
    ),
    Rule(
        "idea_merge_says_why",
        "idea_merge",
        "INSERT",
        "(NEW.split_id IS NULL AND TRIM(NEW.reason) = '') OR NEW.idea_id = NEW.into_id",
        "ideas are put together for a reason",
    ),
    *ends_once("a split", "idea_split", "undone_at", "idea_id", "split_at", "split_by_id"),
    Rule("idea_split_says_why", "idea_split", "INSERT", "TRIM(NEW.reason) = ''", "an idea is split for a reason"),
    *guards.never_changes("idea_part"),
    Rule(
        "idea_part_is_its_authors",
        "idea_part",
        "INSERT",
        f"NOT EXISTS ({PART_OF_ITS_OWN})",
        "what is cut out of a submission stays by the same author",
    ),
]


def parting(column: str) -> sa.Column[str]:
    """Why it no longer stands, with the CHECK that holds it."""
    kind = sa.Enum(
        *("undone", "objected", "left"), name="parting", native_enum=False, create_constraint=True, length=32
    )
    return sa.Column(column, kind, nullable=True)


def upgrade() -> None:
    """To this step."""
    routes = ("unrouted", "in_theme", *guards.WITH_PANEL)
    op.create_index(op.f("ix_idea_merged_into_id"), "idea", ["merged_into_id"])
    op.create_table(
        "idea_split",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("split_at", UtcDateTime(), nullable=False),
        sa.Column("split_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        parting("undoing"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_split_idea_id")),
        sa.ForeignKeyConstraint(["split_by_id"], ["person.id"], name=op.f("fk_idea_split_split_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_idea_split_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_split")),
    )
    op.create_index(op.f("ix_idea_split_idea_id"), "idea_split", ["idea_id"])
    op.create_table(
        "idea_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("split_id", sa.Integer(), nullable=True),
        sa.Column(
            "route_before",
            sa.Enum(*routes, name="idearoute", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("parted_at", UtcDateTime(), nullable=True),
        sa.Column("parted_by_id", sa.Integer(), nullable=True),
        parting("parting"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_merge_idea_id")),
        sa.ForeignKeyConstraint(["into_id"], ["idea.id"], name=op.f("fk_idea_merge_into_id")),
        sa.ForeignKeyConstraint(["split_id"], ["idea_split.id"], name=op.f("fk_idea_merge_split_id")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["person.id"], name=op.f("fk_idea_merge_merged_by_id")),
        sa.ForeignKeyConstraint(["parted_by_id"], ["person.id"], name=op.f("fk_idea_merge_parted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_merge")),
    )
    op.create_index(op.f("ix_idea_merge_idea_id"), "idea_merge", ["idea_id"])
    op.create_index(op.f("ix_idea_merge_into_id"), "idea_merge", ["into_id"])
    stands = sa.text("parted_at IS NULL")
    op.create_index(
        *("uq_idea_merge_standing", "idea_merge", ["idea_id"]),
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_table(
        "idea_part",
        sa.Column("idea_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("split_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_part_idea_id")),
        sa.ForeignKeyConstraint(["split_id"], ["idea_split.id"], name=op.f("fk_idea_part_split_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_idea_part")),
    )
    op.create_index(op.f("ix_idea_part_split_id"), "idea_part", ["split_id"])
    blocks.make(STEPS, RULES)


def downgrade() -> None:
    """Back from this step."""
