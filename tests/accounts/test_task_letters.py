"""Whoever gets or loses a task hears of it, in one letter for all that changes together."""

from datetime import timedelta

from accounts import roles
from accounts.models import Person
from accounts.states import Role
from kernel.clock import StandingClock
from kernel.db import Database
from panels import mandates
from panels.states import SeatEntry, SeatKind
from tests.accounts.conftest import Letter, Mail
from tests.builders import a_panel, a_person
from tests.moments import NOON

SOON = timedelta(minutes=2)
SUBJECT = "Uw taken bij Klankbord zijn veranderd"


def about_tasks(letters: list[Letter]) -> dict[str, str]:
    """The text of the letters about tasks, by their receiver; one each."""
    told = [letter for letter in letters if letter.subject == SUBJECT]
    by_receiver = {letter.to: letter.text for letter in told}
    assert len(by_receiver) == len(told)
    return by_receiver


async def test_a_new_task_is_told_with_what_to_do(database: Database, clock: StandingClock, mail: Mail) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx, name="Panel Centrum")
        person = await a_person(tx, email="sec@waterveen.example")
        await roles.grant(tx, person=person, role=Role.SECRETARY, panel_id=panel.id, now=NOON)
    assert about_tasks(await mail()) == {}
    clock.move(SOON)

    told = about_tasks(await mail())

    text = told["sec@waterveen.example"]
    assert "Dit bent u vanaf nu:\n- secretaris van Panel Centrum" in text
    assert "Dit bent u niet meer" not in text
    assert "Meld u opnieuw aan" in text
    assert "http://panel.test/sign-in" in text


async def test_a_task_that_was_taken_back_is_told_too(database: Database, clock: StandingClock, mail: Mail) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR, email="mo@waterveen.example")
    clock.move(SOON)
    await mail()
    clock.move(SOON)
    await mail()

    async with database.write() as tx:
        await roles.revoke(tx, person=await tx.get_one(Person, person.id), role=Role.MODERATOR, now=clock.now())
    await mail()
    clock.move(SOON)

    assert "Dit bent u niet meer:\n- moderator" in about_tasks(await mail())["mo@waterveen.example"]


async def test_what_changes_together_stands_in_one_letter_a_person(
    database: Database, clock: StandingClock, mail: Mail
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx, name="Panel Centrum")
        people = [await a_person(tx, email=f"lid{number}@waterveen.example") for number in range(30)]
        for person in people:
            kind, entry = SeatKind.CITIZEN, SeatEntry.LOT
            await mandates.seat(tx, panel=panel, person=person, kind=kind, entry=entry, by=None, now=NOON)
        for role in (Role.AUDITOR, Role.MODERATOR, Role.SECRETARY):
            await roles.grant(tx, person=people[0], role=role, now=NOON)
        await roles.revoke(tx, person=people[0], role=Role.MODERATOR, now=NOON)  # a slip of the hand
    await mail()
    async with database.write() as tx:  # a minute later one more
        await roles.grant(tx, person=await tx.get_one(Person, people[0].id), role=Role.CHAIR, now=NOON)
    clock.move(timedelta(minutes=1))
    await mail()
    clock.move(SOON)

    told = about_tasks(await mail())

    assert len(told) == 30
    assert [line for line in told["lid0@waterveen.example"].splitlines() if line.startswith("- ")] == [
        "- panellid van Panel Centrum",
        "- controleur",
        "- secretaris",
        "- voorzitter",
    ]


async def test_what_came_to_nothing_and_a_block_are_not_told_here(
    database: Database, clock: StandingClock, mail: Mail
) -> None:
    async with database.write() as tx:
        slip, blocked = await a_person(tx), await a_person(tx)
        await roles.grant(tx, person=slip, role=Role.AUDITOR, now=NOON)
        await roles.revoke(tx, person=slip, role=Role.AUDITOR, now=NOON)
        await roles.grant(tx, person=blocked, role=Role.BLOCKED, now=NOON)
    await mail()
    clock.move(SOON)

    assert about_tasks(await mail()) == {}
