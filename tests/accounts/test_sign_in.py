"""Signing in by a link or a typed code: once, in time, in the browser that asked; and nobody learns who is known."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts import sign_in, typed_codes
from accounts.models import Person, SessionRecord, SignInRequest
from accounts.states import Role
from kernel.clock import StandingClock
from kernel.db import Base, Database
from kernel.tokens import Token
from tests.accounts.conftest import Another, Mail
from tests.builders import a_person
from tests.moments import NOON
from tests.visitor import Visitor

MO = "mo@waterveen.example"


async def count(database: Database, table: type[Base]) -> int:
    async with database.read() as db:
        return await db.scalar(select(func.count()).select_from(table)) or 0


async def asks(visitor: Visitor, email: str = MO) -> None:
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email=email)


async def known(database: Database, email: str = MO, **given: object) -> Person:
    async with database.write() as tx:
        return await a_person(tx, email=email, **given)  # type: ignore[arg-type]  # what a_person takes


async def is_signed_in(visitor: Visitor) -> bool:
    await visitor.open("/panels")
    return "Afmelden" in visitor.text


# the link


async def test_a_person_signs_in_by_a_link_and_out_again(visitor: Visitor, database: Database, mail: Mail) -> None:
    await known(database, role=Role.MODERATOR, name="Mo")
    await asks(visitor)
    assert MO in visitor.text
    [letter] = await mail()
    assert (letter.to, letter.subject) == (MO, "Uw link om aan te melden")

    await visitor.open(letter.link)
    assert "Afmelden" not in visitor.text
    await visitor.press("Aanmelden")
    await visitor.open("/panels")
    assert "Mo" in visitor.text

    await visitor.press("Afmelden")
    assert not await is_signed_in(visitor)


async def test_opening_a_link_changes_nothing_and_signs_nobody_in(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    """F13: scanners of mail, previews and browsers that load ahead open every link, some with our cookies."""
    await asks(visitor)
    [letter] = await mail()
    before = [await count(database, table) for table in (Person, SessionRecord, Token)]

    for _ in range(3):
        seen = await visitor.http.get(letter.link)
        ahead = await visitor.http.get(letter.link, headers={"sec-purpose": "prefetch", "purpose": "prefetch"})
        head = await visitor.http.head(letter.link)
        assert [one.status_code for one in (seen, ahead, head)] == [200, 200, 200]
        assert not any("session=" in one.headers.get("set-cookie", "") for one in (seen, ahead, head))

    assert [await count(database, table) for table in (Person, SessionRecord, Token)] == before
    assert not await is_signed_in(visitor)
    await visitor.open(letter.link)
    await visitor.press("Aanmelden")
    assert await is_signed_in(visitor)


async def test_the_address_of_a_link_goes_to_no_other_site_and_to_no_search_engine(
    visitor: Visitor, mail: Mail
) -> None:
    await asks(visitor)
    [letter] = await mail()

    page = await visitor.open(letter.link)

    assert page.headers["referrer-policy"] == "same-origin"  # with no-referrer a form on it comes from `null`
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"


async def test_a_link_works_once(visitor: Visitor, mail: Mail) -> None:
    await asks(visitor)
    [letter] = await mail()
    await visitor.open(letter.link)
    await visitor.press("Aanmelden")

    await visitor.open(letter.link)

    assert visitor.status == 410


async def test_a_link_and_its_code_work_for_fifteen_minutes(visitor: Visitor, clock: StandingClock, mail: Mail) -> None:
    await asks(visitor)
    [letter] = await mail()
    await visitor.open(letter.link)
    button = visitor.page
    clock.move(timedelta(minutes=15))

    assert (await visitor.open(letter.link)).status_code == 410
    visitor.page = button
    assert (await visitor.press("Aanmelden")).status_code == 410
    await visitor.open("/sign-in/code")
    assert (await visitor.press("Aanmelden met de code", code=letter.code)).status_code == 422
    assert not await is_signed_in(visitor)


async def test_a_link_works_only_in_the_browser_that_asked(visitor: Visitor, another: Another, mail: Mail) -> None:
    await asks(visitor)
    [letter] = await mail()
    elsewhere = another()

    await elsewhere.open(letter.link)

    assert "Dit is een andere browser" in elsewhere.text
    assert "Typ daar de code uit dezelfde e-mail" in elsewhere.text
    assert [form.action for form in elsewhere.forms if "sign-in" in form.action] == []
    await visitor.open(letter.link)  # who asked has the button; pressed elsewhere it does nothing
    elsewhere.page = visitor.page
    assert (await elsewhere.press("Aanmelden")).status_code in {403, 410}
    assert not await is_signed_in(elsewhere)


async def test_only_hashes_are_kept_of_links_codes_and_browsers(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    await asks(visitor)
    [letter] = await mail()
    async with database.read() as db:
        request = (await db.scalars(select(SignInRequest))).one()
        token = (await db.scalars(select(Token))).one()

    kept = {request.code_hash, request.browser_hash, token.hash}
    secrets = {letter.link.rpartition("/")[2], letter.code.replace("-", ""), visitor.http.cookies["browser"]}
    assert len(kept) == 3
    assert all(one is not None and len(one) == 64 for one in kept)
    assert kept & secrets == set()
    assert min(len(letter.link.rpartition("/")[2]) * 6, len(visitor.http.cookies["browser"]) * 6) >= 128


# the code


@pytest.mark.parametrize("typed", ["{0}", "{1}", " {0} ", "{2}", "{3}"])
async def test_who_reads_mail_elsewhere_types_the_code(
    visitor: Visitor, database: Database, mail: Mail, typed: str
) -> None:
    await known(database, name="Mo")
    await asks(visitor)
    [letter] = await mail()
    code = letter.code

    forms = (code, code.replace("-", ""), code.lower(), " ".join(code.replace("-", "")))
    await visitor.press("Aanmelden met de code", code=typed.format(*forms))

    assert await is_signed_in(visitor)
    assert "Mo" in visitor.text


async def test_a_code_is_worth_nothing_in_another_browser(visitor: Visitor, another: Another, mail: Mail) -> None:
    await asks(visitor)
    [letter] = await mail()
    elsewhere = another()
    await elsewhere.open("/sign-in/code")
    await elsewhere.press("Aanmelden met de code", code=letter.code)
    assert elsewhere.status == 422

    await asks(elsewhere, "dief@waterveen.example")  # who asks has a browser of their own, and still not this code
    await elsewhere.press("Aanmelden met de code", code=letter.code)

    assert elsewhere.status == 422
    assert not await is_signed_in(elsewhere)


async def test_after_five_wrong_codes_the_right_one_is_worth_nothing(visitor: Visitor, mail: Mail) -> None:
    await asks(visitor)
    [letter] = await mail()
    wrong = "BBBBBB" if letter.code != "BBB-BBB" else "CCCCCC"
    answers = set()
    for _ in range(5):
        await visitor.open("/sign-in/code")
        await visitor.press("Aanmelden met de code", code=wrong)
        answers.add("Deze code klopt niet, of werkt niet meer." in visitor.text)

    await visitor.open("/sign-in/code")
    await visitor.press("Aanmelden met de code", code=letter.code)

    assert (visitor.status, answers) == (422, {True})
    await visitor.open(letter.link)  # the link is another way, and cannot be guessed
    await visitor.press("Aanmelden")
    assert await is_signed_in(visitor)


async def test_four_wrong_codes_are_forgiven(visitor: Visitor, mail: Mail) -> None:
    await asks(visitor)
    [letter] = await mail()
    for _ in range(4):
        await visitor.press("Aanmelden met de code", code="BBBBBB")

    await visitor.press("Aanmelden met de code", code=letter.code)

    assert await is_signed_in(visitor)


async def test_guesses_count_for_every_letter_that_a_browser_asked_for(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    """Asking five times does not give five times five guesses."""
    await known(database)
    for _ in range(5):
        await asks(visitor)
    letters = await mail()
    for _ in range(5):
        await visitor.press("Aanmelden met de code", code="BBBBBB")

    for letter in letters:
        await visitor.press("Aanmelden met de code", code=letter.code)
        assert visitor.status == 422

    async with database.read() as db:
        assert set(await db.scalars(select(SignInRequest.wrong_codes))) == {5}


async def test_who_asked_twice_may_type_either_code(visitor: Visitor, another: Another, mail: Mail) -> None:
    for chosen in (0, 1):
        browser = another()
        await asks(browser)
        await asks(browser)
        letters = await mail()

        await browser.press("Aanmelden met de code", code=letters[chosen].code)

        assert await is_signed_in(browser)


async def test_the_code_spends_the_link_and_the_link_the_code(visitor: Visitor, another: Another, mail: Mail) -> None:
    await asks(visitor)
    [letter] = await mail()
    await visitor.press("Aanmelden met de code", code=letter.code)
    assert (await visitor.open(letter.link)).status_code == 410

    other = another()
    await asks(other)
    [letter] = await mail()
    await other.open(letter.link)
    await other.press("Aanmelden")
    await other.open("/sign-in/code")
    assert (await other.press("Aanmelden met de code", code=letter.code)).status_code == 422


def test_a_code_is_drawn_from_signs_that_do_not_look_alike() -> None:
    codes = {typed_codes.new_code() for _ in range(2_000)}

    assert len(codes) > 1_990
    assert {sign for code in codes for sign in code} == set(typed_codes.ALPHABET)
    assert set(typed_codes.ALPHABET) & set("0O1IL2Z5S6G8BUVAEY") == {"B", "G", "V", "Z"}  # without their likes
    assert len(typed_codes.ALPHABET) ** typed_codes.LENGTH > 100_000_000


def test_a_code_is_kept_under_a_key_and_for_one_request() -> None:
    kept = typed_codes.keyed("KTR4MX", about="sign_in_request:1", secret="a" * 32)

    assert typed_codes.is_it("KTR4MX", kept, about="sign_in_request:1", secret="a" * 32)
    assert not typed_codes.is_it("KTR4MX", kept, about="sign_in_request:2", secret="a" * 32)
    assert not typed_codes.is_it("KTR4MX", kept, about="sign_in_request:1", secret="b" * 32)
    assert not typed_codes.is_it("", None, about="sign_in_request:1", secret="a" * 32)


async def test_a_browser_that_chose_its_own_secret_gets_another(visitor: Visitor, mail: Mail) -> None:
    visitor.http.cookies.set("browser", "GEKOZEN-DOOR-EEN-ANDER", domain="panel.test")

    await asks(visitor)

    given = visitor.page.headers["set-cookie"]
    assert "browser=" in given
    assert "GEKOZEN" not in given
    [letter] = await mail()
    visitor.http.cookies.clear()
    visitor.http.cookies.set("browser", "GEKOZEN-DOOR-EEN-ANDER", domain="panel.test")
    await visitor.open(letter.link)
    assert "Dit is een andere browser" in visitor.text


# nobody learns who is known


async def test_asking_makes_no_person_and_looks_none_up(
    visitor: Visitor, database: Database, statements: list[str]
) -> None:
    await known(database)
    told: list[list[str]] = []
    for email in (MO, "onbekend@waterveen.example"):
        await visitor.open("/sign-in")
        statements.clear()
        await visitor.press("Stuur mij een link", email=email)
        told.append(list(statements))

    assert told[0] == told[1]
    assert not any("FROM person" in one or "INTO person" in one for one in told[0])
    assert await count(database, Person) == 1


async def test_known_and_unknown_addresses_read_the_same_page(visitor: Visitor, database: Database) -> None:
    await known(database)
    pages = []
    for email in (MO, "xx@waterveen.example"):
        await asks(visitor, email)
        keys = {form.fields["idempotency_key"][0] for form in visitor.forms if "idempotency_key" in form.fields}
        tokens = {form.fields["_csrf_token"][0] for form in visitor.forms if "_csrf_token" in form.fields}
        text = visitor.text.replace(email, "ADRES")
        for secret in keys | tokens:
            text = text.replace(secret, "SLEUTEL")
        pages.append((visitor.status, text))

    assert pages[0] == pages[1]


async def test_a_person_is_made_when_the_link_comes_back(visitor: Visitor, database: Database, mail: Mail) -> None:
    await asks(visitor, "Nieuw+tag@Waterveen.example")
    [letter] = await mail()
    assert await count(database, Person) == 0

    await visitor.open(letter.link)
    await visitor.press("Aanmelden")

    async with database.read() as db:
        person = (await db.scalars(select(Person))).one()
    assert (person.email, person.mailbox) == ("Nieuw+tag@waterveen.example", "nieuw@waterveen.example")
    assert person.confirmed_at == NOON


async def test_a_letter_goes_to_the_spelling_that_we_know(visitor: Visitor, database: Database, mail: Mail) -> None:
    """Not every provider reads jan+x as jan: whoever has that mailbox must not get in as somebody else."""
    await known(database, "jan@provider.example")

    await asks(visitor, "Jan+dief@provider.example")

    [letter] = await mail()
    assert letter.to == "jan@provider.example"


async def test_a_link_proves_no_other_spelling_than_it_was_sent_to(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    await asks(visitor, "jan+dief@provider.example")
    [letter] = await mail()
    await known(database, "jan@provider.example")  # he came between the letter and the link

    await visitor.open(letter.link)
    await visitor.press("Aanmelden")

    assert visitor.status == 410
    assert not await is_signed_in(visitor)


# limits


async def test_an_address_gets_five_letters_an_hour_and_the_page_stays_the_same(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    await known(database)
    for email in (MO, "MO@waterveen.example", "mo+a@waterveen.example", MO, MO, MO, "Mo+b@waterveen.example"):
        await asks(visitor, email)
        assert (visitor.status, "Kijk in uw mail" in visitor.text) == (200, True)
    assert len(await mail()) == 5

    clock.move(timedelta(hours=1))
    await asks(visitor)
    assert len(await mail()) == 1


async def test_a_network_asks_twenty_times_an_hour(visitor: Visitor, another: Another, database: Database) -> None:
    for number in range(20):
        await asks(visitor, f"inwoner{number}@waterveen.example")
        assert visitor.status == 200

    elsewhere = another()
    await asks(elsewhere, "nog.een@waterveen.example")

    assert elsewhere.status == 429
    assert int(elsewhere.page.headers["retry-after"]) > 0
    assert await count(database, SignInRequest) == 20


async def test_an_unknown_address_gets_three_letters_a_day_whatever_the_form(
    visitor: Visitor, clock: StandingClock, mail: Mail
) -> None:
    sent = 0
    for _ in range(6):
        await asks(visitor, "vreemd@waterveen.example")
        clock.move(timedelta(minutes=30))
        sent += len(await mail())

    assert sent == 3


# where to


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/panels", "/panels"),
        ("/following", "/following"),
        ("/desk/set-up", "/desk/set-up"),
        ("/nergens", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/panels", "/"),
        ("/%2f%2fevil.example", "/"),
        ("/%5cevil.example", "/"),
        ("/.//evil.example", "/"),
        ("/panels/../..//evil.example", "/"),
        ("/panels%0d%0aSet-Cookie:%20x=1", "/"),
        ("/pan\tels", "/"),
        ("/panels#@evil.example", "/"),
        ("/" + "a" * 300, "/"),
        ("javascript:alert(1)", "/"),
    ],
)
async def test_after_signing_in_one_is_on_a_page_of_this_site(
    visitor: Visitor, mail: Mail, asked: str, leads_to: str
) -> None:
    await visitor.http.get("/sign-in", params={"next": asked})
    visitor.page = await visitor.http.get("/sign-in", params={"next": asked})
    await visitor.press("Stuur mij een link", email=MO, next=asked)  # also past the form
    [letter] = await mail()
    await visitor.open(letter.link)
    [form] = [form for form in visitor.forms if form.action.startswith("/sign-in/")]

    answer = await visitor.http.post(
        form.action, data=form.fields, headers={"origin": visitor.site}, follow_redirects=False
    )

    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


# cleared away


async def test_requests_and_their_links_are_thrown_away_after_two_days(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    await asks(visitor)
    await mail()
    clock.move(sign_in.KEPT - timedelta(seconds=1))
    await mail()
    assert (await count(database, SignInRequest), await count(database, Token)) == (1, 1)

    clock.move(timedelta(seconds=1))
    await mail()

    assert (await count(database, SignInRequest), await count(database, Token)) == (0, 0)


async def test_a_wrong_address_gets_a_hint_and_is_kept(visitor: Visitor, database: Database) -> None:
    await visitor.open("/sign-in")

    await visitor.press("Stuur mij een link", email="geen adres")

    assert visitor.status == 422
    assert 'value="geen adres"' in visitor.text
    assert await count(database, SignInRequest) == 0
