"""Who has a second factor reads of everything that happens to it, in the own language, and of nothing twice."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from accounts import recovery_codes, second_factor, sessions
from accounts.models import Person, SecondFactor
from accounts.states import Role
from kernel.db import Database, WriteSession
from klankbord.worker import Worker
from notify.models import Message
from notify.transport import Memory
from tests.accounts.phones import KEY, Phone, a_phone
from tests.builders import a_person
from tests.moments import NOON

Deed = Callable[[WriteSession, Person, Phone], Awaitable[object]]
WHY = "Telefoon kwijt; gezien aan het loket."


async def _tried(tx: WriteSession, person: Person, phone: Phone) -> None:
    for _ in range(7):
        await second_factor.prove(tx, person_id=person.id, typed=phone.wrong(NOON), key=KEY, now=NOON)


async def _set_up_again(tx: WriteSession, person: Person, _phone: Phone) -> None:
    secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    begun = await second_factor.begin(tx, person_id=person.id, session=secret, key=KEY, now=NOON)
    new = Phone(second_factor.secret_of(begun, key=KEY))
    await second_factor.confirm(tx, person=person, begun=begun, typed=new.code(NOON), session=secret, key=KEY, now=NOON)


async def _recovered(tx: WriteSession, person: Person, _phone: Phone) -> None:
    codes = await recovery_codes.write(tx, person_id=person.id, now=NOON)
    await second_factor.prove(tx, person_id=person.id, typed=codes[0], key=KEY, now=NOON)


DEEDS: dict[str, tuple[Deed, str, str]] = {
    "tried": (_tried, "Iemand probeerde zich aan te melden als u", "vijf keer een verkeerde code"),
    "replaced": (_set_up_again, "Uw tweede stap is vervangen", "andere telefoon"),
    "recovered": (_recovered, "Er is een herstelcode gebruikt", "nog 9 herstelcodes"),
    "reset": (
        lambda tx, person, _: second_factor.reset(tx, person=person, by=None, reason=WHY, now=NOON),
        "Een beheerder haalde uw tweede stap weg",
        WHY,
    ),
    "removed": (
        lambda tx, person, _: second_factor.remove(tx, person_id=person.id, mandatory=frozenset(), now=NOON),
        "U hebt uw tweede stap weggehaald",
        "alleen met uw e-mail",
    ),
    "new codes": (
        lambda tx, person, _: recovery_codes.make(tx, person_id=person.id, now=NOON),
        "U hebt nieuwe herstelcodes",
        "werken niet meer",
    ),
}


async def sent_after(
    database: Database,
    worker: Worker,
    post: Memory,
    deed: Deed,
    *,
    email: str = "mo@waterveen.example",
    now: datetime = NOON,
) -> list[EmailMessage]:
    """The letters about the second factor that leave after a deed."""
    async with database.write() as tx:
        person = await a_person(tx, role=Role.MODERATOR, email=email)
        await deed(tx, person, await a_phone(tx, person, now=NOON))
    for _ in range(3):  # a few letters at a time
        await worker.turn(now)
    async with database.read() as db:
        wanted = select(Message.message_id).where(Message.template == "second_factor")
        ids = {f"<{one}>" for one in await db.scalars(wanted)}
    return [letter for letter in post.letters if letter["Message-ID"] in ids]


@pytest.mark.parametrize("name", DEEDS)
async def test_whatever_happens_to_it_its_owner_reads_of_it_once(
    database: Database, worker: Worker, post: Memory, name: str
) -> None:
    deed, subject, words = DEEDS[name]

    [letter] = await sent_after(database, worker, post, deed, email="mo@waterveen.example")

    text = letter.get_body(("plain",))
    assert text is not None
    told = " ".join(text.get_content().split())
    assert (letter["Subject"], letter["To"]) == (subject, "mo@waterveen.example")
    assert (words in told, "Was u dit niet?" in told) == (True, True)


async def test_no_letter_holds_a_code_or_a_secret(database: Database, worker: Worker, post: Memory) -> None:
    for name, (deed, _, _) in DEEDS.items():
        await sent_after(database, worker, post, deed, email=f"{name.replace(' ', '')}@waterveen.example")

    async with database.read() as db:
        secrets = [second_factor.secret_of(one, key=KEY) for one in await db.scalars(select(SecondFactor))]
    written = "".join(str(letter) for letter in post.letters)
    assert len(secrets) == 4
    assert [one for one in secrets if one in written] == []


async def test_who_tries_all_day_causes_one_letter_a_day(database: Database, worker: Worker, post: Memory) -> None:
    async def all_day(tx: WriteSession, person: Person, phone: Phone) -> None:
        for hours in (0, 1, 2, 30):
            now = NOON + timedelta(hours=hours)
            for _ in range(5):
                await second_factor.prove(tx, person_id=person.id, typed=phone.wrong(now), key=KEY, now=now)

    letters = await sent_after(database, worker, post, all_day, now=NOON + timedelta(hours=31))

    assert [letter["Subject"] for letter in letters] == ["Iemand probeerde zich aan te melden als u"] * 2
