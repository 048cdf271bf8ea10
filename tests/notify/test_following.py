"""Following through the pages: with and without an account, and stopping with one click."""

import re

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import select

from accounts import sessions
from accounts.models import Person
from consultations.models import Consultation
from kernel.db import Database
from kernel.settings import Settings
from klankbord.worker import Worker
from notify import signing, subscriptions
from notify.models import Message, Subscription
from notify.states import Cadence, Topic
from notify.transport import Memory
from tests.builders import a_consultation, a_person
from tests.moments import NOON
from tests.notify.stories import AMSTERDAM, a_follower
from tests.notify.test_letters import text_of
from tests.visitor import Visitor


async def signed_in(visitor: Visitor, database: Database) -> Person:
    async with database.write() as tx:
        person = await a_person(tx)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    return person


async def a_question(database: Database) -> Consultation:
    async with database.write() as tx:
        return await a_consultation(tx, title="Een leefbare buurt")


async def followed(database: Database) -> list[tuple[int, Topic, Cadence, int]]:
    async with database.read() as db:
        rows = await db.scalars(select(Subscription).order_by(Subscription.id))
        return [(row.person_id, row.topic, row.cadence, row.hour) for row in rows]


async def test_a_resident_without_an_account_follows_by_a_link(
    visitor: Visitor, database: Database, worker: Worker, post: Memory
) -> None:
    consultation = await a_question(database)
    await visitor.open(f"/follow?topic=consultation&topic_id={consultation.id}")
    await visitor.press("Houd mij op de hoogte", email="geen adres", cadence="daily", hour="18")
    assert (visitor.status, 'value="geen adres"' in visitor.text) == (422, True)
    await visitor.press("Houd mij op de hoogte", email="nieuw@waterveen.example")
    assert visitor.path == "/follow/asked"
    assert await followed(database) == []

    await worker.turn(NOON)
    [letter] = [one for one in post.letters if one["Subject"] == "Bevestig dat u bericht wilt"]
    link = re.search(r"http://panel\.test(/follow/\S+)", text_of(letter, "plain"))
    assert link
    await visitor.open(link.group(1))
    assert await followed(database) == []
    assert "Een leefbare buurt" in visitor.text
    await visitor.press("Ja, houd mij op de hoogte")

    assert visitor.path == "/following"
    assert "Een leefbare buurt" in visitor.text
    assert [row[1:] for row in await followed(database)] == [(Topic.CONSULTATION, Cadence.DAILY, 18)]
    await visitor.open(link.group(1))
    assert visitor.status == 410


async def test_asking_twice_sends_one_letter(visitor: Visitor, database: Database) -> None:
    consultation = await a_question(database)
    for _ in range(3):
        await visitor.open(f"/follow?topic=consultation&topic_id={consultation.id}")
        await visitor.press("Houd mij op de hoogte", email="nieuw@waterveen.example")

    async with database.read() as db:
        assert list(await db.scalars(select(Message.template))) == ["follow_confirm"]


async def test_who_is_signed_in_follows_changes_and_stops(visitor: Visitor, database: Database) -> None:
    person = await signed_in(visitor, database)
    consultation = await a_question(database)
    await visitor.open(f"/follow?topic=consultation&topic_id={consultation.id}")
    await visitor.press("Houd mij op de hoogte")
    assert await followed(database) == [(person.id, Topic.CONSULTATION, Cadence.WEEKLY, 8)]

    await visitor.press("Bewaar", cadence="daily", hour="20")
    assert await followed(database) == [(person.id, Topic.CONSULTATION, Cadence.DAILY, 20)]
    await visitor.press("Bewaar", hour="24")
    assert visitor.status == 422

    await visitor.press("Niet meer volgen")
    assert await followed(database) == []
    assert "U volgt nog niets" in visitor.text


async def test_nobody_changes_what_somebody_else_follows(visitor: Visitor, database: Database) -> None:
    await signed_in(visitor, database)
    consultation = await a_question(database)
    async with database.write() as tx:
        theirs = await a_follower(tx, consultation)
    await visitor.open(f"/follow?topic=consultation&topic_id={consultation.id}")
    token = visitor.forms[-1].fields["_csrf_token"]

    answers = [
        await visitor.http.post(f"/following/{theirs.id}{end}", data={"_csrf_token": token, "cadence": "nothing"})
        for end in ("", "/stop")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [row[2] for row in await followed(database)] == [Cadence.DAILY]


@pytest.mark.parametrize(
    "address", ["/follow?topic=consultation&topic_id=99", "/follow?topic=person&topic_id=1", "/follow"]
)
async def test_what_is_not_public_cannot_be_followed(visitor: Visitor, address: str) -> None:
    await visitor.open(address)

    assert visitor.status == 404


async def test_following_asks_to_sign_in(visitor: Visitor) -> None:
    await visitor.open("/following")

    assert visitor.path == "/sign-in"


async def a_link(database: Database, settings: Settings, scope: str) -> str:
    consultation = await a_question(database)
    async with database.write() as tx:
        follower = await a_follower(tx, consultation)
    return signing.unsubscribe_path(settings, person_id=follower.person_id, scope=scope)


async def test_one_click_stops_without_cookies_and_looking_does_not(
    app: Litestar, visitor: Visitor, database: Database, settings: Settings
) -> None:
    link = await a_link(database, settings, signing.ALL)
    await visitor.open(link)
    assert [row[2] for row in await followed(database)] == [Cadence.DAILY]

    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # the two type ASGI differently
    async with httpx.AsyncClient(transport=transport, base_url="http://panel.test") as program:
        answers = [await program.post(link, data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [row[2] for row in await followed(database)] == [Cadence.NOTHING]


async def test_the_button_stops_news_of_ones_own_ideas_and_it_can_be_taken_back(
    visitor: Visitor, database: Database, settings: Settings
) -> None:
    link = await a_link(database, settings, signing.OWN_IDEAS)
    await visitor.open(link)
    await visitor.press("Stop deze berichten")

    assert "U krijgt deze berichten niet meer" in visitor.text
    assert [row[1:3] for row in await followed(database)] == [
        (Topic.CONSULTATION, Cadence.DAILY),
        (Topic.IDEA, Cadence.NOTHING),
    ]


async def test_a_forged_unsubscribe_link_does_nothing(visitor: Visitor, database: Database, settings: Settings) -> None:
    link = await a_link(database, settings, signing.ALL)

    for forged in (link[:-1] + ("a" if link[-1] != "a" else "b"), "/unsubscribe/WzEsImFsbCJd.x"):
        await visitor.open(forged)
        assert visitor.status == 410


async def test_what_happened_while_it_was_silent_is_not_told_afterwards(database: Database) -> None:
    consultation = await a_question(database)
    async with database.write() as tx:
        mine = await a_follower(tx, consultation, Cadence.NOTHING)
        await sessions.begin(tx, person=await a_person(tx), carries_grants=False, now=NOON)
        rhythm = {"cadence": Cadence.DAILY, "hour": 8, "weekday": 0}
        await subscriptions.change(tx, subscription=mine, zone=AMSTERDAM, now=NOON, **rhythm)  # type: ignore[arg-type]  # as given

    assert mine.told_event_id > 0
