"""Letters that come in by a maildir or by LMTP, and what their bringer hears."""

import asyncio
import smtplib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from conversations import conversations, reply_addresses
from conversations.models import Contribution
from conversations.states import Side
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.letterbox import Letterbox
from tests.conversations.scene import a_scene
from tests.moments import NOON

REPLY = "antwoord@waterveen.example"


def a_letter(to: str, words: str = "Bij de sluis.", sender: str = "aaltje@waterveen.example") -> bytes:
    return f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <{words}@x>\r\n\r\n{words}\r\n".encode()


async def an_address(database: Database, settings: Settings) -> str:
    async with database.write() as tx:
        scene = await a_scene(tx)
        told = {"actor": scene.member, "body": "Waar precies?", "asks": True, "now": NOON}
        asked = await conversations.ask(tx, idea=scene.idea, side=Side.PANEL, **told)  # type: ignore[arg-type]  # as it asks
    return reply_addresses.address_for(settings, contribution_id=asked.id, person_id=scene.author.id)


async def said(database: Database) -> list[str]:
    async with database.read() as db:
        wanted = select(Contribution.body).where(Contribution.is_authors).order_by(Contribution.id)
        return list(await db.scalars(wanted))


def door(settings: Settings, where: str) -> Settings:
    return replace(settings, mail_in=where, mail_reply=REPLY)


def left(folder: Path) -> dict[str, list[str]]:
    return {part: sorted(one.name for one in (folder / part).iterdir()) for part in ("new", "cur")}


async def test_a_maildir_is_emptied_but_for_what_is_not_ours(
    database: Database, settings: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    settings = door(settings, f"maildir:{folder}")
    address = await an_address(database, settings)
    box = Letterbox(database=database, settings=settings, clock=clock)
    assert await box.empty() == 0
    for name, raw in {
        "1.a": a_letter(address),
        "2.again": a_letter(address),
        "3.other": a_letter(address, "Vals.", sender="iemand@elders.example"),
        "4.spam": a_letter("iemand@waterveen.example"),
        "5.rubbish": b"\x00" * 100,
        "6.large": a_letter(address) + b"x" * 2_000_000,
    }.items():
        (folder / "new" / name).write_bytes(raw)
    (folder / "new" / "7.link").symlink_to("/etc/hostname")
    (folder / "new" / "8.folder").mkdir()

    assert [await box.empty(), await box.empty()] == [6, 0]
    assert await said(database) == ["Bij de sluis."]
    assert left(folder) == {"new": ["7.link", "8.folder"], "cur": ["4.spam:2,", "5.rubbish:2,"]}


async def test_the_site_looks_by_itself_and_stops(
    database: Database, settings: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    (folder / "new").mkdir(parents=True)
    settings = door(settings, f"maildir:{folder}")
    (folder / "new" / "1").write_bytes(a_letter(await an_address(database, settings)))
    box = Letterbox(database=database, settings=settings, clock=clock)

    await box.start()
    async with asyncio.timeout(30):
        while not await said(database):  # noqa: ASYNC110 - only the database tells
            await asyncio.sleep(0.05)
    await box.stop()

    assert await said(database) == ["Bij de sluis."]


def bring(place: str, sender: str, to: list[str], raw: bytes) -> tuple[dict[str, tuple[int, bytes]], str]:
    """What a mail server does, and what it hears: who was refused, and the answer to the letter."""
    host, _, port = place.rpartition(":")
    with smtplib.LMTP(host or place, 0 if place.startswith("/") else int(port)) as server:
        try:
            refused = server.sendmail(sender, to, raw)
        except smtplib.SMTPRecipientsRefused as error:
            return error.recipients, ""
        except smtplib.SMTPResponseException as error:
            return {}, str(error.smtp_code)
    return refused, "250"


@pytest.mark.parametrize("kind", ["socket", "port"])
async def test_lmtp_takes_answers_and_refuses_the_rest(
    database: Database, settings: Settings, clock: StandingClock, tmp_path: Path, kind: str
) -> None:
    place = f"{tmp_path}/in.sock" if kind == "socket" else "127.0.0.1:9141"
    settings = door(settings, f"lmtp:{place}")
    address = await an_address(database, settings)
    box = Letterbox(database=database, settings=settings, clock=clock)
    await box.start()
    author = "aaltje@waterveen.example"
    tried = [
        (author, [address], a_letter(address)),
        (author, [address], a_letter(address)),
        ("vals@elders.example", [address], a_letter(address, "Vals.", sender="vals@elders.example")),
        ("", [address], a_letter(address, "Onbestelbaar.")),
        (author, ["iemand@waterveen.example"], a_letter(address)),
        (author, [address, address], a_letter(address, "Nog iets.")),
    ]
    heard = [await asyncio.to_thread(bring, place, *one) for one in tried]
    await box.stop()

    assert [code for _, code in heard] == ["250", "250", "550", "250", "", "250"]
    assert heard[4][0]["iemand@waterveen.example"][0] == 550
    assert heard[5][0][address][0] == 452
    assert await said(database) == ["Bij de sluis.", "Nog iets."]


async def test_a_door_that_cannot_be_opened_keeps_nothing_else_shut(
    database: Database, settings: Settings, clock: StandingClock
) -> None:
    box = Letterbox(database=database, settings=door(settings, "lmtp:/no/such/folder/in.sock"), clock=clock)

    await box.start()
    await box.stop()


async def test_without_a_setting_nothing_comes_in(database: Database, settings: Settings, clock: StandingClock) -> None:
    box = Letterbox(database=database, settings=settings, clock=clock)

    await box.start()
    assert await box.empty() == 0
    await box.stop()
