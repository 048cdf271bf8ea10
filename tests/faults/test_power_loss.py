"""The power fails at each write of the site: whatever was not synced is gone, in part or torn, and no yes with it.

Everything that the site's process wrote was recorded while a crowd worked. For each moment the files are made again as
a disk might hold them, opened, checked, and compared with the answers that had begun to leave.

    SEED=123 ANSWERS=300 STEP=1 python -m pytest tests/faults/test_power_loss.py -s
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import ANSWERS
from tests.faults.recorded import Recorded
from tests.faults.recording import Noted
from tests.faults.server import dice

STEP = int(os.environ.get("STEP", "25"))
"""Of how many writes one is also tried with some of what was not synced kept, whole or torn."""
SECTOR = 512

pytestmark = [
    pytest.mark.fault,
    pytest.mark.slow,
    pytest.mark.timeout(600 + 10 * ANSWERS),
    pytest.mark.xdist_group("recorded"),
]


@dataclass
class Disk:
    """One file: what a sync made safe, and what was asked since. A new file is there once it was synced."""

    safe: bytearray
    is_there: bool
    since: list[Noted] = field(default_factory=list)

    def take(self, note: Noted) -> bool:
        """Follow what happened; True when what is safe changed."""
        if note.what in {"write", "truncate"}:
            self.since.append(note)
            return False
        if note.what == "sync":
            self.since.append(note)
            return False
        if note.what == "synced":
            begun = max(n for n, one in enumerate(self.since) if one.what == "sync")
            for one in self.since[:begun]:
                _apply(self.safe, one)
            self.since = self.since[begun + 1 :]
            self.is_there = True
            return True
        if note.what == "delete":
            self.safe, self.is_there, self.since = bytearray(), False, []
            return True
        return False

    def torn(self, random: Random) -> bytearray | None:
        """What a disk might hold: of what was not synced some arrived, in any order, some of it in part."""
        asked = [one for one in self.since if one.what != "sync"]
        held = bytearray(self.safe)
        arrived = sorted(random.sample(range(len(asked)), random.randint(0, len(asked))))
        for n in arrived:
            _apply(held, _cut(asked[n], random) if random.random() < 0.2 else asked[n])
        return held if self.is_there or arrived else None


def _apply(held: bytearray, note: Noted) -> None:
    if note.what == "truncate":
        del held[note.offset :]
    elif note.what == "write":
        held.extend(bytes(max(0, note.offset - len(held))))
        held[note.offset : note.offset + len(note.written)] = note.written


def _cut(note: Noted, random: Random) -> Noted:
    sectors = len(note.written) // SECTOR
    return note._replace(written=note.written[: random.randint(0, sectors) * SECTOR])


@dataclass
class Found:
    """What came of all the power failures."""

    writes: int = 0
    opened: int = 0
    lost: set[str] = field(default_factory=set)
    damaged: list[str] = field(default_factory=list)


def fail_everywhere(recorded: Recorded, folder: Path, *, step: int, seed: int) -> Found:
    """Let the power fail after each thing that happened."""
    found, random = Found(), dice(seed)
    disks = {str(recorded.database): Disk(bytearray(recorded.before.read_bytes()), is_there=True)}
    acknowledged: list[str] = []
    is_same = False
    for note, following in _with_next(recorded.notes):
        if note.what == "answer":
            acknowledged.append(note.path)
            is_same = False
        else:
            disk = disks.setdefault(note.path, Disk(bytearray(), is_there=False))
            is_same = not disk.take(note) and is_same
            found.writes += note.what in {"write", "truncate"}
            if note.what in {"write", "truncate"} and found.writes % step == 0:
                _open({path: one.torn(random) for path, one in disks.items()}, recorded, folder, acknowledged, found)
        # only synced: it looks the same until the next sync or answer, so look once before that
        if not is_same and (following is None or following.what in {"write", "truncate", "sync", "answer"}):
            safe = {path: one.safe if one.is_there else None for path, one in disks.items()}
            _open(safe, recorded, folder, acknowledged, found)
            is_same = True
    return found


def _with_next(notes: Sequence[Noted]) -> Iterator[tuple[Noted, Noted | None]]:
    return zip(notes, [*notes[1:], None], strict=True)


def _open(
    files: dict[str, bytearray | None], recorded: Recorded, folder: Path, acknowledged: list[str], found: Found
) -> None:
    for path, held in files.items():
        copy = folder / Path(path).name
        if held is None:
            copy.unlink(missing_ok=True)
        else:
            copy.write_bytes(held)
    (folder / f"{recorded.database.name}-shm").unlink(missing_ok=True)
    found.opened += 1
    with closing(sqlite3.connect(folder / recorded.database.name)) as database:
        try:
            verdict = [row[0] for row in database.execute("PRAGMA integrity_check")]
            orphans = database.execute("PRAGMA foreign_key_check").fetchall()
            there = _names(database)
        except sqlite3.DatabaseError as error:
            found.damaged.append(repr(error))
            return
    if verdict != ["ok"] or orphans:
        found.damaged.append(f"{verdict} {orphans}")
    found.lost |= set(acknowledged) - there


def _names(database: sqlite3.Connection) -> set[str]:
    """Everything a crowd may have been told that we have, as its answers are marked."""
    marks = {
        "idea {}": "SELECT title FROM idea",
        "asked {}": "SELECT title FROM idea",
        "confirmed {}": "SELECT title FROM idea WHERE state <> 'submitted'",
        "point {}": "SELECT title FROM agenda_item",
        "decision {}": "SELECT idea_id FROM moderation_decision",
        "support {}/{}": "SELECT idea_id, person_id FROM endorsement",
    }
    return {mark.format(*row) for mark, statement in marks.items() for row in database.execute(statement)}


def test_no_power_failure_takes_a_yes_back(recorded: Recorded, tmp_path: Path) -> None:
    print(f"\nSEED={recorded.seed} ANSWERS={ANSWERS} STEP={STEP} python -m pytest tests/faults/test_power_loss.py -s")
    found = fail_everywhere(recorded, tmp_path, step=STEP, seed=recorded.seed)
    checkpoints = sum(note.what == "synced" and note.path == str(recorded.database) for note in recorded.notes)
    yeses = sum(note.what == "answer" for note in recorded.notes)
    print(f"{found.writes} writes, {found.opened} different disks opened, {checkpoints} checkpoints among them")
    print(f"{yeses} yeses, {len(found.lost)} lost; {len(found.damaged)} databases damaged")

    assert (found.lost, found.damaged) == (set(), [])
    assert found.opened > len(recorded.crowd.kept)
    assert checkpoints > 0


def test_the_power_failures_notice_a_database_that_syncs_less(recorded_with_less: Recorded, tmp_path: Path) -> None:
    found = fail_everywhere(recorded_with_less, tmp_path, step=10**6, seed=recorded_with_less.seed)

    assert len(found.lost) > 10
    assert found.damaged == []
