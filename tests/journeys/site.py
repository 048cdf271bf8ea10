"""A real site for journeys: the `klankbord` command in its own processes, letters in a folder, a clock we can move."""

import asyncio
import email
import email.message
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection

from accounts import roles, sign_in
from accounts.states import Role
from kernel.clock import clock_from
from kernel.db import Database
from kernel.settings import Settings, read_settings
from klankbord.demo.sample import NEIGHBOURHOODS
from klankbord.demo.welcome import VALID, welcome
from tests.listening import listening
from tests.visitor import Visitor

PATIENCE = 30.0
"""Seconds to wait for what should take less than one."""
STARTED_WITHIN = 90.0
"""Seconds for a process to begin: five of computing, on a machine that may have a lot of other work."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """The sample municipality, served by a process of its own. Start it with `started`."""

    folder: Path
    port: int = field(default_factory=_free_port)
    moved: timedelta = timedelta(0)
    links: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    database_url: str = ""
    _read: dict[Path, tuple[int, EmailMessage]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """The settings of this site's processes."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("KLANKBORD_")},
            "DATABASE_URL": self.database_url or f"sqlite+aiosqlite:///{self.folder}/klankbord.db",
            "KLANKBORD_MODE": "demo",
            "KLANKBORD_PUBLIC_URL": self.url,
            "KLANKBORD_PORT": str(self.port),
            "KLANKBORD_MAIL": f"folder:{self.folder}/mail",
            "KLANKBORD_MAIL_IN": f"maildir:{self.folder}/mail-in",
            "KLANKBORD_MAIL_REPLY": "antwoord@waterveen.example",
            "KLANKBORD_CLOCK": f"file:{self.folder}/clock",
            "KLANKBORD_REQUESTS_PER_MINUTE": "0",
            "KLANKBORD_UNDO_MINUTES": "0",  # stories wait for what was decided
            "KLANKBORD_NEIGHBOURHOODS": str(NEIGHBOURHOODS),
            "KLANKBORD_TRANSLATE": "tests.translator:translate",
        }

    def command(self, *words: str) -> str:
        """Run a `klankbord` command to its end and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "klankbord", *words], env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def load(self) -> None:
        """Load the sample, and keep a sign-in link for each role."""
        printed = self.command("demo", "--no-serve", "--port", str(self.port))
        self.links = dict(re.findall(r"^\s*(\w+)\s.*?(http://\S+/sign-in/\S+)$", printed, re.MULTILINE))

    def fresh_link(self, role: str) -> str:
        """A sign-in link that nobody used yet: of the command that loaded the sample, or made beside the site."""
        if role not in self.links:
            with ThreadPoolExecutor(max_workers=1) as beside:  # whoever asks may be in an event loop
                self.links = beside.submit(asyncio.run, self._new_links()).result()
        return self.links.pop(role)

    async def _new_links(self) -> dict[str, str]:
        async with self._beside() as (database, settings, now):
            made = await welcome(database, settings, now=now)
        return {role: address for role, _, address in made.links}

    async def _link_of_another(self, role: str) -> str:
        async with self._beside() as (database, settings, now), database.write() as tx:
            _first, another, *_more = await roles.holders(tx, role=Role(role))
            request = await sign_in.open_request(tx, person=another, browser=None, next_path="/", now=now)
            return settings.absolute(await sign_in.link_for(tx, request_id=request.id, valid=VALID, now=now))

    @asynccontextmanager
    async def _beside(self) -> AsyncIterator[tuple[Database, Settings, datetime]]:
        settings = read_settings(self.environ)
        database = Database(settings.database_url)
        try:
            yield database, settings, clock_from(settings.clock).now()
        finally:
            await database.close()

    async def start(self) -> None:
        """Load the sample, serve, and wait until the site answers."""
        self.load()
        await self.serve()

    async def serve(self) -> None:
        """Start the site's process and wait until it answers."""
        with (self.folder / "site.log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "klankbord", "serve"], env=self.environ, stderr=log)  # noqa: ASYNC220 - a test waits for nothing else
        async with httpx.AsyncClient(base_url=self.url) as http:
            for _ in range(int(STARTED_WITHIN * 10)):
                try:
                    if (await http.get("/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        self.stop()
        raise AssertionError(f"the site did not start:\n{(self.folder / 'site.log').read_text()}")

    def stop(self) -> None:
        """End the process the way an operator does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    def move_clock(self, by: timedelta) -> None:
        """Let the site's clock run ahead by this much more."""
        self.moved += by
        path = self.folder / "clock"
        path.with_suffix(".new").write_text(str(self.moved.total_seconds()))
        path.with_suffix(".new").rename(path)

    def visitor(self) -> Visitor:
        """A browser of its own on this site."""
        return Visitor(site=self.url)

    async def signed_in(self, role: str, *, another: bool = False) -> Visitor:
        """A browser in which the holder of a role, or `another` who holds it too, pressed the sign-in link."""
        visitor = self.visitor()
        await visitor.open(await self._link_of_another(role) if another else self.fresh_link(role))
        await visitor.press("Aanmelden")
        return visitor

    def letters(self) -> list[EmailMessage]:
        """Every letter that left, oldest first; each is read once."""
        for path in (self.folder / "mail").glob("*.eml"):
            if path not in self._read:
                letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                self._read[path] = (path.stat().st_mtime_ns, letter)
        return [letter for _, letter in sorted(self._read.values(), key=lambda one: one[0])]

    async def letter(self, *, to: str, about: str) -> str:
        """Subject and text of the newest letter to an address in which these words stand; waits for it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for letter in reversed(self.letters()):
                if to == letter["To"] and about.casefold() in (written := words_of(letter)).casefold():
                    return written
            await asyncio.sleep(0.1)
        subjects = [letter["Subject"] for letter in self.letters() if letter["To"] == to]
        raise AssertionError(f"no letter to {to} about {about!r}; there are {subjects}, {len(self._read)} in all")

    def bring(self, letter: EmailMessage, words: str) -> None:
        """Answer a letter as a person's mail program does, and let the mail server bring that answer to the site."""
        reply = email.message.EmailMessage()
        reply["From"], reply["To"] = str(letter["To"]), str(letter["Reply-To"])
        reply["Message-ID"] = f"<{time.monotonic_ns()}@thuis.example>"
        quoted = "\n".join(f"> {line}" for line in words_of(letter).splitlines())
        reply.set_content(f"{words}\n\nOp zo 22 nov 2026 om 13:05 schreef Klankbord:\n\n{quoted}\n")
        folder = self.folder / "mail-in" / "new"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{time.monotonic_ns()}.thuis").write_bytes(reply.as_bytes())

    def listen(self, *topics: str, cookies: Visitor | None = None) -> AbstractAsyncContextManager[ClientConnection]:
        """A socket that hears nudges about these topics; with a visitor's cookies it is that visitor's."""
        held = {one.name: one.value or "" for one in cookies.http.cookies.jar} if cookies else {}
        return listening(self.url, *topics, cookies=held)


async def heard(socket: ClientConnection, topic: str) -> None:
    """Wait until the socket hears of this topic."""
    async with asyncio.timeout(PATIENCE):
        async for message in socket:
            if f'"{topic}"' in str(message):
                return


def words_of(letter: EmailMessage) -> str:
    """A letter's subject and plain text."""
    text = letter.get_body(("plain",))
    return f"{letter['Subject']}\n{text.get_content() if text else ''}"


def link_in(letter: str, part: str) -> str:
    """The address in a letter that holds this part."""
    found = re.search(rf"http://\S*{re.escape(part)}[^\s>)]*", letter)
    assert found, f"no link with {part} in:\n{letter}"
    return found.group()


def code_in(letter: str) -> str:
    """The code to type that stands in a letter."""
    found = re.search(r"^([A-Z0-9]{3}-[A-Z0-9]{3})\s*$", letter, re.MULTILINE)
    assert found, f"no code in:\n{letter}"
    return found.group(1)
