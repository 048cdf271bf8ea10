"""Ways for a letter to leave: SMTP, a folder, the console, memory; told apart by settings.

`send` returns when somebody else has the letter. It raises Undeliverable when it never will be taken, and any
other error when it may be later.
"""

import asyncio
import os
import sys
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

_WIRE = policy.SMTP.clone(max_line_length=200)


class Undeliverable(Exception):
    """The receiving side said no, for good."""


class Transport(Protocol):
    """Something that takes letters."""

    async def send(self, letter: EmailMessage) -> None:
        """Hand the letter over."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Memory:
    """Keeps letters in a list; for tests."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def send(self, letter: EmailMessage) -> None:
        """Keep it."""
        self.letters.append(letter)

    async def close(self) -> None:
        """Nothing to let go of."""


class Console:
    """Prints letters; for trying things out."""

    async def send(self, letter: EmailMessage) -> None:
        """Print it on standard error."""
        sys.stderr.write(letter.as_string() + "\n")

    async def close(self) -> None:
        """Nothing to let go of."""


class Folder:
    """Writes each letter as an .eml file: whole or not at all, newest name last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written = 0

    async def send(self, letter: EmailMessage) -> None:
        """Write it, off the event loop."""
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._written += 1
        moment = letter["Date"].datetime.strftime("%Y%m%dT%H%M%S")
        fixed = str(letter["Message-ID"]).strip("<>").partition("@")[0][:16]
        path = self.folder / f"{moment}-{os.getpid()}-{self._written:06d}-{fixed}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(letter.as_bytes(policy=_WIRE))
        unfinished.replace(path)

    async def close(self) -> None:
        """Nothing to let go of."""


class Smtp:
    """A mail server; one connection, kept while letters follow each other."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        self._client = aiosmtplib.SMTP(
            hostname=parts.hostname or "localhost",
            port=parts.port or (465 if is_tls else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=is_tls,
            timeout=30,
        )
        self._lock = asyncio.Lock()

    async def send(self, letter: EmailMessage) -> None:
        """Hand it to the server; a refused receiver is Undeliverable."""
        async with self._lock:
            try:
                if not self._client.is_connected:
                    await self._client.connect()
                await self._client.send_message(letter)
            except aiosmtplib.SMTPRecipientsRefused as refusal:
                if all(500 <= one.code < 600 for one in refusal.recipients):
                    raise Undeliverable(str(refusal)) from refusal
                raise
            except aiosmtplib.SMTPDataError as refusal:
                if 500 <= refusal.code < 600:
                    raise Undeliverable(str(refusal)) from refusal
                raise
            except BaseException:
                self._client.close()
                raise

    async def close(self) -> None:
        """Say goodbye to the server."""
        async with self._lock:
            if self._client.is_connected:
                self._client.close()


def transport_from(setting: str) -> Transport:
    """The way that KLANKBORD_MAIL names: smtp://…, smtps://…, folder:PATH, console: or memory:."""
    kind = setting.partition(":")[0]
    if kind == "folder":
        return Folder(Path(setting.removeprefix("folder:")))
    if kind in {"smtp", "smtps"}:
        return Smtp(setting)
    return Console() if kind == "console" else Memory()
