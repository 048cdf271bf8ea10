"""No yes leaves before its commit was synced: counted in the site's own process, under load.

For each answer its text is looked up in what was written to the write-ahead log; the frame that commits it follows, a
sync must begin after that and end before the answer begins to leave.

    SEED=123 ANSWERS=2000 python -m pytest tests/faults/test_syncs.py -s
"""

from collections.abc import Sequence

import pytest

from tests.faults.conftest import ANSWERS
from tests.faults.recorded import Recorded
from tests.faults.recording import Noted

FRAME_HEAD, LOG_HEAD = 24, 32

pytestmark = [
    pytest.mark.fault,
    pytest.mark.slow,
    pytest.mark.timeout(180 + ANSWERS),
    pytest.mark.xdist_group("recorded"),
]


def commits(note: Noted) -> bool:
    """Whether this is the head of the frame that ends a transaction: it names the size of the database after it."""
    is_head = note.what == "write" and len(note.written) == FRAME_HEAD and note.offset >= LOG_HEAD
    return is_head and note.path.endswith("-wal") and note.written[4:8] != bytes(4)


def unsynced(notes: Sequence[Noted]) -> tuple[int, list[str]]:
    """How many answers could be followed, and those that left before their commit was on the disk."""
    followed, early = 0, []
    for left, answer in enumerate(notes):
        if answer.what != "answer" or answer.path.split()[0] not in {"idea", "asked", "point"}:
            continue  # the others leave no text that is theirs alone
        name = answer.path.split()[1].encode()
        written = next((n for n in range(left) if notes[n].what == "write" and name in notes[n].written), left)
        committed = next((n for n in range(written, left) if commits(notes[n])), left)
        # the frame's page follows its head; what is synced is what was written before the sync began
        began = next((n for n in range(committed + 2, left) if _is_log(notes[n], "sync")), left)
        ended = next((n for n in range(began, left) if _is_log(notes[n], "synced")), left)
        followed += 1
        if ended == left:
            early.append(answer.path)
    return followed, early


def _is_log(note: Noted, what: str) -> bool:
    return note.what == what and note.path.endswith("-wal")


def test_each_yes_waits_for_the_sync_of_its_commit(recorded: Recorded) -> None:
    followed, early = unsynced(recorded.notes)
    syncs = sum(_is_log(note, "synced") for note in recorded.notes)
    answers = sum(note.what == "answer" for note in recorded.notes)
    print(f"\nSEED={recorded.seed} ANSWERS={ANSWERS} python -m pytest tests/faults/test_syncs.py -s")
    print(f"{answers} yeses, {syncs} syncs of the log; {followed} yeses followed, {len(early)} left before theirs")

    assert early == []
    assert followed > answers // 3
    assert syncs >= answers


def test_the_count_notices_a_database_that_syncs_less(recorded_with_less: Recorded) -> None:
    followed, early = unsynced(recorded_with_less.notes)

    assert followed > 10
    assert len(early) > followed * 0.9
