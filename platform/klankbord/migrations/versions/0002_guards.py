"""Rules that the database itself keeps: what is written once stays as it was."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this step."""
