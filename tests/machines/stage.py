"""What every machine stands on: a database of its own, a clock, moves by one person or by two at once.

A machine is a model of one room's promise, told from the product's text and not from its tables. Each move says what
the verb is and what the model expects; moves of two people start together and are judged in the order in which the
database let them write. A machine counts its steps; `run` prints them with the seed and the command that replays it.
"""

import asyncio
import atexit
import functools
import json
import os
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, cast

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from hypothesis.strategies import DataObject, SearchStrategy, data, integers, sampled_from, timedeltas
from sqlalchemy import text
from sqlalchemy.engine import make_url

from kernel.db import Database, ReadSession, WriteSession
from kernel.errors import DomainError
from kernel.events import EventRecord, chain_hash
from tests.engines import Databases, PostgresDatabases, SqliteDatabases
from tests.moments import NOON

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "12"))
STEPS = int(os.environ.get("MACHINE_STEPS", "25"))
SEED = os.environ.get("MACHINE_SEED", "")
FEW = 3
"""Walks on PostgreSQL, where a database of one's own takes longer to make."""
IS_LONG = "MACHINE_EXAMPLES" in os.environ

World = Callable[[WriteSession], Awaitable[Any]]
Verb = Callable[[WriteSession], Awaitable[Any]]
Look = Callable[[ReadSession], Awaitable[Any]]

FACT = ("id", "name", "subject", "seq", "at", "actor_id", "facts", "previous_hash", "hash")
NEWER_FACTS = """SELECT id, name, subject, seq, at, actor_id, facts, previous_hash, hash
    FROM event WHERE id > ? ORDER BY id"""

PAUSES = (
    timedelta(0),
    timedelta(seconds=1),
    timedelta(minutes=9),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=8),
)


@dataclass
class Move:
    """What somebody does. `judge` gets the verb's answer, or None when it was refused; it says whether the model
    takes the step, and takes it then. It may go by what was true when the page was opened: the move was made then."""

    name: str
    drawn: tuple[Any, ...]
    do: Verb
    judge: Callable[[Any], bool]


# databases


class Copies:
    """Databases in which a world was built, once, and nothing else happened; the one place that makes them."""

    def __init__(self, world: World, databases: Databases) -> None:
        self.databases = databases
        self.names = (f"machine_{os.getpid()}_{world.__module__.rpartition('.')[2]}_{number}" for number in count())
        if isinstance(databases, PostgresDatabases):
            self.pattern = databases.url(Path())
        else:
            self.folder = _folder()
            self.pattern = f"sqlite+aiosqlite:///{self.folder}/world.db"
        databases.make(self.pattern, migrated=True)
        self.told = asyncio.run(self._build(world))

    async def _build(self, world: World) -> Any:
        database = Database(self.pattern)
        async with database.write() as tx:
            told = await world(tx)
        await database.close()
        return told

    def make(self) -> Database:
        """One more."""
        name = next(self.names)
        if isinstance(self.databases, PostgresDatabases):
            pattern = make_url(self.pattern).database
            return Database(self.databases.server.create_database(name, template=pattern))
        path = self.folder / f"{name}.db"
        shutil.copy(self.folder / "world.db", path)
        return Database(f"sqlite+aiosqlite:///{path}")

    def throw_away(self, database: Database) -> None:
        """It is closed and nobody needs it."""
        if isinstance(self.databases, PostgresDatabases):
            self.databases.drop(database.url.render_as_string(hide_password=False))
            return
        for path in self.folder.glob(f"{Path(database.url.database or '').name}*"):
            path.unlink()


def _folder() -> Path:
    """In memory where the machine has it: these databases live for less than a second."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of its own in there
    folder = Path(tempfile.mkdtemp(prefix="klankbord-machines-", dir=place))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


copies = functools.cache(Copies)


# machines


class Machine(RuleBasedStateMachine):
    """Somebody does something, two do something at once, somebody does it twice, time passes."""

    world: ClassVar[World]
    databases: ClassVar[Databases]
    moves: ClassVar[SearchStrategy[tuple[Any, ...]]]
    steps: ClassVar[int] = 0
    examples: ClassVar[int] = 0
    accepted: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        Machine.examples += 1
        self.copies = copies(type(self).world, type(self).databases)
        self.database, self.told = self.copies.make(), self.copies.told
        self.runner = asyncio.Runner()
        self.now = NOON
        self.file = self._file() if self.database.is_sqlite else None
        self.proved: dict[str, tuple[int, str]] = {}
        self.last_fact = 0
        self.expected: dict[str, list[str]] = {}
        self.recorded: dict[str, list[str]] = {}
        self.begin()
        self.check()

    def begin(self) -> None:
        """Set the model up."""

    def check(self) -> None:
        """What must hold, after every step that may have written."""

    def teardown(self) -> None:
        if self.file is not None:
            self.file.close()
        self.runner.run(self.database.close())
        self.runner.close()
        self.copies.throw_away(self.database)

    # steps

    prologue: ClassVar[Sequence[tuple[Any, ...]]] = ()
    """Moves of which each walk begins with some, so that walks begin everywhere; a timedelta lets time pass."""

    @initialize(given=data())
    def something_happened_before(self, given: DataObject) -> None:
        for drawn in self.prologue[: given.draw(integers(0, len(self.prologue)))]:
            if drawn[0] == "wait":
                self.pass_time(drawn[1])
            else:
                self.take(self.move(*drawn))

    @rule(given=data())
    def one(self, given: DataObject) -> None:
        self.take(self.a_move(given))

    @rule(given=data())
    def two_at_once(self, given: DataObject) -> None:
        self.take(self.a_move(given), self.a_move(given))

    @rule(given=data())
    def the_same_twice(self, given: DataObject) -> None:
        drawn = given.draw(self.moves)
        self.take(self.move(*drawn), self.move(*drawn))

    @rule(pause=sampled_from(PAUSES))
    def time_passes(self, pause: timedelta) -> None:
        self.pass_time(pause)

    @rule(given=data(), off=timedeltas(timedelta(microseconds=-1), timedelta(microseconds=1)))
    def a_date_comes(self, given: DataObject, off: timedelta) -> None:
        ahead = [instant for instant in self.dates() if instant + off > self.now]
        if ahead:
            self.pass_time(given.draw(sampled_from(ahead)) + off - self.now)

    def a_move(self, given: DataObject) -> Move:
        return self.move(*given.draw(self.moves))

    def move(self, name: str, *drawn: Any) -> Move:
        """The move of this name, with the page opened now."""
        do, judge = getattr(self, name)(*drawn)
        return Move(name, drawn, do, judge)

    def pass_time(self, pause: timedelta) -> None:
        self.now += pause

    def dates(self) -> Sequence[datetime]:
        """Instants at which something changes by itself."""
        return ()

    def take(self, *moves: Move) -> None:
        """Start these together; judge each in the order in which they wrote."""
        Machine.steps += len(moves)
        for move, answer in self.runner.run(self._together(moves)):
            is_refused = isinstance(answer, DomainError)
            expected = move.judge(None if is_refused else answer)
            told = f"refused as {answer!r}" if is_refused else "done"
            what = f"{move.name}{move.drawn} at {self.now}"
            assert expected is not is_refused, f"{what}: {told}, the model says {expected}"
            Machine.accepted[move.name] += expected
        self.check_facts()
        self.check()

    async def _together(self, moves: Sequence[Move]) -> list[tuple[Move, Any]]:
        done: list[tuple[Move, Any]] = []

        async def act(move: Move) -> None:
            answer: Any = None
            try:
                async with self.database.write() as tx:
                    answer = await move.do(tx)
            except DomainError as refusal:
                answer = refusal
            done.append((move, answer))  # before anybody else gets the lock: no await since the commit

        await asyncio.gather(*(act(move) for move in moves))
        return done

    def read(self, look: Look) -> Any:
        """Something read now, as a page would."""

        async def reading() -> Any:
            async with self.database.read() as db:
                return await look(db)

        return self.runner.run(reading())

    # what the tables say, read without any code of the product

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from the file; on PostgreSQL over a connection that reads."""
        if self.file is not None:
            return self.file.execute(sql, values).fetchall()
        first, *rest = sql.split("?")
        named = text(first + "".join(f":value{number}{part}" for number, part in enumerate(rest)))
        given = {f"value{number}": value for number, value in enumerate(values)}

        async def look(db: ReadSession) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in await db.execute(named, given)]

        return cast("list[tuple[Any, ...]]", self.read(look))

    def _file(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.database.url.database}?mode=ro", uri=True)

    def expect(self, subject: str, *names: str) -> None:
        """These facts follow the earlier ones of the subject."""
        self.expected.setdefault(subject, []).extend(names)

    def check_facts(self) -> None:
        """Every step left its fact, dated now or at its own instant, in an unbroken chain; and no step left two."""
        for row in self.rows(NEWER_FACTS, self.last_fact):
            values = dict(zip(FACT, row, strict=True))
            told = values["facts"]
            values |= {"at": instant(values["at"]), "facts": json.loads(told) if isinstance(told, str) else told}
            fact = EventRecord(**values)
            seq, previous = self.proved.get(fact.subject, (0, ""))
            assert (fact.seq, fact.previous_hash) == (seq + 1, previous), fact.subject
            assert fact.hash == chain_hash(fact), fact.subject
            assert fact.at <= self.now
            self.proved[fact.subject] = (fact.seq, fact.hash)
            self.last_fact = fact.id
            self.recorded.setdefault(fact.subject, []).append(fact.name)
        for subject, names in self.expected.items():
            assert self.recorded.get(subject, []) == names, subject


def instant(stored: str | datetime) -> datetime:
    """How SQLite and PostgreSQL keep an instant."""
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored).replace(tzinfo=UTC)


def run(machine: type[Machine], databases: Databases) -> None:
    """Walk it: always the same short walks, or with MACHINE_EXAMPLES as many new ones, whose seed is printed."""
    chosen = SEED or (str(random.SystemRandom().getrandbits(32)) if IS_LONG else "")
    if chosen:
        seed(int(chosen))(machine)
    machine.databases = databases
    before, began = Machine.steps, perf_counter()
    Machine.accepted.clear()
    name = machine.__name__
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES if IS_LONG or isinstance(databases, SqliteDatabases) else FEW,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                derandomize=not chosen,
                print_blob=False,
                verbosity=Verbosity.normal,
                phases=(Phase.generate, Phase.shrink) if "MACHINE_RAW" not in os.environ else (Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        replay = f"MACHINE_EXAMPLES={EXAMPLES} MACHINE_STEPS={STEPS} MACHINE_SEED={chosen or 'none'}"
        took = perf_counter() - began
        done = ", ".join(f"{what} {number}" for what, number in Machine.accepted.most_common())
        print(f"{name}: {Machine.steps - before} steps in {took:.1f} s ({done}); {replay}")
