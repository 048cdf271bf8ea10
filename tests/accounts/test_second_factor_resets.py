"""A lost second factor: another operator takes it away, in writing, or whoever has the server. And fresh proof before
the heaviest deeds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from accounts import second_factor
from accounts.models import Grant, Person, RecoveryCode, SecondFactor, SecondFactorReset, SessionRecord
from accounts.second_factor_rules import SecondFactorYourOwn
from accounts.states import Role
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.errors import NotFound
from kernel.events import EventRecord
from tests.accounts.phones import Phone, a_phone, an_operator, paper, used_the_link
from tests.accounts.test_second_factor import needs
from tests.builders import a_person
from tests.moments import NOON
from tests.visitor import Visitor

WHY = "Telefoon in het water gevallen; ik belde terug op het nummer van het secretariaat."


async def at_work(visitor: Visitor, database: Database, clock: StandingClock) -> tuple[Person, Phone]:
    """An operator who signed in with a code just now."""
    person, phone = await an_operator(database, now=NOON, name="Bo")
    await used_the_link(visitor, database, person, now=clock.now())
    await visitor.open("/second-factor?next=/desk/set-up/second-factors")
    await visitor.press("Controleer de code", code=phone.code(clock.now()))
    assert visitor.path == "/desk/set-up/second-factors"
    return person, phone


async def somebody(database: Database, role: Role = Role.MODERATOR) -> Person:
    """A colleague with a phone, paper and a session."""
    person, _ = await an_operator(database, now=NOON, role=role, name="Mo", email="mo@waterveen.example")
    await paper(database, person, now=NOON)
    await used_the_link(Visitor(), database, person, now=NOON)
    return person


async def left_of(database: Database, person: Person) -> list[int]:
    """How many factors, recovery codes and sessions somebody has."""
    async with database.read() as db:
        return [
            len((await db.scalars(select(table).where(table.person_id == person.id))).all())
            for table in (SecondFactor, RecoveryCode, SessionRecord)
        ]


async def test_another_operator_takes_it_away_in_writing(
    visitor: Visitor, database: Database, clock: StandingClock
) -> None:
    colleague = await somebody(database)
    operator, _ = await at_work(visitor, database, clock)

    await visitor.press("Haal de tweede stap weg", person_id=str(colleague.id), reason=WHY)

    assert (visitor.path, visitor.status) == ("/desk/set-up/second-factors", 200)
    assert (WHY in visitor.text, await left_of(database, colleague)) == (True, [0, 0, 0])
    async with database.read() as db:
        [reset] = await db.scalars(select(SecondFactorReset))
        about = select(EventRecord).where(EventRecord.subject == f"person:{colleague.id}").order_by(EventRecord.id)
        told = [(one.name, one.actor_id, one.facts) for one in await db.scalars(about)][-2:]
    assert (reset.person_id, reset.by_id, reset.reason, reset.at) == (colleague.id, operator.id, WHY, NOON)
    assert told == [
        ("person.second_factor_reset", operator.id, {"person_id": colleague.id, "reset_id": reset.id}),
        ("person.sessions_ended", operator.id, {"person_id": colleague.id, "why": "second_factor", "ended": 1}),
    ]


async def test_without_a_reason_nothing_is_taken_away_and_the_choice_stays(
    visitor: Visitor, database: Database, clock: StandingClock
) -> None:
    colleague = await somebody(database)
    await at_work(visitor, database, clock)

    await visitor.press("Haal de tweede stap weg", person_id=str(colleague.id), reason="  ")

    assert (visitor.status, await left_of(database, colleague)) == (422, [1, 10, 1])
    assert f'<option value="{colleague.id}" selected>' in visitor.text


async def test_nobody_takes_away_their_own(visitor: Visitor, database: Database, clock: StandingClock) -> None:
    await somebody(database)
    operator, _ = await at_work(visitor, database, clock)
    assert f'<option value="{operator.id}"' not in visitor.text
    hidden = {name: values[0] for name, values in visitor.forms[-1].fields.items() if values}

    answer = await visitor.http.post(
        "/desk/set-up/second-factors",
        data={**hidden, "person_id": str(operator.id), "reason": WHY},
        headers={"origin": visitor.site},
    )

    assert (answer.status_code, "second_factor_your_own" in answer.text) == (403, True)
    assert (await left_of(database, operator))[0] == 1


async def test_the_database_itself_lets_nobody_take_away_their_own(database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    for by, reason in ((person.id, WHY), (None, "  ")):
        with pytest.raises(IntegrityError):
            async with database.write() as tx:
                tx.add(SecondFactorReset(person_id=person.id, by_id=by, reason=reason, at=NOON))


async def test_what_was_written_about_it_stays(database: Database) -> None:
    person = await somebody(database)
    async with database.write() as tx:
        await second_factor.reset(tx, person=person, by=None, reason=WHY, now=NOON)
    for statement in ("UPDATE second_factor_reset SET reason = 'Anders.'", "DELETE FROM second_factor_reset"):
        with pytest.raises(IntegrityError, match="second_factor_reset_"):
            async with database.write() as tx:
                await tx.execute(text(statement))


@pytest.mark.parametrize(
    ("guard", "statement"),
    [
        ("second_factor_step_grows", "UPDATE second_factor SET last_step = 0"),
        ("second_factor_keeps_what_it_is", "UPDATE second_factor SET begun_in = 'x'"),
        ("recovery_code_counts_once", "UPDATE recovery_code SET used_at = NULL WHERE used_at IS NOT NULL"),
    ],
)
async def test_the_database_itself_keeps_a_code_from_counting_twice(
    database: Database, guard: str, statement: str
) -> None:
    person = await somebody(database)
    async with database.write() as tx:
        await tx.execute(text("UPDATE second_factor SET last_step = 5"))
        await tx.execute(text("UPDATE recovery_code SET used_at = made_at"))

    with pytest.raises(IntegrityError, match=f"{guard}: "):
        async with database.write() as tx:
            await tx.execute(text(statement))
    assert (await left_of(database, person))[0] == 1


async def test_of_one_person_only_one_is_in_use(database: Database) -> None:
    person = await somebody(database)

    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await a_phone(tx, person, now=NOON)


async def test_there_must_be_one_to_take_away(database: Database) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
        with pytest.raises(NotFound):
            await second_factor.reset(tx, person=person, by=None, reason=WHY, now=NOON)
        with pytest.raises(SecondFactorYourOwn):
            await second_factor.reset(tx, person=person, by=person.id, reason=WHY, now=NOON)


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 200), (Role.MODERATOR, 403), (Role.SECRETARY, 403)])
async def test_auditors_read_the_page_and_others_do_not(
    visitor: Visitor, database: Database, role: Role, status: int
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=role)
    await used_the_link(visitor, database, person, now=NOON)

    await visitor.open("/desk/set-up/second-factors")

    assert (visitor.status, "Haal de tweede stap weg" in visitor.text) == (status, False)


async def test_the_page_says_per_role_whether_it_must_and_who_has_it(
    visitor: Visitor, app: Litestar, database: Database, clock: StandingClock
) -> None:
    await somebody(database)
    async with database.write() as tx:
        await a_person(tx, role=Role.MODERATOR, name="Jip")
    await at_work(visitor, database, clock)
    needs(app, Role.MODERATOR)

    await visitor.open("/desk/set-up/second-factors")

    row = visitor.text.partition(">moderator<")[2].partition("</tr>")[0]
    assert [word in row for word in ("verplicht", "Mo</td>", "Jip</td>")] == [True, True, True]
    assert "vrijwillig" in visitor.text.partition(">beheerder<")[2].partition("</tr>")[0]


@pytest.mark.parametrize("size", [1, 3])
async def test_the_page_asks_as_much_for_one_person_as_for_three(
    visitor: Visitor, database: Database, clock: StandingClock, statements: list[str], size: int
) -> None:
    for _ in range(size):
        person, _phone = await an_operator(database, now=NOON, role=Role.MODERATOR)
        async with database.write() as tx:
            await second_factor.reset(tx, person=person, by=None, reason=WHY, now=NOON)
            await a_phone(tx, person, now=NOON)
    await at_work(visitor, database, clock)
    statements.clear()

    await visitor.open("/desk/set-up/second-factors")

    assert len([one for one in statements if one.lstrip().startswith("SELECT")]) == 5


# fresh proof


DEEDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "a task": (
        "/desk/set-up",
        "Geef deze taak",
        {"role": "moderator", "name": "Jip", "email": "jip@waterveen.example"},
    ),
    "a second factor": ("/desk/set-up/second-factors", "Haal de tweede stap weg", {"reason": WHY}),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("minutes", "is_asked"), [(14, False), (15, True)])
async def test_a_code_of_a_quarter_of_an_hour_ago_is_too_old_for_heavy_deeds(
    visitor: Visitor, database: Database, clock: StandingClock, deed: str, minutes: int, is_asked: bool
) -> None:
    page, button, typed = DEEDS[deed]
    colleague = await somebody(database)
    _, phone = await at_work(visitor, database, clock)
    await visitor.open(page)
    clock.move(timedelta(minutes=minutes))
    chosen = {"person_id": str(colleague.id)} if deed == "a second factor" else {}

    await visitor.press(button, **typed, **chosen)

    assert ("Geef uw code nog een keer" in visitor.text) is is_asked
    if is_asked:
        assert (await left_of(database, colleague))[0] == 1
        await visitor.press("Controleer de code", code=phone.code(clock.now()))
        await visitor.press("Verstuur het nu")
    assert (visitor.path, visitor.status) == (page, 200)
    async with database.read() as db:
        given = (await db.scalars(select(Grant.role).where(Grant.role == Role.MODERATOR))).all()
    done = (await left_of(database, colleague))[0] == 0 if deed == "a second factor" else len(given) == 2
    assert done


async def test_who_has_none_does_heavy_deeds_without(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.OPERATOR)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")

    await visitor.press("Geef deze taak", role="moderator", name="Jip", email="jip@waterveen.example")

    assert (visitor.path, "Jip" in visitor.text) == ("/desk/set-up", True)


async def test_fresh_proof_rotates_the_session_too(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, clock: StandingClock
) -> None:
    _, phone = await at_work(visitor, database, clock)
    old = str(visitor.http.cookies.get("session", domain="panel.test"))
    clock.move(timedelta(minutes=20))
    await visitor.open("/second-factor?next=/desk/set-up")
    await visitor.press("Controleer de code", code=phone.code(clock.now()))
    elsewhere = another()
    elsewhere.http.cookies.set("session", old, domain="panel.test", path="/")

    await elsewhere.open("/desk/set-up")

    assert (visitor.path, elsewhere.path) == ("/desk/set-up", "/sign-in")
