"""A crowd's work on the real site, with everything that its process asked of the disk meanwhile."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.faults import recording
from tests.faults.crowd import Crowd
from tests.faults.post_office import PostOffice
from tests.faults.recording import Noted
from tests.faults.server import Server, until
from tests.faults.town import found

PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What happened, and the database as it was before."""

    before: Path
    database: Path
    seed: int
    notes: list[Noted]
    crowd: Crowd


async def record(folder: Path, *, answers: int, seed: int, synchronous: str = "") -> Recorded:
    """Let a crowd work until it got so many yeses."""
    database, before, to = folder / "klankbord.db", folder / "before.db", folder / "notes"
    town = await found(f"sqlite+aiosqlite:///{database}", residents=4, followers=2)
    with closing(sqlite3.connect(database)) as alone:
        alone.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database, before)
    post_office = PostOffice()
    await post_office.open()
    more = {recording.RECORD_TO: str(to)} | ({recording.SYNCHRONOUS: synchronous} if synchronous else {})
    server = Server(folder=folder, database_url=town.database_url, mail=post_office.url, more=more)
    crowd = Crowd(town=town, port=server.port, post_office=post_office, seed=seed, moved=lambda: server.moved)
    try:
        await server.start()
        async with crowd.at_work():
            await until(lambda: len(crowd.kept) >= answers, patience=PATIENCE)
    finally:
        await server.close()
        await post_office.close()
    assert crowd.odd == [], server.log
    return Recorded(before=before, database=database, seed=seed, notes=recording.read(to), crowd=crowd)
