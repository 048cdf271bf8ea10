"""`klankbord operator reset-second-factor`: the way back for a sole operator. And mistakes in the setting."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from accounts.models import SecondFactor, SecondFactorReset
from accounts.second_factor_rules import mandatory_roles
from accounts.states import STAFF, Role
from kernel.db import Database, WriteSession
from kernel.settings import Settings, SettingsError
from klankbord.cli import main
from tests.accounts.phones import a_phone
from tests.builders import a_person
from tests.moments import NOON

T = TypeVar("T")
WHY = "Gesproken aan het loket, paspoort gezien."


def run(url: str, *words: str, **more: str) -> Result:
    """The command, as somebody types it."""
    environ = {"KLANKBORD_MODE": "test", "DATABASE_URL": url, "KLANKBORD_MAIL": "memory:", **more}
    return CliRunner(env=environ).invoke(main, ["operator", "reset-second-factor", *words])


def within(url: str, work: Callable[[WriteSession], Awaitable[T]]) -> T:
    """One transaction before or after the command."""

    async def open_and_close() -> T:
        database = Database(url)
        try:
            async with database.write() as tx:
                return await work(tx)
        finally:
            await database.close()

    return asyncio.run(open_and_close())


async def an_operator_with_a_phone(tx: WriteSession) -> None:
    await a_phone(tx, await a_person(tx, role=Role.OPERATOR, email="bo@waterveen.example"), now=NOON)


def test_whoever_has_the_server_takes_it_away_and_leaves_the_reason(migrated_database: str) -> None:
    within(migrated_database, an_operator_with_a_phone)

    told = run(migrated_database, "Bo@waterveen.example", "--reason", WHY)

    async def stands(tx: WriteSession) -> tuple[int, list[tuple[int | None, str]]]:
        factors = len((await tx.scalars(select(SecondFactor))).all())
        return factors, [(one.by_id, one.reason) for one in await tx.scalars(select(SecondFactorReset))]

    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout == "bo@waterveen.example has no second factor any more, and is signed out everywhere.\n"
    assert within(migrated_database, stands) == (0, [(None, WHY)])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["bo@waterveen.example", "--reason", " "], "Say why: --reason is kept, and told to this person."),
        (["wie@waterveen.example", "--reason", WHY], "Nobody here has the address 'wie@waterveen.example'."),
        (["zonder@waterveen.example", "--reason", WHY], "zonder@waterveen.example has no second factor."),
        (["bo@waterveen.example"], "Missing option '--reason'."),
    ],
)
def test_mistakes_end_in_one_sentence(migrated_database: str, words: list[str], sentence: str) -> None:
    async def known(tx: WriteSession) -> None:
        await an_operator_with_a_phone(tx)
        await a_person(tx, email="zonder@waterveen.example")

    within(migrated_database, known)

    told = run(migrated_database, *words)

    assert (told.exit_code != 0, told.stdout, told.stderr.strip()) == (True, "", f"Error: {sentence}")


@pytest.mark.parametrize(
    ("mode", "named", "roles"),
    [
        ("production", "", STAFF),
        ("demo", "", frozenset()),
        ("test", "", frozenset()),
        ("production", "none", frozenset()),
        ("demo", "operator,member", frozenset({Role.OPERATOR, Role.MEMBER})),
    ],
)
def test_the_setting_names_the_roles_that_cannot_do_without(mode: str, named: str, roles: frozenset[Role]) -> None:
    assert mandatory_roles(Settings(mode=mode, second_factor=named)) == roles


@pytest.mark.parametrize("named", ["mayor", "operator,mayor", "resident", "blocked", "none,operator"])
def test_a_word_that_is_no_role_that_can_need_one_is_a_mistake(migrated_database: str, named: str) -> None:
    with pytest.raises(SettingsError, match="KLANKBORD_SECOND_FACTOR names"):
        mandatory_roles(Settings(second_factor=named))

    told = run(migrated_database, "bo@waterveen.example", "--reason", WHY, KLANKBORD_SECOND_FACTOR=named)

    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith("Error: KLANKBORD_SECOND_FACTOR names ")
