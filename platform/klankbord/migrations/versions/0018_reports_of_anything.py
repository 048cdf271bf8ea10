"""Reports of anything public, with who reported and the exact address; a file is kept back for a reason."""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")

STEPS = {"page_report.state": {"received": "dismissed upheld"}}
RULES: list[Any] = [
    guards.steps_of("page_report.state"),
    *guards.both(
        "page_report_is_answered",
        "page_report",
        "state, answer, decided_at, decided_by_id",
        "NEW.state <> 'received' AND (TRIM(NEW.answer) = '' OR NEW.decided_at IS NULL OR NEW.decided_by_id IS NULL)",
        "a report is decided by somebody, in writing",
    ),
    guards.fixed("page_report", "id", "address", "reported_at"),
    guards.stays("page_report"),
    *guards.both(
        "attachment_is_kept_back_for_a_reason",
        "attachment",
        "is_shown, reason, decided_at",
        "NEW.decided_at IS NOT NULL AND NOT NEW.is_shown AND TRIM(NEW.reason) = ''",
        "a file is not shown for a reason",
    ),
]


def upgrade() -> None:
    """To this step."""
    op.add_column("report", sa.Column("address", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("report", sa.Column("name", sa.String(length=80), nullable=False, server_default=""))
    op.create_table(
        "page_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=True),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *("received", "dismissed", "upheld"),
                name="reportstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_page_report_panel_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_page_report_reporter_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_page_report_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_report")),
    )
    blocks.make(STEPS, RULES)


def downgrade() -> None:
    """Back from this step."""
    op.drop_table("page_report")
    for column in ("address", "name"):
        op.drop_column("report", column)
