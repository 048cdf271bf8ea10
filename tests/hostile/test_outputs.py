"""Every text of every row becomes the worst: pages, letters, feeds and files are still made of the same things."""

import os
import re
from collections.abc import AsyncIterator

import pytest
from icalendar import Event
from litestar import Litestar

from kernel.db import Database
from kernel.settings import Settings
from panels.calendars import ExactText
from tests.hostile import packs, showing, town
from tests.visitor import Visitor


@pytest.fixture
async def all_seeing(app: Litestar) -> AsyncIterator[Visitor]:
    async with Visitor(app) as visitor:
        yield visitor


def test_every_column_of_text_is_tried_or_is_the_machines_own() -> None:
    assert town.unknown_columns() == []


@pytest.mark.timeout(3600)
async def test_the_worst_texts_add_nothing_to_what_is_shown(
    database: Database, settings: Settings, app: Litestar, all_seeing: Visitor, is_full: bool
) -> None:
    if not database.is_sqlite:
        pytest.skip("packs are longer than PostgreSQL lets columns be; what is shown does not depend on the database")
    built = await town.build(database, settings)
    all_seeing.http.cookies.set("session", built.session)
    places = await town.rewrite(database, town.harmless)
    assert town.TRIED - set(places.values()) == set()
    before = await showing.walk(all_seeing, built, of_a_kind=1)
    await showing.write_letters(database, app, built, before)
    assert (before.failed, len(before.pages) > 80, len(before.files) > 10, len(before.letters)) == (
        [],
        True,
        True,
        len(built.messages),
    )
    looked_at = None if is_full else showing.enough(before, places, times=1)
    first = int(os.environ.get("HOSTILE_FROM", "0"))
    all_turns = range(first, len(packs.packs()) if is_full else first + 1)
    turns = [(turn, packs.as_kept, True) for turn in all_turns]
    turns += [(turn, packs.as_is, False) for turn in all_turns if turn % 4 == 1]
    found: list[str] = []
    for turn, form, is_exact in turns:
        text = packs.writer(turn, form)
        await town.forget_looks(database, built)
        await town.rewrite(database, text)
        after = await showing.look(all_seeing, before, looked_at)
        await showing.write_letters(database, app, built, after)

        def put(shown: str) -> str:
            return town.put_back(shown, text, is_line=lambda number: town.is_line(places[number]))  # noqa: B023 - used in this very turn

        new = [f"turn {turn}: {one}" for one in showing.differences(before, after, put, is_exact=is_exact)]
        print(f"turn {turn}, {form.__name__}: {len(new)} differences", *new[:5], sep="\n  ", flush=True)
        found += new
    shown = len(after.pages) + len(after.files) + len(after.letters)
    columns = len(set(places.values()))
    print(f"{len(places)} places in {columns} columns, {shown} pages, files and letters, {len(turns)} turns")
    if found:
        pytest.fail("\n".join(found[:40]), pytrace=False)


def test_a_calendar_keeps_every_text_exactly() -> None:
    for text in ["C:\\Nieuw\\n; a, b", "\\N", "\\\\", *(packs.as_kept(one, True) for one in packs.packs())]:
        event = Event()
        event.add("location", ExactText(text), encode=False)
        written = (
            event.to_ical().replace(b"\r\n ", b"").decode().removeprefix("BEGIN:VEVENT\r\nLOCATION:").split("\r\n")[0]
        )
        read = re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], written)
        assert read == text
