"""The `klankbord` command: what it does, and that every mistake ends in one sentence and a code that is not 0."""

import asyncio
import csv
import io
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text, update
from sqlalchemy.engine import make_url

from accounts import second_factor
from kernel.db import Database, WriteSession
from kernel.settings import Settings
from klankbord.cli import COMMANDS, SECTIONS, main
from klankbord.migrate import newest
from notify.models import Message
from notify.states import Cadence, MessageState
from panels.models import Meeting
from panels.states import MeetingState
from tests.builders import a_consultation, a_meeting, a_panel, a_person, a_point, an_idea
from tests.moments import NOON
from tests.notify.stories import a_follower, a_member

T = TypeVar("T")
SECRET = "a secret of this very test, long enough"
GOOD_ROWS = "id,text,label\n1,Meer bankjes langs het water.,groen\n2,Een bus op zondag.,vervoer\n"


@dataclass
class Installation:
    """A database that only the command opens, letters in a folder, a clock that stands near NOON."""

    environ: dict[str, str]
    url: str

    def run(self, *words: str, **changed: str) -> Result:
        """One command, as somebody types it."""
        return CliRunner(env={**self.environ, **changed}).invoke(main, words)

    def write(self, work: Callable[[WriteSession], Awaitable[T]]) -> T:
        """One transaction before or after a command."""

        async def open_and_close() -> T:
            database = Database(self.url)
            try:
                async with database.write() as tx:
                    return await work(tx)
            finally:
                await database.close()

        return asyncio.run(open_and_close())


@pytest.fixture
def command(settings: Settings, tmp_path: Path) -> Installation:
    """Before anything was made."""
    (tmp_path / "clock").write_text(str(int((NOON - datetime.now(UTC)).total_seconds())))  # noqa: TID251 - moves it
    environ = {
        "KLANKBORD_MODE": "test",
        "DATABASE_URL": settings.database_url,
        "KLANKBORD_MAIL": settings.mail,
        "KLANKBORD_CLOCK": f"file:{tmp_path}/clock",
        "KLANKBORD_PUBLIC_URL": settings.public_url,
    }
    return Installation(environ=environ, url=settings.database_url)


@pytest.fixture
def empty(command: Installation, empty_database: str) -> Installation:
    """On a database without anything in it."""
    assert command.url == empty_database
    return command


@pytest.fixture
def there(command: Installation, migrated_database: str) -> Installation:
    """On a migrated one."""
    assert command.url == migrated_database
    return command


def refusal(result: Result) -> str:
    """The one sentence of a command that went wrong."""
    assert result.exit_code != 0
    assert result.stdout == ""
    assert result.exception is None or isinstance(result.exception, SystemExit)
    [sentence] = result.stderr.strip().splitlines()
    return sentence


def letters(installation: Installation) -> list[Path]:
    """What left, in the folder."""
    return list(Path(installation.environ["KLANKBORD_MAIL"].removeprefix("folder:")).glob("*.eml"))


# help


def test_help_names_every_command_with_what_it_is_for(command: Installation) -> None:
    told = command.run("--help").stdout

    assert [line.split()[0] for line in told.splitlines() if line.strip() and line.split()[0] in COMMANDS] == [
        *COMMANDS
    ]
    assert [title for title in SECTIONS if f"{title}:" in told] == list(SECTIONS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_page_of_its_own(command: Installation, name: str) -> None:
    told = command.run(name, "--help")

    assert (told.exit_code, told.stdout.split()[:4]) == (0, ["Usage:", "main", name, "[OPTIONS]"])


# the schema


def test_migrating_twice_changes_nothing_the_second_time(empty: Installation) -> None:
    first, second = empty.run("migrate"), empty.run("migrate")

    assert (first.stdout, second.stdout) == ("The database is up to date.\n", "The database was up to date.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "KLANKBORD_PORT"],
        ["ideas", "export", "buurt"],
        ["themes", "build", "buurt"],
        ["agenda", "show", "panel/1"],
        ["briefing", "send", "panel/1"],
        ["digests", "run"],
        ["roles"],
    ],
)
def test_a_database_that_was_not_migrated_is_named_by_every_command(empty: Installation, words: list[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])

    told = empty.run(*(word for word in words if word != "KLANKBORD_PORT"), KLANKBORD_PORT=free)

    assert refusal(told) == "Error: The database is not up to date: run klankbord migrate."


def test_a_database_of_a_newer_klankbord_is_left_alone(there: Installation) -> None:
    async def from_the_future(tx: WriteSession) -> None:
        connection = await tx.connection()
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    there.write(from_the_future)

    told = {refusal(there.run(*words)) for words in (["migrate"], ["roles"])}

    assert told == {"Error: The database is at step 9999, which only a newer Klankbord knows."}


def test_the_demo_keeps_out_of_another_mode(there: Installation) -> None:
    told = refusal(there.run("demo", "--no-serve"))

    assert told == "Error: KLANKBORD_MODE is test: the sample belongs in a database of its own."


# ideas


@pytest.fixture
def buurt(there: Installation) -> Installation:
    """With one consultation, `buurt`."""

    async def ask(tx: WriteSession) -> None:
        await a_consultation(tx, slug="buurt")

    there.write(ask)
    return there


def test_good_rows_are_kept_and_bad_ones_named_by_line_with_the_reason(buurt: Installation, tmp_path: Path) -> None:
    file = tmp_path / "ideeën.csv"
    file.write_text(GOOD_ROWS + "3,,groen\n4,x,y,z\n", encoding="utf-8")

    told = buurt.run("ideas", "import", str(file), "--consultation", "buurt")

    assert (told.exit_code, told.stdout) == (0, "2 ideas added, 0 were known, 2 lines could not be used.\n")
    assert [line for line in told.stderr.splitlines() if line.startswith("  line")] == [
        "  line 4: it has no text",
        "  line 5: it has 4 columns, the first line has 3",
    ]


def test_the_same_file_twice_adds_nothing(buurt: Installation, tmp_path: Path) -> None:
    file = tmp_path / "ideeën.csv"
    file.write_text(GOOD_ROWS, encoding="utf-8")

    told = [buurt.run("ideas", "import", str(file), "--consultation", "buurt").stdout for _ in range(2)]

    assert told == [
        "2 ideas added, 0 were known, 0 lines could not be used.\n",
        "0 ideas added, 2 were known, 0 lines could not be used.\n",
    ]


def test_what_is_exported_can_be_imported_elsewhere(buurt: Installation, tmp_path: Path) -> None:
    async def ask_again(tx: WriteSession) -> None:
        await a_consultation(tx, slug="elders")

    buurt.write(ask_again)
    first, back, again = tmp_path / "a.csv", tmp_path / "b.jsonl", tmp_path / "c.csv"
    first.write_text(GOOD_ROWS, encoding="utf-8")
    to_publish = ("--state", "published")

    done = [
        buurt.run("ideas", "import", str(first), "--consultation", "buurt", *to_publish),
        buurt.run("ideas", "export", "buurt", "--format", "jsonl", "--to", str(back)),
        buurt.run("ideas", "import", str(back), "--consultation", "elders", *to_publish),
        buurt.run("ideas", "export", "elders", "--to", str(again)),
    ]

    assert [one.exit_code for one in done] == [0] * 4
    sent = [json.loads(line)["body"] for line in back.read_text(encoding="utf-8").splitlines()]
    came = [row["body"] for row in csv.DictReader(io.StringIO(again.read_text(encoding="utf-8-sig")))]
    assert sent == came == ["Meer bankjes langs het water.", "Een bus op zondag."]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("naam\nJan\n", "The first line must name a column `text`, or columns `title` and `body`."),
        ("", "The first line must name a column `text`, or columns `title` and `body`."),
        ("id,text\n1,caf\udce9\n", "is not UTF-8; save it as UTF-8 and try again."),
    ],
)
def test_a_file_that_cannot_be_used_is_told_why(
    buurt: Installation, tmp_path: Path, written: str, sentence: str
) -> None:
    file = tmp_path / "ideeën.csv"
    file.write_bytes(written.encode(errors="surrogateescape"))

    told = buurt.run("ideas", "import", str(file), "--consultation", "buurt")

    assert told.exit_code == 1
    assert told.stderr.strip().splitlines()[-1].startswith(f"Error: {file} ")
    assert told.stderr.strip().endswith(sentence)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "ideas import nergens.csv --consultation buurt",
            "Invalid value for 'FILE': File 'nergens.csv' does not exist.",
        ),
        ("ideas import pyproject.toml --consultation buurt", "pyproject.toml ends in neither .csv nor .jsonl; say"),
        ("ideas import pyproject.toml --format csv --consultation buurt --by Jan", "'Jan' is not one e-mail address."),
        ("ideas import pyproject.toml", "Missing option '--consultation'."),
        ("ideas export nergens", "There is no consultation 'nergens'."),
        ("ideas export buurt --to /nergens/ideeën.csv", "/nergens/ideeën.csv cannot be written: "),
        ("themes build nergens", "There is no consultation 'nergens'."),
        ("agenda show nergens/1", "There is no meeting 'nergens/1'. MEETING is PANEL/NUMBER"),
        ("agenda show 12", "There is no meeting '12'. MEETING is PANEL/NUMBER"),
        ("briefing send vergadering", "There is no meeting 'vergadering'. MEETING is PANEL/NUMBER"),
        ("operator add beheer", "'beheer' is not one e-mail address."),
        ("vergaderen", "No such command 'vergaderen'"),
        ("demo --port 0", "Invalid value for '--port': 0 is not in the range 1<=x<=65535."),
    ],
)
def test_a_mistake_ends_in_one_sentence(buurt: Installation, words: str, sentence: str) -> None:
    assert refusal(buurt.run(*words.split())).startswith(f"Error: {sentence}")


# meetings, letters


def a_night(there: Installation) -> Callable[[], list[MessageState]]:
    """Meeting avond/1 with two points and two members; gives the states of its letters when asked."""

    async def plan(tx: WriteSession) -> None:
        panel = await a_panel(tx, slug="avond")
        meeting = await a_meeting(tx, panel=panel, number=1, title="Eerste avond", state=MeetingState.AGENDA_PUBLISHED)
        await a_point(tx, meeting=meeting, position=1, title="Bankjes", question="Waar eerst?", minutes=30)
        await a_point(tx, meeting=meeting, position=2, title="Een klacht", minutes=15, is_confidential=True)
        for _ in range(2):
            await a_member(tx, panel)

    async def states(tx: WriteSession) -> list[MessageState]:
        return list(await tx.scalars(select(Message.state).where(Message.template == "briefing")))

    there.write(plan)
    return lambda: there.write(states)


def test_the_agenda_is_shown_without_what_is_confidential(there: Installation) -> None:
    a_night(there)

    told = there.run("agenda", "show", "avond/1").stdout

    assert told.startswith("Eerste avond – maandag 14 december 2026")
    assert told.splitlines()[3:] == [
        "   1.  30 min  Bankjes – Waar eerst?",
        "   2.  15 min  (confidential)",
        "",
        "45 of 120 minutes",
    ]


def test_a_briefing_is_sent_to_each_member_once(there: Installation) -> None:
    states = a_night(there)

    told = [there.run("briefing", "send", "avond/1").stdout for _ in range(2)]

    assert told == ["Sent 2 letters.\n", "Nothing to send: every member had it already.\n"]
    assert (states(), len(letters(there))) == ([MessageState.SENT] * 2, 2)


def test_a_briefing_that_cannot_leave_says_so_and_stays_queued(there: Installation) -> None:
    states = a_night(there)

    told = there.run("briefing", "send", "avond/1", KLANKBORD_MAIL="smtp://127.0.0.1:1")

    assert told.stdout == "Sent 0 letters; 2 could not leave yet and are tried again by the site.\n"
    assert states() == [MessageState.DEFERRED] * 2


def test_no_briefing_is_sent_for_a_meeting_that_was_called_off(there: Installation) -> None:
    states = a_night(there)

    async def call_off(tx: WriteSession) -> None:
        await tx.execute(update(Meeting).values(state=MeetingState.CANCELLED, reason="Te warm."))

    there.write(call_off)

    told = refusal(there.run("briefing", "send", "avond/1"))

    assert told == "Error: Meeting avond/1 is cancelled: a briefing goes out before a meeting."
    assert states() == []


def test_digests_are_sent_once(there: Installation) -> None:
    async def publish(tx: WriteSession) -> None:
        from consultations import ideas
        from consultations.states import IdeaState

        consultation = await a_consultation(tx)
        await a_follower(tx, consultation, Cadence.DAILY, now=NOON - timedelta(days=2))
        idea = await an_idea(tx, consultation=consultation, title="Bankjes")
        await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON - timedelta(days=1))

    there.write(publish)
    there.run("digests", "run")
    sent = len(letters(there))
    again = there.run("digests", "run").stdout

    assert again == "Sent 0 letters.\n"
    assert sent == len(letters(there)) > 0


# doctor


def test_a_healthy_installation_is_told_so(there: Installation) -> None:
    told = there.run("doctor")

    assert (told.exit_code, told.stdout.splitlines()[-1]) == (0, "ok")
    assert " - KLANKBORD_MODE is test: this is not a site for the public." in told.stdout
    assert " - Nobody can be told of a weakness in the site: KLANKBORD_SECURITY_CONTACT is empty." in told.stdout


def test_the_doctor_finds_a_database_that_was_not_migrated(empty: Installation) -> None:
    told = empty.run("doctor")

    assert told.exit_code == 1
    assert f"!! The schema is at nothing and should be at {newest()}: run klankbord migrate." in told.stdout


def test_the_doctor_says_when_postgresql_may_forget_what_it_was_given(there: Installation) -> None:
    name = make_url(there.url).database

    async def let_it_forget(tx: WriteSession) -> None:
        await tx.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))

    if there.url.startswith("sqlite"):
        assert "synchronous_commit" not in there.run("doctor").stdout
        return
    there.write(let_it_forget)
    told = there.run("doctor")

    assert told.exit_code == 0
    assert " - PostgreSQL has synchronous_commit off: a power failure can take back" in told.stdout


def test_the_doctor_finds_letters_that_wait(there: Installation) -> None:
    async def forget(tx: WriteSession) -> None:
        person = await a_person(tx)
        since = NOON - timedelta(hours=3)
        tx.add(
            Message(
                dedup_key="x:1:1",
                message_id="<1@x>",
                person_id=person.id,
                template="briefing",
                facts={},
                queued_at=since,
                due_at=since,
            )
        )

    there.write(forget)
    told = there.run("doctor")

    assert told.exit_code == 1
    assert "!! 1 letters wait, the oldest since 2026-11-23 08:00 UTC: is the site running?" in told.stdout


def test_the_doctor_finds_second_factors_that_another_secret_sealed(there: Installation) -> None:
    async def two_factors(tx: WriteSession) -> None:
        for secret in (SECRET, SECRET + "?"):
            person, key = await a_person(tx), second_factor.key_of(Settings(secret=secret))
            await second_factor.begin(tx, person_id=person.id, session="s", key=key, now=NOON)

    there.write(two_factors)
    told = there.run("doctor", KLANKBORD_SECRET=SECRET)

    assert told.exit_code == 1
    assert "!! 1 of 2 second factors do not open with this KLANKBORD_SECRET: whoever has one needs" in told.stdout


# settings, database, port


@pytest.mark.parametrize("words", [["migrate"], ["serve"], ["doctor"], ["demo"], ["digests", "run"]])
def test_a_mistake_in_the_settings_ends_with_code_2(command: Installation, words: list[str]) -> None:
    told = command.run(*words, KLANKBORD_LOG="yaml")

    assert (told.exit_code, told.stderr) == (2, "Error: KLANKBORD_LOG must be text or json.\n")


def test_the_demo_refuses_other_hosts(command: Installation) -> None:
    told = command.run("demo", KLANKBORD_MODE="demo", KLANKBORD_HOST="0.0.0.0")  # noqa: S104 - refused

    assert refusal(told).startswith("Error: KLANKBORD_HOST must stay 127.0.0.1 with KLANKBORD_MODE=demo")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "sqlite+aiosqlite:////dev/null/klankbord.db",
            "Error: The database sqlite+aiosqlite:////dev/null/klankbord.db ",
        ),
        (
            "postgresql+asyncpg://klankbord:geheim@127.0.0.1:1/klankbord",
            "Error: The database postgresql+asyncpg://klankbord:***@127.0.0.1:1/klankbord cannot be used: ",
        ),
    ],
)
@pytest.mark.parametrize("words", [["migrate"], ["roles"]])
def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    command: Installation, words: list[str], url: str, sentence: str
) -> None:
    assert refusal(command.run(*words, DATABASE_URL=url)).startswith(sentence)


def test_a_file_that_is_no_database_is_told(command: Installation, tmp_path: Path) -> None:
    (tmp_path / "brief.txt").write_text("Geachte gemeente, " * 100)

    told = refusal(command.run("roles", DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/brief.txt"))

    assert told.endswith("/brief.txt cannot be used: file is not a database.")


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that somebody else listens to."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield str(door.getsockname()[1])


@pytest.mark.parametrize(("words", "mode"), [(["serve"], "test"), (["demo"], "demo")])
def test_a_port_in_use_is_told_before_anything_is_done(
    command: Installation, taken: str, words: list[str], mode: str, tmp_path: Path
) -> None:
    told = refusal(command.run(*words, KLANKBORD_PORT=taken, KLANKBORD_MODE=mode))

    assert told.startswith(f"Error: Port {taken} of 127.0.0.1 cannot be used: ")
    assert not (tmp_path / "klankbord.db").exists()
