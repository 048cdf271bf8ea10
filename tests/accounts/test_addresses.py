"""Another address: confirmed from the new mailbox, told to the old one, put back by whoever reads that."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts import sessions
from accounts.models import AddressChange, Person, SessionRecord
from accounts.states import Role
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.events import EventRecord
from klankbord.audit import Walk, verify
from tests.accounts.conftest import Another, Mail
from tests.builders import a_person
from tests.moments import NOON
from tests.visitor import Visitor

OLD, NEW = "mo@waterveen.example", "mo@nieuw.example"
BUTTON = "Verander mijn adres"


async def comes_in(visitor: Visitor, database: Database, *, carries_grants: bool = True, **given: object) -> Person:
    """Somebody at the old address, signed in."""
    async with database.write() as tx:
        person = await a_person(tx, **{"email": OLD, "name": "Mo", **given})  # type: ignore[arg-type]  # what it takes
        secret, _ = await sessions.begin(tx, person=person, carries_grants=carries_grants, now=NOON)
    visitor.http.cookies.set("session", secret, domain="panel.test")
    return person


async def asks(visitor: Visitor, email: str = NEW) -> None:
    await visitor.open("/account")
    await visitor.press(BUTTON, email=email)


async def the_person(database: Database, person: Person) -> Person:
    async with database.read() as db:
        return await db.get_one(Person, person.id)


async def sessions_of(database: Database, person: Person) -> int:
    async with database.read() as db:
        wanted = select(func.count()).select_from(SessionRecord).where(SessionRecord.person_id == person.id)
        return await db.scalar(wanted) or 0


async def test_a_person_changes_the_address_with_the_code(visitor: Visitor, database: Database, mail: Mail) -> None:
    person = await comes_in(visitor, database)
    await asks(visitor)
    assert (visitor.path, NEW in visitor.text) == ("/account/address", True)
    [letter] = await mail()
    assert (letter.to, letter.subject) == (NEW, "Bevestig uw nieuwe e-mailadres")
    assert (await the_person(database, person)).email == OLD

    await visitor.press("Bevestig mijn nieuwe adres", code=letter.code)

    assert visitor.path == "/account/address/changed"
    changed = await the_person(database, person)
    assert (changed.email, changed.mailbox) == (NEW, NEW)
    assert await sessions_of(database, person) == 0
    [told] = await mail()
    assert (told.to, told.subject) == (OLD, "Uw e-mailadres is veranderd")
    assert NEW not in told.text


async def test_a_person_changes_the_address_with_the_link(visitor: Visitor, database: Database, mail: Mail) -> None:
    person = await comes_in(visitor, database)
    await asks(visitor)
    [letter] = await mail()
    for _ in range(2):
        await visitor.http.head(letter.link)
        await visitor.open(letter.link)
    assert (await the_person(database, person)).email == OLD

    await visitor.press("Bevestig mijn nieuwe adres")

    assert (await the_person(database, person)).email == NEW
    await visitor.open(letter.link)
    assert visitor.status == 410


async def test_the_link_is_worth_nothing_to_anybody_else(
    visitor: Visitor, another: Another, database: Database, mail: Mail
) -> None:
    person = await comes_in(visitor, database)
    await asks(visitor)
    [letter] = await mail()
    stranger, thief = another(), another()
    await comes_in(thief, database, email="dief@waterveen.example", name="Dief")

    for one in (stranger, thief):
        await one.open(letter.link)
        assert "Meld u eerst aan" in one.text
        assert [form.action for form in one.forms if form.action == letter.link] == []
    await visitor.open(letter.link)
    thief.page = visitor.page
    await thief.press("Bevestig mijn nieuwe adres")

    assert thief.status in {403, 410}
    assert (await the_person(database, person)).email == OLD


async def test_after_five_wrong_codes_the_right_one_is_worth_nothing(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    person = await comes_in(visitor, database)
    await asks(visitor)
    [letter] = await mail()
    for _ in range(5):
        await visitor.press("Bevestig mijn nieuwe adres", code="BBBBBB")

    await visitor.press("Bevestig mijn nieuwe adres", code=letter.code)

    assert visitor.status == 422
    assert (await the_person(database, person)).email == OLD


async def test_the_code_works_for_fifteen_minutes(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    await comes_in(visitor, database)
    await asks(visitor)
    [letter] = await mail()
    clock.move(timedelta(minutes=15))

    await visitor.press("Bevestig mijn nieuwe adres", code=letter.code)

    assert visitor.status == 422


async def test_an_older_letter_confirms_no_newer_wish(visitor: Visitor, database: Database, mail: Mail) -> None:
    """Else the code for a mailbox of one's own would confirm somebody else's."""
    person = await comes_in(visitor, database)
    await asks(visitor, "van.mij@nieuw.example")
    [own] = await mail()
    await asks(visitor, "niet.van.mij@nieuw.example")
    await mail()

    await visitor.press("Bevestig mijn nieuwe adres", code=own.code)
    assert visitor.status == 422
    await visitor.open(own.link)
    assert visitor.status == 410

    assert (await the_person(database, person)).email == OLD


async def test_who_asks_cannot_tell_whether_the_address_is_somebodys(
    visitor: Visitor, database: Database, mail: Mail, statements: list[str]
) -> None:
    person = await comes_in(visitor, database)
    async with database.write() as tx:
        await a_person(tx, email=NEW)
    pages, told = [], []
    for email in (NEW, "xx@nieuw.example"):
        await visitor.open("/account")
        statements.clear()
        await visitor.press(BUTTON, email=email)
        told.append([one for one in statements if "UPDATE address_change" not in one])
        pages.append((visitor.status, visitor.path, visitor.text.count("<p>")))

    assert pages[0] == pages[1]
    assert told[0] == told[1]
    taken, free = await mail()
    assert (taken.to, taken.subject) == (NEW, "Dit e-mailadres heeft al een account")
    assert (free.to, free.subject) == ("xx@nieuw.example", "Bevestig uw nieuwe e-mailadres")
    assert (await the_person(database, person)).email == OLD


async def test_an_address_that_became_somebodys_meanwhile_stays_theirs(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    person = await comes_in(visitor, database)
    await asks(visitor)
    [letter] = await mail()
    async with database.write() as tx:
        await a_person(tx, email=NEW)

    await visitor.press("Bevestig mijn nieuwe adres", code=letter.code)

    assert visitor.status == 409
    assert (await the_person(database, person)).email == OLD


async def test_ones_own_mailbox_in_another_spelling_is_free(visitor: Visitor, database: Database, mail: Mail) -> None:
    person = await comes_in(visitor, database)
    await asks(visitor, "Mo+panel@waterveen.example")
    [letter] = await mail()

    await visitor.press("Bevestig mijn nieuwe adres", code=letter.code)

    changed = await the_person(database, person)
    assert (changed.email, changed.mailbox) == ("Mo+panel@waterveen.example", OLD)


async def test_a_person_asks_five_times_a_day(visitor: Visitor, database: Database) -> None:
    await comes_in(visitor, database)
    for number in range(5):
        await asks(visitor, f"nieuw{number}@nieuw.example")
        assert visitor.status == 200

    await asks(visitor, "nog.een@nieuw.example")

    assert visitor.status == 429


async def test_somebody_elses_mailbox_gets_three_letters_a_day(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    await comes_in(visitor, database)
    sent = 0
    for _ in range(5):
        await asks(visitor, "slachtoffer@nieuw.example")
        sent += len(await mail())

    assert sent == 3


async def test_who_has_a_task_changes_it_only_with_a_full_session(visitor: Visitor, database: Database) -> None:
    """A link in a letter about an idea signs people in for longer, without their tasks and without a second factor."""
    await comes_in(visitor, database, role=Role.MODERATOR, carries_grants=False)

    await asks(visitor)

    assert visitor.status == 403
    assert "Meld u eerst af en weer aan" in visitor.text


# put back


async def changed(visitor: Visitor, database: Database, mail: Mail) -> tuple[Person, str]:
    """A changed address, and the link in the letter to the old one."""
    person = await comes_in(visitor, database)
    await asks(visitor)
    [letter] = await mail()
    await visitor.press("Bevestig mijn nieuwe adres", code=letter.code)
    [told] = await mail()
    return person, told.link


async def test_who_reads_the_old_address_puts_it_back(
    visitor: Visitor, another: Another, database: Database, mail: Mail
) -> None:
    person, link = await changed(visitor, database, mail)
    async with database.write() as tx:
        await sessions.begin(tx, person=await tx.get_one(Person, person.id), carries_grants=True, now=NOON)
    owner = another()
    for _ in range(2):
        await owner.http.head(link)
        await owner.open(link)
    assert (await the_person(database, person)).email == NEW
    assert OLD in owner.text

    await owner.press("Dit was ik niet")

    assert owner.path == "/not-me/done"
    back = await the_person(database, person)
    assert (back.email, back.mailbox) == (OLD, OLD)
    assert await sessions_of(database, person) == 0
    await owner.open(link)
    assert owner.status == 410


async def test_the_way_back_is_open_for_seven_days(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    _, link = await changed(visitor, database, mail)
    clock.move(timedelta(days=7, seconds=-1))
    assert (await visitor.open(link)).status_code == 200

    clock.move(timedelta(seconds=1))

    assert (await visitor.open(link)).status_code == 410


async def test_all_that_came_after_is_put_back_too(visitor: Visitor, database: Database, mail: Mail) -> None:
    person, link = await changed(visitor, database, mail)
    async with database.write() as tx:
        secret, _ = await sessions.begin(tx, person=await tx.get_one(Person, person.id), carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret, domain="panel.test")
    await asks(visitor, "nog.verder@weg.example")
    [letter] = await mail()
    await visitor.press("Bevestig mijn nieuwe adres", code=letter.code)
    [to_thief] = await mail()
    assert (await the_person(database, person)).email == "nog.verder@weg.example"

    await visitor.open(link)
    await visitor.press("Dit was ik niet")

    assert (await the_person(database, person)).email == OLD
    assert (await visitor.open(to_thief.link)).status_code == 410


async def test_whoever_asks_to_sign_in_with_the_old_address_is_told_how_to_get_it_back(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    person, _ = await changed(visitor, database, mail)
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email=OLD)

    [letter] = await mail()
    assert (letter.to, letter.subject) == (OLD, "Uw e-mailadres is veranderd")
    await visitor.open(letter.link)
    await visitor.press("Dit was ik niet")

    assert (await the_person(database, person)).email == OLD


async def test_typing_the_old_address_into_a_form_does_not_take_it(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    """Else whoever took the account could keep its owner out by following something in their name."""
    person, link = await changed(visitor, database, mail)
    async with database.write() as tx:
        squatter = await a_person(tx, email=OLD, confirmed_at=None)

    await visitor.open(link)
    await visitor.press("Dit was ik niet")

    assert (await the_person(database, person)).mailbox == OLD
    assert (await the_person(database, squatter)).mailbox == f"nobody:{squatter.id}"


async def test_an_old_address_that_is_somebodys_account_stays_theirs(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    person, link = await changed(visitor, database, mail)
    async with database.write() as tx:
        await a_person(tx, email=OLD)

    await visitor.open(link)
    await visitor.press("Dit was ik niet")

    assert visitor.status == 409
    assert "Vraag de beheerder" in visitor.text
    assert (await the_person(database, person)).email == NEW


# the operator


async def an_operator(visitor: Visitor, database: Database) -> Person:
    operator = await comes_in(visitor, database, email="beheer@waterveen.example", name="Beheer", role=Role.OPERATOR)
    await visitor.open("/desk/set-up/sign-ins")
    return operator


async def test_an_operator_gives_who_lost_a_mailbox_another_address(
    visitor: Visitor,
    another: Another,
    database: Database,
    mail: Mail,
) -> None:
    person = await comes_in(another(), database)
    operator = await an_operator(visitor, database)

    await visitor.press("Verander het adres", old_email=OLD, new_email=NEW, reason="Gebeld; provider is gestopt.")

    assert visitor.path == "/desk/set-up/sign-ins"
    assert "Gebeld; provider is gestopt." in visitor.text
    given = await the_person(database, person)
    assert (given.email, given.confirmed_at) == (NEW, None)
    assert await sessions_of(database, person) == 0
    letters = {letter.to: letter for letter in await mail()}
    assert {to: one.subject for to, one in letters.items()} == {
        OLD: "Uw e-mailadres is veranderd",
        NEW: "Uw account heeft dit e-mailadres gekregen",
    }
    async with database.read() as db:
        fact = (await db.scalars(select(EventRecord).where(EventRecord.name == "person.address_changed"))).one()
        change = (await db.scalars(select(AddressChange))).one()
    assert (fact.subject, fact.actor_id, fact.facts["change_id"]) == (f"person:{person.id}", operator.id, change.id)
    assert OLD not in str(fact.facts)
    assert NEW not in str(fact.facts)

    person_at_home = another()
    await person_at_home.open("/sign-in")
    await person_at_home.press("Stuur mij een link", email=NEW)
    [letter] = await mail()
    await person_at_home.open(letter.link)
    await person_at_home.press("Aanmelden")
    assert (await the_person(database, person)).confirmed_at == NOON


async def test_the_old_address_can_undo_what_an_operator_did(
    visitor: Visitor,
    another: Another,
    database: Database,
    mail: Mail,
) -> None:
    person = await comes_in(another(), database)
    await an_operator(visitor, database)
    await visitor.press("Verander het adres", old_email=OLD, new_email=NEW, reason="Iemand belde.")
    letters = {letter.to: letter for letter in await mail()}

    owner = another()
    await owner.open(letters[OLD].link)
    await owner.press("Dit was ik niet")

    assert (await the_person(database, person)).email == OLD
    await visitor.open("/desk/set-up/sign-ins")
    assert "Iemand belde. (teruggezet)" in visitor.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "Schrijf op waarom"),
        ({"new_email": "geen adres"}, "Vul een e-mailadres in"),
        ({"old_email": "niemand@waterveen.example"}, "Wij kennen niemand met dit e-mailadres."),
        ({"new_email": "ander@waterveen.example"}, "Er is al iemand met dit e-mailadres."),
        ({"old_email": "beheer@waterveen.example"}, "Dit bent u zelf."),
    ],
)
async def test_an_operator_is_told_what_is_wrong_and_nothing_changes(
    visitor: Visitor,
    another: Another,
    database: Database,
    typed: dict[str, str],
    sentence: str,
) -> None:
    await comes_in(another(), database)
    async with database.write() as tx:
        await a_person(tx, email="ander@waterveen.example")
    await an_operator(visitor, database)
    told = {"old_email": OLD, "new_email": NEW, "reason": "Gebeld.", **typed}

    await visitor.press("Verander het adres", **told)

    assert visitor.status == 422
    assert sentence in visitor.text
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(AddressChange)) == 0
        assert set(await db.scalars(select(Person.email))) == {
            OLD,
            "ander@waterveen.example",
            "beheer@waterveen.example",
        }


# kept and thrown away


async def test_addresses_are_thrown_away_and_who_did_what_when_and_why_stays(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    await changed(visitor, database, mail)
    clock.move(timedelta(days=8))
    await mail()

    async with database.read() as db:
        change = (await db.scalars(select(AddressChange))).one()
        assert (change.old_email, change.new_email, change.old_mailbox, change.new_mailbox) == ("", "", "", "")
        assert change.made_at == NOON


async def test_what_was_never_confirmed_is_thrown_away_after_a_day(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    await comes_in(visitor, database)
    await asks(visitor)
    clock.move(timedelta(days=1))
    await mail()

    async with database.read() as db:
        assert list(await db.scalars(select(AddressChange))) == []


async def test_the_facts_about_an_address_stand_in_the_chain(visitor: Visitor, database: Database, mail: Mail) -> None:
    person, link = await changed(visitor, database, mail)
    await visitor.open(link)
    await visitor.press("Dit was ik niet")

    async with database.read() as db:
        wanted = select(EventRecord.name).where(EventRecord.subject == f"person:{person.id}").order_by(EventRecord.seq)
        names = [name for name in await db.scalars(wanted) if "address" in name]
    assert names == ["person.address_change_asked", "person.address_changed", "person.address_put_back"]
    walk = Walk()
    assert [count async for count in verify(database, walk)][-1] > len(names)
    assert walk.flaws == []
