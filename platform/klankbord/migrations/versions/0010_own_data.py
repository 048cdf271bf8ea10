"""What is kept about people, for how long, and what they asked to have removed.

Rows that are written once can from now on lose words: those of somebody who had their account erased. Nothing else of
them changes, and nobody else's.
"""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
old_changes = import_module("klankbord.migrations.versions.0004_sign_in_and_sessions")
Rule = guards.Rule


def gone(person: str) -> str:
    """Whether the person of this id had their account erased."""
    return f"EXISTS (SELECT 1 FROM person WHERE person.id = {person} AND person.erased_at IS NOT NULL)"  # noqa: S608 - ours


def other(*columns: str) -> str:
    """Whether one of these columns changes; NULL is a value."""
    return " OR ".join(
        f"COALESCE(CAST(NEW.{one} AS TEXT), '') <> COALESCE(CAST(OLD.{one} AS TEXT), '')" for one in columns
    )


def only_emptied(name: str, table: str, rest: tuple[str, ...], words: tuple[str, ...], person: str) -> Any:
    """Rows are written once, but that the words of an erased person go."""
    left = " OR ".join(f"NEW.{one} <> ''" for one in words)
    broken = f"{other(*rest)} OR {left} OR NOT ({gone(person)})"
    return Rule(name, table, "UPDATE", broken, f"{table} is written once, and emptied when its person leaves")


def only_shorter(name: str, table: str, rest: tuple[str, ...], told: str) -> Any:
    """Rows are written once, but that words of an erased person are taken out of what they tell."""
    longer = f"LENGTH(CAST(NEW.{told} AS TEXT)) >= LENGTH(CAST(OLD.{told} AS TEXT))"
    return Rule(name, table, "UPDATE", f"{other('id', *rest)} OR {longer}", f"{table} only loses words")


AUTHOR_OF = "(SELECT author_id FROM idea WHERE idea.id = {0})"
BLOCKED = "(SELECT person_id FROM block WHERE block.id = {0})"
RULES = [
    Rule(
        "idea_text_is_its_authors",
        "idea",
        f"UPDATE OF {', '.join(guards.TEXT)}",
        f"({guards.NEW_TEXT}) AND NOT ((OLD.state IN ('draft', 'submitted', 'received', 'returned')"
        f" AND NEW.state IN ('draft', 'submitted', 'received'))"
        f" OR ((NEW.state = 'withdrawn' OR {gone('NEW.author_id')}) AND NOT ({guards.SOME_TEXT})))",
        "the text changes only when its author corrects, revises, withdraws or erases it",
    ),
    Rule(
        "idea_version_is_only_emptied",
        "idea_version",
        f"UPDATE OF {', '.join(guards.TEXT)}",
        f"({guards.NEW_TEXT}) AND ({guards.SOME_TEXT}"
        f" OR NOT (EXISTS ({guards.WITHDRAWN}) OR {gone(AUTHOR_OF.format('NEW.idea_id'))}))",
        "a version is emptied with its idea, and never changed",
    ),
    only_emptied(
        "moderation_decision_never_changes",
        "moderation_decision",
        ("id", "idea_id", "version_sha256", "outcome", "ground_id", "report_id", "decided_by_id", "decided_at"),
        ("explanation",),
        AUTHOR_OF.format("NEW.idea_id"),
    ),
    only_emptied(
        "block_never_changes",
        "block",
        (
            *("id", "person_id", "number", "consultation_id", "idea_id", "report_id", "ground"),
            *("blocked_at", "blocked_by_id", "until"),
        ),
        ("explanation",),
        "NEW.person_id",
    ),
    only_emptied(
        "block_end_never_changes",
        "block_end",
        ("block_id", "how", "ended_at", "ended_by_id"),
        ("reason",),
        BLOCKED.format("NEW.block_id"),
    ),
    Rule(
        "block_appeal_keeps_what_it_is",
        "block_appeal",
        "UPDATE OF id, block_id, reason, lodged_at, due_at",
        f"{other('id', 'block_id', 'lodged_at', 'due_at')} OR (NEW.reason <> OLD.reason"
        f" AND (NEW.reason <> '' OR NOT ({gone(BLOCKED.format('NEW.block_id'))})))",
        "block_appeal keeps these, and is emptied when its person leaves",
    ),
    Rule(
        "address_change_keeps_what_it_is",
        "address_change",
        old_changes.MADE_STAYS.on,
        "NEW.person_id <> OLD.person_id OR NEW.by_id <> OLD.by_id"
        f" OR (NEW.reason <> OLD.reason AND (NEW.reason <> '-' OR NOT ({gone('NEW.person_id')})))"
        " OR (OLD.made_at IS NOT NULL AND (NEW.made_at IS NULL OR NEW.made_at <> OLD.made_at))",
        old_changes.MADE_STAYS.sentence,
    ),
    only_shorter("digest_never_changes", "digest", ("person_id", "period", "made_at"), "news"),
    Rule("digest_stays", "digest", "DELETE", f"NOT ({gone('OLD.person_id')})", "a digest goes when its person leaves"),
    only_shorter("briefing_never_changes", "briefing", ("meeting_id", "made_at"), "facts"),
]
"""Those of before, each with the way out for who had their account erased."""

NEW_RULES = [
    *guards.both(
        "person_erased_is_nobody",
        "person",
        "email, mailbox, name, confirmed_at, erased_at",
        "NEW.erased_at IS NOT NULL AND (NEW.email <> '' OR NEW.name <> '' OR NEW.mailbox LIKE '%@%'"
        " OR NEW.confirmed_at IS NOT NULL)",
        "who had their account erased is nobody",
    ),
    *guards.both(
        "idea_is_erased_with_its_author",
        "idea",
        "erased_at, title, body, service, stuck, shown_name, place",
        f"NEW.erased_at IS NOT NULL AND (NOT ({gone('NEW.author_id')}) OR {guards.SOME_TEXT}"
        " OR NEW.shown_name <> '' OR NEW.place <> '')",
        "an idea is erased with its author, every word of it",
    ),
]

PARTLY = (
    ("ix_person_warned_at", "warned_at", "warned_at IS NOT NULL"),
    ("ix_person_unconfirmed", "created_at", "confirmed_at IS NULL AND erased_at IS NULL"),
)


def upgrade() -> None:
    """To this step. Everybody was last here when their address was confirmed, or else when we first heard of it."""
    for column in ("seen_at", "warned_at", "erased_at"):
        op.add_column("person", sa.Column(column, UtcDateTime(), nullable=True))
    op.execute("UPDATE person SET seen_at = COALESCE(confirmed_at, created_at)")
    op.create_index("ix_person_seen_at", "person", ["seen_at"])
    for name, column, where in PARTLY:
        which = sa.text(where)
        op.create_index(name, "person", [column], sqlite_where=which, postgresql_where=which)
    op.create_index("ix_token_expires_at", "token", ["expires_at"])
    op.create_index("ix_endorsement_request_asked_at", "endorsement_request", ["asked_at"])
    op.add_column("idea", sa.Column("erased_at", UtcDateTime(), nullable=True))
    _drop(RULES)
    blocks.make({}, RULES + NEW_RULES)


def downgrade() -> None:
    """Back from this step."""
    _drop(RULES + NEW_RULES)
    before = [*guards.RULES, *blocks.RULES, old_changes.MADE_STAYS]
    names = {rule.name for rule in RULES}
    blocks.make({}, [rule for rule in before if rule.name in names])
    op.drop_column("idea", "erased_at")
    op.drop_index("ix_endorsement_request_asked_at", "endorsement_request")
    op.drop_index("ix_token_expires_at", "token")
    for name in ("ix_person_seen_at", *(one[0] for one in PARTLY)):
        op.drop_index(name, "person")
    for column in ("erased_at", "warned_at", "seen_at"):
        op.drop_column("person", column)


def _drop(rules: list[Any]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for rule in rules:
        op.execute(f"DROP TRIGGER {rule.name}" if is_sqlite else f"DROP FUNCTION {rule.name}() CASCADE")
