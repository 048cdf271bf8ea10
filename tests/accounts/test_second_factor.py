"""Setting a second factor up and signing in with it, in a browser without JavaScript."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select, text

from accounts import sign_in, totp
from accounts.models import AddressChange, RecoveryCode, SecondFactor, SessionRecord
from accounts.qr import drawn
from accounts.states import STAFF, Role
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.events import EventRecord
from kernel.tokens import digest_of
from tests.accounts.phones import Phone, a_phone, an_operator, paper, session_of, used_the_link
from tests.builders import a_consultation, a_person
from tests.moments import NOON
from tests.visitor import Visitor

Another = Callable[[], Visitor]
STEP = timedelta(seconds=30)
DESKS = {
    Role.MODERATOR: "/moderation",
    Role.SECRETARY: "/desk/meetings",
    Role.CHAIR: "/desk/meetings",
    Role.COMMISSIONER: "/desk/responses",
    Role.AUDITOR: "/moderation",
    Role.OPERATOR: "/desk/set-up",
}


@pytest.fixture
def everybody_must(app: Litestar) -> None:
    """As in production: all staff need a second factor."""
    needs(app, *STAFF)


def needs(app: Litestar, *roles: Role) -> None:
    """Let these roles need a second factor."""
    named = ",".join(sorted(role.value for role in roles))
    app.state.settings = replace(app.state.settings, second_factor=named)


async def facts(database: Database, about: str = "second_factor|recovery") -> list[str]:
    """What the trail says about it, in order."""
    async with database.read() as db:
        names = await db.scalars(select(EventRecord.name).order_by(EventRecord.id))
        return [name for name in names if re.search(about, name)]


def phone_on(visitor: Visitor) -> Phone:
    """An app that took the secret over from the page."""
    shown = re.search(r'<code class="copied">([A-Z2-7 ]+)</code>', visitor.text)
    assert shown, visitor.text
    return Phone(shown[1].replace(" ", ""))


def codes_on(visitor: Visitor) -> list[str]:
    """The recovery codes of the page."""
    return re.findall(r'<code class="copied">([A-Z2-9-]+)</code>', visitor.text)


# setting up


async def test_somebody_sets_it_up_and_is_asked_for_it_from_then_on(
    visitor: Visitor, another: Another, database: Database, clock: StandingClock
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR, name="Mo")
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Stel de tweede stap in")
    phone = phone_on(visitor)

    await visitor.press("Bevestig de code", code=phone.code(NOON))

    assert (visitor.status, len(set(codes_on(visitor)))) == (200, 10)
    await visitor.open("/moderation")
    assert (visitor.status, visitor.path) == (200, "/moderation")
    clock.move(STEP)
    elsewhere = another()
    await used_the_link(elsewhere, database, person, now=clock.now())
    await elsewhere.open("/moderation?show=reports")
    assert elsewhere.path == "/second-factor"
    await elsewhere.press("Controleer de code", code=phone.code(clock.now()))
    assert (elsewhere.status, str(elsewhere.page.url)) == (200, "http://panel.test/moderation?show=reports")
    assert await facts(database) == [
        "person.second_factor_set_up",
        "person.second_factor_given",
    ]


async def test_the_page_draws_the_address_that_the_app_reads(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR, email="mo@waterveen.example")
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Stel de tweede stap in")

    address = totp.address(phone_on(visitor).secret, account=person.email, issuer="Klankbord gemeente Waterveen")

    drawing = drawn(address)
    assert f'<path d="{drawing.path}" fill="#000"/>' in visitor.text
    assert f'viewBox="0 0 {drawing.size} {drawing.size}"' in visitor.text


async def test_a_wrong_first_code_sets_nothing_up_and_the_same_secret_is_shown_again(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Stel de tweede stap in")
    phone = phone_on(visitor)

    await visitor.press("Bevestig de code", code=phone.wrong(NOON))

    assert (visitor.status, phone_on(visitor), await facts(database)) == (422, phone, [])
    await visitor.open("/moderation")
    assert visitor.status == 200


async def test_the_secret_is_never_shown_again(visitor: Visitor, database: Database, clock: StandingClock) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Stel de tweede stap in")
    phone = phone_on(visitor)
    await visitor.press("Bevestig de code", code=phone.code(NOON))
    first = codes_on(visitor)[0]

    await visitor.open("/account/second-factor")

    assert "nog 10" in visitor.text
    assert phone.secret not in visitor.text.replace(" ", "")
    assert first not in visitor.text
    assert '<svg class="qr"' not in visitor.text


async def test_only_the_browser_that_began_sees_the_secret_and_only_for_half_an_hour(
    visitor: Visitor, another: Another, database: Database, clock: StandingClock
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Stel de tweede stap in")
    phone, elsewhere = phone_on(visitor), another()
    await used_the_link(elsewhere, database, person, now=NOON)

    await elsewhere.open("/account/second-factor")
    clock.move(timedelta(minutes=30))
    await visitor.open("/account/second-factor")

    assert [phone.secret in one.text.replace(" ", "") for one in (visitor, elsewhere)] == [False, False]
    assert [one.status for one in (visitor, elsewhere)] == [200, 200]


async def test_setting_up_ends_the_sessions_elsewhere(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
    await used_the_link(Visitor(), database, person, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Stel de tweede stap in")
    await visitor.press("Bevestig de code", code=phone_on(visitor).code(NOON))

    async with database.read() as db:
        alive = [one.hash for one in await db.scalars(select(SessionRecord))]

    assert alive == [digest_of(session_of(visitor))]


# what the database tells


async def test_who_reads_the_database_reads_neither_secret_nor_code(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Stel de tweede stap in")
    phone = phone_on(visitor)
    begun = await everything(database)
    await visitor.press("Bevestig de code", code=phone.code(NOON))
    codes = codes_on(visitor)

    kept = begun + await everything(database)

    plain = [phone.secret, *codes, *(code.replace("-", "") for code in codes)]
    assert [one for one in plain if one.encode() in kept or one.lower().encode() in kept] == []
    async with database.read() as db:
        assert len((await db.scalars(select(RecoveryCode))).all()) == 10


async def everything(database: Database) -> bytes:
    """Every value of every row, one after the other."""
    from klankbord.tables import METADATA

    found = b""
    async with database.read() as db:
        for table in METADATA.sorted_tables:
            for row in await db.execute(select(table)):
                found += b"\0".join(one if isinstance(one, bytes) else str(one).encode() for one in row)
    return found


async def test_a_sealed_secret_opens_nothing_in_somebody_elses_place(database: Database, visitor: Visitor) -> None:
    person, _ = await an_operator(database, now=NOON)
    thief, own = await an_operator(database, now=NOON, role=Role.MODERATOR)
    async with database.write() as tx:
        await tx.execute(
            text(
                "UPDATE second_factor SET sealed = (SELECT sealed FROM second_factor WHERE person_id = :one)"
                " WHERE person_id = :other"
            ),
            {"one": thief.id, "other": person.id},
        )
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")

    await visitor.press("Controleer de code", code=own.code(NOON))

    assert (visitor.status, visitor.path) == (422, "/second-factor")


# signing in


@pytest.mark.parametrize("role", DESKS)
async def test_who_has_one_owes_it_and_has_no_task_until_it_is_given(
    visitor: Visitor, database: Database, role: Role
) -> None:
    person, phone = await an_operator(database, now=NOON, role=role)
    before = await used_the_link(visitor, database, person, now=NOON)

    await visitor.open(DESKS[role])

    assert (visitor.path, visitor.status) == ("/second-factor", 200)
    assert "Werkruimte" not in visitor.text
    await visitor.press("Controleer de code", code=phone.code(NOON))
    assert (visitor.path, visitor.status) == (DESKS[role], 200)
    assert session_of(visitor) != before


@pytest.mark.parametrize("role", DESKS)
@pytest.mark.usefixtures("everybody_must")
async def test_who_needs_one_and_has_none_sets_it_up_before_anything_else(
    visitor: Visitor, database: Database, role: Role
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=role)
    await used_the_link(visitor, database, person, now=NOON)

    await visitor.open(DESKS[role])

    assert (visitor.path, visitor.status) == ("/account/second-factor", 200)
    assert "verplicht" in visitor.text
    await visitor.press("Stel de tweede stap in")
    await visitor.press("Bevestig de code", code=phone_on(visitor).code(NOON))
    await visitor.follow("Ga verder")
    assert (visitor.path, visitor.status) == (DESKS[role], 200)


@pytest.mark.usefixtures("everybody_must")
@pytest.mark.parametrize("role", [None, Role.RESIDENT, Role.MEMBER])
async def test_who_is_no_staff_is_not_asked_for_anything(visitor: Visitor, database: Database, role: Role) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=role)
    await used_the_link(visitor, database, person, now=NOON)

    await visitor.open("/following")

    assert (visitor.path, visitor.status) == ("/following", 200)


async def test_a_role_that_nobody_named_needs_none(visitor: Visitor, app: Litestar, database: Database) -> None:
    needs(app, Role.OPERATOR)
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
    await used_the_link(visitor, database, person, now=NOON)

    await visitor.open("/moderation")

    assert (visitor.path, visitor.status) == ("/moderation", 200)


async def test_the_switch_counts_for_sessions_that_were_there_already(
    visitor: Visitor, app: Litestar, database: Database
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/moderation")

    needs(app, *STAFF)
    before = visitor.path
    await visitor.open("/moderation")

    assert (before, visitor.path) == ("/moderation", "/account/second-factor")


async def test_the_old_session_is_dead_once_the_code_was_given(
    visitor: Visitor, another: Another, database: Database
) -> None:
    person, phone = await an_operator(database, now=NOON)
    before = await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/second-factor?next=/desk/set-up")
    await visitor.press("Controleer de code", code=phone.code(NOON))
    elsewhere = another()
    elsewhere.http.cookies.set("session", before, domain="panel.test", path="/")

    await elsewhere.open("/desk/set-up")

    assert (elsewhere.path, visitor.path) == ("/sign-in", "/desk/set-up")


async def test_while_it_is_owed_public_pages_are_those_of_a_resident(visitor: Visitor, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    async with database.write() as tx:
        await a_consultation(tx, slug="buurt")
    await used_the_link(visitor, database, person, now=NOON)

    await visitor.open("/consultations/buurt")

    assert (visitor.status, "Geef uw code" in visitor.text, "Werkruimte" in visitor.text) == (200, True, False)


async def test_programs_hear_the_refusal_itself(visitor: Visitor, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)

    await visitor.open("/v1/panels/not-there")

    assert visitor.page.headers["content-type"] == "application/problem+json"


async def test_looking_at_the_page_that_asks_changes_nothing(visitor: Visitor, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    before = await used_the_link(visitor, database, person, now=NOON)

    await visitor.open("/second-factor")
    await visitor.open("/account/second-factor")

    assert (visitor.path, session_of(visitor), await facts(database)) == ("/second-factor", before, [])


# which codes count


async def test_a_code_counts_once(visitor: Visitor, another: Another, database: Database) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")
    await visitor.press("Controleer de code", code=phone.code(NOON))
    thief = another()
    await used_the_link(thief, database, person, now=NOON)
    await thief.open("/desk/set-up")

    await thief.press("Controleer de code", code=phone.code(NOON))

    assert (visitor.path, thief.path, thief.status) == ("/desk/set-up", "/second-factor", 422)
    await thief.press("Controleer de code", code=phone.code(NOON, steps=-1))
    assert thief.status == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 200), (0, 200), (1, 200), (2, 422)])
async def test_a_clock_may_be_half_a_minute_off(visitor: Visitor, database: Database, steps: int, status: int) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")

    await visitor.press("Controleer de code", code=phone.code(NOON, steps=steps))

    assert visitor.status == status


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{three} {rest}"])
async def test_spaces_make_no_difference(visitor: Visitor, database: Database, typed: str) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")
    code = phone.code(NOON)

    await visitor.press("Controleer de code", code=typed.format(code=code, three=code[:3], rest=code[3:]))

    assert visitor.path == "/desk/set-up"


@pytest.mark.parametrize("typed", ["", "١٢٣٤٥٦", "' OR 1=1", "0" * 500, "<script>", "1e5"])
async def test_whatever_is_typed_the_answer_is_the_page_again(visitor: Visitor, database: Database, typed: str) -> None:
    person, _ = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/second-factor")

    await visitor.press("Controleer de code", code=typed)

    assert (visitor.status, visitor.path) == (422, "/second-factor")
    assert typed not in visitor.text or not typed


async def test_after_five_wrong_codes_the_right_one_has_to_wait(
    visitor: Visitor, another: Another, database: Database, clock: StandingClock
) -> None:
    person, phone = await an_operator(database, now=NOON)
    browsers = [visitor, another()]
    for one in browsers:
        await used_the_link(one, database, person, now=NOON)
        await one.open("/desk/set-up")
    answers = []
    for turn in range(5):
        await browsers[turn % 2].press("Controleer de code", code=phone.wrong(NOON))
        answers.append(browsers[turn % 2].status)

    await visitor.press("Controleer de code", code=phone.code(NOON))

    assert answers == [422] * 5
    assert (visitor.status, "te vaak een verkeerde code" in visitor.text) == (429, True)
    assert await facts(database) == ["person.second_factor_tried"]
    clock.move(timedelta(minutes=15))
    await visitor.press("Controleer de code", code=phone.code(clock.now()))
    assert visitor.path == "/desk/set-up"


async def test_recovery_codes_are_tried_no_more_often_than_others(visitor: Visitor, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    [code, *_] = await paper(database, person, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")
    for _ in range(5):
        await visitor.press("Controleer de code", code="AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")

    await visitor.press("Controleer de code", code=code)

    assert visitor.status == 429


async def test_one_persons_wrong_codes_keep_nobody_else_out(
    visitor: Visitor, another: Another, database: Database
) -> None:
    person, phone = await an_operator(database, now=NOON)
    other, other_phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")
    for _ in range(5):
        await visitor.press("Controleer de code", code=phone.wrong(NOON))
    colleague = another()
    await used_the_link(colleague, database, other, now=NOON)
    await colleague.open("/desk/set-up")

    await colleague.press("Controleer de code", code=other_phone.code(NOON))

    assert colleague.path == "/desk/set-up"


# recovery codes


async def test_a_recovery_code_replaces_the_phone_once(visitor: Visitor, another: Another, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    [code, *_] = await paper(database, person, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")

    await visitor.press("Controleer de code", code=code.lower().replace("-", " "))

    assert visitor.path == "/desk/set-up"
    assert await facts(database) == [
        "person.recovery_code_used",
        "person.second_factor_given",
    ]
    elsewhere = another()
    await used_the_link(elsewhere, database, person, now=NOON)
    await elsewhere.open("/desk/set-up")
    await elsewhere.press("Controleer de code", code=code)
    assert elsewhere.status == 422


async def test_new_recovery_codes_spoil_the_old_ones(visitor: Visitor, database: Database) -> None:
    person, phone = await an_operator(database, now=NOON)
    old = await paper(database, person, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Controleer de code", code=old[0])
    await visitor.press("Ga verder", deed="codes", code=phone.code(NOON))
    new = codes_on(visitor)

    await visitor.open("/second-factor")
    statuses = []
    for code in (old[1], new[0]):
        await visitor.press("Controleer de code", code=code)
        statuses.append((visitor.status, visitor.path))

    assert (len(new), set(new) & set(old)) == (10, set())
    assert statuses == [(422, "/second-factor"), (200, "/")]


async def test_another_persons_recovery_code_is_worth_nothing(visitor: Visitor, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    other, _ = await an_operator(database, now=NOON)
    [code, *_] = await paper(database, other, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")

    await visitor.press("Controleer de code", code=code)

    assert visitor.status == 422


# replacing and removing


async def test_another_phone_takes_over_only_after_a_code_of_the_old_one_and_one_of_its_own(
    visitor: Visitor, database: Database, clock: StandingClock
) -> None:
    person, old = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Controleer de code", code=old.code(NOON))
    await visitor.press("Ga verder", deed="replace", code=old.wrong(NOON))
    refused = visitor.status
    await visitor.press("Ga verder", deed="replace", code=old.code(NOON, steps=1))
    new = phone_on(visitor)
    assert (refused, new == old) == (422, False)

    await visitor.press("Bevestig de code", code=new.code(NOON))

    clock.move(2 * STEP)
    await visitor.open("/second-factor")
    await visitor.press("Controleer de code", code=old.code(clock.now()))
    assert visitor.status == 422
    await visitor.press("Controleer de code", code=new.code(clock.now()))
    assert visitor.status == 200
    async with database.read() as db:
        assert len((await db.scalars(select(SecondFactor))).all()) == 1


async def test_who_owes_the_code_cannot_set_up_another_instead(visitor: Visitor, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/second-factor")
    hidden = {name: values[0] for name, values in visitor.forms[-1].fields.items() if values}

    ways = []
    for way in ("begin", "confirm", "change"):
        answer = await visitor.http.post(
            f"/account/second-factor/{way}",
            data={"_csrf_token": hidden["_csrf_token"], "deed": "remove", "code": "123456"},
            headers={"origin": visitor.site},
        )
        ways.append((answer.status_code, "Geef uw code" in answer.text, 'class="qr"' in answer.text))

    assert ways == [(403, True, False)] * 3
    async with database.read() as db:
        assert len((await db.scalars(select(SecondFactor))).all()) == 1


async def test_somebody_may_do_without_where_no_task_forbids_it(visitor: Visitor, database: Database) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Controleer de code", code=phone.code(NOON))

    await visitor.press("Ga verder", deed="remove", code=phone.code(NOON, steps=1))

    assert (visitor.path, "Stel de tweede stap in" in visitor.text) == ("/account/second-factor", True)
    assert (await facts(database))[-1] == "person.second_factor_removed"


@pytest.mark.usefixtures("everybody_must")
async def test_where_a_task_forbids_it_nobody_does_without(visitor: Visitor, database: Database) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account/second-factor")
    await visitor.press("Controleer de code", code=phone.code(NOON))
    assert 'value="remove"' not in visitor.text
    hidden = {name: values[0] for name, values in visitor.forms[-1].fields.items() if values}

    answer = await visitor.http.post(
        "/account/second-factor/change",
        data={**hidden, "deed": "remove", "code": phone.code(NOON, steps=1)},
        headers={"origin": visitor.site},
    )

    assert (answer.status_code, "second_factor_mandatory" in answer.text) == (409, True)
    assert "person.second_factor_removed" not in await facts(database)


async def test_a_phone_of_somebody_else_shows_nothing(visitor: Visitor, database: Database) -> None:
    person, _ = await an_operator(database, now=NOON)
    async with database.write() as tx:
        stranger = await a_phone(tx, await a_person(tx), now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up")

    await visitor.press("Controleer de code", code=stranger.code(NOON))

    assert visitor.status == 422


# what was being typed


async def test_a_form_that_meets_the_question_is_kept_and_can_be_sent_after_the_code(
    visitor: Visitor, database: Database
) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/second-factor")
    await visitor.press("Controleer de code", code=phone.code(NOON))
    await visitor.open("/desk/set-up/panels/new")
    await used_the_link(visitor, database, person, now=NOON)  # signed in anew in another tab, and not whole yet

    await visitor.press("Maak dit panel", name="Klankbord  Zuid & Co", aim="Meer <b>bomen</b>.\nEn bankjes.")

    assert (visitor.status, "Geef uw code" in visitor.text) == (403, True)
    await visitor.press("Controleer de code", code=phone.wrong(NOON))
    await visitor.press("Controleer de code", code=phone.code(NOON, steps=1))
    assert "Klankbord  Zuid &amp; Co" in visitor.text
    await visitor.press("Verstuur het nu")
    assert visitor.path == "/desk/set-up/panels/new"
    kept = visitor.forms[-1].fields if "aim" in visitor.forms[-1].fields else visitor.forms[-2].fields
    assert (kept["name"], kept["aim"]) == (["Klankbord Zuid & Co"], ["Meer <b>bomen</b>.\nEn bankjes."])


async def test_a_form_of_somebody_who_has_to_set_it_up_first_is_kept_too(
    visitor: Visitor, app: Litestar, database: Database
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.OPERATOR)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/desk/set-up/panels/new")
    needs(app, Role.OPERATOR)

    await visitor.press("Maak dit panel", name="Klankbord Zuid", aim="Meer bomen.")

    assert (visitor.status, "Klankbord Zuid" in visitor.text) == (403, True)
    kept = visitor.page
    await visitor.follow("Stel de tweede stap in")
    await visitor.press("Stel de tweede stap in")
    await visitor.press("Bevestig de code", code=phone_on(visitor).code(NOON))
    visitor.page = kept
    await visitor.press("Verstuur het nu")
    assert (visitor.path, 'value="Klankbord Zuid"' in visitor.text) == ("/desk/set-up/panels/new", True)


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_nothing_is_sent_on_to_another_site(visitor: Visitor, database: Database, address: str) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open(f"/second-factor?next={address}")
    hidden = {name: values[0] for name, values in visitor.forms[-1].fields.items() if values}
    assert hidden["next"] == "/"

    answer = await visitor.http.post(
        "/second-factor",
        data={**hidden, "next": address, "address": address, "sent": "a=b+c", "code": phone.code(NOON)},
        headers={"origin": visitor.site},
    )

    assert (answer.status_code, "evil" in answer.text, "javascript:" in answer.text) == (200, False, False)


# by the link of a letter


async def test_the_link_of_the_letter_leads_to_the_code_and_the_code_to_where_one_was_going(
    visitor: Visitor, database: Database
) -> None:
    person, phone = await an_operator(database, now=NOON)
    async with database.write() as tx:
        request = await sign_in.open_request(tx, person=person, browser=None, next_path="/desk/set-up", now=NOON)
        link = await sign_in.link_for(tx, request_id=request.id, now=NOON)
    await visitor.open(link)

    await visitor.press("Aanmelden")

    assert (visitor.path, visitor.status) == ("/second-factor", 200)
    await visitor.press("Controleer de code", code=phone.code(NOON))
    assert (visitor.path, visitor.status) == ("/desk/set-up", 200)


async def test_the_own_address_changes_only_after_fresh_proof(
    visitor: Visitor, database: Database, clock: StandingClock
) -> None:
    person, phone = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/second-factor?next=/account")
    await visitor.press("Controleer de code", code=phone.code(NOON))
    clock.move(timedelta(minutes=15))

    await visitor.press("Verander mijn adres", email="nieuw@waterveen.example")

    assert "Geef uw code nog een keer" in visitor.text
    await visitor.press("Controleer de code", code=phone.code(clock.now()))
    await visitor.press("Verstuur het nu")
    assert (visitor.path, "nieuw@waterveen.example" in visitor.text) == ("/account/address", True)


async def test_somebody_who_only_has_the_mailbox_changes_nothing_about_the_account(
    visitor: Visitor, database: Database
) -> None:
    person, _ = await an_operator(database, now=NOON)
    await used_the_link(visitor, database, person, now=NOON)
    await visitor.open("/account")

    await visitor.press("Verander mijn adres", email="dief@waterveen.example")

    assert (visitor.status, "Geef uw code" in visitor.text) == (403, True)
    async with database.read() as db:
        assert (await db.scalars(select(AddressChange))).all() == []
