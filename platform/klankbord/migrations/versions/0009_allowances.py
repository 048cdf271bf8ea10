"""How often somebody did something lately: see `kernel.allowances`."""

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "allowance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("whose", sa.String(length=64), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance")),
    )
    op.create_index("ix_allowance_kind_whose_until", "allowance", ["kind", "whose", "until"])
    op.create_index(op.f("ix_allowance_until"), "allowance", ["until"])


def downgrade() -> None:
    """Back from this step."""
    op.drop_table("allowance")
