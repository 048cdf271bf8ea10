"""The queue as a moderator sees it: rows, each with what it is about and when it is due, the first promised first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from accounts.access import Permission, may, panels_for
from accounts.actor import Actor
from consultations import signal_queries
from consultations.signals import KIND_NAMES
from kernel.db import ReadSession
from moderation import answer_queries, page_report_queries, plan_queries, queries, rows, rules, waiting_queries
from moderation.filters import PAGE, Cursor, Filters, Wanted
from moderation.queries import Panels
from moderation.rows import Row
from moderation.rules import SET_ASIDE
from moderation.states import SHOW_NAMES, Show
from moderation.waiting_queries import MOST_COUNTED, Reader


@dataclass(frozen=True, kw_only=True)
class Worklist:
    """What one list shows, and how much waits in each."""

    wanted: Wanted
    rows: list[Row]
    counts: dict[Show, int]
    chosen: str = ""  # as "idea-12": the row whose detail stands beside the list
    following: Cursor | None = None  # where the next page begins
    may_decide: bool = False

    @property
    def show(self) -> Show:
        """Which list it is."""
        return self.wanted.show

    @property
    def tabs(self) -> list[tuple[Show, str, int]]:
        """Each list with its name and how much it holds."""
        return [(show, SHOW_NAMES[show], number) for show, number in self.counts.items()]

    @property
    def total(self) -> int:
        """How much this list holds, counted up to MOST_COUNTED."""
        return self.counts[self.show]

    @property
    def has_more_than_counted(self) -> bool:
        """Whether counting stopped."""
        return self.total >= MOST_COUNTED

    @property
    def is_mixed(self) -> bool:
        """Whether the rows are about more than one consultation, so that each must say which."""
        return len({row.about for row in self.rows}) > 1

    @property
    def query(self) -> str:
        """What the live parts ask for again."""
        return f"{self.wanted.query}&chosen={self.chosen}"

    @property
    def next_page(self) -> str:
        """What follows the address of the queue for the next page; empty on the last."""
        return self.wanted.on_from(self.following) if self.following is not None else ""


@dataclass(frozen=True, kw_only=True)
class _Asked(rows.Asked):
    db: ReadSession
    reader: Reader

    @property
    def panels(self) -> Panels:
        return self.reader.panels

    @property
    def today(self) -> datetime:
        return datetime.combine(self.now.astimezone(self.zone).date(), time(), tzinfo=self.zone)


Source = tuple[str, Sequence[tuple[datetime, int, Row]]]
"""The letter of a source in a cursor, and its rows: each with where it stands in that source."""


async def _sources(asked: _Asked, filters: Filters, cursor: Cursor) -> list[Source]:
    """One row more than a page of each source, from where the cursor stands."""
    whole: dict[str, Any] = {"filters": filters, "reader": asked.reader, "most": PAGE + 1}
    db, places = asked.db, cursor.places
    ideas = await waiting_queries.to_read(db, **whole, after=places.get("i"))
    reports = await waiting_queries.reports(db, **whole, after=places.get("r"))
    appeals = await waiting_queries.appeals(db, **whole, after=places.get("a"))
    blocks = await waiting_queries.blocks(db, **whole, after=places.get("b"))
    pages = await page_report_queries.waiting(db, **whole, after=places.get("p"))
    answers = await answer_queries.waiting(db, **whole, after=places.get("o"))
    return [
        ("a", [(one.due_at, one.id, rows.appeal_row(one, asked, claimed_by=name or "")) for one, name in appeals]),
        ("o", [(one.due_at, one.id, rows.answer_row(one, asked)) for one in answers]),
        ("b", [(one.due_at, one.id, rows.block_row(one, asked)) for one in blocks]),
        ("r", [(one.reported_at, one.id, rows.report_row(one, asked, claimed_by=name or "")) for one, name in reports]),
        ("p", [(one.reported_at, one.id, rows.page_row(one, asked)) for one in pages]),
        ("i", [(one.idea.waiting_since, one.idea.id, rows.to_read_row(one, asked)) for one in ideas]),
    ]


async def _waiting(
    asked: _Asked, filters: Filters, cursor: Cursor, only: str = "aobrpi"
) -> tuple[list[Row], Cursor | None]:
    """A page of what waits, the first promised first. Each source is in that order by itself."""
    sources = [one for one in await _sources(asked, filters, cursor) if one[0] in only]
    streams = (
        [(row.due_at or row.since, rank, at, number, letter, row) for at, number, row in found]
        for rank, (letter, found) in enumerate(sources)
    )
    merged = list(islice(merge(*streams, key=itemgetter(0, 1, 2, 3)), PAGE + 1))
    for _due, _rank, at, number, letter, _row in merged[:PAGE]:
        cursor = cursor.after(letter, at, number)
    return [one[-1] for one in merged[:PAGE]], cursor if len(merged) > PAGE else None


async def _rows(asked: _Asked, wanted: Wanted) -> tuple[list[Row], Cursor | None]:
    match wanted.show:
        case Show.SET_ASIDE:
            found = await queries.waiting(asked.db, states=SET_ASIDE, panels=asked.panels, now=asked.now)
            return [rows.aside_row(one) for one in found], None
        case Show.TODAY:
            plans = await plan_queries.planned(asked.db, panels=asked.panels, most=queries.AT_MOST)
            taken = await queries.decided_since(asked.db, since=asked.today, panels=asked.panels)
            return [rows.planned_row(*one) for one in plans] + [rows.decided_row(one) for one in taken], None
    only = {Show.REPORTS: "rp", Show.APPEALS: "aob"}.get(wanted.show, "aobrpi")
    return await _waiting(asked, wanted.filters, wanted.cursor, only)


def reader_of(actor: Actor, *, zone: ZoneInfo, now: datetime) -> Reader:
    """Who looks at the queue now."""
    return Reader(
        person_id=actor.person_id,
        panels=panels_for(actor, Permission.READ_QUEUE),
        overdue_before=rules.overdue_before(now, zone),
        now=now,
    )


async def worklist(
    db: ReadSession, *, actor: Actor, wanted: Wanted, chosen: str = "", zone: ZoneInfo, now: datetime
) -> Worklist:
    """One of the lists, with the size of all."""
    asked = _Asked(db=db, reader=reader_of(actor, zone=zone, now=now), zone=zone, now=now)
    counts = await waiting_queries.how_many(db, filters=wanted.filters, reader=asked.reader, since=asked.today)
    of_pages = await page_report_queries.how_many(db, filters=wanted.filters, reader=asked.reader)
    of_answers = await answer_queries.how_many(db, filters=wanted.filters, reader=asked.reader)
    for show, number in (*of_pages.items(), *of_answers.items()):
        counts[show] += number
    shown, following = await _rows(asked, wanted)
    kinds = await signal_queries.kinds_of(db, {row.id for row in shown if row.kind == "idea"})
    shown = [
        replace(row, signals=[KIND_NAMES[kind] for kind in kinds.get(row.id, ())]) if row.kind == "idea" else row
        for row in shown
    ]
    decides = may(actor, Permission.MODERATE)
    return Worklist(wanted=wanted, rows=shown, counts=counts, chosen=chosen, following=following, may_decide=decides)
