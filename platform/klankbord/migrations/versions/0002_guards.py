"""Rules that the database itself keeps: what is written once stays as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VERSIONED = ("panel", "agenda_item", "report", "appeal")


def upgrade() -> None:
    """To this step."""
    for table in VERSIONED:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("uq_message_digest_id_person_id", "message", ["digest_id", "person_id"], unique=True)
