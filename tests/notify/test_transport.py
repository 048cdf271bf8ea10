"""Letters that really leave: over SMTP to a server in this process, and into a folder."""

import asyncio
import os
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from notify.transport import Console, Folder, Memory, Smtp, Undeliverable, transport_from
from tests.moments import NOON


def a_letter(to: str = "inwoner@waterveen.example", subject: str = "Nieuws van het panel – één") -> EmailMessage:
    letter = EmailMessage()
    letter["Message-ID"] = "<abc123@waterveen.example>"
    letter["From"] = "Klankbord <klankbord@waterveen.example>"
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(NOON)
    letter.set_content("Dag, één bankje.\n", cte="quoted-printable")
    return letter


class Inbox:
    """Takes mail; refuses mailboxes by their name."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("weg@"):
            return "550 no such mailbox"
        if address.startswith("vol@"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        self.taken.append((str(envelope.mail_from), envelope.rcpt_tos, letter))
        return "250 OK"


@pytest.fixture
async def smtp() -> AsyncIterator[tuple[Inbox, Smtp]]:
    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(inbox), "127.0.0.1", 0)
    transport = transport_from(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert isinstance(transport, Smtp)
    yield inbox, transport
    await transport.close()
    server.close()
    await server.wait_closed()


async def test_a_letter_arrives_over_smtp_at_one_mailbox(smtp: tuple[Inbox, Smtp]) -> None:
    inbox, transport = smtp

    for _ in range(2):
        await transport.send(a_letter())

    sender, receivers, letter = inbox.taken[0]
    assert (sender, receivers, len(inbox.taken)) == (
        "klankbord@waterveen.example",
        ["inwoner@waterveen.example"],
        2,
    )
    assert letter["Subject"] == "Nieuws van het panel – één"
    assert letter["Message-ID"] == "<abc123@waterveen.example>"
    assert letter.get_content() == "Dag, één bankje.\r\n"


async def test_a_mailbox_that_is_gone_is_for_good_and_a_full_one_is_not(smtp: tuple[Inbox, Smtp]) -> None:
    inbox, transport = smtp

    with pytest.raises(Undeliverable):
        await transport.send(a_letter(to="weg@waterveen.example"))
    with pytest.raises(Exception) as full:  # noqa: PT011 - any other error means: later
        await transport.send(a_letter(to="vol@waterveen.example"))
    await transport.send(a_letter())

    assert not isinstance(full.value, Undeliverable)
    assert len(inbox.taken) == 1


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    transport = Smtp("smtp://127.0.0.1:1")

    with pytest.raises(Exception) as error:  # noqa: PT011 - any other error means: later
        await transport.send(a_letter())

    assert not isinstance(error.value, Undeliverable)


async def test_a_folder_holds_whole_letters_in_the_order_they_left(tmp_path: Path) -> None:
    folder = transport_from(f"folder:{tmp_path}/mail")

    for number in range(3):
        await folder.send(a_letter(subject=f"Brief {number}"))

    names = sorted(os.listdir(tmp_path / "mail"))
    letters = [message_from_bytes((tmp_path / "mail" / name).read_bytes(), policy=policy.default) for name in names]
    assert [str(letter["Subject"]) for letter in letters] == ["Brief 0", "Brief 1", "Brief 2"]
    assert all(name.endswith(".eml") for name in names)


async def test_the_settings_choose_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = [type(transport_from(way)) for way in ("console:", "memory:", "folder:x", "smtps://u:p@mail.example:465")]
    assert kinds == [Console, Memory, Folder, Smtp]

    await Console().send(a_letter(subject="Op het scherm"))

    assert "Op het scherm" in capsys.readouterr().err
