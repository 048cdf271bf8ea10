from sqlalchemy import select

from accounts import sign_in
from accounts.models import Person, SignInRequest
from accounts.states import Role
from kernel.db import Database
from tests.builders import a_person
from tests.moments import NOON
from tests.visitor import Visitor


async def the_link(database: Database) -> str:
    """The link as the letter would hold it."""
    async with database.write() as tx:
        request = (await tx.scalars(select(SignInRequest))).one()
        return await sign_in.link_for(tx, request_id=request.id, now=NOON)


async def test_a_person_signs_in_by_a_link_and_out_again(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        await a_person(tx, role=Role.MODERATOR, email="mo@waterveen.example", name="Mo")
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email="mo@waterveen.example")
    assert "mo@waterveen.example" in visitor.text

    await visitor.open(await the_link(database))
    assert "Afmelden" not in visitor.text
    await visitor.press("Aanmelden")
    await visitor.open("/sign-in")
    assert "Mo" in visitor.text

    await visitor.press("Afmelden")
    await visitor.open("/sign-in")
    assert "Afmelden" not in visitor.text


async def test_a_link_works_once(visitor: Visitor, database: Database) -> None:
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email="nieuw@waterveen.example")
    link = await the_link(database)
    await visitor.open(link)
    await visitor.press("Aanmelden")

    await visitor.open(link)

    assert visitor.status == 410


async def test_a_link_works_only_in_the_browser_that_asked(visitor: Visitor, another, database: Database) -> None:  # type: ignore[no-untyped-def]
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email="nieuw@waterveen.example")
    elsewhere = another()

    await elsewhere.open(await the_link(database))

    assert "Dit is een andere browser" in elsewhere.text
    assert [form.action for form in elsewhere.forms if "sign-in" in form.action] == []


async def test_a_wrong_address_gets_a_hint_and_is_kept(visitor: Visitor, database: Database) -> None:
    await visitor.open("/sign-in")

    await visitor.press("Stuur mij een link", email="geen adres")

    assert visitor.status == 422
    assert 'value="geen adres"' in visitor.text
    async with database.read() as db:
        assert (await db.scalars(select(Person))).all() == []
