"""The one process beside the web process that does the arithmetic, at low priority, started at first need.

The web process imports this module and therefore no numbers library: everything heavy is imported in `_serve`,
on the other side. Two lanes work there: clustering takes its time in one, while somebody who types is answered in the
other.
"""

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, cast

from themes.findings import Clustering, Likeness, Text

NICE = 10
PATIENCE = 5.0  # seconds a worker gets to end by itself
SLOW = frozenset({"find_clusters", "vectors_for"})


class WorkerGone(RuntimeError):
    """The worker process ended before it answered: killed, or out of memory. The next call starts a new one."""


class Worker:
    """Awaitable clustering and search. One per web process; close it when the web process ends."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._waiting: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Future[Any]]] = {}
        self._tickets = itertools.count(1)
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def find_clusters(
        self,
        texts: Sequence[Text],
        *,
        places: Sequence[str] = (),
        seed: int = 0,
        fixed: Mapping[int, int] | None = None,
        previous: Mapping[int, int] | None = None,
        wanted: tuple[int, int] | None = None,
    ) -> Clustering:
        """As `pipeline.find_clusters`, without holding up the event loop."""
        asked = {
            "places": tuple(places),
            "seed": seed,
            "fixed": dict(fixed or {}),
            "previous": dict(previous or {}),
            "wanted": wanted,
        }
        return cast(Clustering, await self._ask("find_clusters", tuple(texts), **asked))

    async def vectors_for(self, texts: Sequence[str], *, places: Sequence[str] = ()) -> list[bytes]:
        """What to store beside each idea; see `reading.vectors_for`."""
        return cast(list[bytes], await self._ask("vectors_for", tuple(texts), places=tuple(places)))

    async def model(self) -> tuple[str, str]:
        """Name and version of the embedder: stored vectors are valid for exactly this model."""
        return cast(tuple[str, str], await self._ask("model"))

    async def remember(self, shelf: str, texts: Sequence[Text]) -> None:
        """Put ideas on a shelf (for example of one consultation) to search among; a new worker has empty shelves."""
        await self._ask("remember", shelf, tuple(texts))

    async def forget(self, shelf: str, idea_ids: Sequence[int]) -> None:
        await self._ask("forget", shelf, tuple(idea_ids))

    async def count(self, shelf: str) -> int:
        """How many ideas the shelf holds; 0 tells the caller to fill it."""
        return cast(int, await self._ask("count", shelf))

    async def nearest(
        self, shelf: str, words: str, *, most: int = 5, at_least: float = 0.0, by_meaning: bool = True
    ) -> list[Likeness]:
        """The ideas on the shelf that are most like these words, best first."""
        asked = {"most": most, "at_least": at_least, "by_meaning": by_meaning}
        return cast(list[Likeness], await self._ask("nearest", shelf, words, **asked))

    async def _ask(self, name: str, *given: object, **named: object) -> Any:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        ticket = next(self._tickets)
        # Sending may block on a full pipe, and starting takes a tenth of a second: neither on the event loop.
        await asyncio.to_thread(self._send, ticket, (loop, answer), (name, given, named))
        try:
            return await answer
        finally:
            self._waiting.pop(ticket, None)

    def _send(self, ticket: int, waiting: Any, question: tuple[str, tuple[object, ...], dict[str, object]]) -> None:
        with self._lock:
            if not self.is_running or self._pipe is None:
                self._start()
            self._waiting[ticket] = waiting
            pipe = cast(Connection, self._pipe)
            try:
                pipe.send((ticket, *question))
            except OSError as broken:
                del self._waiting[ticket]
                raise WorkerGone("The worker process ended.") from broken

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), name="klankbord-themes", daemon=True)
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, args=(self._pipe,), name="themes-answers", daemon=True).start()

    def _listen(self, pipe: Connection) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                ticket, is_answer, answer = pipe.recv()
                self._tell(ticket, is_answer, answer)
        with self._lock:
            if pipe is not self._pipe:
                return
            self._pipe = None
        for ticket in list(self._waiting):
            self._tell(ticket, False, WorkerGone("The worker process ended before it answered."))

    def _tell(self, ticket: int, is_answer: bool, answer: Any) -> None:
        loop, future = self._waiting.pop(ticket, (None, None))
        if loop is None or future is None:
            return

        def settle() -> None:
            if not future.done():
                future.set_result(answer) if is_answer else future.set_exception(answer)

        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(settle)

    async def aclose(self) -> None:
        """End the worker; who still waits gets WorkerGone. Closing twice, or without ever asking, is no error."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        with self._lock:
            process, pipe = self._process, self._pipe
            self._process = None
            if process is None:
                return
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.send(None)
        process.join(PATIENCE)
        if process.is_alive():
            process.terminate()
            process.join()
        process.close()


def _serve(pipe: Connection) -> None:
    """The other side: until the pipe closes or says None, each question in its lane."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # before numpy: its threads would take the web process's core
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    lanes = {True: ThreadPoolExecutor(1), False: ThreadPoolExecutor(1)}
    answers = _answers()
    speaking = threading.Lock()

    def work(ticket: int, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        try:
            reply = (ticket, True, answers[name](*given, **named))
        except Exception as error:  # whatever went wrong belongs to the one who asked
            reply = (ticket, False, RuntimeError(f"{type(error).__name__}: {error}"))
        with speaking, contextlib.suppress(OSError):
            pipe.send(reply)

    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while (question := pipe.recv()) is not None:
            ticket, name, given, named = question
            lanes[name in SLOW].submit(work, ticket, name, given, named)
    os._exit(0)  # a clustering that nobody waits for need not be finished


def _answers() -> dict[str, Callable[..., Any]]:
    from themes.features import default_embedder
    from themes.pipeline import find_clusters
    from themes.reading import vectors_for
    from themes.similar import SimilarIndex

    shelves: dict[str, SimilarIndex] = {}

    def remember(shelf: str, texts: Sequence[Text]) -> None:
        shelves.setdefault(shelf, SimilarIndex()).add(texts)

    def forget(shelf: str, idea_ids: Sequence[int]) -> None:
        for idea_id in idea_ids:
            if shelf in shelves:
                shelves[shelf].remove(idea_id)

    def nearest(shelf: str, words: str, **asked: Any) -> list[Likeness]:
        return shelves[shelf].nearest(words, **asked) if shelf in shelves else []

    return {
        "find_clusters": find_clusters,
        "vectors_for": vectors_for,
        "model": lambda: (default_embedder().name, default_embedder().version),
        "remember": remember,
        "forget": forget,
        "count": lambda shelf: len(shelves.get(shelf, ())),
        "nearest": nearest,
    }
