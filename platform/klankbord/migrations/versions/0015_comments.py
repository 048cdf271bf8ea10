"""Comments: what people add under a published idea."""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
Rule = guards.Rule

ABOVE = (
    "SELECT 1 FROM idea AS above WHERE above.id = NEW.under_id AND above.consultation_id = NEW.consultation_id"
    " AND above.under_id IS NULL AND above.state NOT IN ('draft', 'submitted')"
)
OWN_WAY = (
    "NEW.route <> 'unrouted' OR NEW.kind <> 'idea' OR NEW.is_late OR NEW.endorsement_count <> 0"
    " OR NEW.merged_into_id IS NOT NULL OR NEW.prompt_id IS NOT NULL OR NEW.answered_at IS NOT NULL"
)
COMMENT = "SELECT 1 FROM idea WHERE idea.id = NEW.idea_id AND idea.under_id IS NOT NULL"


def not_of_a_comment(table: str) -> Any:
    """Only an idea or an experience is supported, stands in a theme, or comes on an agenda."""
    return Rule(f"{table}_is_of_no_comment", table, "INSERT", f"EXISTS ({COMMENT})", "a comment goes with its idea")


RULES = [
    Rule(
        "idea_stands_under_one_that_stands_alone",
        "idea",
        "INSERT",
        f"NEW.under_id IS NOT NULL AND NOT EXISTS ({ABOVE})",
        "a comment stands under an idea of its own consultation",
    ),
    Rule(
        "idea_stays_where_it_stands",
        "idea",
        "UPDATE OF under_id",
        "COALESCE(NEW.under_id, 0) <> COALESCE(OLD.under_id, 0)",
        "a comment stays under its idea",
    ),
    *guards.both(
        "idea_goes_no_way_as_a_comment",
        "idea",
        "route, kind, endorsement_count, merged_into_id, prompt_id, answered_at",
        f"NEW.under_id IS NOT NULL AND ({OWN_WAY})",
        "a comment goes with its idea",
    ),
    *(not_of_a_comment(table) for table in ("endorsement", "placement", "agenda_idea")),
]


def upgrade() -> None:
    """To this step."""
    # no foreign key: SQLite would make the table anew for it and drop its triggers; the rule above holds it
    op.add_column("idea", sa.Column("under_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_idea_under_id"), "idea", ["under_id"])
    op.add_column("ways_in", sa.Column("takes_comments", sa.Boolean(), nullable=False, server_default=sa.false()))
    blocks.make({}, RULES)


def downgrade() -> None:
    """Back from this step."""
