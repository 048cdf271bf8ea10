"""Sign-in requests without a person, typed codes, and sessions that end."""

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BROWSERS = ("firefox", "edge", "samsung", "chrome", "safari", "other")


def upgrade() -> None:
    """To this step. Everybody signs in again: which sessions are staff's, and since when idle, is not known."""
    op.execute("DELETE FROM session")
    families = sa.Enum(*BROWSERS, name="browser", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", families, nullable=False))
        batch_op.add_column(sa.Column("is_handheld", sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column("idle_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Back from this step."""
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_constraint("ck_session_browser", type_="check")
        batch_op.drop_column("idle_until")
        batch_op.drop_column("is_handheld")
        batch_op.drop_column("browser")
