"""Rules that the database itself keeps: machines take their own steps, what is written once stays as it was.

Each rule is a trigger of the same name on both engines, which refuses the statement that breaks it. They stand here
as they are, apart from the tables in the code: `tests/house/test_guards.py` holds the two together.
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VERSIONED = ("panel", "agenda_item", "report", "appeal")

WITH_PANEL = [
    *("merged", "next_meeting", "on_agenda", "discussed", "in_recommendation"),
    *("taken_along", "not_taken", "postponed", "answered"),
]
STEPS = {
    "panel.state": {
        "draft": "agreed ended_early",
        "agreed": "active suspended ended_early",
        "active": "reporting suspended ended_early",
        "reporting": "answered suspended ended_early",
        "answered": "evaluated",
        "evaluated": "archived",
        "suspended": "agreed active reporting ended_early",
        "ended_early": "archived",
    },
    "consultation.state": {
        "draft": "announced cancelled",
        "announced": "suspended cancelled processed",
        "suspended": "announced cancelled",
        "processed": "reported",
        "reported": "answered",
        "answered": "archived",
        "cancelled": "archived",
    },
    "idea.state": {
        "draft": "submitted received",
        "submitted": "received",
        "received": "in_review published returned held rejected withdrawn",
        "in_review": "received published returned held rejected withdrawn",
        "returned": "received rejected withdrawn",
        "held": "published returned rejected withdrawn",
        "published": "removed withdrawn",
        "rejected": "published",
        "removed": "published",
    },
    "idea.route": {
        "unrouted": " ".join(["in_theme", *WITH_PANEL]),
        "in_theme": " ".join(["unrouted", *WITH_PANEL]),
        **{route: " ".join(other for other in WITH_PANEL if other != route) for route in WITH_PANEL[:-1]},
    },
    "meeting.state": {
        "planned": "convened postponed cancelled",
        "convened": "agenda_open postponed cancelled",
        "agenda_open": "agenda_frozen postponed cancelled",
        "agenda_frozen": "agenda_open agenda_published postponed cancelled",
        "agenda_published": "in_session held postponed cancelled",
        "in_session": "held",
        "held": "minutes_drafted",
        "minutes_drafted": "minutes_adopted",
        "minutes_adopted": "minutes_published",
        "postponed": "planned convened cancelled",
    },
    "agenda_item.state": {
        "proposed": "admitted declined withdrawn",
        "admitted": "scheduled withdrawn",
        "scheduled": "admitted in_discussion discussed kept postponed withdrawn",
        "in_discussion": "discussed kept postponed",
    },
    "recommendation.state": {
        "draft": "wording_fixed",
        "wording_fixed": "draft voted",
        "voted": "adopted not_adopted",
        "adopted": "submitted",
    },
    "response.state": {
        "awaited": "accepted partly rejected deferred",
        "accepted": "done abandoned",
        "partly": "done abandoned",
        "rejected": "evaluated",
        "deferred": "accepted partly rejected",
        "done": "evaluated",
        "abandoned": "evaluated",
    },
    "report.state": {"received": "dismissed upheld"},
    "appeal.state": {"received": "upheld reinstated"},
    "theme.state": {"current": "merged dissolved"},
    "message.state": {
        "queued": "sending",
        "deferred": "sending",
        "sending": "sent deferred bounced suppressed",
    },
    "occurrence.state": {"due": "claimed", "claimed": "done"},
}


class Rule(NamedTuple):
    """No statement of this kind on this table may make `broken` true of a row."""

    name: str
    table: str
    on: str
    broken: str
    sentence: str


def steps_of(machine: str) -> Rule:
    """The state goes only where `state_step` lets it go."""
    table, _, column = machine.partition(".")
    known = f"SELECT 1 FROM state_step WHERE machine = '{machine}'"  # noqa: S608 - our own words
    return Rule(
        f"{table}_{column}_takes_its_steps",
        table,
        f"UPDATE OF {column}",
        f"NEW.{column} <> OLD.{column}"
        f" AND NOT EXISTS ({known} AND present = OLD.{column} AND following = NEW.{column})",
        f"{machine} has no such step",
    )


def both(name: str, table: str, columns: str, broken: str, sentence: str) -> list[Rule]:
    """The same for a new row and for a change of these columns."""
    return [
        Rule(f"{name}_when_new", table, "INSERT", broken, sentence),
        Rule(name, table, f"UPDATE OF {columns}", broken, sentence),
    ]


def fixed(table: str, *columns: str) -> Rule:
    """These columns (none may hold NULL) stay as they were."""
    broken = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)
    return Rule(f"{table}_keeps_what_it_is", table, f"UPDATE OF {', '.join(columns)}", broken, f"{table} keeps these")


def stays(table: str) -> Rule:
    """Rows are not thrown away."""
    return Rule(f"{table}_stays", table, "DELETE", "1 = 1", f"{table} is kept")


def never_changes(table: str) -> list[Rule]:
    """Rows are written once."""
    return [Rule(f"{table}_never_changes", table, "UPDATE", "1 = 1", f"{table} is written once"), stays(table)]


TEXT = ("title", "body", "service", "stuck")
NEW_TEXT = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in TEXT)
SOME_TEXT = " OR ".join(f"NEW.{column} <> ''" for column in TEXT)
TEXT_OF_IDEA = (
    "SELECT kept.sha256 FROM idea JOIN idea_version AS kept ON kept.idea_id = idea.id WHERE idea.id = {0}"
    " AND kept.number = (SELECT MAX(number) FROM idea_version WHERE idea_id = {0})"
    " AND kept.title = idea.title AND kept.body = idea.body AND kept.service = idea.service AND kept.stuck = idea.stuck"
)
WITHDRAWN = "SELECT 1 FROM idea WHERE id = NEW.idea_id AND state = 'withdrawn'"
LAST_DECISION = "SELECT outcome FROM moderation_decision WHERE idea_id = NEW.id ORDER BY id DESC LIMIT 1"
RESTRICTS = "CASE NEW.state WHEN 'returned' THEN 'return' WHEN 'held' THEN 'hold' WHEN 'rejected' THEN 'reject' \
WHEN 'removed' THEN 'remove' END"

RULES = [
    *(steps_of(machine) for machine in STEPS),
    # facts
    *never_changes("event"),
    Rule(
        "event_continues_its_chain",
        "event",
        "INSERT",
        "EXISTS (SELECT 1 FROM event WHERE id = NEW.id) OR LENGTH(NEW.hash) <> 64"
        " OR NEW.seq <> COALESCE((SELECT MAX(seq) FROM event WHERE subject = NEW.subject), 0) + 1 OR NEW.previous_hash"
        " <> COALESCE((SELECT hash FROM event WHERE subject = NEW.subject ORDER BY seq DESC LIMIT 1), '')",
        "a fact comes after the last one about its subject",
    ),
    # what people wrote
    fixed("idea", "id", "consultation_id", "author_id", "number", "received_at", "is_late"),
    Rule(
        "idea_stays",
        "idea",
        "DELETE",
        "OLD.state NOT IN ('draft', 'submitted')",
        "only what nobody confirmed is thrown away",
    ),
    Rule(
        "idea_text_is_its_authors",
        "idea",
        f"UPDATE OF {', '.join(TEXT)}",
        f"({NEW_TEXT}) AND NOT ((OLD.state IN ('draft', 'submitted', 'received', 'returned')"
        f" AND NEW.state IN ('draft', 'submitted', 'received')) OR (NEW.state = 'withdrawn' AND NOT ({SOME_TEXT})))",
        "the text changes only when its author corrects, revises or withdraws it",
    ),
    Rule(
        "idea_is_published_as_it_was_kept",
        "idea",
        "UPDATE OF state",
        f"NEW.state = 'published' AND OLD.state <> 'published' AND NOT EXISTS ({TEXT_OF_IDEA.format('NEW.id')})",
        "what is published is the last version",
    ),
    fixed("idea_version", "id", "idea_id", "number", "sha256", "written_at"),
    Rule(
        "idea_version_is_only_emptied",
        "idea_version",
        f"UPDATE OF {', '.join(TEXT)}",
        f"({NEW_TEXT}) AND ({SOME_TEXT} OR NOT EXISTS ({WITHDRAWN}))",
        "a version is emptied with its idea, and never changed",
    ),
    Rule(
        "idea_version_stays",
        "idea_version",
        "DELETE",
        "EXISTS (SELECT 1 FROM idea WHERE id = OLD.idea_id AND state NOT IN ('draft', 'submitted'))",
        "only what nobody confirmed is thrown away",
    ),
    Rule("endorsement_never_changes", "endorsement", "UPDATE", "1 = 1", "support is given or taken back"),
    *both("idea_support_is_a_number", "idea", "endorsement_count", "NEW.endorsement_count < 0", "support is counted"),
    # moderation
    *both(
        "idea_restriction_has_its_decision",
        "idea",
        "state",
        f"NEW.state IN ('returned', 'held', 'rejected', 'removed') AND COALESCE(({LAST_DECISION}), '') <> {RESTRICTS}",
        "a restriction needs a decision",
    ),
    *never_changes("moderation_decision"),
    Rule(
        "moderation_decision_says_why",
        "moderation_decision",
        "INSERT",
        "(NEW.outcome <> 'publish' AND TRIM(NEW.explanation) = '')"
        f" OR COALESCE(({TEXT_OF_IDEA.format('NEW.idea_id')}), '') <> NEW.version_sha256",
        "a decision is about the text as it stands, and a restriction says why",
    ),
    *both(
        "report_is_answered",
        "report",
        "state, answer, decided_at, decided_by_id",
        "NEW.state <> 'received' AND (TRIM(NEW.answer) = '' OR NEW.decided_at IS NULL OR NEW.decided_by_id IS NULL)",
        "a report is decided by somebody, in writing",
    ),
    *both(
        "appeal_is_answered",
        "appeal",
        "state, answer, decided_at, decided_by_id",
        "NEW.state <> 'received'"
        " AND (TRIM(NEW.answer) = '' OR NEW.decided_at IS NULL OR NEW.decided_by_id IS NULL OR NEW.decided_by_id ="
        " (SELECT decided_by_id FROM moderation_decision WHERE id = NEW.decision_id))",
        "an appeal is decided by another moderator, in writing",
    ),
    # consultations
    *both(
        "consultation_closes_before_the_deadline",
        "consultation",
        "closes_at, agenda_deadline_at",
        "NEW.closes_at > NEW.agenda_deadline_at",
        "a consultation closes before the agenda of its meeting is settled",
    ),
    Rule(
        "consultation_closes_later_only",
        "consultation",
        "UPDATE OF opens_at, closes_at",
        "OLD.state <> 'draft' AND (NEW.opens_at <> OLD.opens_at OR NEW.closes_at < OLD.closes_at)",
        "what was announced can only close later",
    ),
    *both(
        "consultation_says_why",
        "consultation",
        "state, state_reason",
        "NEW.state IN ('suspended', 'cancelled') AND TRIM(NEW.state_reason) = ''",
        "everybody may read why",
    ),
    *never_changes("extension"),
    # panels
    *never_changes("agreement"),
    *both(
        "meeting_says_why",
        "meeting",
        "state, reason",
        "NEW.state IN ('postponed', 'cancelled') AND TRIM(NEW.reason) = ''",
        "everybody may read why",
    ),
    *both(
        "agenda_item_says_why",
        "agenda_item",
        "state, reason",
        "NEW.state IN ('declined', 'kept', 'postponed', 'withdrawn') AND TRIM(NEW.reason) = ''",
        "everybody may read why",
    ),
    *both(
        "agenda_item_has_its_place",
        "agenda_item",
        "state, position",
        "(NEW.position IS NULL) <> (NEW.state IN ('proposed', 'admitted', 'declined', 'withdrawn'))",
        "what is on the agenda has a place, and nothing else has",
    ),
    *both(
        "agenda_idea_says_why",
        "agenda_idea",
        "own_route, own_reason",
        "NEW.own_route IS NOT NULL AND TRIM(NEW.own_reason) = ''",
        "its author may read why",
    ),
    stays("agenda_idea"),
    Rule(
        "idea_is_told_why_not",
        "idea",
        "UPDATE OF route",
        "NEW.route = 'not_taken' AND NOT EXISTS (SELECT 1 FROM agenda_idea"
        " JOIN agenda_item ON agenda_item.id = agenda_idea.agenda_item_id WHERE agenda_idea.idea_id = NEW.id"
        " AND (agenda_idea.own_route = 'not_taken' OR agenda_item.state = 'declined'))",
        "an idea is not taken for a reason",
    ),
    Rule(
        "recommendation_keeps_its_words",
        "recommendation",
        "UPDATE OF title, text",
        "NEW.state <> 'draft' AND (NEW.title <> OLD.title OR NEW.text <> OLD.text)",
        "the members vote on these words",
    ),
    *never_changes("progress_report"),
    *never_changes("briefing"),
    *never_changes("theme_decision"),
    # letters and planned runs
    *never_changes("digest"),
    fixed("message", "id", "dedup_key", "person_id", "template"),
    Rule(
        "message_keeps_its_message_id",
        "message",
        "UPDATE OF message_id",
        "NEW.message_id <> OLD.message_id AND OLD.message_id LIKE '%@%'",
        "a letter keeps its Message-ID",
    ),
    Rule("message_fence_grows", "message", "UPDATE OF fence", "NEW.fence < OLD.fence", "a fence only grows"),
    fixed("occurrence", "id", "kind", "subject", "local_slot"),
    Rule("occurrence_fence_grows", "occurrence", "UPDATE OF fence", "NEW.fence < OLD.fence", "a fence only grows"),
]

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
NOT_EMPTIED = """
CREATE FUNCTION event_is_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'event_is_not_truncated: what is written stays' USING ERRCODE = 'check_violation';
END
$$
"""
NOT_EMPTIED_TRIGGER = """
CREATE TRIGGER event_is_not_truncated BEFORE TRUNCATE ON event EXECUTE FUNCTION event_is_not_truncated()
"""
POSTGRESQL_TRIGGER = "CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def upgrade() -> None:
    """To this step."""
    for table in VERSIONED:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("uq_message_digest_id_person_id", "message", ["digest_id", "person_id"], unique=True)
    state_step = op.create_table(
        "state_step",
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("present", sa.String(length=32), nullable=False),
        sa.Column("following", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("machine", "present", "following", name=op.f("pk_state_step")),
    )
    op.bulk_insert(
        state_step,
        [
            {"machine": machine, "present": present, "following": following}
            for machine, moves in STEPS.items()
            for present, after in moves.items()
            for following in after.split()
        ],
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for rule in RULES:
        written = {**rule._asdict(), "row": "OLD" if rule.on == "DELETE" else "NEW"}
        for statement in [SQLITE] if is_sqlite else [POSTGRESQL, POSTGRESQL_TRIGGER]:
            op.get_bind().exec_driver_sql(statement.format(**written))
    if not is_sqlite:  # the only engine that can empty a table past the triggers on its rows
        op.get_bind().exec_driver_sql(NOT_EMPTIED)
        op.get_bind().exec_driver_sql(NOT_EMPTIED_TRIGGER)
