"""The disk is full for a while, under the site's own process: pages go on, forms say wait, nothing half is kept.

python -m pytest tests/faults/test_disk_full.py -s
"""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.faults import reckoning, recording
from tests.faults.server import Server
from tests.faults.town import Town, found, looking
from tests.faults.wire import Answer, Line

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(120)]


async def test_a_full_disk_refuses_for_now_keeps_nothing_half_and_mends_by_itself(
    sqlite_within_reach: None, tmp_path: Path
) -> None:
    url, full = f"sqlite+aiosqlite:///{tmp_path}/klankbord.db", tmp_path / "full"
    town = await found(url, residents=1, followers=0)
    more = {recording.RECORD_TO: str(tmp_path / "notes"), recording.FULL_WHEN: str(full)}
    server = Server(folder=tmp_path, database_url=url, mail=f"folder:{tmp_path}/mail", more=more)
    line = Line(server.port, town.residents[0][1])
    try:
        await server.start()
        before = await _send(line, town, "voor")
        full.touch()
        refused = [await _send(line, town, "tijdens") for _ in range(3)]
        page = await line.get(f"/consultations/{town.slug}/")
        await asyncio.sleep(1.5)  # the worker ticks, and cannot write either
        held = await _titles(url)
        full.unlink()
        again = await _send(line, town, "tijdens")
        after = await _titles(url)
        async with looking(url) as database:
            unsound = await reckoning.is_sound(database)
    finally:
        line.hang_up()
        await server.close()

    assert (before.status, [one.status for one in refused], page.status) == (303, [503] * 3, 200)
    assert {one.headers["retry-after"] for one in refused} == {"5"}
    assert (held["voor"], held["tijdens"]) == (1, 0)
    assert again.status == 303
    assert (after["voor"], after["tijdens"]) == (1, 1)
    assert unsound == []
    assert server.starts == 1


async def _send(line: Line, town: Town, title: str) -> Answer:
    """Send this idea, each time under the same key."""
    fields = {
        "kind": "idea",
        "title": title,
        "body": "Zet er een bankje.",
        "idempotency_key": f"{title}-key-of-the-form",
    }
    return await line.post(f"/consultations/{town.slug}/ideas/new", fields)


async def _titles(url: str) -> Counter[str]:
    async with looking(url) as database, database.read() as db:
        return Counter(row[0] for row in await reckoning.rows(db, "SELECT title FROM idea"))
