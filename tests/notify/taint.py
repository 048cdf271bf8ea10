"""Somebody who typed a marker into every field that this house keeps, and a search for it in everything it holds.

A table that declares whose it is and which of its columns hold words is in it by itself: rows that no story below
makes are made from the table's own columns.
"""

import sqlite3
from contextlib import closing
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Boolean, Column, Enum, Float, Integer, LargeBinary, func, insert, select, update

from accounts import belongings
from accounts.actor import Actor
from accounts.belongings import Whose
from accounts.models import AddressChange, Person, SignInRequest
from consultations import attachments, endorsements, ideas, merging, splitting
from consultations.forms import IdeaForm
from consultations.masking import Cut
from consultations.models import Consultation, Endorsement, Idea
from consultations.signals import Omission
from consultations.states import IdeaState
from consultations.studio import Made
from consultations.support_models import SupportTrace
from consultations.ways_models import Intake, WaysIn
from consultations.ways_states import IntakeWay
from consultations.writing_models import KeptDraft, Translation
from conversations import conversations
from conversations.states import Side
from kernel.db import Database, UtcDateTime, WriteSession
from moderation import (
    answer_appeals,
    answer_queries,
    appeals,
    block_appeals,
    block_queries,
    blocks,
    decisions,
    masking,
    page_reports,
    plans,
    reports,
)
from moderation.states import AppealState, Conduct, Outcome, ReportState
from notify import outbox, subscriptions
from notify.models import Digest, Message
from notify.states import Cadence, Topic
from panels.report_models import Briefing
from tests.builders import (
    a_comment,
    a_meeting,
    a_moderated_consultation,
    a_moderator,
    a_panel,
    a_person,
    a_placement,
    a_theme,
    an_idea,
)
from tests.moments import NOON

MARK = "zqmerk"
UTC_ZONE = ZoneInfo("UTC")


class Story:
    """Who typed it all, and what they made."""

    person: Person
    whose: Whose
    published: Idea
    rejected: Idea
    received: Idea
    others: Idea
    moderator: Actor


async def everything(tx: WriteSession) -> Story:
    """One resident with something in every table that can hold something of theirs."""
    story = Story()
    story.person = await a_person(tx, email=f"{MARK}adres@waterveen.example", name=f"{MARK}naam")
    story.whose = Whose(id=story.person.id, mailbox=story.person.mailbox)
    story.moderator = await a_moderator(tx)
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    consultation = await a_moderated_consultation(tx, panel=panel, meeting=meeting)
    typed = ("title", "body", "service", "stuck", "shown_name", "place", "external_id")
    words: dict[str, Any] = {one: f"{MARK}{one}" for one in typed}
    words |= {"imported": {"kolom": f"{MARK}imported"}}
    mine: dict[str, Any] = {"consultation": consultation, "author": story.person}
    story.published = await an_idea(tx, **mine, **words, state=IdeaState.PUBLISHED)
    story.received = await an_idea(tx, **mine, title=f"{MARK}tweede", body=f"{MARK}tweede tekst")
    story.rejected = await an_idea(tx, **mine, title=f"{MARK}derde", body=f"{MARK}derde tekst")
    story.others = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    for state in (IdeaState.PUBLISHED, IdeaState.RECEIVED, IdeaState.REMOVED):
        added = {"title": f"{MARK}vierde", "body": f"{MARK}vierde tekst", "shown_name": f"{MARK}shown_name"}
        await a_comment(tx, under=story.others, author=story.person, state=state, **added)
    await a_comment(tx, under=story.published)
    await _in_every_way(tx, story)
    await _with_the_moderator(tx, story)
    await _put_together(tx, story)
    await _followed(tx, story, meeting_id=meeting.id)
    theme = await a_theme(tx, consultation=consultation, ideas=[story.others], name=f"Water, {MARK}title")
    theme.machine_name = f"Water, {MARK}title"
    theme.is_named_by_people = False
    await a_placement(tx, idea=story.published, theme=theme, shared_terms=[f"{MARK}body"])
    await tx.flush()
    return story


async def _in_every_way(tx: WriteSession, story: Story) -> None:
    """A text that is not finished, files, on paper, in another language; in each field that there is."""
    whose = {"consultation_id": story.published.consultation_id}
    written: dict[str, Any] = {one.name: f"{MARK}{one.name}" for one in fields(IdeaForm) if one.type is str}
    typed = IdeaForm(**written).typed
    assert {"title", "body", "service", "stuck", "shown_name", "place", "area"} - set(typed) == set()
    since = {"created_at": NOON, "kept_at": NOON, "opened_at": NOON}
    tx.add(KeptDraft(person_id=story.person.id, fields=typed, warned_of=None, **since, **whose))
    by = story.moderator.person_id or 0
    tx.add(WaysIn(takes_files=True, has_map=True, changed_at=NOON, changed_by_id=by, **whose))
    await tx.flush()
    for idea in (story.published, story.received):
        idea.consultation = await tx.get_one(Consultation, idea.consultation_id)
        made = Made(is_picture=True, width=9, height=9, body=f"{MARK}beeld{idea.id}".encode())
        file = await attachments.add(tx, idea=idea, made=made, alternative=f"{MARK}alternative", now=NOON)
        why = f"Op het bord staat {MARK}body."
        await attachments.decide(tx, file=file, idea=idea, is_shown=False, reason=why, actor_id=by, now=NOON)
        paper: dict[str, Any] = {"way": IntakeWay.PAPER, "is_without_mail": False, "reach": f"{MARK}straat 1"}
        tx.add(Intake(idea_id=idea.id, entered_at=NOON, entered_by_id=by, **paper))
        said = {"title": f"{MARK}title", "body": f"{MARK}body", "stuck": f"{MARK}stuck"}
        tx.add(Translation(idea_id=idea.id, sha256=f"{idea.id:064}", language="en", made_at=NOON, **said))
    await tx.flush()


async def _with_the_moderator(tx: WriteSession, story: Story) -> None:
    why: dict[str, Any] = {"ground_code": "off_topic", "explanation": f"U schreef {MARK}derde."}
    await decisions.decide(tx, idea=story.rejected, actor=story.moderator, outcome=Outcome.REJECT, **why, now=NOON)
    appeal = await appeals.lodge(tx, idea=story.rejected, reason=f"{MARK}bezwaar", zone=UTC_ZONE, now=NOON)
    other = await a_moderator(tx)
    given: dict[str, Any] = {"actor": other, "now": NOON}
    await appeals.decide(tx, appeal=appeal, verdict=AppealState.UPHELD, answer=f"Nee, {MARK}bezwaar.", **given)
    mine: dict[str, Any] = {"signed_in_as": story.person.id, "name": f"{MARK}naam", "now": NOON}
    told = await reports.receive(tx, idea=story.others, reason=f"{MARK}melding", **mine)
    await reports.dismiss(tx, report=told, answer=f"Over {MARK}melding.", **given)
    answer = await answer_queries.of_report(tx, told.id)
    again = await answer_appeals.lodge(tx, answer=answer, reason=f"{MARK}opnieuw", zone=UTC_ZONE, now=NOON)
    third: dict[str, Any] = {"actor": await a_moderator(tx), "now": NOON}
    kept: dict[str, Any] = {"verdict": AppealState.UPHELD, "words": f"Nee, {MARK}opnieuw."}
    await answer_appeals.decide(tx, appeal=again, answer=answer, **kept, **third)
    about_page: dict[str, Any] = {
        "address": "/panels",
        "panel_id": None,
        "reason": f"{MARK}pagina",
        "name": f"{MARK}naam",
    }
    page = await page_reports.receive(tx, **about_page, signed_in_as=story.person.id, now=NOON)
    await page_reports.answer(tx, report=page, verdict=ReportState.UPHELD, answer=f"Over {MARK}pagina.", **given)
    await reports.receive(tx, idea=story.published, reason=f"Er staat {MARK}body.", now=NOON)
    said: dict[str, Any] = {"idea": story.received, "side": Side.MODERATORS, "now": NOON}
    asks: dict[str, Any] = {"actor": story.moderator, "asks": True}
    await conversations.ask(tx, body=f"U schreef {MARK}tweede, klopt dat?", **asks, **said)
    await conversations.answer(tx, body=f"{MARK}antwoord", **said)
    behind = await block_queries.behind_idea(tx, story.received.id)
    conduct: dict[str, Any] = {"ground": Conduct.SPAM, "explanation": f"U schreef {MARK}body."}
    block = await blocks.impose(tx, behind=behind, actor=story.moderator, until=None, **conduct, now=NOON)
    lodged = await block_appeals.lodge(tx, block=block, reason=f"{MARK}blokkade", zone=UTC_ZONE, now=NOON)
    block.consultation = await tx.get_one(Consultation, block.consultation_id)
    verdict: dict[str, Any] = {"verdict": AppealState.REINSTATED, "answer": f"Ja, {MARK}blokkade."}
    await block_appeals.decide(tx, appeal=lodged, block=block, **verdict, **given)


async def _put_together(tx: WriteSession, story: Story) -> None:
    """One of theirs goes on in another's, another's in theirs, one is split, one is masked, one is about to be held."""
    consultation = await tx.get_one(Consultation, story.published.consultation_id)
    shared: dict[str, Any] = {"consultation": consultation, "state": IdeaState.PUBLISHED}
    texts: list[dict[str, Any]] = [
        {"title": f"{MARK}titel{one}", "body": f"{MARK}een. {MARK}twee."} for one in range(5)
    ]
    goes_on, carries, whole, masked, planned = [
        await an_idea(tx, **shared | {"author": story.person, "state": state} | text)
        for text, state in zip(texts, [IdeaState.PUBLISHED] * 4 + [IdeaState.RECEIVED], strict=True)
    ]
    others, into = await an_idea(tx, **shared), await an_idea(tx, **shared)
    done: dict[str, Any] = {"actor_id": story.moderator.person_id, "now": NOON}
    await merging.merge(tx, idea=goes_on, into=into, reason=f"Beide over {MARK}een.", **done)
    await merging.merge(tx, idea=others, into=carries, reason=f"Dat gaat ook over {MARK}een.", **done)
    await splitting.split(tx, idea=whole, shares=[[0], [1]], reason=f"{MARK}een en {MARK}twee.", **done)
    why: dict[str, Any] = {"ground_code": "personal_data", "explanation": f"U schreef {MARK}een."}
    cuts = [Cut("body", 0, len(f"{MARK}een"), Omission.NAME)]
    await masking.mask(tx, idea=masked, actor=story.moderator, cuts=cuts, **why, now=NOON)
    wait: dict[str, Any] = {"wait": timedelta(minutes=10), "now": NOON}
    await plans.plan(tx, seen={planned.id: None}, actor=story.moderator, outcome=Outcome.HOLD, **why, **wait)


async def _followed(tx: WriteSession, story: Story, *, meeting_id: int) -> None:
    person = story.person
    await endorsements.endorse(tx, idea=story.others, person_id=person.id, now=NOON)
    endorsement = (await tx.scalars(select(Endorsement).where(Endorsement.person_id == person.id))).one()
    consultation_id = story.others.consultation_id
    tx.add(
        SupportTrace(
            endorsement_id=endorsement.id,
            network="f" * 64,
            consultation_id=consultation_id,
            idea_id=story.others.id,
            host=f"{MARK}host.example",
            is_new=False,
            is_hasty=False,
            hour=1,
            at=NOON,
        )
    )
    news = [
        {"kind": "idea.published", "title": one.title, "path": "/", "about": "Water", "idea_id": one.id}
        for one in (story.published, story.others)
    ]
    reader = await a_person(tx)
    tx.add(Digest(person_id=person.id, period="daily:2026-11-23T08", news=news, made_at=NOON))
    tx.add(Digest(person_id=reader.id, period="daily:2026-11-23T08", news=news, made_at=NOON))
    quotes = [{"idea_id": one["idea_id"], "title": one["title"]} for one in news]
    told = {"themes": [{"name": "Water", "quotes": quotes}], "agenda": [], "open": {"responses": []}}
    tx.add(Briefing(meeting_id=meeting_id, facts=told, made_at=NOON))
    following: dict[str, Any] = {"topic": Topic.CONSULTATION, "topic_id": consultation_id, "cadence": Cadence.DAILY}
    await subscriptions.follow(tx, person_id=person.id, **following, zone=UTC_ZONE, now=NOON)
    await outbox.enqueue(
        tx, dedup_key=f"digest:1:{person.id}", person_id=person.id, template="digest", due_at=NOON, now=NOON
    )
    await tx.execute(
        update(Message).where(Message.person_id == person.id).values(last_error=f"550 {MARK}adres: no such user")
    )
    asked = {"email": person.email, "mailbox": person.mailbox, "language": "nl", "next_path": "/", "wrong_codes": 0}
    tx.add(SignInRequest(**asked, browser_hash=None, code_hash=None, requested_at=NOON, sent_at=None, used_at=None))
    tx.add(
        AddressChange(
            person_id=person.id,
            by_id=reader.id,
            reason=f"Zij belde over {MARK}adres",
            old_email=f"{MARK}oud@waterveen.example",
            old_mailbox=f"{MARK}oud@waterveen.example",
            new_email=person.email,
            new_mailbox=person.mailbox,
            code_hash=None,
            wrong_codes=0,
            asked_at=NOON,
            sent_at=NOON,
            made_at=NOON,
            undone_at=None,
        )
    )
    await ideas.receipt_link(tx, idea_id=story.published.id, now=NOON)
    await tx.flush()


# what no story makes


async def fill_up(tx: WriteSession, story: Story) -> None:
    """A row of theirs, with the marker, in each table in which they have none yet."""
    known = belongings.tables()
    for name in reversed(known):
        table, kept = known[name]
        condition = belongings.theirs(name, story.whose)
        if condition is None or not kept.words or name == "person":
            continue
        if not await tx.scalar(select(func.count()).select_from(table).where(condition)):
            await _a_row(tx, story, name)


async def _a_row(tx: WriteSession, story: Story, name: str) -> None:
    table, _ = belongings.tables()[name]
    values = {column.name: await _value(tx, story, name, column) for column in table.columns}
    await tx.execute(insert(table).values({column: value for column, value in values.items() if value is not None}))


async def _value(tx: WriteSession, story: Story, name: str, column: Column[Any]) -> Any:
    kept = belongings.tables()[name][1]
    if column.foreign_keys:
        return await _leads_to(tx, story, column)
    if column.primary_key and isinstance(column.type, Integer):
        return None
    if column.name in kept.words:
        marked = f"{MARK}{column.name}"
        if isinstance(column.type, JSON):
            return [marked]
        return marked.encode() if isinstance(column.type, LargeBinary) else marked
    return _plain(column)


async def _leads_to(tx: WriteSession, story: Story, column: Column[Any]) -> Any:
    """A row of theirs behind the column, else anybody's, else a new one."""
    [key] = column.foreign_keys
    there = key.column.table
    if there.name == "person":
        return story.person.id
    condition = belongings.theirs(there.name, story.whose)
    wanted = [select(key.column).where(condition)] if condition is not None else []
    for found in (*wanted, *([] if column.nullable else [select(key.column)])):
        if (one := await tx.scalar(found.limit(1))) is not None:
            return one
    if column.nullable:
        return None
    await _a_row(tx, story, there.name)
    return await tx.scalar(select(key.column).limit(1))


def _plain(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    kind = column.type
    if isinstance(kind, Enum):
        return kind.enum_class and next(iter(kind.enum_class))
    if isinstance(kind, UtcDateTime):
        return NOON
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Float):
        return 1
    if isinstance(kind, JSON):
        return []
    return b"x" if isinstance(kind, LargeBinary) else "x"


async def unmarked(tx: WriteSession, story: Story) -> list[str]:
    """The columns for words in which they typed nothing: what the search below would prove nothing of."""
    missing = []
    for name, (table, kept) in belongings.tables().items():
        condition = belongings.theirs(name, story.whose)
        if condition is not None:
            rows = (await tx.execute(select(table).where(condition))).mappings().all()
            missing += [f"{name}.{one}" for one in kept.words if not any(MARK in str(row[one]) for row in rows)]
    return missing


async def found_in(database: Database) -> dict[str, int]:
    """In which columns of the whole database the marker stands, and how often."""
    found: dict[str, int] = {}
    async with database.read() as db:
        for name, (table, _) in belongings.tables().items():
            for row in (await db.execute(select(table))).mappings():
                for column, value in row.items():
                    if MARK in str(value):
                        found[f"{name}.{column}"] = found.get(f"{name}.{column}", 0) + 1
    return found


def in_files(database: Database) -> list[str]:
    """The files of the database in which the marker stands, once SQLite has put its log into the one."""
    if not database.is_sqlite:
        return []
    path = Path(str(database.url.database))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [one.name for one in path.parent.glob(f"{path.name}*") if MARK.encode() in one.read_bytes()]
