"""The second factor of staff: see `accounts.second_factor`."""

import importlib

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_guards = importlib.import_module("klankbord.migrations.versions.0002_guards")

RULES = [
    _guards.Rule(
        "second_factor_step_grows",
        "second_factor",
        "UPDATE OF last_step",
        "NEW.last_step <= OLD.last_step",
        "a code counts once",
    ),
    _guards.fixed("second_factor", "id", "person_id", "kind", "begun_at", "begun_in"),
    _guards.Rule(
        "recovery_code_counts_once",
        "recovery_code",
        "UPDATE",
        "OLD.used_at IS NOT NULL OR NEW.hash <> OLD.hash OR NEW.person_id <> OLD.person_id",
        "a recovery code counts once",
    ),
    *_guards.never_changes("second_factor_reset"),
]


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("begun_in", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('totp')", name=op.f("ck_second_factor_factorkind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
    )
    op.create_index(op.f("ix_second_factor_person_id"), "second_factor", ["person_id"])
    for name, which in (
        ("uq_second_factor_in_use", sa.text("confirmed_at IS NOT NULL AND kind = 'totp'")),
        ("uq_second_factor_begun", sa.text("confirmed_at IS NULL")),
    ):
        op.create_index(name, "second_factor", ["person_id"], unique=True, sqlite_where=which, postgresql_where=which)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("hash", name=op.f("uq_recovery_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.create_table(
        "second_factor_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("by_id IS NULL OR by_id <> person_id", name=op.f("ck_second_factor_reset_never_ones_own")),
        sa.CheckConstraint("TRIM(reason) <> ''", name=op.f("ck_second_factor_reset_says_why")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_second_factor_reset_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_factor_reset_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor_reset")),
    )
    op.create_index(op.f("ix_second_factor_reset_person_id"), "second_factor_reset", ["person_id"])
    op.add_column("session", sa.Column("second_factor_at", UtcDateTime(), nullable=True))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for rule in RULES:
        written = {**rule._asdict(), "row": "OLD" if rule.on == "DELETE" else "NEW"}
        for statement in [_guards.SQLITE] if is_sqlite else [_guards.POSTGRESQL, _guards.POSTGRESQL_TRIGGER]:
            op.get_bind().exec_driver_sql(statement.format(**written))


def downgrade() -> None:
    """Back from this step."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_column("session", "second_factor_at")
    for table in ("second_factor_reset", "recovery_code", "second_factor"):
        op.drop_table(table)
    if not is_sqlite:  # there a trigger's function outlives its table
        for rule in RULES:
            op.get_bind().exec_driver_sql(f"DROP FUNCTION {rule.name}()")
