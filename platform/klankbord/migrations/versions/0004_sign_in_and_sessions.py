"""Sign-in requests without a person, typed codes, changed addresses, and sessions that end."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDS = import_module("klankbord.migrations.versions.0002_guards")
BROWSERS = ("firefox", "edge", "samsung", "chrome", "safari", "other")
NOBODYS_STAYS = GUARDS.Rule(
    "message_keeps_its_receiver",
    "message",
    "UPDATE OF person_id",
    "(NEW.person_id IS NULL) <> (OLD.person_id IS NULL)",
    "a letter keeps whom it is for",
)
MADE_STAYS = GUARDS.Rule(
    "address_change_keeps_what_it_is",
    "address_change",
    "UPDATE OF person_id, by_id, reason, made_at",
    "NEW.person_id <> OLD.person_id OR NEW.by_id <> OLD.by_id OR NEW.reason <> OLD.reason"
    " OR (OLD.made_at IS NOT NULL AND (NEW.made_at IS NULL OR NEW.made_at <> OLD.made_at))",
    "who changed whose address, when and why stays as it was",
)
MADE_IS_KEPT = GUARDS.Rule(
    "address_change_stays",
    "address_change",
    "DELETE",
    "OLD.made_at IS NOT NULL",
    "what was changed stays on record",
)


def upgrade() -> None:
    """To this step. Everybody signs in again: which sessions are staff's, and since when idle, is not known."""
    op.execute("DELETE FROM session")
    op.execute("DELETE FROM token WHERE purpose = 'sign_in'")
    asked = "SELECT id FROM event WHERE name = 'person.sign_in_requested'"
    op.execute(f"DELETE FROM unrelayed WHERE event_id IN ({asked})")  # noqa: S608 - our own words
    families = sa.Enum(*BROWSERS, name="browser", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", families, nullable=False))
        batch_op.add_column(sa.Column("is_handheld", sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column("idle_until", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_idle_until"), ["idle_until"], unique=False)
    _requests()
    _changes()
    _nobodys_letters(may_be=True)
    for rule in (NOBODYS_STAYS, MADE_STAYS, MADE_IS_KEPT):
        _guard(rule)


def _requests() -> None:
    op.drop_table("sign_in_request")
    op.create_table(
        "sign_in_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("mailbox", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("next_path", sa.String(length=200), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_request")),
    )
    op.create_index(op.f("ix_sign_in_request_browser_hash"), "sign_in_request", ["browser_hash"])
    op.create_index(op.f("ix_sign_in_request_requested_at"), "sign_in_request", ["requested_at"])


def _changes() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("old_email", sa.String(length=254), nullable=False),
        sa.Column("old_mailbox", sa.String(length=254), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=False),
        sa.Column("new_mailbox", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "by_id = person_id OR TRIM(reason) <> ''", name=op.f("ck_address_change_for_another_with_reason")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_change_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_address_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
    )
    for column in ("person_id", "old_mailbox", "asked_at"):
        op.create_index(op.f(f"ix_address_change_{column}"), "address_change", [column])


def _nobodys_letters(*, may_be: bool) -> None:
    """Whether a letter may be for an address that is no person's. SQLite makes the table anew, with its rules."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=may_be)
    if is_sqlite:
        for rule in GUARDS.RULES:
            if rule.table == "message":
                _guard(rule)


def _guard(rule: tuple[str, ...]) -> None:
    written = {**rule._asdict(), "row": "OLD" if rule.on == "DELETE" else "NEW"}  # type: ignore[attr-defined]  # a Rule
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in [GUARDS.SQLITE] if is_sqlite else [GUARDS.POSTGRESQL, GUARDS.POSTGRESQL_TRIGGER]:
        op.get_bind().exec_driver_sql(statement.format(**written))


def downgrade() -> None:
    """Back from this step; letters to nobody and requests go."""
    for rule in (MADE_IS_KEPT, MADE_STAYS, NOBODYS_STAYS):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {rule.name}")
        else:
            op.execute(f"DROP FUNCTION {rule.name} CASCADE")
    op.execute("DELETE FROM message WHERE person_id IS NULL")
    _nobodys_letters(may_be=False)
    op.drop_table("address_change")
    op.drop_table("sign_in_request")
    op.create_table(
        "sign_in_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("next_path", sa.String(length=200), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_request")),
    )
    op.create_index(op.f("ix_sign_in_request_person_id"), "sign_in_request", ["person_id"])
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_idle_until"))
        batch_op.drop_index(batch_op.f("ix_session_expires_at"))
        batch_op.drop_constraint("ck_session_browser", type_="check")
        batch_op.drop_column("idle_until")
        batch_op.drop_column("is_handheld")
        batch_op.drop_column("browser")
