"""A small municipality whose every text can be taken away and put back as something else, row by row."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy import Column, Connection, Table, select

from accounts import roles, sessions
from accounts.states import Role
from consultations.models import Consultation, Extension, Idea
from consultations.states import QuarantineState
from consultations.support_models import Quarantine, QuarantineDecision
from kernel.db import Database, WriteSession
from kernel.html import CleanHtml
from kernel.settings import Settings
from klankbord.tables import METADATA
from moderation.answer_models import AnswerAppeal
from moderation.models import Block, BlockAppeal, BlockEnd, PageReport
from moderation.states import Conduct, Ending
from notify import outbox
from notify.models import Message
from panels.models import Response, Seat
from panels.report_models import ProgressReport
from panels.states import MeetingState, SeatEntry, SeatKind
from tests.builders import a_person, a_point
from tests.fuzz import stock
from tests.hostile import judged, ways
from tests.moments import NOON
from tests.notify.stories import a_story
from tests.notify.test_letters import SCENES, _digest_of
from themes.models import Theme, ThemeDecision
from themes.states import DecisionKind

MACHINE_TABLES = {
    *("access_record", "allowance", "cluster_run", "event", "grant", "idea_vector", "idempotency"),
    *(
        "occurrence",
        "placement",
        "printed_code",
        "quarantine",
        "received_letter",
        "recovery_code",
        "second_factor",
        "session",
        "sign_in_request",
        "spent_ticket",
    ),
    *("state_step", "subscription", "support_trace", "support_watch", "token"),
}
"""Tables in which nothing stands that somebody typed for others to read; addresses are for `is_email` to judge."""
MACHINE_COLUMNS = {
    *(
        "address",
        "code",
        "contact_email",
        "dedup_key",
        "draw_seed",
        "email",
        "entry",
        "external_id",
        "ground",
        "how",
        "imported",
    ),
    *("kind", "language", "last_error", "local_slot", "mailbox", "message_id", "model", "network", "number", "outcome"),
    *("own_route", "period", "policy", "representative_ids", "role", "route", "sha256", "signs", "slug", "state"),
    *(
        "code_hash",
        "new_email",
        "new_mailbox",
        "old_email",
        "old_mailbox",
        "template",
        "verdict",
        "version_sha256",
        "cadence",
        "mark",
        "together",
        "topic",
        "why_in_rest",
        "placed_by",
    ),
}
"""Columns that only our own words, numbers and addresses are in; `imported` is kept and shown to nobody.

The `address` of a report is taken when it is one of ours (`klankbord.shell.is_reportable`), and not otherwise.
"""
IN_JSON = {("digest", "news"), ("briefing", "facts"), ("theme_decision", "detail"), ("kept_draft", "fields")}
TEXT_KEYS = {
    *("title", "about", "name", "from", "to", "question", "presenter", "place", "summary", "text", "titles"),
    *("body", "stuck", "service"),
}
"""Names of fields within JSON that people type in. Not `shown_name`: the form takes more out of a name each time."""
HARMLESS = "rustig"
_MARK = re.compile(r"w([0-9]+)z rustig")


@dataclass
class Town:
    """The letters that wait in it, secrets in addresses, and the cookie of somebody who may do everything."""

    secrets: list[str]
    addresses: list[str] = field(default_factory=list)
    """Pages that are looked at whatever else of their kind is."""
    messages: list[int] = field(default_factory=list)
    session: str = ""
    last: dict[str, int] = field(default_factory=dict)


async def build(database: Database, settings: Settings) -> Town:
    """Something in every state, a letter of every kind on its way."""
    async with database.write() as tx:
        filled = await stock.fill(tx, settings)
        town = Town(secrets=filled.secrets)
        await _letters(tx, town)
        town.addresses = await judged.fill(tx)
        story = await a_story(tx)
        story.meeting.state = MeetingState.AGENDA_PUBLISHED
        await a_point(tx, meeting=story.meeting, question="Wat vindt u?", presenter="Wie dan ook")
        person = await a_person(tx, name="Alles in een")
        for role in (Role.MODERATOR, Role.AUDITOR, Role.OPERATOR):
            await roles.grant(tx, person=person, role=role, panel_id=None, now=NOON)
        for panel_id in (filled.cast.panel_id, story.panel.id):
            for role in (Role.SECRETARY, Role.CHAIR, Role.COMMISSIONER, Role.MEMBER):
                await roles.grant(tx, person=person, role=role, panel_id=panel_id, now=NOON)
        town.session, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
        await _what_nobody_did_yet(tx, person.id)
        await ways.fill(tx, person_id=person.id)
        for table in _numbered():
            town.last[table.name] = await tx.scalar(select(sa.func.max(table.c.id))) or 0
    return town


async def _what_nobody_did_yet(tx: WriteSession, person_id: int) -> None:
    """A row for each text that the stock has none of: seats, extensions, progress, blocks, decisions about themes."""
    await (await tx.connection()).run_sync(_look_away)
    consultation = (await tx.scalars(select(Consultation).where(Consultation.slug == "buurt"))).one()
    theme = (await tx.scalars(select(Theme).where(Theme.consultation_id == consultation.id).limit(1))).one()
    response = (await tx.scalars(select(Response).limit(1))).one()
    since, until = NOON - timedelta(days=3), NOON + timedelta(days=30)
    told = {"reason": "Hierom.", "decided_at": since, "decided_by_id": person_id}
    idea = (await tx.scalars(select(Idea).where(Idea.consultation_id == consultation.id).limit(1))).one()
    block = Block(
        person_id=idea.author_id,
        idea_id=idea.id,
        number=1,
        consultation_id=consultation.id,
        ground=next(iter(Conduct)),
        explanation="Hierom.",
        blocked_at=since,
        blocked_by_id=person_id,
        until=until,
    )
    quarantine = Quarantine(
        consultation_id=consultation.id, network="n" * 64, name="A7F3", number=1, signs={}, opened_at=since
    )
    page_report = PageReport(
        address="/panels",
        panel_id=consultation.panel_id,
        reporter_id=person_id,
        reason="Nee.",
        reported_at=since,
    )
    tx.add_all([block, quarantine, page_report])
    await tx.flush()
    tx.add_all(
        [
            Seat(
                panel_id=consultation.panel_id,
                person_id=person_id,
                kind=SeatKind.PARTNER,
                entry=SeatEntry.APPOINTED,
                organisation="Woningbouw",
                from_at=since,
            ),
            Extension(
                consultation_id=consultation.id,
                old_closes_at=since,
                new_closes_at=consultation.closes_at,
                **told,
            ),
            ProgressReport(response_id=response.id, text="Begonnen.", reported_at=since, reported_by_id=person_id),
            ThemeDecision(
                consultation_id=consultation.id,
                theme_id=theme.id,
                kind=DecisionKind.RENAME,
                detail={"from": "Bankjes", "to": "Zitten"},
                **told,
            ),
            AnswerAppeal(
                page_report_id=page_report.id,
                answered_at=since,
                answered_by_id=person_id,
                reason="Toch wel.",
                lodged_at=since,
                due_at=until,
            ),
            BlockAppeal(block_id=block.id, reason="Onterecht.", lodged_at=since, due_at=until),
            BlockEnd(block_id=block.id, how=next(iter(Ending)), reason="Klaar.", ended_at=NOON),
            QuarantineDecision(quarantine_id=quarantine.id, verdict=QuarantineState.RELEASED, **told),
        ]
    )


async def _letters(tx: WriteSession, town: Town) -> None:
    for name in sorted(SCENES):
        story = await a_story(tx)
        person, facts = await SCENES[name](tx, story)
        digest_id = await _digest_of(tx, story, person) if name == "digest" else None
        key = f"hostile:{name}"
        await outbox.enqueue(
            tx,
            dedup_key=key,
            person_id=person.id,
            template=name,
            due_at=NOON,
            facts=facts,
            digest_id=digest_id,
            now=NOON,
        )
        town.messages.append((await tx.scalars(select(Message.id).where(Message.dedup_key == key))).one())


def text_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that hold what somebody typed."""
    if table.name in MACHINE_TABLES:
        return []
    return [column for column in table.columns if _is_text(column) and column.name not in MACHINE_COLUMNS]


def _is_text(column: Column[Any]) -> bool:
    is_told = (column.table.name, column.name) in IN_JSON
    is_words = isinstance(column.type, sa.String | CleanHtml) and not isinstance(column.type, sa.Enum)
    return is_told or (is_words and not column.foreign_keys)


def unknown_columns() -> list[str]:
    """Columns of text that nobody said anything about; there are none when every one is tried or named above."""
    known = {f"{table.name}.{column.name}" for table in METADATA.sorted_tables for column in text_columns(table)}
    return sorted(known - TRIED)


TRIED = {
    *("agenda_idea.own_reason", "agenda_item.advice", "agenda_item.follow_up", "agenda_item.presenter"),
    *("agenda_item.question", "agenda_item.reason", "agenda_item.title", "agenda_item.what_was_said"),
    *("agreement.council_role", "agreement.draw_method", "agreement.duration", "agreement.funding"),
    *("agreement.how_treated", "agreement.partner", "agreement.set_up", "agreement.size"),
    *(
        "appeal.answer",
        "appeal.reason",
        "attachment.alternative",
        "attachment.reason",
        "block.explanation",
        "block_appeal.answer",
        "block_appeal.reason",
    ),
    *("block_end.reason", "briefing.facts", "consultation.asked", "consultation.can_change", "consultation.effort"),
    *("consultation.how_used", "consultation.is_fixed", "consultation.question", "consultation.results_when"),
    *("consultation.state_reason", "consultation.summary", "consultation.title", "consultation.who_decides"),
    *("contribution.body", "intake.reach", "kept_draft.fields", "prompt.text", "theme_question.body"),
    *("translation.body", "translation.stuck", "translation.title", "ways_in.offline_help"),
    *("digest.news", "extension.reason", "ground.title", "ground.wording", "idea.body", "idea.place", "idea.service"),
    *("idea.shown_name", "idea.stuck", "idea.title", "idea_version.body", "idea_version.service"),
    *("idea_version.stuck", "idea_version.title", "meeting.minutes_intro", "meeting.minutes_intro_html"),
    *("meeting.place", "meeting.reason", "meeting.title", "moderation_decision.explanation", "panel.aim"),
    *("panel.confidentiality", "panel.contact_name", "panel.meeting_cycle", "panel.name", "panel.reporting"),
    *("panel.tasks", "panel.term", "person.name", "progress_report.text", "address_change.reason"),
    *("quarantine_decision.reason", "recommendation.text", "recommendation.title", "report.answer", "report.reason"),
    *(
        "answer_appeal.answer",
        "answer_appeal.reason",
        "page_report.answer",
        "page_report.name",
        "page_report.reason",
        "report.name",
    ),
    *("idea_merge.reason", "idea_split.reason", "planned_decision.explanation"),
    *("response.owner", "response.reasons", "seat.organisation", "second_factor_reset.reason", "theme.machine_name"),
    *("theme.name", "theme_decision.detail", "theme_decision.reason"),
}
"""Every column that the tests fill; a new one is written down here, or among the machine's own."""

Text = Callable[[int, bool], str]
"""What is written at a place: its number, and whether it is one line."""


def harmless(number: int, _is_line: bool) -> str:
    """A text that nothing can be wrong with, and that tells where it stands."""
    return f"w{number}z {HARMLESS}"


def put_back(shown: str, text: Text, *, is_line: Callable[[int], bool]) -> str:
    """What was shown of harmless texts, with others in their places."""
    return _MARK.sub(lambda found: text(int(found[1]), is_line(int(found[1]))), shown)


async def forget_looks(database: Database, town: Town) -> None:
    """Some looks are written down, and some pages count what is written down: away with what came after."""
    async with database.write() as tx:
        await (await tx.connection()).run_sync(_look_away)
        seen = METADATA.tables["access_idea"]
        await tx.execute(seen.delete().where(seen.c.record_id > town.last["access_record"]))
        for table in _numbered():
            await tx.execute(table.delete().where(table.c.id > town.last[table.name]))


def _numbered() -> list[Table]:
    return [METADATA.tables[name] for name in ("access_record", "event")]


async def rewrite(database: Database, text: Text) -> dict[int, str]:
    """Fill every text of every row. The places are numbered in a fixed order; gives the column of each."""
    places: dict[int, str] = {}
    async with database.write() as tx:
        connection = await tx.connection()
        await connection.run_sync(_rewrite, text, places)
    return places


def _rewrite(connection: Connection, text: Text, places: dict[int, str]) -> None:
    _look_away(connection)
    numbers = iter(range(1, 1_000_000))
    for table in METADATA.sorted_tables:
        columns, keys = text_columns(table), list(table.primary_key.columns)
        if not columns:
            continue
        rows = connection.execute(select(table).order_by(*keys)).mappings().all()
        many = [
            {column.name: _new(column, row[column.name], text, numbers, places) for column in columns}
            | {f"key_{key.name}": row[key.name] for key in keys}
            for row in rows
        ]
        which = sa.and_(*(key == sa.bindparam(f"key_{key.name}") for key in keys))
        if many:
            connection.execute(
                table.update().where(which).values({column: sa.bindparam(column.name) for column in columns}), many
            )


def _new(column: Column[Any], old: Any, text: Text, numbers: Iterator[int], places: dict[int, str]) -> Any:
    if old is None:
        return None
    if isinstance(old, dict | list):
        return _told(old, column, text, numbers, places)
    number = next(numbers)
    places[number] = f"{column.table.name}.{column.name}"
    written = text(number, is_line(places[number]))
    length = getattr(column.type, "length", None)
    if length and column.table.metadata.info.get("cuts"):
        written = written[:length]
    return Markup("<p>{}</p>").format(written) if isinstance(column.type, CleanHtml) else written


def _told(
    value: Any, column: Column[Any], text: Text, numbers: Iterator[int], places: dict[int, str], key: str = ""
) -> Any:
    if isinstance(value, dict):
        return {name: _told(one, column, text, numbers, places, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_told(one, column, text, numbers, places, key) for one in value]
    if isinstance(value, str) and key in TEXT_KEYS:
        number = next(numbers)
        places[number] = f"{column.table.name}.{column.name}"
        return text(number, True)
    return value


LINES = re.compile(
    r"\.(title|name|machine_name|place|presenter|partner|contact_name|owner|organisation|service|shown_name|alternative|reach|news|facts|detail|fields)$"
)


def is_line(place: str) -> bool:
    """Whether a column takes one line."""
    return LINES.search(place) is not None


def _look_away(connection: Connection) -> None:
    """The database would not let anybody rewrite what was written; here it is told to."""
    if connection.dialect.name == "sqlite":
        triggers = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in triggers:
            connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
    else:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
