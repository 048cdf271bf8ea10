"""Who read or exported what was not public; and the tickets of sockets that were used.

A record is written once. It goes when it is 730 days old by the database's own clock, and not before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TOO_YOUNG = {"sqlite": "OLD.at > datetime('now', '-730 days')", "postgresql": "OLD.at > now() - interval '730 days'"}
RULES = {
    f"{table}_{rule}": (table, *given)
    for table in ("access_record", "access_idea")
    for rule, given in {
        "never_changes": ("UPDATE", None, f"{table} is written once"),
        "stays": ("DELETE", TOO_YOUNG, f"{table} is kept for 730 days"),
    }.items()
}
"""Each with its table, what it refuses, when (None: always), and the sentence."""

SQLITE = """
CREATE TRIGGER {name} BEFORE {on} ON {table} WHEN {broken}
BEGIN
    SELECT RAISE(ABORT, '{name}: {sentence}');
END
"""
POSTGRESQL = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ({broken}) THEN
        RAISE EXCEPTION '{name}: {sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
    END IF;
    RETURN {row};
END
$$
"""
POSTGRESQL_TRIGGER = "CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
NOT_EMPTIED = """
CREATE FUNCTION {table}_is_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{table}_is_not_truncated: what is written stays' USING ERRCODE = 'check_violation';
END
$$
"""
NOT_EMPTIED_TRIGGER = """
CREATE TRIGGER {table}_is_not_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_is_not_truncated()
"""


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "access_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("roles", sa.String(length=120), nullable=False),
        sa.Column(
            "act",
            sa.Enum("read", "exported", name="act", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_record")),
    )
    op.create_index("ix_access_record_at", "access_record", ["at"])
    op.create_index("ix_access_record_subject_at_person_id", "access_record", ["subject", "at", "person_id"])
    op.create_index("ix_access_record_person_id_at", "access_record", ["person_id", "at"])
    op.create_table(
        "access_idea",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["access_record.id"], name=op.f("fk_access_idea_record_id")),
        sa.PrimaryKeyConstraint("record_id", "idea_id", name=op.f("pk_access_idea")),
    )
    op.create_index("ix_access_idea_idea_id_at_person_id", "access_idea", ["idea_id", "at", "person_id"])
    op.create_table(
        "spent_ticket",
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_spent_ticket")),
    )
    op.create_index("ix_spent_ticket_expires_at", "spent_ticket", ["expires_at"])
    engine = op.get_bind().dialect.name
    for name, (table, on, when, sentence) in RULES.items():
        broken = when[engine] if when else "1 = 1"
        written = {"name": name, "table": table, "on": on, "broken": broken, "sentence": sentence}
        if engine == "sqlite":
            op.get_bind().exec_driver_sql(SQLITE.format(**written))
        else:
            row = "OLD" if on == "DELETE" else "NEW"
            op.get_bind().exec_driver_sql(POSTGRESQL.format(**written, row=row))
            op.get_bind().exec_driver_sql(POSTGRESQL_TRIGGER.format(**written))
    if engine != "sqlite":
        for table in ("access_record", "access_idea"):
            op.get_bind().exec_driver_sql(NOT_EMPTIED.format(table=table))
            op.get_bind().exec_driver_sql(NOT_EMPTIED_TRIGGER.format(table=table))


def downgrade() -> None:
    """Back from this step."""
    op.drop_table("spent_ticket")
    op.drop_table("access_idea")
    op.drop_table("access_record")
    if op.get_bind().dialect.name != "sqlite":
        for name in (*RULES, "access_record_is_not_truncated", "access_idea_is_not_truncated"):
            op.get_bind().exec_driver_sql(f"DROP FUNCTION {name}()")
