"""What somebody sees of their own data, takes along, and has removed; and what everybody reads of what is kept."""

import base64
import html
import json
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from accounts import belongings, sessions
from accounts.actor import Actor
from accounts.models import Person, SessionRecord
from accounts.states import Role
from consultations import ideas, kept_drafts
from consultations.models import Consultation, Idea
from kernel.cookies import SESSION, cookie_name
from kernel.db import Database
from kernel.settings import Settings
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import NOON
from tests.notify.taint import MARK, Story, everything, fill_up, found_in
from tests.visitor import Visitor


async def let_in(database: Database, visitor: Visitor, settings: Settings, person_id: int) -> None:
    async with database.write() as tx:
        person = await tx.get_one(Person, person_id)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set(cookie_name(SESSION, settings), secret)


@pytest.fixture
async def story(database: Database, visitor: Visitor, settings: Settings) -> Story:
    """Somebody who typed the marker everywhere, signed in."""
    async with database.write() as tx:
        story = await everything(tx)
        await fill_up(tx, story)
    await let_in(database, visitor, settings, story.person.id)
    return story


async def test_the_download_holds_every_word_of_theirs(database: Database, visitor: Visitor, story: Story) -> None:
    await visitor.open("/account/data/download.json")
    told = {one["table"]: one for one in json.loads(visitor.text)["tables"]}
    await visitor.open("/account/data/download.html")
    page = visitor.text

    async with database.read() as db:
        for name, (table, kept) in belongings.tables().items():
            condition = belongings.theirs(name, story.whose)
            if condition is None or not kept.words:
                continue
            for row in (await db.execute(select(table).where(condition))).mappings():
                for column in kept.words:
                    assert any(_same(one[column], row[column]) for one in told[name]["rows"]), f"{name}.{column}"
                    if MARK in str(row[column]) and column != "mailbox" and not column.endswith("_mailbox"):
                        assert _words(row[column]) in page, f"{name}.{column}"


def _same(told: Any, kept: Any) -> bool:
    return bool(told == (base64.b64encode(kept).decode() if isinstance(kept, bytes) else kept))


def _words(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    text = value if isinstance(value, str) else json.dumps(value)
    return text[text.index(MARK) :].partition('"')[0].partition("'")[0]


async def test_the_download_holds_no_secret_and_nobody_elses_address(visitor: Visitor, story: Story) -> None:
    await visitor.open("/account/data/download.json")

    rows = [(one["table"], set(one["rows"][0])) for one in json.loads(visitor.text)["tables"]]
    secrets = {name: set(kept.secrets) for name, (_, kept) in belongings.tables().items()}
    assert [name for name, columns in rows if columns & secrets[name]] == []
    assert "inwoner" not in visitor.text.replace("inwoner@", "")


async def test_a_kept_text_stands_in_the_page_as_it_was_typed(
    database: Database, visitor: Visitor, settings: Settings
) -> None:
    typed = 'Zet "bankjes" \\ op C:\\kade <b>graag</b>\nen bomen.'
    async with database.write() as tx:
        person = await a_person(tx)
        consultation = await a_consultation(tx)
        await kept_drafts.keep(
            tx,
            actor=Actor(person_id=person.id),
            consultation=consultation,
            fields={"kind": "idea", "body": typed, "shown_name": "", "area": "Kade", "prompt_id": "7"},
            email="",
            language="nl",
            now=NOON,
        )
    await let_in(database, visitor, settings, person.id)
    await visitor.open("/account/data/download.html")
    own = LexborHTMLParser(visitor.text.replace("<br>", "\n"))

    inside = [one for one in own.css("dl dl") if "bankjes" in one.text()]
    pairs = [zip(one.css("dt"), one.css("dd"), strict=True) for one in inside]
    assert [{name.text(): said.text() for name, said in pair} for pair in pairs] == [
        {"Soort": "idea", "Tekst": typed, "Buurt": "Kade"}
    ]
    await visitor.open("/account/data/download.json")
    [kept] = [one for one in json.loads(visitor.text)["tables"] if one["table"] == "kept_draft"]
    assert kept["rows"][0]["fields"]["body"] == typed


async def test_somebody_sees_what_there_is_of_them(visitor: Visitor, story: Story) -> None:
    await visitor.open("/account")
    await visitor.follow("Bekijk wat wij over u hebben")

    assert visitor.path == "/account/data"
    assert "Uw idee, ervaring of aanvulling: titel, tekst, plaats en de naam die u erbij toont (13)" in visitor.text


async def test_erasing_is_asked_twice_and_ends_signed_out(
    database: Database, visitor: Visitor, story: Story, app: Litestar
) -> None:
    await visitor.open("/account/data")
    await visitor.follow("Mijn account verwijderen")
    assert "De teksten van 13 ideeën, ervaringen en aanvullingen van u" in visitor.text
    await visitor.follow("Ga verder met verwijderen")
    await visitor.press("Verwijder mijn account")
    assert visitor.status == 422
    await visitor.press("Verwijder mijn account", sure="1")

    assert (visitor.path, visitor.status) == ("/erased", 200)
    async with database.read() as db:
        assert (await db.scalars(select(SessionRecord).where(SessionRecord.person_id == story.person.id))).all() == []
    await visitor.open("/account/data")
    assert visitor.path != "/account/data" or visitor.status != 200
    assert await found_in(database) == {}
    await app.state.worker.turn(NOON)
    assert await found_in(database) == {}


async def test_after_it_no_page_feed_export_letter_or_log_holds_a_word_of_theirs(
    database: Database,
    visitor: Visitor,
    story: Story,
    app: Litestar,
    capfd: pytest.CaptureFixture[str],
    settings: Settings,
) -> None:
    await visitor.open("/account/data/erase/sure")
    await visitor.press("Verwijder mijn account", sure="1")
    await app.state.worker.turn(NOON)

    slug = "/consultations/"
    async with database.read() as db:
        idea = await db.get_one(Idea, story.published.id)
        slug += (await db.get_one(Consultation, idea.consultation_id)).slug
    places = ["/", slug, f"{slug}/ideas", f"{slug}/ideas.csv", f"{slug}/ideas.jsonl", f"{slug}/themes", "/panels"]
    places += ["/v1/consultations", f"/v1{slug}/ideas", f"/v1{slug}/themes", f"{slug}/decisions", f"{slug}/moderation"]
    places += [f"/ideas/{one.id}" for one in (story.published, story.rejected, story.received, story.others)]
    for place in places:
        await visitor.open(place)
        assert MARK not in visitor.text, place
    mail = settings.mail.removeprefix("folder:")
    assert [one.name for one in Path(mail).glob("*") if MARK.encode() in one.read_bytes()] == []  # noqa: ASYNC240 - a few letters
    assert MARK not in "".join(capfd.readouterr())


async def test_a_receipt_says_that_its_author_erased_it(database: Database, visitor: Visitor, story: Story) -> None:
    async with database.write() as tx:
        receipts = [await ideas.receipt_link(tx, idea_id=one.id, now=NOON) for one in (story.received, story.rejected)]
    await visitor.open("/account/data/erase/sure")
    await visitor.press("Verwijder mijn account", sure="1")

    for receipt in receipts:
        await visitor.open(receipt)
        assert (visitor.status, "Door de indiener verwijderd" in visitor.text, visitor.forms[1:]) == (200, True, [])
        await visitor.open(f"{receipt}/decision")
        assert visitor.status == 410
    await visitor.open(f"/ideas/{story.published.id}")
    assert "Door de indiener verwijderd" in visitor.text


async def test_a_resident_takes_part_under_a_name_of_their_choice(
    database: Database, visitor: Visitor, settings: Settings
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, name="")
        slug = (await a_consultation(tx)).slug
    await let_in(database, visitor, settings, person.id)
    await visitor.open("/account")
    await visitor.press("Bewaar de naam", name="De moderator")
    assert visitor.status == 422
    await visitor.press("Bewaar de naam", name="Waterjuffer")
    assert (visitor.path, "Waterjuffer" in visitor.text) == ("/account", True)
    await visitor.open(f"/consultations/{slug}/ideas/new")

    assert [form.fields["shown_name"] for form in visitor.forms if "shown_name" in form.fields] == [["Waterjuffer"]]


async def test_whoever_has_a_task_is_told_what_to_do_first(
    database: Database, visitor: Visitor, settings: Settings
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, role=Role.SECRETARY)
    await let_in(database, visitor, settings, person.id)

    await visitor.open("/account/data")
    assert "Vraag de beheerder" in visitor.text
    assert "Mijn account verwijderen" not in visitor.text
    await visitor.open("/account/data/erase/sure")
    assert "Vraag de beheerder" in visitor.text
    assert "sure" not in [name for form in visitor.forms for name in form.fields]


async def test_another_persons_data_is_not_in_it(database: Database, visitor: Visitor, settings: Settings) -> None:
    async with database.write() as tx:
        mine = await a_person(tx)
        await an_idea(tx, author=mine, title="Van mij")
        await an_idea(tx, title="Van een ander")
    await let_in(database, visitor, settings, mine.id)
    await visitor.open("/account/data/download.html")

    assert "Van mij" in visitor.text
    assert "Van een ander" not in visitor.text


async def test_everybody_can_read_what_is_kept_of_every_table(visitor: Visitor) -> None:
    await visitor.open("/")
    await visitor.follow("Wat wij bewaren")

    assert (visitor.path, visitor.status) == ("/kept", 200)
    text = html.unescape(visitor.text)
    missing = [name for name, (_, kept) in belongings.tables().items() if kept.what not in text]
    assert missing == []
