"""`klankbord audit readers`, and what commands themselves leave on record."""

import asyncio
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from accounts.states import Role
from consultations.models import Idea
from kernel import trace
from kernel.clock import SystemClock
from kernel.db import Database
from kernel.settings import Settings
from kernel.trace import Act, Seeing
from klankbord.cli import main
from tests.builders import a_person, an_idea

EMAIL = "moderator@waterveen.example"


@pytest.fixture
async def idea(database: Database) -> Idea:
    """Read yesterday, and stood in a list this morning."""
    now = SystemClock().now()
    async with database.write() as tx:
        idea = await an_idea(tx)
        who = (await a_person(tx, role=Role.MODERATOR, email=EMAIL)).id
        for subject, ideas, ago in ((f"idea:{idea.id}", (), 26), ("queue", (idea.id,), 2), ("queue", (), 1)):
            seeing = Seeing(
                act=Act.READ, subject=subject, ideas=ideas, person_id=who, roles=("moderator",), route="queue.idea"
            )
            await trace.write(tx, seeing, now=now - timedelta(hours=ago))
    return idea


def run(settings: Settings, *words: str) -> Result:
    environ = {
        "KLANKBORD_MODE": "test",
        "DATABASE_URL": settings.database_url,
        "KLANKBORD_MAIL": settings.mail,
        "KLANKBORD_PUBLIC_URL": settings.public_url,
    }
    return CliRunner(env=environ).invoke(main, words)


async def told(settings: Settings, *words: str) -> list[str]:
    """What the command prints: it opens the database in a loop of its own."""
    done = await asyncio.to_thread(run, settings, *words)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


async def test_an_operator_on_the_server_finds_who_read_an_idea(settings: Settings, idea: Idea) -> None:
    lines = await told(settings, "audit", "readers", f"idea:{idea.number}")

    assert lines[1] == f"     2x  {EMAIL}"
    assert [line.split()[3] for line in lines[3:]] == ["queue", f"idea:{idea.id}"]
    assert lines[3].split()[-2:] == ["moderator", EMAIL]


async def test_the_period_counts_whole_days_in_local_time(settings: Settings, idea: Idea) -> None:
    now = SystemClock().now().astimezone(settings.zone)
    long_ago = f"{now - timedelta(days=20):%Y-%m-%d}"
    before = await told(settings, "audit", "readers", f"reader:{EMAIL}", "--from", long_ago, "--to", long_ago)
    all_of_it = await told(
        settings, "audit", "readers", f"reader:{EMAIL}", "--from", long_ago, "--to", f"{now:%Y-%m-%d}"
    )

    assert before[1] == "nobody"
    assert all_of_it[1] == f"     3x  {EMAIL}"


async def test_commands_that_show_what_is_not_public_are_on_record(settings: Settings, idea: Idea) -> None:
    await told(settings, "roles")
    await told(settings, "audit", "readers", "people")
    lines = await told(settings, "audit", "readers", "trace")

    assert lines[1] == "     2x  command"  # this question, and the one before it
    assert (await told(settings, "audit", "readers", "people"))[1] == "     1x  command"


async def test_a_mistake_is_one_sentence(settings: Settings, idea: Idea) -> None:
    for words, sentence in (
        (("idea:2020-99999",), "There is no 'idea:2020-99999' here."),
        (("letters:1",), "There is no 'letters:1' here."),
        ((f"idea:{idea.number}", "--from", "gisteren"), "'gisteren' is not a day"),
    ):
        done = await asyncio.to_thread(run, settings, "audit", "readers", *words)
        assert done.exit_code == 1
        assert sentence in done.stderr
