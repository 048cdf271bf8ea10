"""Reading ideas from a file: CSV or JSON Lines, `id,text` or `title,body`, other columns kept as they came.

`read` is pure and streams: good rows, and bad ones by line number with a reason. `add` writes a batch in a handful
of statements. What was read before, by id or by text, adds nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from accounts import people
from accounts.models import Person
from consultations import flagging, numbers, rules
from consultations.events import IdeaImported
from consultations.import_files import BadRow, csv_rows, jsonl_rows
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.states import IdeaKind, IdeaRoute, IdeaState, Timing
from kernel import forms
from kernel.db import WriteSession
from kernel.events import record_all

IMPORT_ADDRESS = "import@klankbord.invalid"
"""The installation's import person: author of what came without one. `.invalid` never gets mail."""

BATCH = 1_000
MOST_TEXT = 20_000
YEARS = range(1900, 2200)
"""Of `created_at`: in other years a time zone can lead out of the calendar."""
STATES = (IdeaState.RECEIVED, IdeaState.PUBLISHED)
_KNOWN = frozenset({"id", "text", "title", "body", "author", "created_at", "lang", "kind", "place", "service", "stuck"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One idea as it stood in the file."""

    line: int
    external_id: str
    title: str
    body: str
    kind: IdeaKind
    author: str
    place: str
    service: str
    stuck: str
    language: str
    created_at: datetime | None
    others: dict[str, Any] | None


def read(lines: Iterable[str], *, form: str, zone: ZoneInfo) -> Iterator[Row | BadRow]:
    """The rows of a file, one by one; `form` is csv or jsonl. Times without a zone are the municipality's own."""
    raw = csv_rows(lines) if form == "csv" else jsonl_rows(lines)
    for line, values in raw:
        yield values if isinstance(values, BadRow) else _row(line, values, zone)


def _row(line: int, values: Mapping[str, Any], zone: ZoneInfo) -> Row | BadRow:
    """The row, or the first thing that is wrong with it."""
    body = forms.text(values, "body") or forms.text(values, "text")
    if not body:
        return BadRow(line, "it has no text")
    if len(body) > MOST_TEXT:
        return BadRow(line, f"its text has {len(body)} characters; {MOST_TEXT} fit")
    own_id = forms.line(values, "id")
    if len(own_id) > 120 or own_id.startswith("form:"):
        return BadRow(line, "its id is longer than 120 characters or begins with `form:`")
    written_kind = forms.line(values, "kind") or IdeaKind.IDEA
    if written_kind not in set(IdeaKind):
        return BadRow(line, f"its kind {written_kind[:40]!r} is neither idea nor experience")
    created = forms.line(values, "created_at")
    try:
        created_at = datetime.fromisoformat(created) if created else None
        if created_at is not None and created_at.year not in YEARS:
            raise ValueError(created)
    except ValueError:
        return BadRow(line, f"its created_at {created[:40]!r} is not a date like 2026-11-23T12:00:00+01:00")
    if created_at is not None and created_at.tzinfo is None:
        created_at = created_at.replace(tzinfo=zone)
    title = forms.line(values, "title")
    return Row(
        line=line,
        external_id=own_id or hashlib.sha256(f"{title}\x1f{body}".encode()).hexdigest(),
        title=title if 0 < len(title) <= 120 else rules.title_from(title or body),
        body=body,
        kind=IdeaKind(written_kind),
        author=forms.line(values, "author")[:254],
        place=forms.line(values, "place")[:80],
        service=forms.line(values, "service")[:120],
        stuck=forms.text(values, "stuck"),
        language=forms.line(values, "lang")[:8] or "nl",
        created_at=created_at,
        others={name: value for name, value in values.items() if name not in _KNOWN} or None,
    )


async def import_person(tx: WriteSession, *, now: datetime) -> Person:
    """The author of imported ideas without one."""
    person = await people.meet(tx, email=IMPORT_ADDRESS, name="Import", now=now)
    person.confirmed_at = person.confirmed_at or now
    await tx.flush()
    return person


async def add(
    tx: WriteSession, *, consultation: Consultation, rows: Sequence[Row], state: IdeaState, by: int, now: datetime
) -> int:
    """Write a batch; how many ideas are new. Each leaves the fact that `by` imported it, and nobody gets a letter."""
    if state not in STATES:
        raise ValueError(f"ideas are imported as {' or '.join(STATES)}, not {state}")
    new = await _unknown(tx, consultation, rows)
    if not new:
        return 0
    importer = await import_person(tx, now=now)
    given = await numbers.reserve(tx, many=len(new), now=now)
    values = [
        await _values(tx, consultation, row, number, state=state, importer=importer, now=now)
        for row, number in zip(new, given, strict=True)
    ]
    await tx.execute(insert(Idea), values)  # without RETURNING: it would go one by one on SQLite
    mine = select(Idea.external_id, Idea.id).where(Idea.consultation_id == consultation.id)
    found = await tx.execute(mine.where(Idea.external_id.in_([row.external_id for row in new])))
    id_of = {one.external_id: one.id for one in found}
    ids = [id_of[row.external_id] for row in new]
    await tx.execute(insert(IdeaVersion), [_version(*pair, now=now) for pair in zip(ids, values, strict=True)])
    await flagging.look_at_all(tx, consultation_id=consultation.id, rows=list(zip(ids, values, strict=True)))
    told_of = consultation.id
    facts = [IdeaImported(at=now, actor_id=by, idea_id=one, consultation_id=told_of, state=state) for one in ids]
    await record_all(tx, facts)
    return len(new)


async def _unknown(tx: WriteSession, consultation: Consultation, rows: Sequence[Row]) -> list[Row]:
    first = {row.external_id: row for row in reversed(rows)}
    known = select(Idea.external_id).where(Idea.consultation_id == consultation.id, Idea.external_id.in_(list(first)))
    seen = set(await tx.scalars(known))
    return [row for row in rows if row.external_id not in seen and first[row.external_id] is row]


async def _values(
    tx: WriteSession,
    consultation: Consultation,
    row: Row,
    number: str,
    *,
    state: IdeaState,
    importer: Person,
    now: datetime,
) -> dict[str, Any]:
    received_at = row.created_at or now
    is_late = rules.timing_of(consultation, received_at) is Timing.LATE
    author, shown_name = importer, row.author[:80]
    if forms.is_email(row.author):
        author, shown_name = await people.meet(tx, email=row.author, language=row.language, now=now), ""
    is_public = state is IdeaState.PUBLISHED
    return {
        "consultation_id": consultation.id,
        "author_id": author.id,
        "number": number,
        "kind": row.kind,
        "state": state,
        "route": IdeaRoute.NEXT_MEETING if is_late and is_public else IdeaRoute.UNROUTED,
        "title": row.title,
        "body": row.body,
        "service": row.service,
        "stuck": row.stuck,
        "shown_name": shown_name,
        "place": row.place,
        "language": row.language,
        "is_late": is_late,
        "received_at": received_at,
        "waiting_since": now,
        "confirmed_at": now,
        "published_at": received_at if is_public else None,
        "endorsement_count": 0,
        "external_id": row.external_id,
        "imported": row.others,
        "version": 1,
    }


def _version(idea_id: int, values: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    text = {name: values[name] for name in ("title", "body", "service", "stuck")}
    told = {"sha256": rules.sha256_of(**text), "written_at": now, "published_at": values["published_at"]}
    return {"idea_id": idea_id, "number": 1, **text, **told}
