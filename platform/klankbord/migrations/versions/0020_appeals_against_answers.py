"""Appeals of who reported something, and of who sent a picture or document that is not shown."""

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.db import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

guards = import_module("klankbord.migrations.versions.0002_guards")
blocks = import_module("klankbord.migrations.versions.0007_blocks")
own_data = import_module("klankbord.migrations.versions.0010_own_data")
Rule = guards.Rule

STEPS = {"answer_appeal.state": {"received": "upheld reinstated"}}
WHOSE = (
    "COALESCE((SELECT reporter_id FROM report WHERE report.id = NEW.report_id),"
    " (SELECT reporter_id FROM page_report WHERE page_report.id = NEW.page_report_id),"
    " (SELECT author_id FROM idea WHERE idea.id = NEW.idea_id))"
)
ABOUT_WHOM = "(SELECT author_id FROM idea WHERE idea.id = NEW.idea_id)"
KEPT = ("id", "report_id", "page_report_id", "file_id", "idea_id", "answered_at", "answered_by_id")
RULES: list[Any] = [
    guards.steps_of("answer_appeal.state"),
    *guards.both(
        "answer_appeal_is_answered",
        "answer_appeal",
        "state, answer, decided_at, decided_by_id",
        "NEW.state <> 'received' AND (TRIM(NEW.answer) = '' OR NEW.decided_at IS NULL OR NEW.decided_by_id IS NULL"
        " OR NEW.decided_by_id = NEW.answered_by_id)",
        "an appeal is decided by another moderator, in writing",
    ),
    Rule(
        "answer_appeal_keeps_what_it_is",
        "answer_appeal",
        "UPDATE",
        f"{own_data.other(*KEPT, 'lodged_at', 'due_at')} OR (NEW.reason <> OLD.reason AND (NEW.reason <> ''"
        f" OR NOT ({own_data.gone(WHOSE)} OR {own_data.gone(ABOUT_WHOM)})))",
        "answer_appeal keeps these, and is emptied when its person leaves",
    ),
    Rule(
        "answer_appeal_stays",
        "answer_appeal",
        "DELETE",
        "OLD.file_id IS NULL",
        "an appeal is kept; one about a file goes with the file",
    ),
]


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "answer_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("page_report_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *("received", "upheld", "reinstated"),
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("lodged_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN report_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN page_report_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN file_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_answer_appeal_about_one_answer"),
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_answer_appeal_report_id")),
        sa.ForeignKeyConstraint(["page_report_id"], ["page_report.id"], name=op.f("fk_answer_appeal_page_report_id")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["attachment.id"], name=op.f("fk_answer_appeal_file_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_answer_appeal_idea_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_answer_appeal_answered_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_answer_appeal_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_appeal")),
        sa.UniqueConstraint("report_id", name=op.f("uq_answer_appeal_report_id")),
        sa.UniqueConstraint("page_report_id", name=op.f("uq_answer_appeal_page_report_id")),
        sa.UniqueConstraint("file_id", "answered_at", name=op.f("uq_answer_appeal_file_id_answered_at")),
    )
    op.create_index(op.f("ix_answer_appeal_idea_id"), "answer_appeal", ["idea_id"])
    blocks.make(STEPS, RULES)


def downgrade() -> None:
    """Back from this step."""
    op.drop_table("answer_appeal")
