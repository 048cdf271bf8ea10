"""Support that is set apart."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
Rule = guards.Rule

STEPS = {
    "quarantine.state": {
        "counted": "apart kept",
        "apart": "released kept",
        "released": "kept",
        "kept": "released",
    }
}
LAST_VERDICT = "SELECT verdict FROM quarantine_decision WHERE quarantine_id = NEW.id ORDER BY id DESC LIMIT 1"
RULES = [
    guards.steps_of("quarantine.state"),
    guards.fixed("quarantine", "id", "consultation_id", "name", "number", "opened_at"),
    guards.stays("quarantine"),
    *guards.both(
        "quarantine_has_its_decision",
        "quarantine",
        "state",
        f"NEW.state IN ('released', 'kept') AND COALESCE(({LAST_VERDICT}), '') <> NEW.state",
        "a person releases or keeps, for a reason",
    ),
    *guards.never_changes("quarantine_decision"),
    Rule(
        "quarantine_decision_says_why",
        "quarantine_decision",
        "INSERT",
        "TRIM(NEW.reason) = '' OR NEW.verdict NOT IN ('released', 'kept')",
        "a person releases or keeps, for a reason",
    ),
    Rule("set_apart_never_changes", "set_apart", "UPDATE", "1 = 1", "support is set apart as it was given"),
]


def state(column: str) -> sa.Column[str]:
    """Where a network's support stands, with the CHECK that holds it."""
    states = ("counted", "apart", "released", "kept")
    kind = sa.Enum(*states, name="quarantinestate", native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def upgrade() -> None:
    """To this step."""
    op.add_column("endorsement_request", sa.Column("network", sa.String(length=64), nullable=True))
    op.create_table(
        "support_trace",
        sa.Column("endorsement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("is_hasty", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsement.id"], name=op.f("fk_support_trace_endorsement_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_support_trace_consultation_id")
        ),
        sa.PrimaryKeyConstraint("endorsement_id", "network", name=op.f("pk_support_trace")),
    )
    op.create_index("ix_support_trace_consultation_id_network", "support_trace", ["consultation_id", "network"])
    op.create_index(op.f("ix_support_trace_at"), "support_trace", ["at"])
    op.create_table(
        "support_watch",
        sa.Column("consultation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("news_since", UtcDateTime(), nullable=True),
        sa.Column("judged_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_support_watch_consultation_id")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_support_watch")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        state("state"),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_quarantine_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint(
            "consultation_id", "network", "number", name=op.f("uq_quarantine_consultation_id_network_number")
        ),
        sa.UniqueConstraint(
            "consultation_id", "name", "number", name=op.f("uq_quarantine_consultation_id_name_number")
        ),
    )
    op.create_table(
        "set_apart",
        sa.Column("endorsement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quarantine_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsement.id"], name=op.f("fk_set_apart_endorsement_id")),
        sa.ForeignKeyConstraint(["quarantine_id"], ["quarantine.id"], name=op.f("fk_set_apart_quarantine_id")),
        sa.PrimaryKeyConstraint("endorsement_id", "quarantine_id", name=op.f("pk_set_apart")),
    )
    op.create_index(op.f("ix_set_apart_quarantine_id"), "set_apart", ["quarantine_id"])
    op.create_table(
        "quarantine_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarantine_id", sa.Integer(), nullable=False),
        state("verdict"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quarantine_id"], ["quarantine.id"], name=op.f("fk_quarantine_decision_quarantine_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_quarantine_decision_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_decision")),
    )
    op.create_index(op.f("ix_quarantine_decision_quarantine_id"), "quarantine_decision", ["quarantine_id"])
    blocks.make(STEPS, RULES)


def downgrade() -> None:
    """Back from this step."""
