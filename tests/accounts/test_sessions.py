"""Signed-in browsers: an id of our own, new at each step up, dead when anything about the person changed."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import people, roles, sessions
from accounts.browsers import Browser, family_of, is_handheld
from accounts.models import Person, SessionRecord
from accounts.states import Ended, Role
from kernel.clock import StandingClock
from kernel.db import Database, WriteSession
from kernel.errors import NotFound
from kernel.events import EventRecord
from kernel.tokens import digest_of
from panels import mandates
from panels.states import SeatEntry, SeatKind
from tests.accounts.conftest import Mail
from tests.builders import a_panel, a_person
from tests.moments import NOON
from tests.visitor import Visitor

NONE: frozenset[Role] = frozenset()
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile/15E Safari/604.1"


async def begun(database: Database, person: Person, **given: object) -> str:
    """A session of this person; the secret of its cookie."""
    async with database.write() as tx:
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON, **given)  # type: ignore[arg-type]  # instead_of, user_agent
    return secret


async def made(database: Database, **given: object) -> Person:
    async with database.write() as tx:
        return await a_person(tx, **given)  # type: ignore[arg-type]  # what a_person takes


async def is_alive(database: Database, secret: str, *, after: timedelta = timedelta()) -> bool:
    async with database.read() as db:
        return (await sessions.actor_behind(db, secret=secret, mandatory=NONE, now=NOON + after)).is_signed_in


async def facts_of(database: Database, person: Person) -> list[tuple[str, object]]:
    async with database.read() as db:
        wanted = select(EventRecord).where(EventRecord.subject == f"person:{person.id}").order_by(EventRecord.id)
        return [(one.name, one.facts.get("why")) for one in await db.scalars(wanted)]


# whose id it is


async def test_a_session_id_that_a_client_chose_is_never_adopted(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    """F4: who plants a cookie before somebody signs in must not be signed in with them."""
    await made(database, role=Role.MODERATOR, email="mo@waterveen.example")
    chosen = "ATTACKERCHOSEN-ATTACKERCHOSEN-32"
    visitor.http.cookies.set("session", chosen, domain="panel.test")
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email="mo@waterveen.example")
    [letter] = await mail()
    await visitor.open(letter.link)
    [form] = [form for form in visitor.forms if form.action == letter.link]

    answer = await visitor.http.post(
        letter.link, data=form.fields, headers={"origin": visitor.site}, follow_redirects=False
    )

    assert answer.status_code == 303
    given = answer.cookies["session"]
    assert given != chosen
    assert len(given) * 6 >= 128
    assert await is_alive(database, given)
    assert not await is_alive(database, chosen)
    async with database.read() as db:
        assert list(await db.scalars(select(SessionRecord.hash))) == [digest_of(given)]


async def test_the_cookie_is_for_this_site_alone_and_for_no_script(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email="mo@waterveen.example")
    [letter] = await mail()
    await visitor.open(letter.link)
    [form] = [form for form in visitor.forms if form.action == letter.link]

    answer = await visitor.http.post(
        letter.link, data=form.fields, headers={"origin": visitor.site}, follow_redirects=False
    )

    flags = {one.strip().lower() for one in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "path=/", "samesite=lax"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


async def test_signing_in_again_ends_the_session_that_the_browser_had(database: Database) -> None:
    first, other = await made(database), await made(database)
    old = await begun(database, first)

    await begun(database, other, instead_of=old)

    assert not await is_alive(database, old)


async def test_a_renewed_session_has_a_new_id_and_the_old_one_is_dead(database: Database, tx: WriteSession) -> None:
    person = await a_person(tx)
    old, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)

    new, lasts = await sessions.renew(tx, secret=old, now=NOON + timedelta(days=1))

    assert (await sessions.actor_behind(tx, secret=new, mandatory=NONE, now=NOON)).person_id == person.id
    assert not (await sessions.actor_behind(tx, secret=old, mandatory=NONE, now=NOON)).is_signed_in
    assert lasts == sessions.LASTS - timedelta(days=1)
    with pytest.raises(NotFound):
        await sessions.renew(tx, secret=old, now=NOON)


# ended by what changes about somebody

Change = Callable[[WriteSession, Person], Awaitable[object]]


async def _seat(tx: WriteSession, person: Person) -> None:
    panel = await a_panel(tx)
    await mandates.seat(tx, panel=panel, person=person, kind=SeatKind.CITIZEN, entry=SeatEntry.LOT, by=None, now=NOON)


CHANGES: dict[str, Change] = {
    "a role is granted": lambda tx, person: roles.grant(tx, person=person, role=Role.AUDITOR, now=NOON),
    "a role is taken back": lambda tx, person: roles.revoke(tx, person=person, role=Role.MODERATOR, now=NOON),
    "a place in a panel": _seat,
    "a block": lambda tx, person: roles.grant(tx, person=person, role=Role.BLOCKED, now=NOON),
    "an operator": lambda tx, person: sessions.end_all(
        tx, person_id=person.id, why=Ended.OPERATOR, by=person.id, now=NOON
    ),
    "an erasure": lambda tx, person: sessions.end_all(tx, person_id=person.id, why=Ended.ERASED, now=NOON),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_every_session_of_a_person_ends_with(database: Database, change: str) -> None:
    person, other = await made(database, role=Role.MODERATOR), await made(database, role=Role.MODERATOR)
    theirs = [await begun(database, person) for _ in range(3)]
    not_theirs = await begun(database, other)

    async with database.write() as tx:
        await CHANGES[change](tx, await tx.get_one(Person, person.id))

    assert [await is_alive(database, one) for one in theirs] == [False] * 3
    assert await is_alive(database, not_theirs)
    assert [name for name, _ in await facts_of(database, person)][-1] == "person.sessions_ended"


async def test_a_role_given_twice_ends_nothing_the_second_time(database: Database) -> None:
    person = await made(database, role=Role.MODERATOR)
    secret = await begun(database, person)

    async with database.write() as tx:
        await roles.grant(tx, person=await tx.get_one(Person, person.id), role=Role.MODERATOR, now=NOON)

    assert await is_alive(database, secret)


async def test_a_role_is_only_used_by_a_session_that_began_after_it(visitor: Visitor, database: Database) -> None:
    person = await made(database)
    visitor.http.cookies.set("session", await begun(database, person), domain="panel.test")
    await visitor.open("/account")
    assert visitor.status == 200

    async with database.write() as tx:
        await roles.grant(tx, person=await tx.get_one(Person, person.id), role=Role.OPERATOR, now=NOON)

    await visitor.open("/desk/set-up")
    assert visitor.path == "/sign-in"


# how long


async def test_a_residents_session_lasts_thirty_days(database: Database) -> None:
    secret = await begun(database, await made(database))

    assert await is_alive(database, secret, after=timedelta(days=30, seconds=-1))
    assert not await is_alive(database, secret, after=timedelta(days=30))


async def test_a_staff_session_ends_after_two_hours_without_use(database: Database) -> None:
    secret = await begun(database, await made(database, role=Role.MODERATOR))

    assert await is_alive(database, secret, after=timedelta(hours=2, seconds=-1))
    assert not await is_alive(database, secret, after=timedelta(hours=2))


async def test_a_staff_session_that_is_used_lasts_twelve_hours(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    person = await made(database, role=Role.MODERATOR)
    visitor.http.cookies.set("session", await begun(database, person), domain="panel.test")
    seen = []
    for _ in range(13):
        clock.move(timedelta(minutes=59))
        await visitor.open("/moderation")
        await mail()  # the worker writes down that it was used
        seen.append(visitor.path)

    assert seen == ["/moderation"] * 12 + ["/sign-in"]


async def test_what_a_page_fetches_by_itself_keeps_no_session_alive(
    visitor: Visitor, database: Database, clock: StandingClock, mail: Mail
) -> None:
    person = await made(database, role=Role.MODERATOR)
    visitor.http.cookies.set("session", await begun(database, person), domain="panel.test")
    for _ in range(3):
        clock.move(timedelta(minutes=40))
        await visitor.http.get("/moderation", headers={"sec-fetch-dest": "empty"})
        await mail()

    await visitor.open("/moderation")
    assert visitor.path == "/sign-in"


async def test_reading_a_page_writes_nothing(
    visitor: Visitor, database: Database, clock: StandingClock, statements: list[str]
) -> None:
    person = await made(database, role=Role.AUDITOR)
    visitor.http.cookies.set("session", await begun(database, person), domain="panel.test")
    clock.move(timedelta(minutes=30))
    statements.clear()

    await visitor.open("/account")

    assert [one for one in statements if not one.startswith(("SELECT", "BEGIN"))] == []


async def test_sessions_that_are_over_are_thrown_away(
    database: Database, clock: StandingClock, visitor: Visitor, mail: Mail
) -> None:
    await begun(database, await made(database, role=Role.MODERATOR))
    resident = await begun(database, await made(database))
    clock.move(timedelta(hours=2))

    await mail()

    async with database.read() as db:
        assert list(await db.scalars(select(SessionRecord.hash))) == [digest_of(resident)]


# one's own page


async def test_people_see_where_they_are_signed_in_and_end_it_one_by_one(visitor: Visitor, database: Database) -> None:
    person = await made(database, name="Mo")
    elsewhere = await begun(database, person, user_agent=IPHONE)
    here = await begun(database, person, user_agent=FIREFOX)
    visitor.http.cookies.set("session", here, domain="panel.test")

    await visitor.open("/panels")
    await visitor.follow("Mo")
    assert visitor.path == "/account"
    assert "Firefox op een computer" in visitor.text
    assert "Safari op een telefoon of tablet" in visitor.text
    await visitor.press("Meld af: Safari op een telefoon of tablet")

    assert [await is_alive(database, one) for one in (elsewhere, here)] == [False, True]
    await visitor.press("Meld af: Firefox op een computer")
    assert visitor.path == "/sign-in"


async def test_nobody_ends_the_session_of_somebody_else(visitor: Visitor, database: Database) -> None:
    other = await begun(database, await made(database))
    visitor.http.cookies.set("session", await begun(database, await made(database)), domain="panel.test")
    await visitor.open("/account")
    [form] = [form for form in visitor.forms if form.action.endswith("/end")]
    async with database.read() as db:
        wanted = select(SessionRecord.id).where(SessionRecord.hash == digest_of(other))
        theirs = (await db.scalars(wanted)).one()

    answer = await visitor.http.post(
        f"/account/sessions/{theirs}/end", data=form.fields, headers={"origin": visitor.site}
    )

    assert answer.status_code == 404
    assert await is_alive(database, other)


async def test_signing_out_everywhere_ends_them_all(visitor: Visitor, database: Database) -> None:
    person = await made(database)
    all_of_them = [await begun(database, person) for _ in range(3)]
    visitor.http.cookies.set("session", all_of_them[0], domain="panel.test")
    await visitor.open("/account")

    await visitor.press("Meld mij overal af")

    assert visitor.path == "/sign-in"
    assert [await is_alive(database, one) for one in all_of_them] == [False] * 3
    assert (await facts_of(database, person))[-1] == ("person.sessions_ended", "asked")


async def test_signing_out_here_leaves_the_others(visitor: Visitor, database: Database) -> None:
    person = await made(database)
    here, elsewhere = await begun(database, person), await begun(database, person)
    visitor.http.cookies.set("session", here, domain="panel.test")
    await visitor.open("/account")

    await visitor.press("Afmelden")

    assert [await is_alive(database, one) for one in (here, elsewhere)] == [False, True]


async def test_the_account_is_only_for_who_is_signed_in(visitor: Visitor) -> None:
    await visitor.open("/account")

    assert visitor.path == "/sign-in"


async def test_the_language_of_letters_is_ones_own_choice(visitor: Visitor, database: Database) -> None:
    person = await made(database)
    visitor.http.cookies.set("session", await begun(database, person), domain="panel.test")
    await visitor.open("/account")

    await visitor.press("Bewaar de taal", language="en")

    async with database.read() as db:
        assert (await db.get_one(Person, person.id)).language == "en"


# the operator


async def an_operator(visitor: Visitor, database: Database) -> Person:
    operator = await made(database, role=Role.OPERATOR, email="beheer@waterveen.example", name="Beheer")
    visitor.http.cookies.set("session", await begun(database, operator), domain="panel.test")
    await visitor.open("/desk/set-up")
    await visitor.follow("Aanmeldingen en adressen")
    return operator


async def test_an_operator_signs_somebody_out_from_the_list(visitor: Visitor, database: Database) -> None:
    moderator = await made(database, role=Role.MODERATOR, name="Mo")
    secret = await begun(database, moderator)
    operator = await an_operator(visitor, database)

    await visitor.press("Meld af: Mo")

    assert not await is_alive(database, secret)
    async with database.read() as db:
        fact = (await db.scalars(select(EventRecord).where(EventRecord.name == "person.sessions_ended"))).one()
    assert (fact.subject, fact.actor_id, fact.facts["why"]) == (f"person:{moderator.id}", operator.id, "operator")


async def test_an_operator_signs_a_resident_out_by_address(visitor: Visitor, database: Database) -> None:
    secret = await begun(database, await made(database, email="jan@waterveen.example"))
    await an_operator(visitor, database)

    await visitor.press("Meld overal af", email="niemand@waterveen.example")
    assert visitor.status == 422
    assert "Wij kennen niemand met dit e-mailadres." in visitor.text
    await visitor.press("Meld overal af", email="JAN+x@waterveen.example")

    assert not await is_alive(database, secret)


async def test_an_operator_signs_everybody_out_and_each_has_the_fact(visitor: Visitor, database: Database) -> None:
    others = [await made(database) for _ in range(3)]
    secrets = [await begun(database, one) for one in others]
    operator = await an_operator(visitor, database)

    await visitor.press("Meld iedereen overal af")

    assert visitor.path == "/sign-in"
    assert [await is_alive(database, one) for one in secrets] == [False] * 3
    for one in (*others, operator):
        assert (await facts_of(database, one))[-1] == ("person.sessions_ended", "everybody")


async def test_an_auditor_reads_who_is_signed_in_and_ends_nothing(visitor: Visitor, database: Database) -> None:
    auditor = await made(database, role=Role.AUDITOR)
    visitor.http.cookies.set("session", await begun(database, auditor), domain="panel.test")

    await visitor.open("/desk/set-up/sign-ins")

    assert visitor.status == 200
    assert [form.action for form in visitor.forms if "/desk/set-up/sign-ins" in form.action] == []


# what is kept of a browser


@pytest.mark.parametrize(
    ("said", "family", "handheld"),
    [
        (FIREFOX, Browser.FIREFOX, False),
        (IPHONE, Browser.SAFARI, True),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", Browser.EDGE, False),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", Browser.CHROME, True),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537", Browser.SAMSUNG, True),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 OPR/120.0", Browser.OTHER, False),
        ("", Browser.OTHER, False),
        ("curl/8.0 <script>", Browser.OTHER, False),
    ],
)
def test_of_a_browser_only_its_family_is_kept(said: str, family: Browser, handheld: bool) -> None:
    assert (family_of(said), is_handheld(said)) == (family, handheld)


async def test_whoever_used_a_link_in_a_letter_is_no_longer_somebody_else(
    visitor: Visitor, database: Database, mail: Mail
) -> None:
    """A session of another person in the same browser ends when a link signs somebody in."""
    old = await begun(database, await made(database))
    async with database.write() as tx:
        panel = await a_panel(tx)
    await visitor.open(f"/follow?topic=panel&topic_id={panel.id}")
    await visitor.press("Houd mij op de hoogte", email="nieuw@waterveen.example")
    [letter] = await mail()
    visitor.http.cookies.set("session", old, domain="panel.test")
    await visitor.open(letter.link)
    await visitor.press("Ja, houd mij op de hoogte")

    assert not await is_alive(database, old)
    async with database.read() as db:
        person = await people.by_email(db, "nieuw@waterveen.example")
        assert person is not None
        assert list(await db.scalars(select(SessionRecord.person_id))) == [person.id]
