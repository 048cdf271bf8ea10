"""The database itself keeps the rules that everything rests on: what it holds is read from it, and tried.

`INVARIANTS` are those of docs/reliability.md, "Rules the database keeps".
"""

import importlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Enum, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.exc import StaleDataError

from accounts.events import PersonConfirmed
from consultations import endorsements, ideas, leaving, lifecycle, quarantine
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.states import IdeaState, QuarantineState
from consultations.support_models import Quarantine, QuarantineDecision
from consultations.writing_models import KeptDraft, Translation
from kernel.db import Base, Database, WriteSession
from kernel.events import EventRecord, record
from kernel.moves import StateStep
from klankbord.tables import MACHINES, METADATA
from moderation import answer_appeals, answer_queries, appeals, block_appeals, block_queries, blocks, decisions, reports
from moderation.answer_models import AnswerAppeal
from moderation.models import Appeal, Block, BlockAppeal, BlockEnd, Decision, Report
from moderation.states import AppealState, Conduct, Outcome, ReportState
from notify import occurrences, outbox
from notify.models import Message, Occurrence
from panels.models import AgendaIdea, AgendaItem, Meeting, Recommendation
from tests.builders import (
    a_meeting,
    a_moderated_consultation,
    a_moderator,
    a_panel,
    a_person,
    a_point,
    a_recommendation,
    an_agreement,
    an_idea,
)
from tests.house.tree import table_rows
from tests.moments import NOON

STEPS_WITH_RULES = (
    "0002_guards",
    "0005_second_factor",
    "0007_blocks",
    "0008_quarantine",
    "0010_own_data",
    "0011_writing",
    "0012_conversations",
    "0013_rounds",
    "0014_places_and_files",
    "0015_comments",
    "0018_reports_of_anything",
    "0019_merged_ideas",
    "0020_appeals_against_answers",
    "0016_signals",
)
RULES = [
    rule
    for step in STEPS_WITH_RULES
    for rule in getattr(importlib.import_module(f"klankbord.migrations.versions.{step}"), "RULES", [])
]

INVARIANTS: dict[str, set[str]] = {
    "I1 a key is used once": {"uq_idempotency_scope_key"},
    "I2 support is given once a person": {
        "uq_endorsement_idea_id_person_id",
        "endorsement_never_changes",
        "set_apart_never_changes",
        "uq_quarantine_consultation_id_network_number",
        "quarantine_has_its_decision",
        "quarantine_decision_says_why",
        "quarantine_decision_never_changes",
        "quarantine_decision_stays",
        "quarantine_keeps_what_it_is",
        "quarantine_stays",
    },
    "I3 planned once, told once": {
        "uq_occurrence_kind_subject_local_slot",
        "occurrence_keeps_what_it_is",
        "uq_digest_person_id_period",
        "uq_message_digest_id_person_id",
        "uq_message_dedup_key",
        "uq_message_message_id",
        "message_keeps_what_it_is",
        "message_keeps_its_message_id",
        "message_fence_grows",
        "occurrence_fence_grows",
    },
    "I4 one place on an agenda": {
        "uq_agenda_item_meeting_id_position",
        "agenda_item_has_its_place",
        "agenda_item_has_its_place_when_new",
    },
    "I5 machines take their own steps": {
        *(f"{machine.replace('.', '_')}_takes_its_steps" for machine in MACHINES),
        *("ck_idea_ideastate", "ck_idea_idearoute", "ck_meeting_meetingstate", "ck_agenda_item_itemstate"),
        *("ck_consultation_consultationstate", "ck_recommendation_recommendationstate", "ck_panel_panelstate"),
        *("ck_response_responsestate", "ck_report_reportstate", "ck_appeal_appealstate", "ck_theme_themestate"),
        *(
            "ck_page_report_reportstate",
            "ck_message_messagestate",
            "ck_occurrence_occurrencestate",
            "ck_block_appeal_appealstate",
            "ck_answer_appeal_appealstate",
        ),
        "ck_quarantine_quarantinestate",
    },
    "I6 what is kept from people has its decision and its reason": {
        "idea_restriction_has_its_decision",
        "idea_restriction_has_its_decision_when_new",
        "ck_moderation_decision_restriction_has_ground",
        "moderation_decision_says_why",
        "moderation_decision_never_changes",
        "moderation_decision_stays",
        "ck_agenda_item_declined_with_reason",
        "agenda_item_says_why",
        "agenda_idea_says_why",
        "idea_is_told_why_not",
        "ck_response_answered_with_reasons",
        "consultation_says_why",
        "meeting_says_why",
        "report_is_answered",
        "page_report_is_answered",
        "page_report_keeps_what_it_is",
        "page_report_stays",
        "attachment_is_kept_back_for_a_reason",
        "appeal_is_answered",
        "block_says_why",
        "block_is_one_at_a_time",
        "uq_block_person_id_number",
        "block_never_changes",
        "block_stays",
        "block_end_says_why",
        "block_end_never_changes",
        "block_end_stays",
        "uq_block_appeal_block_id",
        "block_appeal_is_answered",
        "block_appeal_keeps_what_it_is",
        "block_appeal_stays",
        "uq_answer_appeal_report_id",
        "uq_answer_appeal_page_report_id",
        "uq_answer_appeal_file_id_answered_at",
        "ck_answer_appeal_about_one_answer",
        "answer_appeal_is_answered",
        "answer_appeal_keeps_what_it_is",
        "answer_appeal_stays",
    },
    "I7 facts are appended": {
        "uq_event_subject_seq",
        "event_continues_its_chain",
        "event_never_changes",
        "event_stays",
    },
    "I8 a period is one, and ends before the agenda is settled": {
        "ck_consultation_opens_before_it_closes",
        "consultation_closes_before_the_deadline",
        "consultation_closes_before_the_deadline_when_new",
        "consultation_closes_later_only",
        "ck_extension_later_only",
        "extension_never_changes",
        "prompt_is_set_in_the_draft",
        "prompt_stays_once_announced",
        "prompt_keeps_its_words",
        "phase_is_set_in_the_draft",
        "phase_stays_once_announced",
        "phase_keeps_what_it_is",
        "phase_closes_later_only",
        "phase_follows_the_one_before_it",
        "phase_follows_the_one_before_it_when_new",
        "consultation_closes_before_its_phases",
    },
    "I9 a fact waits to be told, and is told once": {"fk_unrelayed_event_id", "uq_message_dedup_key"},
    "I10 an idea stays its author's": {
        "idea_keeps_what_it_is",
        "idea_stays",
        "agenda_idea_stays",
        "idea_answers_a_prompt_of_its_own_consultation",
        "idea_stands_under_one_that_stands_alone",
        "idea_stays_where_it_stands",
        "idea_goes_no_way_as_a_comment",
        "idea_goes_no_way_as_a_comment_when_new",
        "endorsement_is_of_no_comment",
        "placement_is_of_no_comment",
        "agenda_idea_is_of_no_comment",
    },
    "I11 a text stays as it was": {
        "idea_text_is_its_authors",
        "idea_is_published_as_it_was_kept",
        "idea_version_keeps_what_it_is",
        "idea_version_is_only_emptied",
        "idea_version_stays_hidden",
        "masking_never_changes",
        "masking_stays",
        "idea_version_stays",
        "idea_is_erased_with_its_author",
        "person_erased_is_nobody",
        "uq_idea_version_idea_id_number",
        "idea_version_was_public_once",
        "uq_translation_idea_id_sha256_language",
        "translation_never_changes",
        "conversation_keeps_what_it_is",
        "conversation_stays",
        "contribution_keeps_what_it_is",
        "contribution_is_only_emptied",
        "contribution_answers_a_question",
        "contribution_stays",
        "uq_contribution_conversation_id_number",
        "theme_question_keeps_what_it_is",
        "theme_question_is_only_emptied",
        "theme_question_stays",
        "uq_received_letter_fingerprint",
    },
}
"""I12 (a fair order of a shortlist) has no table yet."""

SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
POSTGRESQL = """
    SELECT conname, '' FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexname, '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'
"""


async def held(database: Database) -> set[str]:
    """The name of every constraint, index and trigger that the live database has."""
    async with database.read() as db:
        found = (await db.execute(text(SQLITE if database.is_sqlite else POSTGRESQL))).all()
    inside = {name for _, sql in found for name in re.findall(r"CONSTRAINT (\w+)", sql)}
    return {name for name, _ in found} | inside


@pytest.mark.parametrize("invariant", INVARIANTS)
async def test_the_live_database_has_what_keeps_it(database: Database, invariant: str) -> None:
    assert INVARIANTS[invariant] - await held(database) == set()


async def test_the_live_database_has_every_guard_that_a_migration_made(database: Database) -> None:
    """A table that was made anew (batch_alter_table on SQLite) has lost its triggers."""
    assert {rule.name for rule in RULES} - await held(database) == set()


def test_the_document_holds_every_invariant() -> None:
    rows = table_rows("docs/reliability.md", after="## Rules the database keeps")
    assert [row[0] for row in rows] == list(INVARIANTS)


# machines


async def test_the_database_knows_the_steps_that_the_code_knows(database: Database) -> None:
    async with database.read() as db:
        live = {(one.machine, one.present, one.following) for one in await db.scalars(select(StateStep))}

    assert live == {
        (machine, present.value, following.value)
        for machine, moves in MACHINES.items()
        for present, after in moves.items()
        for following in after
    }


def test_every_state_belongs_to_a_machine_that_knows_what_to_do_in_it() -> None:
    columns = {
        f"{table.name}.{column.name}": column.type.enum_class
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum) and column.name in {"state", "route"}
    }

    assert set(MACHINES) == set(columns)
    assert {machine: set(moves) for machine, moves in MACHINES.items()} == {
        machine: set(states or ()) for machine, states in columns.items()
    }


def test_every_machine_notices_a_writer_who_read_something_older() -> None:
    """By the version that every UPDATE asks for, or by the fence of a claim."""
    mappers: dict[str, Mapper[Any]] = {str(mapper.local_table): mapper for mapper in Base.registry.mappers}
    tables = {machine.partition(".")[0] for machine in MACHINES}
    without = {name for name in tables if mappers[name].version_id_col is None and "fence" not in mappers[name].columns}

    assert without == set()


async def test_of_two_who_read_the_same_only_one_writes(database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
    async with database.read() as db:
        seen = await db.get_one(Idea, idea.id)

    async with database.write() as tx:
        await ideas.withdraw(tx, idea=await tx.get_one(Idea, idea.id), actor_id=idea.author_id, now=NOON)
    with pytest.raises(StaleDataError):
        async with database.write() as tx:
            tx.add(seen)
            await ideas.move(tx, idea=seen, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)

    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.WITHDRAWN


# tried one by one


class Scene:
    """Rows that the attempts are made on."""

    idea: Idea
    rejected: Idea
    appeal: Appeal
    decision: Decision
    point: AgendaItem
    advice: Recommendation
    meeting: Meeting
    consultation: Consultation
    report: Report
    block: Block
    block_appeal: BlockAppeal
    answer_appeal: AnswerAppeal
    case: Quarantine


async def a_scene(tx: WriteSession) -> Scene:
    scene, moderator = Scene(), await a_moderator(tx)
    panel = await a_panel(tx)
    await an_agreement(tx, panel=panel)
    scene.meeting = await a_meeting(tx, panel=panel)
    scene.consultation = await a_moderated_consultation(
        tx, panel=panel, meeting=scene.meeting, agenda_deadline_at=NOON + timedelta(days=13)
    )
    scene.idea = await an_idea(tx, consultation=scene.consultation, state=IdeaState.PUBLISHED)
    scene.rejected = await an_idea(tx, consultation=scene.consultation)
    why: dict[str, Any] = {"ground_code": "off_topic", "explanation": "Het gaat over iets anders."}
    scene.decision = await decisions.decide(
        tx, idea=scene.rejected, actor=moderator, outcome=Outcome.REJECT, **why, now=NOON
    )
    scene.appeal = await appeals.lodge(tx, idea=scene.rejected, reason="Nee.", zone=NOON.tzinfo, now=NOON)  # type: ignore[arg-type]  # UTC is a zone too
    scene.report = await reports.receive(tx, idea=scene.idea, reason="Dit is reclame.", now=NOON)
    scene.point = await a_point(tx, meeting=scene.meeting, ideas=[scene.idea])
    scene.advice = await a_recommendation(tx, point=scene.point, panel=panel)
    await lifecycle.extend(
        tx,
        consultation=scene.consultation,
        closes_at=scene.consultation.closes_at + timedelta(hours=1),
        reason="Later.",
        actor_id=scene.idea.author_id,
        now=NOON,
    )
    person = await a_person(tx)
    await endorsements.endorse(tx, idea=scene.idea, person_id=person.id, now=NOON)
    behind = await block_queries.behind_idea(tx, scene.idea.id)
    conduct: dict[str, Any] = {"ground": Conduct.SPAM, "explanation": "Elke dag dezelfde advertentie."}
    scene.block = await blocks.impose(tx, behind=behind, actor=moderator, until=None, **conduct, now=NOON)
    scene.block_appeal = await block_appeals.lodge(tx, block=scene.block, reason="Nee.", zone=ZoneInfo("UTC"), now=NOON)
    dismissed = await reports.receive(tx, idea=scene.idea, reason="Dit is onwaar.", now=NOON)
    await reports.dismiss(tx, report=dismissed, actor=moderator, answer="Dit mag.", now=NOON)
    answer = await answer_queries.of_report(tx, dismissed.id)
    scene.answer_appeal = await answer_appeals.lodge(tx, answer=answer, reason="Nee.", zone=ZoneInfo("UTC"), now=NOON)
    other = await block_queries.behind_idea(tx, scene.rejected.id)
    lifted = await blocks.impose(tx, behind=other, actor=moderator, until=None, **conduct, now=NOON)
    await blocks.lift(tx, block=lifted, actor=moderator, reason="Het was een ander.", now=NOON)
    scene.case = Quarantine(
        consultation_id=scene.consultation.id,
        network="f" * 64,
        name="A7F3",
        number=1,
        state=QuarantineState.COUNTED,
        signs={},
        opened_at=NOON,
    )
    tx.add(scene.case)
    await tx.flush()
    await tx.execute(text("INSERT INTO set_apart SELECT endorsement.id, quarantine.id FROM endorsement, quarantine"))
    why_kept = {"verdict": QuarantineState.KEPT, "reason": "Nagebootst.", "actor_id": person.id, "now": NOON}
    await quarantine.decide(tx, case=scene.case, **why_kept)  # type: ignore[arg-type]  # as it asks
    begun: dict[str, Any] = {"fields": {"body": "Zet"}, "created_at": NOON, "kept_at": NOON}
    tx.add(KeptDraft(consultation=scene.consultation, person=person, **begun))
    text_of: dict[str, Any] = {"sha256": "0" * 64, "language": "en", "title": "", "body": "Put", "stuck": ""}
    tx.add(Translation(idea_id=scene.idea.id, **text_of, made_at=NOON))
    await outbox.enqueue(tx, dedup_key="a:1:1", person_id=person.id, template="digest", due_at=NOON, now=NOON)
    await occurrences.plan(tx, kind="digest", subject="person:1", local_slot="weekly:2026-11-23T08", due_at=NOON)
    await tx.flush()
    return scene


def change(table: type[Base], /, **values: Any) -> Callable[[Scene], Any]:
    """An UPDATE of every row, past the code."""
    return lambda _: update(table).values(**values).execution_options(synchronize_session=False)


def throw_away(table: type[Base]) -> Callable[[Scene], Any]:
    """A DELETE of every row, past the code."""
    return lambda _: delete(table).execution_options(synchronize_session=False)


def sql(statement: str) -> Callable[[Scene], Any]:
    """A statement as somebody might type it."""
    return lambda _: text(statement)


AGAIN = (
    "INSERT INTO block (person_id, number, consultation_id, ground, explanation, blocked_at, blocked_by_id)"
    " SELECT {person}, {number}, consultation_id, ground, {explanation}, blocked_at, blocked_by_id FROM block"
    " WHERE id NOT IN (SELECT block_id FROM block_end)"
)
DECIDED = (
    "INSERT INTO quarantine_decision (quarantine_id, verdict, reason, decided_at, decided_by_id)"
    " SELECT quarantine_id, {verdict}, {reason}, decided_at, decided_by_id FROM quarantine_decision"
)
ATTEMPTS: dict[str, list[Callable[[Scene], Any]]] = {
    "event_never_changes": [change(EventRecord, actor_id=1), change(EventRecord, hash="0" * 64)],
    "event_stays": [throw_away(EventRecord)],
    "event_continues_its_chain": [
        sql(
            "INSERT INTO event (name, subject, seq, at, facts, previous_hash, hash)"
            " SELECT name, subject, seq + 5, at, facts, hash, hash FROM event"
        ),
        sql(
            "INSERT INTO event (name, subject, seq, at, facts, previous_hash, hash)"
            " SELECT name, subject, (SELECT MAX(seq) FROM event AS newest WHERE newest.subject = event.subject) + 1,"
            " at, facts, '', hash FROM event"
        ),
    ],
    "idea_state_takes_its_steps": [change(Idea, state=IdeaState.SUBMITTED)],
    "idea_restriction_has_its_decision": [
        lambda scene: update(Idea).where(Idea.id == scene.idea.id).values(state=IdeaState.REMOVED)
    ],
    "idea_text_is_its_authors": [change(Idea, title="Van ons"), change(Idea, body="Wij schreven dit.")],
    "idea_keeps_what_it_is": [change(Idea, author_id=1), change(Idea, is_late=True), change(Idea, received_at=NOON)],
    "idea_stays": [
        throw_away(Idea),
        sql("DELETE FROM idea WHERE state = 'published'"),
    ],
    "idea_is_told_why_not": [
        lambda scene: update(Idea).where(Idea.id == scene.idea.id).values(route="not_taken"),
    ],
    "idea_route_takes_its_steps": [
        sql("UPDATE idea SET route = 'answered' WHERE state = 'published';UPDATE idea SET route = 'unrouted'"),
    ],
    "idea_version_keeps_what_it_is": [change(IdeaVersion, sha256="0" * 64), change(IdeaVersion, number=7)],
    "idea_version_is_only_emptied": [change(IdeaVersion, body=""), change(IdeaVersion, body="Anders.")],
    "idea_version_stays": [throw_away(IdeaVersion)],
    "idea_version_was_public_once": [sql("UPDATE idea_version SET published_at = NULL")],
    "kept_draft_keeps_what_it_is": [sql("UPDATE kept_draft SET person_id = person_id + 1")],
    "translation_never_changes": [sql("UPDATE translation SET body = 'Anders.'")],
    "endorsement_never_changes": [sql("UPDATE endorsement SET person_id = 1")],
    "moderation_decision_never_changes": [change(Decision, explanation="Anders."), change(Decision, decided_by_id=1)],
    "moderation_decision_stays": [throw_away(Decision)],
    "moderation_decision_says_why": [
        sql(
            "INSERT INTO moderation_decision (idea_id, version_sha256, outcome, ground_id, explanation, decided_by_id,"
            " decided_at) SELECT idea_id, version_sha256, outcome, ground_id, ' ', decided_by_id, decided_at"
            " FROM moderation_decision"
        ),
        sql(
            "INSERT INTO moderation_decision (idea_id, version_sha256, outcome, ground_id, explanation, decided_by_id,"
            " decided_at) SELECT idea_id, 'of another text', outcome, ground_id, explanation, decided_by_id,"
            " decided_at FROM moderation_decision"
        ),
    ],
    "report_is_answered": [change(Report, state=ReportState.DISMISSED)],
    "appeal_is_answered": [
        change(Appeal, state=AppealState.UPHELD),
        lambda scene: update(Appeal).values(
            state=AppealState.UPHELD, answer="Nee.", decided_at=NOON, decided_by_id=scene.decision.decided_by_id
        ),
    ],
    "block_never_changes": [change(Block, explanation="Anders."), change(Block, until=None)],
    "block_stays": [throw_away(Block)],
    "block_says_why": [
        sql(AGAIN.replace("NOT IN", "IN").format(number="7", person="person_id", explanation="' '")),
        sql(AGAIN.format(number="7", person="blocked_by_id", explanation="'Zomaar.'")),
    ],
    "block_is_one_at_a_time": [sql(AGAIN.format(number="7", person="person_id", explanation="'Nog eens.'"))],
    "block_end_never_changes": [change(BlockEnd, reason="Anders.")],
    "block_end_stays": [throw_away(BlockEnd)],
    "block_end_says_why": [
        sql(
            "INSERT INTO block_end (block_id, how, reason, ended_at) SELECT id, 'lifted', 'Zomaar.', blocked_at FROM"
            " block WHERE id NOT IN (SELECT block_id FROM block_end)"
        ),
        sql(
            "INSERT INTO block_end (block_id, how, reason, ended_at, ended_by_id) SELECT id, 'lifted', ' ', blocked_at,"
            " blocked_by_id FROM block WHERE id NOT IN (SELECT block_id FROM block_end)"
        ),
    ],
    "block_appeal_is_answered": [
        change(BlockAppeal, state=AppealState.UPHELD),
        lambda scene: update(BlockAppeal).values(
            state=AppealState.UPHELD, answer="Nee.", decided_at=NOON, decided_by_id=scene.block.blocked_by_id
        ),
    ],
    "block_appeal_keeps_what_it_is": [change(BlockAppeal, reason="Anders."), change(BlockAppeal, due_at=NOON)],
    "block_appeal_stays": [throw_away(BlockAppeal)],
    "answer_appeal_is_answered": [
        change(AnswerAppeal, state=AppealState.UPHELD),
        lambda scene: update(AnswerAppeal).values(
            state=AppealState.UPHELD,
            answer="Nee.",
            decided_at=NOON,
            decided_by_id=scene.answer_appeal.answered_by_id,
        ),
    ],
    "answer_appeal_keeps_what_it_is": [change(AnswerAppeal, reason="Anders."), change(AnswerAppeal, due_at=NOON)],
    "answer_appeal_stays": [throw_away(AnswerAppeal)],
    "quarantine_state_takes_its_steps": [change(Quarantine, state="apart")],
    "quarantine_has_its_decision": [change(Quarantine, state="released")],
    "quarantine_keeps_what_it_is": [change(Quarantine, name="B2B2"), change(Quarantine, number=2)],
    "quarantine_stays": [throw_away(Quarantine)],
    "quarantine_decision_never_changes": [change(QuarantineDecision, reason="Anders.")],
    "quarantine_decision_stays": [throw_away(QuarantineDecision)],
    "quarantine_decision_says_why": [
        sql(DECIDED.format(verdict="'released'", reason="' '")),
        sql(DECIDED.format(verdict="'apart'", reason="'Zomaar.'")),
    ],
    "set_apart_never_changes": [sql("UPDATE set_apart SET quarantine_id = quarantine_id")],
    "consultation_closes_before_the_deadline": [
        sql("UPDATE consultation SET agenda_deadline_at = opens_at"),
    ],
    "consultation_closes_later_only": [
        lambda scene: update(Consultation).values(closes_at=scene.consultation.closes_at - timedelta(minutes=1)),
    ],
    "consultation_says_why": [change(Consultation, state="suspended")],
    "extension_never_changes": [sql("UPDATE extension SET reason = 'Anders.'")],
    "extension_stays": [sql("DELETE FROM extension")],
    "agreement_never_changes": [sql("UPDATE agreement SET threshold_percent = 1")],
    "meeting_says_why": [change(Meeting, state="cancelled")],
    "meeting_state_takes_its_steps": [change(Meeting, state="minutes_published")],
    "agenda_item_says_why": [change(AgendaItem, state="postponed")],
    "agenda_item_has_its_place": [change(AgendaItem, position=None)],
    "agenda_idea_says_why": [change(AgendaIdea, own_route="not_taken")],
    "agenda_idea_stays": [throw_away(AgendaIdea)],
    "recommendation_keeps_its_words": [change(Recommendation, text="Iets anders.")],
    "message_keeps_what_it_is": [change(Message, dedup_key="a:2:1"), change(Message, person_id=1)],
    "message_state_takes_its_steps": [change(Message, state="sent")],
    "message_fence_grows": [change(Message, fence=-1)],
    "occurrence_keeps_what_it_is": [change(Occurrence, local_slot="weekly:2026-11-30T08")],
    "occurrence_state_takes_its_steps": [change(Occurrence, state="done")],
}


@pytest.mark.parametrize("guard", ATTEMPTS)
async def test_the_database_refuses_whoever_asks(database: Database, guard: str) -> None:
    async with database.write() as tx:
        scene = await a_scene(tx)
        for attempt in ATTEMPTS[guard]:
            with pytest.raises(IntegrityError, match=f"{guard}: "):
                async with tx.begin_nested():
                    statement = attempt(scene)
                    several = str(statement).split(";") if ";" in str(statement) else [statement]
                    for one in several:
                        await tx.execute(text(one) if isinstance(one, str) else one)


async def test_facts_are_neither_replaced_nor_emptied_as_a_whole(database: Database) -> None:
    async with database.write() as tx:
        extension_of, extension_by = await a_moderated_consultation(tx), await a_person(tx)
        closes_at = extension_of.closes_at + timedelta(days=1)
        extension = await lifecycle.extend(
            tx, consultation=extension_of, closes_at=closes_at, reason="Op verzoek.", actor_id=extension_by.id, now=NOON
        )
        assert extension.id
        on_sqlite, on_postgresql = "INSERT OR REPLACE INTO extension SELECT * FROM extension", "TRUNCATE event CASCADE"
        with pytest.raises(IntegrityError, match=r"(extension_stays|event_is_not_truncated): "):
            await tx.execute(text(on_sqlite if database.is_sqlite else on_postgresql))
        await tx.rollback()


async def test_what_nobody_confirmed_is_thrown_away_with_its_text(database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, state=IdeaState.SUBMITTED, received_at=NOON - timedelta(days=3))

        assert await leaving.discard_unconfirmed(tx, now=NOON) == 1
        left = await tx.scalar(select(IdeaVersion.id).where(IdeaVersion.idea_id == idea.id))
        assert left is None


async def test_a_fact_and_its_notice_are_one_write(database: Database) -> None:
    async with database.write() as tx:
        await record(tx, PersonConfirmed(at=NOON, actor_id=None, person_id=1))
    async with database.read() as db:
        waiting = (await db.execute(text("SELECT COUNT(*) FROM event JOIN unrelayed ON event_id = event.id"))).scalar()

    assert waiting == 1
