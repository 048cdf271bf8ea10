"""The queue: since when something waits; decisions that can be undone, claims taken over, keys switched off."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")

NEWEST = "SELECT MAX(written_at) FROM idea_version WHERE idea_version.idea_id = idea.id"
LATEST = f"""UPDATE idea SET waiting_since = (SELECT MAX(moment) FROM (
    SELECT idea.received_at AS moment UNION ALL SELECT idea.confirmed_at UNION ALL {NEWEST}) AS moments)"""  # noqa: S608 - our own words
RULES = [
    guards.never_changes("planned_decision")[0],  # it goes when it was carried out or undone
    guards.Rule(
        "planned_decision_says_why",
        "planned_decision",
        "INSERT",
        "NEW.outcome <> 'publish' AND TRIM(NEW.explanation) = ''",
        "a restriction is explained to its author",
    ),
]


def upgrade() -> None:
    """To this step."""
    op.add_column(
        "idea", sa.Column("waiting_since", UtcDateTime(), nullable=False, server_default="1970-01-01 00:00:00")
    )
    op.execute(LATEST)
    op.create_index("ix_idea_to_read", "idea", ["state", "waiting_since", "id"])
    op.create_index("ix_idea_to_read_of", "idea", ["consultation_id", "state", "waiting_since", "id"])
    op.create_index("ix_report_waiting", "report", ["state", "reported_at", "id"])
    op.create_index("ix_appeal_waiting", "appeal", ["state", "due_at", "id"])
    op.create_index(op.f("ix_moderation_decision_decided_at"), "moderation_decision", ["decided_at"])
    op.drop_table("claim")  # claims last ten minutes
    op.create_table(
        "claim",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("taken_from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_claim_idea_id")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_claim_moderator_id")),
        sa.ForeignKeyConstraint(["taken_from_id"], ["person.id"], name=op.f("fk_claim_taken_from_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_claim")),
    )
    outcome = sa.Enum(
        "publish",
        "return",
        "hold",
        "reject",
        "remove",
        name="outcome",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    op.create_table(
        "planned_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("outcome", outcome, nullable=False),
        sa.Column("ground_id", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("together", sa.String(length=32), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'publish' OR ground_id IS NOT NULL", name=op.f("ck_planned_decision_restriction_has_ground")
        ),
        sa.ForeignKeyConstraint(["ground_id"], ["ground.id"], name=op.f("fk_planned_decision_ground_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_planned_decision_idea_id")),
        sa.ForeignKeyConstraint(["planned_by_id"], ["person.id"], name=op.f("fk_planned_decision_planned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_decision")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_planned_decision_idea_id")),
    )
    op.create_index(op.f("ix_planned_decision_due_at"), "planned_decision", ["due_at"])
    op.create_index(op.f("ix_planned_decision_together"), "planned_decision", ["together"])
    op.create_table(
        "keys_off",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_keys_off_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_keys_off")),
    )
    blocks.make({}, RULES)


def downgrade() -> None:
    """Back from this step."""
