"""A consultation's published ideas as CSV or as JSON Lines, row by row, however many.

An idea that is carried on as part of another has a row of its own, which says in which (`merged_into`). Removed,
withdrawn and rejected ideas are not in it: they are counted in the ledger. Where a spreadsheet could take something in
the CSV for a formula, an apostrophe stands before it, which `ideas import` takes out again. The JSON is as written.
"""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from consultations import round_queries
from consultations.models import Idea
from kernel.db import ReadSession

COLUMNS = (
    "number",
    "kind",
    "title",
    "body",
    "service",
    "stuck",
    "shown_name",
    "place",
    "language",
    "received_at",
    "published_at",
    "is_late",
    "route",
    "answered_at",
    "endorsements",
    "merged_into",
    "prompt",
)
MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}
_CELL_BEGINS = r"(?:^|(?<=[;\t\r\n]))"  # after a semicolon too: Dutch spreadsheets split there
_PASSED_OVER = r"(?:[^\S\t\r\n]|[\"'`‘’“”«»\ufeff\u061c\u200b-\u200f\u2060])*+"
_SIGN = rf"(?={_PASSED_OVER}[=+\-@＝＋－＠﹢﹣﹦﹫−])"  # full-width ones are read as if they were plain
_FORMULA = re.compile(rf"^(?='*[\t\r\n])|{_CELL_BEGINS}{_SIGN}")
_BEHIND_APOSTROPHE = re.compile(rf"^'(?='*[\t\r\n])|{_CELL_BEGINS}'{_SIGN}")
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}  # to some readers of lines
_A_TIME = 1_000


async def rows(db: ReadSession, consultation_id: int) -> AsyncIterator[dict[str, Any]]:
    """Every published idea, in the order it came in."""
    last = 0
    prompts = {one.id: one.text for one in await round_queries.prompts_of(db, consultation_id)}
    public = select(Idea).where(Idea.consultation_id == consultation_id, Idea.readable())
    while found := (await db.scalars(public.where(Idea.id > last).order_by(Idea.id).limit(_A_TIME))).all():
        merged = {idea.merged_into_id for idea in found if idea.merged_into_id}
        named = await db.execute(select(Idea.id, Idea.number).where(Idea.id.in_(merged)))
        numbers = {one.id: one.number for one in named}
        for idea in found:
            yield _row(idea, numbers) | {"prompt": prompts.get(idea.prompt_id or 0)}
        last = found[-1].id
        db.expunge_all()


def _row(idea: Idea, numbers: Mapping[int, str]) -> dict[str, Any]:
    return {
        "number": idea.number,
        "kind": idea.kind.value,
        "title": idea.title,
        "body": idea.body,
        "service": idea.service,
        "stuck": idea.stuck,
        "shown_name": idea.shown_name,
        "place": idea.place,
        "language": idea.language,
        "received_at": idea.received_at.isoformat(),
        "published_at": idea.published_at.isoformat() if idea.published_at else None,
        "is_late": idea.is_late,
        "route": idea.route.value,
        "answered_at": idea.answered_at.isoformat() if idea.answered_at else None,
        "endorsements": idea.endorsement_count,
        "merged_into": numbers.get(idea.merged_into_id) if idea.merged_into_id else None,
    }


async def lines(db: ReadSession, consultation_id: int, *, form: str) -> AsyncIterator[str]:
    """The file line by line; `form` is csv (with a byte order mark, for spreadsheets) or jsonl."""
    if form == "csv":
        yield "\ufeff" + csv_line(COLUMNS)
    async for row in rows(db, consultation_id):
        if form == "csv":
            yield csv_line(row[name] for name in COLUMNS)
        else:
            yield json.dumps(row, ensure_ascii=False).translate(_LINE_ENDS) + "\n"


def safe_cell(value: object) -> object:
    """A text with an apostrophe wherever something that opens like a formula could begin a cell, signed numbers too.

    Nothing but texts is touched: what we counted ourselves stays a number.
    """
    return _FORMULA.sub("'", value) if isinstance(value, str) else value


def bare_cell(written: str) -> str:
    """The text that `safe_cell` made this of."""
    return _BEHIND_APOSTROPHE.sub("", written)


def csv_line(cells: Iterable[object]) -> str:
    """A row of a table that no spreadsheet takes for a formula."""
    written = io.StringIO()
    csv.writer(written).writerow([safe_cell(one) for one in cells])
    return written.getvalue()
