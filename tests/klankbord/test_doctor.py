"""What `klankbord doctor` says of the letterbox."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kernel.clock import StandingClock
from kernel.db import Database
from kernel.settings import Settings
from klankbord.commands import letterbox_check
from klankbord.letterbox import Letterbox
from tests.moments import NOON


def looked_at(mail_in: str) -> list[tuple[bool, str]]:
    return letterbox_check.findings(Settings(mail_in=mail_in, mail_reply="antwoord@x.example"), now=NOON)


def a_letter(folder: Path, name: str, brought_at: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"Subject: x")
    os.utime(folder / name, (brought_at.timestamp(),) * 2)


def test_nothing_is_said_where_no_letters_come_in() -> None:
    assert letterbox_check.findings(Settings(), now=NOON) == []


def test_a_maildir_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    there = tmp_path / "post"

    assert looked_at(f"maildir:{there}") == [
        (False, f"The maildir {there} is not there yet; the site makes it when it starts.")
    ]


def test_a_maildir_that_cannot_be_one_is(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("")

    said = f"Answers by e-mail cannot be taken in: {tmp_path}/post is no folder that this user may read and empty."
    assert looked_at(f"maildir:{tmp_path}/post") == [(True, said)]
    said = f"Answers by e-mail cannot be taken in: this user cannot make the maildir {tmp_path}/post/inside."
    assert looked_at(f"maildir:{tmp_path}/post/inside") == [(True, said)]


def test_letters_that_nobody_takes_are_found(tmp_path: Path) -> None:
    a_letter(tmp_path / "new", "1.fresh", NOON - timedelta(minutes=1))
    assert looked_at(f"maildir:{tmp_path}") == []
    a_letter(tmp_path / "new", "2.old", NOON - timedelta(hours=2))
    a_letter(tmp_path / "cur", "3:2,", NOON - timedelta(days=2))

    said = (
        f"2 answers by e-mail lie unread in {tmp_path}/new, the oldest since 2026-11-23 09:00 UTC: is the site running?"
    )
    assert looked_at(f"maildir:{tmp_path}") == [
        (True, said),
        (False, f"1 letters in {tmp_path}/cur were for none of our addresses: does the mail server know them?"),
    ]


async def test_a_line_is_in_order_while_the_site_listens(database: Database, tmp_path: Path) -> None:
    where = f"{tmp_path}/in.sock"
    settings = Settings(mode="test", mail_in=f"lmtp:{where}", mail_reply="antwoord@x.example")
    nobody = (False, f"Nobody listens at {where}: answers by e-mail come in only while the site runs.")
    assert looked_at(settings.mail_in) == [nobody]

    letterbox = Letterbox(database=database, settings=settings, clock=StandingClock(NOON))
    await letterbox.start()
    heard = await asyncio.to_thread(looked_at, settings.mail_in)
    await letterbox.stop()

    assert heard == []


@contextmanager
def somebody(greeting: bytes) -> Iterator[int]:
    """Who takes one call on a port of this machine and says this."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def say() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(greeting)

        thread = threading.Thread(target=say)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("greeting", [b"220 mail.example ESMTP Postfix\r\n", b"554 go away\r\n", b""])
def test_something_else_that_listens_there_is_found(greeting: bytes) -> None:
    with somebody(greeting) as port:
        heard = looked_at(f"lmtp:127.0.0.1:{port}")

    said = f"Something else listens at 127.0.0.1:{port}: answers by e-mail do not come in (KLANKBORD_MAIL_IN)."
    assert heard == [(True, said)]


def test_a_socket_that_cannot_be_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    said = "Answers by e-mail cannot be taken in: "
    assert looked_at(f"lmtp:{tmp_path}/no/in.sock") == [
        (True, f"{said}there is no folder {tmp_path}/no for the socket.")
    ]
    assert looked_at(f"lmtp:{tmp_path}/file") == [
        (True, f"{said}{tmp_path}/file is no socket, and lies where one should be.")
    ]
